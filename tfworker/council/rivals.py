"""Two records that cannot both be right: two leads for the same days, two plans agreed at once.

Both stand; the verdict on the later one names the other, and sync puts a card in the queue.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from sync.ports import Proposed, Ruling, Verdict
from sync.sql.schema import Schema
from tfworker.council.standing import fetch
from tfworker.records.words import AllocationRole, PlanState

# A plan under review makes way for the next, so it rivals none.
STANDING_PLANS = frozenset({PlanState.AGREED, PlanState.ACTIVE})
Row = Mapping[str, Any]


def named(
    connection: Connection, schema: Schema, proposed: Sequence[Proposed], verdicts: Sequence[Verdict]
) -> list[Verdict]:
    """The verdicts, the admitted ones with the record they clash with.

    Looked at as the batch leaves things, so that ending the old and making the new in one save is
    no clash whichever op comes first.
    """
    judged = list(verdicts)
    for table, clash in (("allocation", _leads_clash), ("plan", _plans_clash)):
        places = [
            place
            for place, (proposal, verdict) in enumerate(zip(proposed, verdicts, strict=True))
            if proposal.table == table and verdict.ruling is Ruling.ADMIT and proposal.row.get("family_id")
        ]
        if places:
            rows = _rows_after(connection, schema, [proposed[place] for place in places])
            for place in places:
                rival = _rival_of(proposed[place].record, rows, clash)
                judged[place] = replace(judged[place], rival=rival)
    return judged


def _rows_after(connection: Connection, schema: Schema, proposed: Sequence[Proposed]) -> dict[str, Row]:
    """{id: row} of every record of the table in the families concerned, with the batch applied."""
    table = schema[proposed[0].table].table
    families = {str(proposal.row["family_id"]) for proposal in proposed}
    rows: dict[str, Row] = {
        row["id"]: dict(row) for row in fetch(connection, select(table), table.c.family_id, families)
    }
    rows.update({proposal.record: proposal.row for proposal in proposed})
    return rows


def _rival_of(record: str, rows: Mapping[str, Row], clash: Any) -> str | None:
    mine = rows[record]
    others: Iterable[Row] = (rows[other] for other in sorted(rows) if other != record)
    return next(
        (
            str(other["id"])
            for other in others
            if other["family_id"] == mine["family_id"] and clash(mine, other)
        ),
        None,
    )


def _leads_clash(mine: Row, other: Row) -> bool:
    """The day of a handover may belong to both."""
    if mine["role"] != AllocationRole.LEAD or other["role"] != AllocationRole.LEAD:
        return False
    return bool(
        mine["from_on"] < (other["to_on"] or date.max) and other["from_on"] < (mine["to_on"] or date.max)
    )


def _plans_clash(mine: Row, other: Row) -> bool:
    return mine["state"] in STANDING_PLANS and other["state"] in STANDING_PLANS
