"""Visit notes: what is frozen when one is finished, what it still needs, and how late it was."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tfworker.rules.dates import day_of

Record = Mapping[str, Any]  # {column: value}

CANONICAL = "tfworker note 1"  # first line; a change of the format gets a new number
CANONICAL_FIELDS = (
    "id",
    "family_id",
    "visit_id",
    "kind",
    "visit_type",
    "correspondence",
    "happened_at",
    "ended_at",
    "place",
    "present",
    "children_seen",
    "what_happened",
    "child_means",
    "next_date",
    "significant",
    "need_ids",
    "goal_ids",
    "written_by",
    "written_at",
    "finalised_by",
    "finalised_at",
    "device_name",
)
NO_ACCESS = frozenset({"no_reply", "cancelled_by_family", "refused", "attempted"})
MOST_REQUIRED = 6  # more boxes than this and the commonest task no longer fits one screen (lessons W3)


def canonical_text(note: Record) -> str:
    """The text a finished note is hashed as: one line a field, in a fixed order, readable by eye.

    Each line is the column's name and its value as JSON, so that no text can look like another
    field. Texts are in Unicode NFC with \\n line ends, moments in UTC to the microsecond, keys
    inside lists in order of name. A field that is None, or that this version does not know, is
    left out: a note keeps its hash when later versions learn new fields.

    Raises ValueError for a moment without a zone.
    """
    lines = [CANONICAL]
    for name in CANONICAL_FIELDS:
        value = note.get(name)
        if value is not None:
            lines.append(f"{name}: {json.dumps(_plain(value), ensure_ascii=False, sort_keys=True)}")
    return "\n".join(lines) + "\n"


def note_hash(note: Record) -> str:
    """SHA-256 of the canonical text in UTF-8, as 64 hex digits: `visit_note.original_hash`."""
    return hashlib.sha256(canonical_text(note).encode()).hexdigest()


def is_as_finished(note: Record) -> bool | None:
    """Whether a finished note still reads as it was frozen; None when it carries no hash
    (not finished, or imported from records that had none)."""
    kept = note.get("original_hash")
    return None if not kept else kept == note_hash(note)


def _plain(value: Any) -> Any:
    """A value as JSON can hold it, the same on every machine and database."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_plain(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value


@dataclass(frozen=True, slots=True)
class Missing:
    """What finishing a note still needs. field: a column of visit_note; words: what to do."""

    field: str
    words: str


def note_case(note: Record) -> str:
    """Which list of required fields applies: a kind of note, or "no_access" for a visit at which
    nobody was met."""
    kind = str(note.get("kind") or "other")
    if kind == "visit" and note.get("visit_type") in NO_ACCESS:
        return "no_access"
    return kind


def missing_to_finish(
    note: Record, required: Mapping[str, Sequence[str]], words: Mapping[str, str]
) -> list[Missing]:
    """What a note still needs before it can be finished and locked, in the order to ask.

    Saving never needs any of it. A kind of note that the list does not know is asked for what
    "other" is.

    required: {case: columns} as `data.note_rules` gives. words: {column: words}.
    A text of blanks is missing; False and an answered "nobody" ([{...}]) are not, an empty list is.
    """
    case = note_case(note)
    columns = required.get(case, required["other"])
    return [Missing(name, words.get(name, name)) for name in columns if _is_blank(note.get(name))]


def _is_blank(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or value in ([], ())


def lateness(happened_at: datetime, written_at: datetime, limit_hours: float) -> int | None:
    """How many days later a note was written up, when that is later than the limit; else None.

    Days as people count them here: from the day of the visit to the day of writing; 0 is later
    the same day (with a limit shorter than a day). Exactly at the limit is in time.
    A late note is marked, never refused (domain 4.8.7). The limit is a practice standard.
    """
    if written_at - happened_at <= timedelta(hours=limit_hours):
        return None
    return (day_of(written_at) - day_of(happened_at)).days
