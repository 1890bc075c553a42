"""The hub's door: push, pull, and the council's own acts."""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import TypeVar

import msgspec

from sync.errors import RejoinNeeded, TooNew, TooOld
from sync.hub.batch import Batch
from sync.hub.cards import CARD_TABLE
from sync.hub.files import Files
from sync.hub.ledger import Ledger
from sync.hub.past import BadMessage, push_end
from sync.hub.pull import pull
from sync.hub.purge import purge
from sync.hub.redrawing import redraw
from sync.hub.store import HubStore, HubTransaction, Key
from sync.ops import Act, Change, encode_content, new_id, new_salt
from sync.ports import Authority, Calendar, Caller, Clock
from sync.wire import (
    PUSH_OPS,
    SERVED,
    GetFile,
    PullRequest,
    PushReply,
    PushRequest,
    PutFile,
    Receipt,
    Spoken,
    WireOp,
    decode,
    encode,
)

M = TypeVar("M", PushRequest, PullRequest, PutFile, GetFile)
T = TypeVar("T")

NO_EPOCH = "0" * 32  # no ledger ever has it: what names it is settled by value
TRIES = 3  # of one transaction that the database ends for another's sake


class Hub:
    """The council's side of sync over one store.

    Safe to call from several threads and processes: order is kept by the ledger's head row.
    """

    def __init__(
        self, store: HubStore, authority: Authority, clock: Clock, calendar: Calendar | None = None
    ) -> None:
        """calendar: where the authority's grants begin or end by the clock."""
        self.store = store
        self.authority = authority
        self.clock = clock
        self.calendar = calendar
        self.files = Files(store, clock)

    def init(self) -> None:
        """Give a new database its epoch and its empty ledger; changes nothing on an old one."""
        self.store.init(new_id())

    def redraw(self) -> bool:
        """Draw the grants that the clock has changed; whether there were any. For the host's timer;
        every request asks as well, so that nothing is served by yesterday's grants."""
        if self.calendar is None:
            return False
        calendar = self.calendar
        return self._in_one(lambda transaction: redraw(transaction, calendar, self.now_ms))

    def _in_one(self, do: Callable[[HubTransaction], T]) -> T:
        """Do something in one writing transaction, from its start once more where that is worth it."""

        def once() -> T:
            with self.store.writing() as transaction:
                return do(transaction)

        return self._until_taken(once)

    def _until_taken(self, once: Callable[[], T]) -> T:
        """Run something that is one transaction, or may be run again when it was left half-way; and again
        while the database ends it for another's sake. What it tells comes from the last run alone."""
        for _ in range(TRIES - 1):
            try:
                return once()
            except Exception as error:
                if not self.store.is_passing(error):
                    raise
        return once()

    def _keep_up(self) -> None:
        if self.calendar is not None and self.calendar.is_due():
            self.redraw()

    @property
    def now_ms(self) -> int:
        return int(self.clock.now().timestamp() * 1000)

    def push(self, caller: Caller, body: bytes) -> bytes:
        """Take a device's ops. Raises BadMessage, TooOld, TooNew."""
        request = _read(PushRequest, body)
        self._keep_up()
        try:
            reply = self._in_one(lambda transaction: self._push(transaction, caller, request))
        except Exception as error:
            if not self.store.is_poison(error):
                raise
            # Everything was rolled back. In halves, so that the op nobody foresaw stands alone.
            reply = self._push_in_halves(caller, request)
        return encode(reply)

    def _push(self, transaction: HubTransaction, caller: Caller, request: PushRequest) -> PushReply:
        batch = self._batch(transaction, caller)
        epoch = batch.head.epoch
        try:
            end = push_end(transaction, batch.head, caller.device, request, self.now_ms)
        except RejoinNeeded as error:
            return PushReply(epoch=epoch, now=self.now_ms, rejoin=error.reason)
        receipts = batch.take([*request.urgent, *request.ops])
        batch.write()
        transaction.set_peer(caller.device, end, self.now_ms)
        return PushReply(epoch=epoch, now=self.now_ms, receipts=receipts)

    def _push_in_halves(self, caller: Caller, request: PushRequest) -> PushReply:
        with self.store.writing() as transaction:
            epoch = (head := transaction.head(lock=True)).epoch
            try:
                # Asked before: what is taken below lies in the ledger under the device's name.
                end = push_end(transaction, head, caller.device, request, self.now_ms)
            except RejoinNeeded as error:
                return PushReply(epoch=epoch, now=self.now_ms, rejoin=error.reason)
        receipts: list[Receipt] = []
        for ops in halves([*request.urgent, *request.ops]):
            receipts += self._take_or_split(caller, ops)
        self._in_one(lambda transaction: transaction.set_peer(caller.device, end, self.now_ms))
        return PushReply(epoch=epoch, now=self.now_ms, receipts=receipts)

    def _take_or_split(self, caller: Caller, ops: Sequence[WireOp], *, alone: bool = False) -> list[Receipt]:
        def take(transaction: HubTransaction) -> list[Receipt]:
            batch = self._batch(transaction, caller)
            receipts = [batch.refuse_poison(op) for op in ops] if alone else batch.take(ops)
            batch.write()
            return receipts

        try:
            return self._in_one(take)
        except Exception as error:
            if alone or not self.store.is_poison(error):
                raise
        if len({op.act_id for op in ops}) == 1:
            return self._take_or_split(caller, ops, alone=True)
        return [receipt for half in halves(ops) for receipt in self._take_or_split(caller, half)]

    def pull(self, caller: Caller, body: bytes) -> bytes:
        """One page of what a device has not seen. Raises BadMessage, TooOld, TooNew; NotAllowed for a
        laptop of which there are two: what it wrote is taken, and nothing more is given to it."""
        request = _read(PullRequest, body)
        self._keep_up()
        with self.store.reading() as transaction:
            return encode(pull(transaction, self.store, caller, request, self.now_ms))

    def put(self, caller: Caller, body: bytes) -> bytes:
        """Take one part of a file. Raises BadMessage, TooOld."""
        request = _read(PutFile, body)
        self._keep_up()
        return encode(self._until_taken(lambda: self.files.put(caller, request)))

    def get(self, caller: Caller, body: bytes) -> bytes:
        """Give one part of a file. Raises BadMessage, TooOld."""
        request = _read(GetFile, body)
        self._keep_up()
        return encode(self.files.get(caller, request))

    def apply(
        self,
        caller: Caller,
        changes: Sequence[Change],
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Receipt]:
        """The council's own acts and the importer's, through the same door as everybody's.

        Each change is an act of its own, made against what the record holds now, or against what
        its author last knew if it says so (`Change.was`). Committed in
        batches: a run that stops half-way has done whole batches and can simply be run again.
        """
        self._keep_up()
        receipts: list[Receipt] = []
        for start in range(0, len(changes), PUSH_OPS):
            part = changes[start : start + PUSH_OPS]
            receipts += self._in_one(partial(self._apply, caller, part))
            if progress is not None:
                progress(min(start + PUSH_OPS, len(changes)), len(changes))
        return receipts

    def _apply(self, caller: Caller, changes: Sequence[Change], transaction: HubTransaction) -> list[Receipt]:
        batch = self._batch(transaction, caller)
        receipts = batch.take(self._as_ops(batch, changes))
        batch.write()
        return receipts

    def _batch(self, transaction: HubTransaction, caller: Caller) -> Batch:
        return Batch(transaction, self.store.tables, self.authority, caller, self.now_ms)

    def purge(self, caller: Caller, records: Collection[Key]) -> list[Receipt]:
        """Remove records, {(table, id)}, by a lawful decision of the host's: rows, contents, cards and
        what waits about them; the ledger keeps the proof. One transaction. Gives a receipt for each
        row removed."""

        def remove(transaction: HubTransaction) -> list[Receipt]:
            ledger = Ledger(transaction.head(lock=True), caller, self.now_ms)
            return purge(transaction, self.authority, ledger, records)

        return self._in_one(remove)

    def _as_ops(self, batch: Batch, changes: Sequence[Change]) -> list[WireOp]:
        wanted: dict[str, set[str]] = {}
        for change in changes:
            if change.kind is not Act.INSERT:
                wanted.setdefault(change.table, set()).add(change.record)
        rows = {t: batch.transaction.rows(t, ids) for t, ids in wanted.items()}
        now = self.now_ms
        ops = []
        for change in changes:
            row = rows.get(change.table, {}).get(change.record)
            was = {c: row.get(c) for c in change.patch} if row else {}
            epoch = batch.head.epoch
            if change.was is not None:
                # It was made knowing an older state, which has no place in the ledger.
                was, epoch = {c: change.was.get(c) for c in change.patch}, NO_EPOCH
            if change.kind is Act.DECIDE:
                was = {"standing": batch.standing(change.record)} if change.table == CARD_TABLE else {}
            ops.append(
                WireOp(
                    n=0,
                    chain="",
                    op_id=new_id(),
                    kind=change.kind.value,
                    table=change.table,
                    record=change.record,
                    base_epoch=epoch if row else "",
                    base_version=row["version"] if row else 0,
                    made_at=now,
                    act_id=new_id(),
                    salt=new_salt(),
                    content=msgspec.Raw(encode_content(change.patch, was)),
                )
            )
        return ops


def served(protocol: int) -> None:
    """Raises TooOld or TooNew for a protocol the hub does not speak, before anything is taken."""
    if protocol > max(SERVED):
        raise TooNew(f"protocol {protocol} is not served yet")
    if protocol not in SERVED:
        raise TooOld(f"protocol {protocol} is not served")


def halves(ops: Sequence[WireOp]) -> Iterator[Sequence[WireOp]]:
    """The ops in two parts, never splitting an act."""
    middle = len(ops) // 2
    while 0 < middle < len(ops) and ops[middle].act_id == ops[middle - 1].act_id:
        middle += 1
    if middle >= len(ops):
        middle = 1
        while middle < len(ops) and ops[middle].act_id == ops[middle - 1].act_id:
            middle += 1
    if ops[:middle]:
        yield ops[:middle]
    if ops[middle:]:
        yield ops[middle:]


def _read(kind: type[M], body: bytes) -> M:
    try:
        served(decode(Spoken, body).protocol)  # whatever else a version from the future may say
        return decode(kind, body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadMessage("the bytes are not a message of this protocol") from error
