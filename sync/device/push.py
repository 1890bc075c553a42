"""Push: everything that waits goes up, in order, urgent first; receipts come back."""

from sync.device.context import Context, Step
from sync.errors import RejoinNeeded, TooLarge, Unreachable
from sync.wire import PROTOCOL, PUSH_BYTES, PUSH_OPS, PushReply, PushRequest, decode_reply, encode


def push(context: Context) -> set[str]:
    """Send all waiting ops; gives the scopes they belong to.

    The batch halves when something on the way finds it too large. Raises RejoinNeeded, SyncProblem.
    """
    store = context.store
    touched: set[str] = set()
    counted: set[str] = set()  # urgent ops come again in their place
    size = PUSH_OPS
    done = 0
    while (waiting := store.waiting(size, PUSH_BYTES)).ops:
        context.tell(Step.SENDING, done, done + waiting.total)
        request = PushRequest(
            protocol=PROTOCOL,
            generation=store.generation(),
            after_n=waiting.after_n,
            after_chain=waiting.after_chain,
            ops=list(waiting.ops),
            urgent=list(waiting.urgent),
        )
        try:
            body = context.send("push", encode(request))
        except TooLarge:
            if len({op.act_id for op in waiting.ops}) == 1:
                raise  # an act is never split
            size = max(1, len(waiting.ops) // 2)
            continue
        reply = decode_reply(PushReply, body)
        if reply.rejoin is not None:
            raise RejoinNeeded(reply.rejoin)
        answered = {r.op_id: r for r in reply.receipts}
        if not answered.keys() >= {op.op_id for op in (*waiting.urgent, *waiting.ops)}:
            raise Unreachable("the answer is not to what was sent")
        context.report.skew_ms = context.now_ms - reply.now
        touched |= store.take_receipts(reply, waiting.last_pos)
        for op_id in answered.keys() - counted:
            outcome = answered[op_id].outcome
            context.report.outcomes[outcome] = context.report.outcomes.get(outcome, 0) + 1
        counted |= {op.op_id for op in waiting.urgent}
        done += len(waiting.ops)
    return touched
