"""Edits the council did not take as they were: sent back to their author, or waiting for somebody."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from sync.ops import Act, Change, Outcome, new_id
from sync.sql.saving import NothingThere
from tfworker.actions.acts import patch_of_op
from tfworker.actions.checking import patch_of
from tfworker.actions.desk import Desk
from tfworker.actions.farewell import gone_scopes
from tfworker.actions.fields import Reading, label, thing
from tfworker.actions.phrases import moment, say
from tfworker.actions.problems import BadInput, NotHere
from tfworker.actions.receipts import ADMITTED, DONE, WAITS_FOR_A_PERSON, done_with
from tfworker.actions.review_shown import family_of, subject, typed_field
from tfworker.actions.values import ReturnedEdit, SideValue, TypedField
from tfworker.actions.wording import said
from tfworker.store import facts

DECLINED = "declined"  # state of a held op that somebody did not let in
TYPABLE = (str, int, bool, date)  # exactly these: a time of day, a list of people or goals are not typed
LONG = 80  # characters; above this a value has room for several lines
# What no form of hers shows: they are who, when and to whom a record belongs.
HIDDEN = frozenset({
    "family_id", "person_id", "note_id", "visit_id", "goal_id", "plan_id", "concern_id", "written_by",
    "written_at", "finalised_by", "finalised_at", "original_hash", "device_name", "raised_by",
})  # fmt: skip


def returned(desk: Desk) -> list[ReturnedEdit]:
    """What came back or waits, and that she has not done with: what is hers to correct first, then
    the newest."""
    with desk.vault.read() as connection:
        return edits(desk, connection)


def edits(desk: Desk, connection: Connection) -> list[ReturnedEdit]:
    """As `returned`, inside the caller's transaction."""
    reading = Reading(connection, desk.schema, desk.now())
    found = [_edit(reading, row) for row in _rows(desk, connection)]
    return sorted(found, key=lambda edit: (edit.waits, -edit.made_at.timestamp()))


def correct(desk: Desk, op_id: str, values: Mapping[str, Any]) -> None:
    """Save a refused edit again with other values; what is left out stays as she had written it.

    values: {field: value} of ReturnedEdit.values. Raises BadInput naming the field; NotHere, also where
        the record or her text is not on this laptop any more.
    """
    with desk.vault.write() as connection:
        row = next((r for r in _rows(desk, connection) if r["op_id"] == op_id), None)
        if row is None or _waits(row) or not row["content"]:
            raise NotHere
        table = row["table_name"]
        patch = _stored(desk, table, row)
        editable = [name for name in patch if name not in HIDDEN]
        patch |= patch_of(table, values, editable)
        if row["kind"] == Act.DECIDE:
            raise BadInput("", say("bad.unknown"), say("returned.decide_again"))
        try:
            desk.save(connection, [_again(desk, connection, row, patch, editable)])
        except NothingThere as error:
            raise NotHere from error
        _done_with(desk, connection, op_id, gave_up=False)


def _again(
    desk: Desk, connection: Connection, row: Mapping[str, Any], patch: Mapping[str, Any], editable: list[str]
) -> Change:
    """What to save of a refused op. patch: as it was put right; editable: what of it is hers to change."""
    table, record = row["table_name"], row["record"]
    if row["kind"] != Act.INSERT:
        return Change(table, record, patch)
    if row["stands_at"]:
        # Another record had its id and has it for good: hers becomes one of its own.
        return Change(table, new_id(), patch, Act.INSERT)
    c = desk.schema[table].table.c
    if connection.execute(select(c.id).where(c.id == record)).first() is not None:
        # Saved anew meanwhile: whose it is and when it was written stays as it is there.
        return Change(table, record, {name: patch[name] for name in editable})
    # It has left the laptop's tables, and goes again under its own id: what names it still does.
    return Change(table, record, patch, Act.INSERT)


def let_go(desk: Desk, op_id: str, why: str = "") -> None:
    """Give up an edit that was refused: her own act, written down with its time and listed as settled.
    The text stays in the council's history. Raises NotHere for one that waits, or is not hers."""
    with desk.vault.write() as connection:
        row = next((r for r in _rows(desk, connection) if r["op_id"] == op_id), None)
        if row is None or _waits(row):
            raise NotHere
        _done_with(desk, connection, op_id, gave_up=True, why=why)


def given_up(desk: Desk, reading: Reading) -> list[tuple[ReturnedEdit, datetime, str]]:
    """[(edit, when, why)] of what its author let go."""
    done = done_with(reading.connection)
    rows = {row["op_id"]: row for row in _all_rows(desk, reading.connection)}
    return [
        (_edit(reading, rows[op_id]), datetime.fromisoformat(act["at"]), act["why"])
        for op_id, act in done.items()
        if act["gave_up"] and op_id in rows
    ]


def _done_with(desk: Desk, connection: Connection, op_id: str, *, gave_up: bool, why: str = "") -> None:
    act = {"gave_up": gave_up, "at": desk.now().isoformat(), "why": why.strip()}
    kept: dict[str, dict[str, Any]] = facts.get(connection, DONE, {})
    facts.put(connection, {DONE: {**kept, op_id: act}})


def _rows(desk: Desk, connection: Connection) -> list[dict[str, Any]]:
    """What came back or waits, and that its author has not done with. What was refused of a family that
    has left with its text is told by that family's receipt: she could only look at an empty line."""
    done, gone = done_with(connection), gone_scopes(connection, desk.schema)
    rows = (row for row in _all_rows(desk, connection) if row["op_id"] not in done)
    return [row for row in rows if row["content"] or row["scope"] not in gone]


def _all_rows(desk: Desk, connection: Connection) -> list[dict[str, Any]]:
    """Columns of op, with outcome and reason of its receipt and the version its record stands at (0: it
    is not at the council), and what became of it in the tray:
    tray_state, tray_why, tray_by (None while nobody decided, or nothing of it is here)."""
    op, receipt, held = (desk.schema.own(name) for name in ("op", "receipt", "held"))
    query = (
        select(
            op,
            receipt.c.outcome,
            receipt.c.reason,
            receipt.c.version.label("stands_at"),
            held.c.state.label("tray_state"),
            held.c.why.label("tray_why"),
            held.c.decided_by.label("tray_by"),
        )
        .join(receipt, receipt.c.op_id == op.c.op_id)
        .outerjoin(held, held.c.id == op.c.op_id)
        .where(receipt.c.outcome.in_(WAITS_FOR_A_PERSON))
    )
    gone = gone_scopes(connection, desk.schema)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return [
        row
        for row in rows
        if row["table_name"] in desk.schema.synced
        and row["tray_state"] != ADMITTED
        # What waits for whoever has the family now is told by that family's receipt: see `farewell`.
        and not (row["scope"] in gone and _waits(row))
    ]


def _waits(row: Mapping[str, Any]) -> bool:
    """Somebody else has still to look at it; what was declined is its author's again."""
    return bool(row["outcome"] == Outcome.HELD and row["tray_state"] != DECLINED)


def _stored(desk: Desk, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """An op's patch as values to store. A value this version cannot read is left as it travelled."""
    patch = patch_of_op(row)
    try:
        known, extra = desk.schema[table].stored(patch)
    except msgspec.ValidationError:
        return dict(patch)
    return {**known, **extra}


def _edit(reading: Reading, row: Mapping[str, Any]) -> ReturnedEdit:
    table = row["table_name"]
    patch = patch_of_op(row)
    family_id, family_label = family_of(reading, row["scope"])
    shown = {name: value for name, value in patch.items() if name not in HIDDEN and value is not None}
    made_at = datetime.fromtimestamp(row["made_at"] / 1000, UTC)
    fields = list(shown) if row["kind"] == Act.UPDATE else []
    values = tuple(_value(reading, table, name, value) for name, value in shown.items())
    waits = _waits(row)
    return ReturnedEdit(
        op_id=row["op_id"],
        record=row["record"],
        family_id=family_id,
        family_label=family_label,
        what=subject(reading, table, {**patch, "id": row["record"]}, fields) or thing(table),
        values=values,
        typed_fields=() if waits else tuple(_typed(reading, table, values)),
        reason=_why(reading, row),
        waits=waits,
        made_at=made_at,
        made_words=moment(made_at, reading.now),
    )


def _typed(reading: Reading, table: str, values: Sequence[SideValue]) -> Iterator[TypedField]:
    """What can be put right by typing or choosing. Whom or what it is about is chosen elsewhere."""
    refers = reading.schema[table].refers
    for value in values:
        if type(value.value) in TYPABLE and value.field not in refers:
            yield replace(typed_field(reading, table, value.field), long=len(value.words) > LONG)


def _value(reading: Reading, table: str, name: str, value: Any) -> SideValue:
    try:
        stored = reading.stored(table, name, value)
    except msgspec.ValidationError:
        stored = value
    return SideValue(name, label(table, name), stored, reading.words(table, name, stored))


def _why(reading: Reading, row: Mapping[str, Any]) -> str:
    if row["tray_state"] == DECLINED:
        who = reading.name("worker", row["tray_by"]) if row["tray_by"] else say("nobody_known")
        key = "returned.declined_why" if row["tray_why"] else "returned.declined"
        return say(key, who=who[:1].upper() + who[1:], why=row["tray_why"])
    if row["reason"]:
        return said("sync_reason", row["reason"])
    return said("sync_outcome", row["outcome"])
