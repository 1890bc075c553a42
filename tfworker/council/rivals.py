"""Two records that cannot both be right, or may be the same one twice (domain 4.8.9).

Two leads for the same days, two plans agreed at once, a person who moved into two families on one day,
a person or a family registered twice. Both stand; the verdict on the later one names the other, and
sync puts a card in the queue. Nothing is ever merged by itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from sync.ports import Proposed, Ruling, Verdict
from sync.sql.schema import Schema
from tfworker.council.standing import CLOSED, fetch
from tfworker.records.words import AllocationRole, PlanState

# A plan under review makes way for the next, so it rivals none.
STANDING_PLANS = frozenset({PlanState.AGREED, PlanState.ACTIVE})
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rivalry:
    """Rows of a table with the same value in `by` that clash; `new_only`: asked of inserts alone."""

    table: str
    by: str
    clash: Callable[[Row, Row], bool]
    new_only: bool = False


def named(
    connection: Connection, schema: Schema, proposed: Sequence[Proposed], verdicts: Sequence[Verdict]
) -> list[Verdict]:
    """The verdicts, the admitted ones with the record they clash with.

    Looked at as the batch leaves things, so that ending the old and making the new in one save is
    no clash whichever op comes first.
    """
    judged = list(verdicts)
    tables = {proposal.table for proposal in proposed}
    for rivalry in (rivalry for rivalry in RIVALRIES if rivalry.table in tables):
        places = [
            place
            for place, (proposal, verdict) in enumerate(zip(proposed, verdicts, strict=True))
            if proposal.table == rivalry.table
            and verdict.ruling is Ruling.ADMIT
            and proposal.row.get(rivalry.by)
            and not (rivalry.new_only and proposal.before is not None)
        ]
        if places:
            rows = _rows_after(connection, schema, rivalry, [proposed[place] for place in places])
            for place in places:
                rival = _rival_of(proposed[place].record, rows, rivalry)
                judged[place] = replace(judged[place], rival=rival)
    return judged


def _rows_after(
    connection: Connection, schema: Schema, rivalry: Rivalry, proposed: Sequence[Proposed]
) -> dict[str, Row]:
    """{id: row} of every record of the table that might clash, with the batch applied."""
    table = schema[rivalry.table].table
    shared = {proposal.row[rivalry.by] for proposal in proposed}
    rows: dict[str, Row] = {
        row["id"]: dict(row) for row in fetch(connection, select(table), table.c[rivalry.by], shared)
    }
    rows.update({proposal.record: proposal.row for proposal in proposed})
    return rows


def _rival_of(record: str, rows: Mapping[str, Row], rivalry: Rivalry) -> str | None:
    mine = rows[record]
    others: Iterable[Row] = (rows[other] for other in sorted(rows) if other != record)
    return next(
        (
            str(other["id"])
            for other in others
            if other[rivalry.by] == mine[rivalry.by] and rivalry.clash(mine, other)
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


def _moves_clash(mine: Row, other: Row) -> bool:
    """Into two families on the same day, and said to be in both still."""
    begins = mine["from_on"]
    return bool(
        begins is not None
        and begins == other["from_on"]
        and mine["family_id"] != other["family_id"]
        and mine["to_on"] is None
        and other["to_on"] is None
    )


def _same_person(mine: Row, other: Row) -> bool:
    """The same names, letter case apart, and the same day of birth."""
    names = ("forenames", "family_name")
    return all(mine[name] and _plain(mine[name]) == _plain(other[name]) for name in names)


def _same_family(mine: Row, other: Row) -> bool:
    """The same label, while both are worked with."""
    return mine["status"] not in CLOSED and other["status"] not in CLOSED


def _plain(text: str | None) -> str:
    return " ".join((text or "").casefold().split())


RIVALRIES = (
    Rivalry("allocation", "family_id", _leads_clash),
    Rivalry("plan", "family_id", _plans_clash),
    Rivalry("membership", "person_id", _moves_clash),
    Rivalry("person", "dob", _same_person, new_only=True),
    Rivalry("family", "label", _same_family, new_only=True),
)
