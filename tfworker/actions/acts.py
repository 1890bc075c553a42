"""What a saved act was about, in words: one line for one save, however many records it touched."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from sync.ops import Act, decode_content
from tfworker.actions.disputes import standing
from tfworker.actions.fields import Reading, label, thing
from tfworker.actions.phrases import say
from tfworker.actions.review_shown import BOOKKEEPING, family_of, subject
from tfworker.actions.titles import note_title, visit_title

# What an act is called by when it touched several records: the first of these that is among them.
TELLING = (
    "safeguarding_concern", "concern_step", "visit_note", "note_amendment", "conflict", "held", "family",
    "plan", "goal", "need", "action", "risk_marker", "allocation", "person", "contact_point", "household",
    "membership", "visit", "chronology_entry",
)  # fmt: skip
# Who, when and to whom a record belongs: in no list of what was changed.
UNSAID = BOOKKEEPING | {
    "family_id", "person_id", "note_id", "visit_id", "goal_id", "plan_id", "concern_id", "written_by",
    "written_at", "finalised_by", "finalised_at", "original_hash", "device_name", "raised_by", "valid_from",
}  # fmt: skip
MOST_NAMED = 2  # fields named in one line


@dataclass(frozen=True, slots=True)
class Saved:
    """One act: its telling op, and how many it was in all. rows: columns of `op`."""

    act_id: str
    op: Mapping[str, Any]
    size: int

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.op["made_at"] / 1000, UTC)

    @property
    def table(self) -> str:
        return str(self.op["table_name"])


def acts_of(ops: Iterable[Mapping[str, Any]]) -> list[Saved]:
    """The ops gathered into acts, in the order of each act's first op."""
    by_act: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for op in ops:
        by_act[op["act_id"]].append(op)
    return [
        Saved(act_id, min(some, key=lambda op: (rank(op["table_name"]), op["pos"])), len(some))
        for act_id, some in by_act.items()
    ]


def what_of(reading: Reading, op: Mapping[str, Any]) -> str:
    """What an op was about: "Dana’s mobile number", "Home visit, 55 minutes". op: columns of `op`."""
    table, record = op["table_name"], op["record"]
    patch = patch_of_op(op)
    if table in ("conflict", "held"):
        return say(f"work.{table}", what=_decided_about(reading, table, record))
    return named(reading, table, record, op["kind"], patch)


def named(reading: Reading, table: str, record: str, kind: str, patch: Mapping[str, Any]) -> str:
    """As `what_of`, for a change of a record that is told apart: its kind and its patch."""
    if table not in reading.schema.synced:
        return thing(table)
    row = {**standing(reading, table, record), **_stored(reading, table, patch), "id": record}
    if table == "visit_note":
        return _note(row)
    if table in ("safeguarding_concern", "concern_step"):
        return say(f"work.{table}")
    if table == "visit":
        return say("work.visit", what=visit_title({**_NO_VISIT, **row}))
    if kind == Act.INSERT:
        return _inserted(reading, table, row)
    columns = [name for name in patch if name not in UNSAID] or list(patch)
    if len(columns) > MOST_NAMED:
        return say("work.more_fields", what=subject(reading, table, row, columns[:1]), n=len(columns) - 1)
    return subject(reading, table, row, columns)


def place_of(reading: Reading, op: Mapping[str, Any]) -> tuple[str, str]:
    """(id, label) of the family an op is about; ("", "") when that is not on this laptop."""
    return family_of(reading, op["scope"])


def note_of(op: Mapping[str, Any]) -> str:
    """The note an op wrote or added to, to be opened; "" for none."""
    if op["table_name"] == "visit_note":
        return str(op["record"])
    if op["table_name"] != "note_amendment":
        return ""
    return str(patch_of_op(op).get("note_id") or "")


def patch_of_op(op: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an op wrote; {} once its family is not on this laptop any more and its text was sealed."""
    try:
        return decode_content(bytes(op["content"])).patch
    except msgspec.DecodeError:
        return {}


def rank(table: str) -> int:
    """How little a record of a table tells of an act; the least is what it is called by."""
    return TELLING.index(table) if table in TELLING else len(TELLING)


_NO_NOTE = dict.fromkeys(("visit_type", "correspondence", "kind", "happened_at", "ended_at"))
_NO_VISIT = dict.fromkeys(("type", "started_at", "ended_at"))


def _note(row: Mapping[str, Any]) -> str:
    return say("work.note", what=note_title({**_NO_NOTE, **row}))


def _inserted(reading: Reading, table: str, row: Mapping[str, Any]) -> str:
    if table == "contact_point":
        return subject(reading, table, row, ["value"])
    if table in ("person", "membership"):
        person = row.get("id") if table == "person" else row.get("person_id")
        return say("work.person", name=reading.name("person", str(person)))
    return subject(reading, table, row, [])


def _decided_about(reading: Reading, table: str, record: str) -> str:
    """What a card or a waiting change is about; its own name when it is not here any more."""
    row = standing(reading, table, record)
    about = str(row.get("table_name") or "")
    if about not in reading.schema.synced:
        return thing(table)
    of = standing(reading, about, row["record"])
    columns: Sequence[str] = [c for c in row.get("columns") or row.get("patch") or () if c not in UNSAID]
    whole = {**(row.get("patch") or {}), **of, "id": row["record"]}
    if about == "visit_note":
        return _note(whole)
    if row.get("kind") == Act.INSERT or not columns:
        return _inserted(reading, about, whole)
    return subject(reading, about, whole, columns[:1])


def _stored(reading: Reading, table: str, patch: Mapping[str, Any]) -> dict[str, Any]:
    """A patch as values to read out; one this version cannot read is left as it travelled."""
    try:
        known, extra = reading.schema[table].stored(patch)
    except msgspec.ValidationError:
        return dict(patch)
    return {**known, **extra}


def values_of(reading: Reading, table: str, patch: Mapping[str, Any]) -> list[tuple[str, str, Any, str]]:
    """[(field, what it is called, stored value, in words)] of what a person wrote."""
    stored = _stored(reading, table, patch)
    return [
        (name, label(table, name), value, reading.words(table, name, value))
        for name, value in stored.items()
        if name not in UNSAID and value is not None
    ]
