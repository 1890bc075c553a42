"""The queue: what waits for the council's receipt.

Ops are written once and never again; that one waits is a row of the small table `queue`, which its
receipt deletes. So a receipt never rewrites a note, and asking what waits costs what waits, however
old the vault.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, FromClause, bindparam, delete, func, select

from sync.ops import Act
from sync.sql.schema import Schema


def waiting(schema: Schema) -> FromClause:
    """The ops without a receipt, to select from: `op` joined to `queue`."""
    op, queue = schema.own("op"), schema.own("queue")
    # From the few that wait to their ops, never through all there ever were.
    return queue.join(op, op.c.pos == queue.c.pos)


def waiting_ops(connection: Connection, schema: Schema, record: str) -> list[tuple[Act, bytes]]:
    """(kind, content) of a record's ops without a receipt, oldest first."""
    op, queue = schema.own("op"), schema.own("queue")
    found = connection.execute(
        select(op.c.kind, op.c.content)
        .select_from(waiting(schema))
        .where(queue.c.record == record)
        .order_by(queue.c.pos)
    )
    return [(Act(kind), bytes(content)) for kind, content in found]


def waiting_records(connection: Connection, schema: Schema) -> set[str]:
    """The records with work that waits."""
    return set(connection.execute(select(schema.own("queue").c.record)).scalars())


def received(connection: Connection, schema: Schema, places: Sequence[int]) -> None:
    """The ops at these places (`op.pos`) have their receipts: they wait no more."""
    if not places:
        return
    first, last = min(places), max(places)
    queue = schema.own("queue")
    between = queue.c.pos.between(first, last)
    # A batch is a run of places; an urgent op that went ahead is not.
    if connection.execute(select(func.count()).where(between)).scalar_one() == len(places):
        connection.execute(delete(queue).where(between))
        return
    connection.execute(delete(queue).where(queue.c.pos == bindparam("at")), [{"at": at} for at in places])
