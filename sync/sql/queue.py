"""The queue: what waits for the council's receipt.

Ops are written once and never again; that one waits is a row of the small table `queue`, which its
receipt deletes. So a receipt never rewrites a note, and asking what waits costs what waits, however
old the vault.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, FromClause, bindparam, delete, select

from sync.ops import Act
from sync.sql.schema import Schema

BETWEEN = "WHERE pos BETWEEN ? AND ?"


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
    return set(connection.exec_driver_sql("SELECT record FROM queue").scalars())


def received(connection: Connection, schema: Schema, places: Sequence[int]) -> None:
    """The ops at these places (`op.pos`) have their receipts: they wait no more."""
    if not places:
        return
    first, last = min(places), max(places)
    # A batch is a run of places; an urgent op that went ahead is not.
    there = connection.exec_driver_sql(f"SELECT count(*) FROM queue {BETWEEN}", (first, last)).scalar()
    if there == len(places):
        connection.exec_driver_sql(f"DELETE FROM queue {BETWEEN}", (first, last))
        return
    queue = schema.own("queue")
    connection.execute(delete(queue).where(queue.c.pos == bindparam("at")), [{"at": at} for at in places])
