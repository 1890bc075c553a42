"""The old lead's receipt: what became of her own work on a family that was moved to a colleague.

Numbers and a day, no names: nothing of the family is on the laptop any more.
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select

from sync.sql import Schema
from tfworker.actions.desk import Desk
from tfworker.actions.phrases import count, local, say
from tfworker.actions.remarks import READ
from tfworker.actions.values import Chip, Remark, Tone
from tfworker.records import scope
from tfworker.store import facts

SHOWN_FOR = timedelta(days=30)
OUTCOMES = ("applied", "to_read", "held", "refused")


def farewells(desk: Desk) -> list[Remark]:
    """One entry a family that left in the last 30 days, the newest first, until it is marked as read."""
    with desk.vault.read() as connection:
        rows = _rows(connection, desk.schema)
        read = set(facts.get(connection, READ, []))
    since = (desk.now() - SHOWN_FOR).timestamp() * 1000
    found = [
        _remark(lost_at, counts, f"farewell:{in_scope}:{lost_at}")
        for in_scope, lost_at, counts in rows
        if lost_at >= since
    ]
    return [one for one in found if one.key not in read]


def gone_scopes(connection: Connection, schema: Schema) -> frozenset[str]:
    """Where a receipt of that kind stands in for what was written there."""
    farewell, held = schema.own("farewell"), schema.own("held_scope")
    here = select(held.c.scope)
    left = connection.execute(select(farewell.c.scope).where(farewell.c.scope.not_in(here))).scalars()
    return frozenset(left)


def _rows(connection: Connection, schema: Schema) -> list[tuple[str, int, dict[str, int]]]:
    """[(scope of the family, when it was lost, {what became of her edits: how many})], newest first.

    The people of a family leave with it: what she wrote about them counts with the family that left
    at the same time.
    """
    table = schema.own("farewell")
    gone = gone_scopes(connection, schema)
    rows = [row for row in connection.execute(select(table)) if row.scope in gone]
    families = [row for row in rows if row.scope.startswith(scope.family(""))]
    counts: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(OUTCOMES, 0))
    for row in rows:
        about = row if row in families else next((f for f in families if f.purged_at == row.purged_at), None)
        if about is not None:
            for name in OUTCOMES:
                counts[about.scope][name] += getattr(row, name)
    ordered = sorted(families, key=lambda row: -row.lost_at)
    return [(row.scope, row.lost_at, counts[row.scope]) for row in ordered]


def _remark(lost_at: int, counts: dict[str, int], key: str) -> Remark:
    day = local(datetime.fromtimestamp(lost_at / 1000, UTC)).date()
    said = []
    if counts["to_read"]:
        said.append(count("farewell.record", counts["to_read"]))
    if counts["held"]:
        said.append(count("farewell.wait", counts["held"]))
    if counts["refused"]:
        said.append(count("farewell.refused", counts["refused"]))
    told = "; ".join(said) if said else say("farewell.nothing")
    return Remark(
        key=key,
        title=say("farewell.moved", day=f"{day:%d/%m/%Y}"),
        advice=f"{told}. {say('farewell.gone')}",
        chip=Chip(say("farewell.chip"), Tone.INFO),
        dismissible=True,
    )
