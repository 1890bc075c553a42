"""A scope leaves a laptop: everything of it goes in one transaction, and a receipt for it stays.

What its user saved there went up before (`SqlDevice.purge_lost` waits for that). The receipt, a row of
`farewell`, says how much there was and what became of her own edits: numbers, and no names.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, and_, delete, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from sync.ops import Outcome, Reason
from sync.ports import Sealer
from sync.sql.files import drop_files
from sync.sql.parking import Parking
from sync.sql.rejoining import put_away
from sync.sql.schema import Schema

# What the host removes of its own (drafts, say), in the same transaction.
OnPurge = Callable[[Connection, Sequence[str]], None]
# What the host still has to save there (drafts, say), so that it goes up first.
OnLost = Callable[[Connection, Sequence[str]], None]

COLUMN_OF = {
    Outcome.APPLIED: "applied",
    Outcome.MERGED: "applied",
    Outcome.CONFLICT: "held",
    Outcome.HELD: "held",
    Outcome.REFUSED: "refused",
}  # {what became of an edit: where the receipt counts it}


def leave(
    connection: Connection,
    schema: Schema,
    scopes: Sequence[str],
    now_ms: int,
    *,
    seal: Sealer | None = None,
    on_purge: OnPurge | None = None,
) -> None:
    """Remove everything of these scopes and write the receipt for each.

    Runs in the caller's transaction with the gate open. Nothing in the scopes may wait to be sent.
    seal: makes the contents of ops readable to the council's recovery key alone; without it they go.
    """
    held = schema.own("held_scope")
    counted = _outcomes(connection, schema, scopes)
    files = _files(connection, schema, scopes)
    records = _records(connection, schema, scopes)
    lost_at = dict(
        connection.execute(select(held.c.scope, held.c.lost_at).where(held.c.scope.in_(scopes))).all()
    )
    if on_purge is not None:
        on_purge(connection, scopes)
    drop_files(connection, schema, scopes, seal)
    _remove(connection, schema, scopes)
    put_away(connection, schema, scopes, seal)
    connection.execute(delete(held).where(held.c.scope.in_(scopes)))
    farewell = schema.own("farewell")
    statement = upsert(farewell)
    again = {c.name: statement.excluded[c.name] for c in farewell.c if c.name != "scope"}
    rows = [
        {
            "scope": scope,
            "lost_at": lost_at.get(scope) or now_ms,
            "purged_at": now_ms,
            "records": records[scope],
            "files": files[scope],
            **{name: counted[scope][name] for name in ("applied", "to_read", "held", "refused")},
        }
        for scope in scopes
    ]
    connection.execute(statement.on_conflict_do_update(index_elements=["scope"], set_=again), rows)


def _outcomes(connection: Connection, schema: Schema, scopes: Sequence[str]) -> dict[str, Counter[str]]:
    """{scope: how many of her edits there, as far as they are kept, came to what}."""
    op, receipt = schema.own("op"), schema.own("receipt")
    query = (
        select(op.c.scope, receipt.c.outcome, receipt.c.reason, func.count())
        .join(receipt, receipt.c.op_id == op.c.op_id)
        .where(op.c.scope.in_(scopes))
        .group_by(op.c.scope, receipt.c.outcome, receipt.c.reason)
    )
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for scope, outcome, reason, number in connection.execute(query):
        read = outcome != Outcome.HELD and reason in (Reason.TO_READ, Reason.CLOSED)
        found[scope]["to_read" if read else COLUMN_OF[Outcome(outcome)]] += number
    return found


def _records(connection: Connection, schema: Schema, scopes: Sequence[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for table in schema:
        c = table.table.c
        query = select(c.scope, func.count()).where(c.scope.in_(scopes)).group_by(c.scope)
        for scope, number in connection.execute(query):
            found[scope] += number
    return found


def _files(connection: Connection, schema: Schema, scopes: Sequence[str]) -> Counter[str]:
    state = schema.own("file_state")
    query = select(state.c.scope, func.count()).where(state.c.scope.in_(scopes)).group_by(state.c.scope)
    return Counter(dict(connection.execute(query).all()))


def _remove(connection: Connection, schema: Schema, scopes: Sequence[str]) -> None:
    """Rows, the council's rows beside them, rows that no version here could keep, and those set aside."""
    shadow, aside = schema.own("shadow"), schema.own("set_aside")
    for table in schema:
        here = table.table.c.scope.in_(scopes)
        going = select(table.table.c.id).where(here)
        connection.execute(
            delete(shadow).where(and_(shadow.c.table_name == table.name, shadow.c.record.in_(going)))
        )
        connection.execute(delete(table.table).where(here))
    parked = Parking(connection, schema)
    parked.leave_where(parked.table.c.scope.in_(scopes))
    connection.execute(delete(aside).where(aside.c.scope.in_(scopes)))
