"""Push: everything that waits goes up, in order, urgent first; receipts come back."""

from collections.abc import Sequence

import msgspec

from sync.device.context import Context, Step
from sync.device.pacing import grown, halved, next_size
from sync.device.store import Waiting
from sync.errors import Cancelled, RejoinNeeded, TooLarge, Unreachable, Unreadable
from sync.ops import CHAIN_START
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
NOTHING_WAITS = Waiting((), (), 0, CHAIN_START, 0, 0)


def push(context: Context) -> set[str]:
    """Send all waiting ops; gives the scopes they belong to.

    The batch halves when something on the way finds it too large or the hub cannot read it, until one
    act stands alone; that goes as its envelopes. Raises RejoinNeeded, SyncProblem.
    """
    return _Pushing(context).run()


class _Pushing:
    """Sends batch after batch, each only once the one before it has its answer.

    Where the way allows it, what lies on either side is done while a batch is on its way: the receipts
    of the one before are written down and the one behind is read. Receipts that a crash takes come
    again, as after a lost answer.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.touched: set[str] = set()
        self.counted: set[str] = set()  # urgent ops come again in their place
        self.most = PUSH_OPS
        self.done = 0
        self.next: Waiting | None = None
        self.answered: tuple[PushReply, Waiting] | None = None  # not written down yet

    def run(self) -> set[str]:
        context = self.context
        while (waiting := self._read()).ops:
            self._tell(waiting)
            try:
                reply = self._send(waiting, waiting.ops, waiting.urgent)
            except (TooLarge, Unreadable) as problem:
                self.next = None
                if len({op.act_id for op in waiting.ops}) > 1:
                    self.most = context.batch_ops = halved(len(waiting.ops))
                    continue
                reply = self._send_alone(waiting, problem)
            self._count(reply)
            self.done += len(waiting.ops)
            self.answered = reply, waiting
            if self.next is None:
                self._write()
            context.batch_ops = grown(context.batch_ops, self.most)
        return self.touched

    def _read(self) -> Waiting:
        ready, self.next = self.next, None
        if ready is None and not self.context.outset().waits:
            return NOTHING_WAITS
        return ready or self.context.store.waiting(self.context.batch_ops, PUSH_BYTES)

    def _tell(self, waiting: Waiting) -> None:
        try:
            self.context.tell(Step.SENDING, self.done, self.done + waiting.total)
        except Cancelled:
            self._write()
            raise

    def _count(self, reply: PushReply) -> None:
        report = self.context.report
        report.skew_ms = self.context.now_ms - reply.now
        answered = {r.op_id: r for r in reply.receipts}
        for op_id in answered.keys() - self.counted:
            outcome = answered[op_id].outcome
            report.outcomes[outcome] = report.outcomes.get(outcome, 0) + 1
        self.counted |= answered.keys()

    def _write(self) -> None:
        """Write down the receipts that are here and not written yet."""
        if self.answered is not None:
            self.touched |= self.context.store.take_receipts(*self.answered)
            self.answered = None
            self.context.wrote()

    def _work_beside(self, waiting: Waiting) -> None:
        """What is done while these ops are on their way."""
        self._write()
        left = waiting.total - len(waiting.ops)
        if left > 0:
            most = next_size(self.context.batch_ops, left)
            behind = self.context.store.waiting(most, PUSH_BYTES, waiting)
            self.next = behind if behind.ops else None

    def _send(self, waiting: Waiting, ops: Sequence[WireOp], urgent: Sequence[WireOp]) -> PushReply:
        """One batch and its receipts, one for each op. Raises RejoinNeeded, SyncProblem."""
        outset = self.context.outset()
        place = outset.place
        request = PushRequest(
            protocol=PROTOCOL,
            generation=place.generation,
            after_n=waiting.after_n,
            after_chain=waiting.after_chain,
            ops=list(ops),
            urgent=list(urgent),
            cursor=dict(outset.cursor),
            past=list(place.past),
        )
        is_alone = self.answered is None and waiting.total <= len(waiting.ops)
        beside = None if is_alone else lambda: self._work_beside(waiting)
        reply = decode_reply(PushReply, self.context.send("push", encode(request), beside))
        if reply.rejoin is not None:
            raise RejoinNeeded(reply.rejoin)
        sent = {op.op_id for op in (*urgent, *ops)}
        if not {r.op_id for r in reply.receipts} >= sent:
            raise Unreachable("the answer is not to what was sent")
        # A receipt for an op that was not sent is none, whatever it says.
        return msgspec.structs.replace(reply, receipts=[r for r in reply.receipts if r.op_id in sent])

    def _send_alone(self, waiting: Waiting, problem: TooLarge | Unreadable) -> PushReply:
        """An act that the way or the hub would not take: first without what was to go before it, then as
        its envelopes, so that nothing behind it waits. Its text stays here, and its author sees why."""
        if waiting.urgent:
            try:
                return self._send(waiting, waiting.ops, ())
            except (TooLarge, Unreadable) as again:
                problem = again
        missing = Missing.TOO_LARGE if isinstance(problem, TooLarge) else Missing.UNREADABLE
        return self._send(waiting, [enveloped(op, missing) for op in waiting.ops], ())


def enveloped(op: WireOp, missing: Missing) -> WireOp:
    """The op without its content. The chain holds: its commitment is what was chained."""
    if op.commitment is not None:
        return op
    return msgspec.structs.replace(op, content=NOTHING, commitment=op.committed, missing=missing)
