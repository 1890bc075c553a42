"""Push: everything that waits goes up, in order, urgent first; receipts come back."""

from collections.abc import Sequence

import msgspec

from sync.device.context import Context, Step
from sync.device.pacing import grown, halved
from sync.device.store import Waiting
from sync.errors import RejoinNeeded, TooLarge, Unreachable, Unreadable
from sync.wire import (
    PROTOCOL,
    PUSH_BYTES,
    PUSH_OPS,
    Missing,
    PushReply,
    PushRequest,
    WireOp,
    decode_reply,
    encode,
)

NOTHING = msgspec.Raw(b"null")


def push(context: Context) -> set[str]:
    """Send all waiting ops; gives the scopes they belong to.

    The batch halves when something on the way finds it too large or the hub cannot read it, until one
    act stands alone; that goes as its envelopes. Raises RejoinNeeded, SyncProblem.
    """
    store = context.store
    touched: set[str] = set()
    counted: set[str] = set()  # urgent ops come again in their place
    most = PUSH_OPS
    done = 0
    while (waiting := store.waiting(context.batch_ops, PUSH_BYTES)).ops:
        context.tell(Step.SENDING, done, done + waiting.total)
        try:
            reply = _send(context, waiting, waiting.ops, waiting.urgent)
        except (TooLarge, Unreadable) as problem:
            if len({op.act_id for op in waiting.ops}) > 1:
                most = context.batch_ops = halved(len(waiting.ops))
                continue
            reply = _send_alone(context, waiting, problem)
        answered = {r.op_id: r for r in reply.receipts}
        context.report.skew_ms = context.now_ms - reply.now
        touched |= store.take_receipts(reply, waiting)
        for op_id in answered.keys() - counted:
            outcome = answered[op_id].outcome
            context.report.outcomes[outcome] = context.report.outcomes.get(outcome, 0) + 1
        counted |= answered.keys()
        done += len(waiting.ops)
        context.batch_ops = grown(context.batch_ops, most)
    return touched


def _send(context: Context, waiting: Waiting, ops: Sequence[WireOp], urgent: Sequence[WireOp]) -> PushReply:
    """One batch and its receipts, one for each op. Raises RejoinNeeded, SyncProblem."""
    place = context.store.place()
    request = PushRequest(
        protocol=PROTOCOL,
        generation=place.generation,
        after_n=waiting.after_n,
        after_chain=waiting.after_chain,
        ops=list(ops),
        urgent=list(urgent),
        cursor=dict(context.store.cursor()),
        past=list(place.past),
    )
    reply = decode_reply(PushReply, context.send("push", encode(request)))
    if reply.rejoin is not None:
        raise RejoinNeeded(reply.rejoin)
    sent = {op.op_id for op in (*urgent, *ops)}
    if not {r.op_id for r in reply.receipts} >= sent:
        raise Unreachable("the answer is not to what was sent")
    # A receipt for an op that was not sent is none, whatever it says.
    return msgspec.structs.replace(reply, receipts=[r for r in reply.receipts if r.op_id in sent])


def _send_alone(context: Context, waiting: Waiting, problem: TooLarge | Unreadable) -> PushReply:
    """An act that the way or the hub would not take: first without what was to go before it, then as
    its envelopes, so that nothing behind it waits. Its text stays here, and its author sees why."""
    if waiting.urgent:
        try:
            return _send(context, waiting, waiting.ops, ())
        except (TooLarge, Unreadable) as again:
            problem = again
    missing = Missing.TOO_LARGE if isinstance(problem, TooLarge) else Missing.UNREADABLE
    return _send(context, waiting, [enveloped(op, missing) for op in waiting.ops], ())


def enveloped(op: WireOp, missing: Missing) -> WireOp:
    """The op without its content. The chain holds: its commitment is what was chained."""
    if op.commitment is not None:
        return op
    return msgspec.structs.replace(op, content=NOTHING, commitment=op.committed, missing=missing)
