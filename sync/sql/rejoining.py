"""Beginning again with the council, and what is kept for it.

Ops with their receipts are kept for 30 days, so that a council put back to an earlier state is
offered again what it acknowledged and lost: the same op ids, the same contents, a new generation.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, and_, bindparam, delete, exists, func, select, update

from sync.ops import CHAIN_START, Act, Outcome, Reason, chain, commit, new_id
from sync.ports import Sealer
from sync.sql.bulk import chunks
from sync.sql.saving import device_state
from sync.sql.schema import Schema
from sync.wire import PAST_GENERATIONS, Rejoin

KEPT_MS = 30 * 24 * 3600 * 1000  # an op after its receipt
NO_EPOCH = "0" * 32  # no ledger ever has it: a base in it is settled by value
ONLY_HERE = (Reason.TOO_LARGE.value, Reason.UNREADABLE.value, Reason.ID_USED.value)  # refused unwritten
# The hub was put back: what rests on the past it lost is settled by value, not by version.
HUB_PUT_BACK = (Rejoin.EPOCH, Rejoin.AHEAD, Rejoin.ROLLED_BACK, Rejoin.GAP)


def rejoin(connection: Connection, schema: Schema, reason: str) -> None:
    """A new generation, an empty cursor, and everything that waits or is kept offered under new
    numbers. Op ids and contents stay as they were saved.

    What was refused is not offered again: its author has its text and its reason.
    """
    op, receipt = schema.own("op"), schema.own("receipt")
    refused = exists().where(receipt.c.op_id == op.c.op_id, receipt.c.outcome == Outcome.REFUSED.value)
    rows = connection.execute(
        select(op.c.pos, op.c.op_id, op.c.salt, op.c.content, op.c.commitment)
        .where(~refused)
        .order_by(op.c.pos)
    ).all()
    connection.execute(update(op).values(n=0))
    n, head, places = 0, CHAIN_START, []
    for row in rows:
        n, head = n + 1, chain(head, row.op_id, row.commitment or commit(row.salt, bytes(row.content)))
        places.append({"at": row.pos, "n": n, "chain": head})
    if places:
        connection.execute(update(op).where(op.c.pos == bindparam("at")), places)
    if reason in HUB_PUT_BACK:
        connection.execute(update(op).where(op.c.n > 0, op.c.base_version > 0).values(base_epoch=NO_EPOCH))
    state = device_state(connection, schema)
    connection.execute(
        update(schema.own("device_state")).values(
            generation=new_id(),
            past=[*(state.get("past") or ()), state["generation"]][-PAST_GENERATIONS:],
            n=n,
            chain=head,
            sent_pos=0,
            sent_n=None,
            sent_chain=None,
            put_back=reason in HUB_PUT_BACK or state.get("put_back"),
        )
    )
    connection.execute(delete(schema.own("cursor")))
    connection.execute(delete(schema.own("parked")))  # it comes again
    connection.execute(update(schema.own("held_scope")).values(filled=False))


def forget_received(connection: Connection, schema: Schema, now_ms: int) -> None:
    """Forget ops whose receipts are older than 30 days, with the receipts. What was refused, or waits
    for a person at the council, stays until that is done with. now_ms: by the hub's clock, as the
    times of the receipts are."""
    op, receipt = schema.own("op"), schema.own("receipt")
    settled = (Outcome.APPLIED.value, Outcome.MERGED.value, Outcome.CONFLICT.value)
    old = and_(receipt.c.received_at < now_ms - KEPT_MS, receipt.c.outcome.in_(settled))
    if connection.execute(select(receipt.c.op_id).where(old).limit(1)).first() is None:
        return
    # Not one that is to go up again since the last rejoin, and never the last: SQLite would give its
    # place to the next save, which would then count as sent.
    sent = select(schema.own("device_state").c.sent_pos).scalar_subquery()
    last = select(func.max(op.c.pos)).scalar_subquery()
    going_where = (old, op.c.pos <= sent, op.c.pos < last)
    done = select(op.c.op_id).join(receipt, receipt.c.op_id == op.c.op_id).where(*going_where)
    going = connection.execute(done).scalars().all()
    for part in chunks(going):
        connection.execute(delete(op).where(op.c.op_id.in_(part)))
        connection.execute(delete(receipt).where(receipt.c.op_id.in_(part)))


def put_away(
    connection: Connection,
    schema: Schema,
    scopes: Sequence[str],
    seal: Sealer | None,
    *,
    but_kinds: Collection[str] | None = None,
) -> int:
    """Make the contents of ops of these scopes unreadable here; gives how many.

    seal: to the council's recovery key; without it the content goes, and only its commitment stays.
    but_kinds: what is still given there stays readable, and an insert that was refused: it holds nothing
        but its author's own words, which are hers to put right.
    Not for work that waits: that is sent first. What travelled only as its envelope, or the ledger has no
    row for, is nowhere else: it stays until somebody can seal it.
    """
    op, receipt, queue = schema.own("op"), schema.own("receipt"), schema.own("queue")
    refused = and_(receipt.c.op_id == op.c.op_id, receipt.c.outcome == Outcome.REFUSED.value)
    only_here = receipt.c.reason.in_(ONLY_HERE)
    where = and_(op.c.scope.in_(scopes), op.c.commitment.is_(None), op.c.pos.not_in(select(queue.c.pos)))
    if seal is None:
        where = and_(where, ~exists().where(refused, only_here))
    if but_kinds is not None:
        own_words = and_(op.c.kind == Act.INSERT.value, exists().where(refused))
        where = and_(where, op.c.table_name.not_in(but_kinds), ~own_words)
    rows = connection.execute(select(op.c.pos, op.c.salt, op.c.content).where(where)).all()
    values = [
        {
            "at": row.pos,
            "commitment": commit(row.salt, bytes(row.content)),
            "content": seal(bytes(row.content)) if seal is not None else b"",
        }
        for row in rows
    ]
    if values:
        connection.execute(update(op).where(op.c.pos == bindparam("at")), values)
    return len(values)
