"""Edits the council did not take as they were: sent back to their author, or waiting for somebody."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from sync.ops import Act, Change, Outcome, decode_content
from tfworker.actions.checking import patch_of
from tfworker.actions.desk import Desk
from tfworker.actions.fields import Reading, label
from tfworker.actions.phrases import moment, say
from tfworker.actions.problems import BadInput, NotHere
from tfworker.actions.receipts import WAITS_FOR_A_PERSON
from tfworker.actions.review_shown import family_of, subject
from tfworker.actions.values import ReturnedEdit, SideValue
from tfworker.actions.wording import said
from tfworker.store import facts

LET_GO = "returned_let_go"  # fact of the vault: op ids their author has done with
# What no form of hers shows: they are who, when and to whom a record belongs.
HIDDEN = frozenset({
    "family_id", "person_id", "note_id", "visit_id", "goal_id", "plan_id", "concern_id", "written_by",
    "written_at", "finalised_by", "finalised_at", "original_hash", "device_name", "raised_by",
})  # fmt: skip


def returned(desk: Desk) -> list[ReturnedEdit]:
    """What came back or waits, and that she has not done with: what is hers to correct first, then
    the newest."""
    with desk.vault.read() as connection:
        reading = Reading(connection, desk.schema, desk.now())
        rows = _rows(desk, connection)
        found = [_edit(reading, row) for row in rows if row["table_name"] in desk.schema.synced]
    return sorted(found, key=lambda edit: (edit.waits, -edit.made_at.timestamp()))


def sent_back(desk: Desk, connection: Connection) -> int:
    """How many were refused and are hers to correct."""
    return sum(row["outcome"] == Outcome.REFUSED for row in _rows(desk, connection))


def correct(desk: Desk, op_id: str, values: Mapping[str, Any]) -> None:
    """Save a refused edit again with other values; what is left out stays as she had written it.

    values: {field: value} of ReturnedEdit.values. Raises BadInput naming the field, NotHere.
    """
    with desk.vault.write() as connection:
        row = next((r for r in _rows(desk, connection) if r["op_id"] == op_id), None)
        if row is None or row["outcome"] != Outcome.REFUSED:
            raise NotHere
        table, record = row["table_name"], row["record"]
        patch = _stored(desk, table, row)
        editable = [name for name in patch if name not in HIDDEN]
        patch |= patch_of(table, values, editable)
        if row["kind"] == Act.DECIDE:
            raise BadInput("", say("bad.unknown"), say("returned.decide_again"))
        kind = Act.INSERT if row["kind"] == Act.INSERT else Act.UPDATE
        # The refused insert has left the laptop's tables; it goes again under its own id, so that
        # what names it still does.
        desk.save(connection, [Change(table, record, patch, kind)])
        _done_with(connection, op_id)


def let_go(desk: Desk, op_id: str) -> None:
    """Take a returned edit off the list. It stays in the council's history."""
    with desk.vault.write() as connection:
        _done_with(connection, op_id)


def _done_with(connection: Connection, op_id: str) -> None:
    done: list[str] = facts.get(connection, LET_GO, [])
    facts.put(connection, {LET_GO: [*done, op_id]})


def _rows(desk: Desk, connection: Connection) -> list[dict[str, Any]]:
    op, receipt = desk.schema.own("op"), desk.schema.own("receipt")
    done = set(facts.get(connection, LET_GO, []))
    query = (
        select(op, receipt.c.outcome, receipt.c.reason)
        .join(receipt, receipt.c.op_id == op.c.op_id)
        .where(receipt.c.outcome.in_(WAITS_FOR_A_PERSON))
    )
    return [dict(row) for row in connection.execute(query).mappings() if row["op_id"] not in done]


def _stored(desk: Desk, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """An op's patch as values to store. A value this version cannot read is left as it travelled."""
    patch = decode_content(bytes(row["content"])).patch
    try:
        known, extra = desk.schema[table].stored(patch)
    except msgspec.ValidationError:
        return dict(patch)
    return {**known, **extra}


def _edit(reading: Reading, row: Mapping[str, Any]) -> ReturnedEdit:
    table = row["table_name"]
    patch = decode_content(bytes(row["content"])).patch
    family_id, family_label = family_of(reading, row["scope"])
    shown = {name: value for name, value in patch.items() if name not in HIDDEN and value is not None}
    made_at = datetime.fromtimestamp(row["made_at"] / 1000, UTC)
    fields = list(shown) if row["kind"] == Act.UPDATE else []
    return ReturnedEdit(
        op_id=row["op_id"],
        record=row["record"],
        family_id=family_id,
        family_label=family_label,
        what=subject(reading, table, {**patch, "id": row["record"]}, fields),
        values=tuple(_value(reading, table, name, value) for name, value in shown.items()),
        reason=_why(row),
        waits=row["outcome"] == Outcome.HELD,
        made_at=made_at,
        made_words=moment(made_at, reading.now),
    )


def _value(reading: Reading, table: str, name: str, value: Any) -> SideValue:
    try:
        stored = reading.stored(table, name, value)
    except msgspec.ValidationError:
        stored = value
    return SideValue(name, label(table, name), stored, reading.words(table, name, stored))


def _why(row: Mapping[str, Any]) -> str:
    if row["reason"]:
        return said("sync_reason", row["reason"])
    return said("sync_outcome", row["outcome"])
