"""Files: the bytes that records carry go up and come down, last of all in a round.

Part by part, each noted as it is answered, so that a round can be cut anywhere and the next goes on
from there. One file that cannot travel never holds up another.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sync.device.context import Asking, Context, Step, Telling
from sync.device.store import DeviceStore
from sync.errors import TooLarge, Unreachable
from sync.ops import Reason
from sync.ports import Clock, FileDamaged, Transport
from sync.wire import (
    PART_BYTES,
    PROTOCOL,
    GetFile,
    GetReply,
    PutFile,
    PutReply,
    decode_reply,
    encode,
    parts_of,
)

TRIES = 3  # of one part or one file, before it is left for the next round
MISSING = "missing"  # why a file was not fetched: the council has not got it


@dataclass(frozen=True, slots=True)
class Carried:
    """A file that is to travel. done: parts that already have.

    asks: the council would not take it before; it is asked before a byte is sent again.
    """

    table: str
    record: str
    size: int
    done: int = 0
    asks: bool = False

    @property
    def parts(self) -> int:
        return parts_of(self.size)


class DeviceFiles(Protocol):
    """What a round needs of the device's files. `sync.sql.files` is the driver. Every method that
    writes is one short transaction of its own."""

    def is_idle(self, *, since: bool) -> bool:
        """Whether nothing is to travel or to be tidied. since: something came or went in this round."""
        ...

    def tidy(self) -> None:
        """Forget files whose records have left this device, and sweep the shelf."""
        ...

    def to_send(self) -> Sequence[Carried]:
        """Files the council has not got, in the order they should go."""
        ...

    def to_fetch(self) -> Sequence[Carried]:
        """Files the council has and this device should, in the order they should come."""
        ...

    def read_part(self, record: str, part: int) -> bytes:
        """Raises FileDamaged."""
        ...

    def is_whole(self, record: str) -> bool:
        """Whether the bytes here are what the record promises; every one of them is read."""
        ...

    def note_sent(self, record: str, parts: int) -> None: ...
    def note_received(self, record: str, epoch: str, version: int) -> None: ...
    def note_refused(self, record: str, reason: str) -> None: ...
    def note_damaged(self, record: str) -> None: ...
    def keep_part(self, file: Carried, part: int, data: bytes) -> None: ...
    def finish(self, record: str) -> bool:
        """All parts are here: whether together they are what the record promises. If not, they go."""
        ...


Answer = TypeVar("Answer", PutReply, GetReply)


class _GiveWay(Exception):
    """Something was saved while bytes travelled."""


def _ops_wait(context: Context) -> bool:
    return bool(context.store.waiting(1, 1).ops)


@dataclass(slots=True)
class _Bytes:
    """How far the bytes of this round are; for the person who watches."""

    context: Context
    total: int
    gives_way: bool = False
    done: int = 0

    def tell(self, size: int = 0) -> None:
        """Say how far it is. Raises Cancelled; _GiveWay when an op was saved that bytes would delay."""
        self.done += size
        if self.gives_way and _ops_wait(self.context):
            raise _GiveWay
        self.context.tell(Step.FILES, min(self.done, self.total), self.total)


def carry(context: Context, files: DeviceFiles) -> bool:
    """Send what the council has not got, then fetch what this device should have.

    False when it stopped between two parts because something was saved meanwhile: that goes first.
    Raises Cancelled between two parts, and SyncProblem; what has travelled stays noted.
    """
    files.tidy()
    sending, fetching = files.to_send(), files.to_fetch()
    total = sum(_left(file) for file in (*sending, *fetching))
    # What waits although everything was just sent is not waited for.
    progress = _Bytes(context, total, gives_way=not _ops_wait(context))
    try:
        for file in sending:
            context.report.files_sent += _send(context, files, file, progress)
        for file in fetching:
            context.report.files_received += _fetch(context, files, file, progress)
    except _GiveWay:
        return False
    return True


def fetch_file(
    store: DeviceStore,
    transport: Transport,
    clock: Clock,
    files: DeviceFiles,
    file: Carried,
    *,
    progress: Telling | None = None,
    cancelled: Asking | None = None,
) -> bool:
    """Fetch one file now, because somebody wants to see it; False if the council has not got it or
    does not give it. Not while a round runs. Raises as `carry`."""
    context = Context(store, transport, clock, progress, cancelled)
    return _fetch(context, files, file, _Bytes(context, _left(file)))


def _left(file: Carried) -> int:
    return max(0, file.size - file.done * PART_BYTES)


def _send(context: Context, files: DeviceFiles, file: Carried, progress: _Bytes) -> bool:
    """Whether the council has it all now."""
    part, asks, tries = file.done, file.asks, 0
    while True:
        progress.tell()
        try:
            data = None if asks or part >= file.parts else files.read_part(file.record, part)
        except FileDamaged:
            files.note_damaged(file.record)
            return False
        try:
            reply = _put(context, file, part, data)
        except TooLarge:
            files.note_refused(file.record, Reason.TOO_LARGE)
            return False
        if reply.refused is not None:
            files.note_refused(file.record, reply.refused)
            return False
        if reply.complete:
            files.note_received(file.record, reply.epoch, reply.version)
            progress.tell(len(data or b""))
            return True
        if reply.again and not files.is_whole(file.record):
            files.note_damaged(file.record)
            return False
        moved = reply.next > part or (asks and reply.next == part)
        if not moved:
            tries += 1
        if tries == TRIES:
            return False
        files.note_sent(file.record, reply.next)
        progress.tell(len(data) if data is not None and reply.next > part else 0)
        part, asks = reply.next, False


def _put(context: Context, file: Carried, part: int, data: bytes | None) -> PutReply:
    sha256 = "" if data is None else hashlib.sha256(data).hexdigest()
    request = PutFile(
        protocol=PROTOCOL, table=file.table, record=file.record, part=part, sha256=sha256, data=data
    )
    reply = decode_reply(PutReply, context.send("put", encode(request)))
    if not 0 <= reply.next <= file.parts:
        raise Unreachable("the answer is not to what was sent")
    return _about(file, reply)


def _about(file: Carried, reply: Answer) -> Answer:
    """The answer, unless it is to an earlier question: it may say that the council has the whole of another
    file, and this one would never be sent. Raises Unreachable."""
    if reply.record not in (file.record, ""):  # a council from before this was said leaves it out
        raise Unreachable("the answer is to an earlier question")
    return reply


def _fetch(context: Context, files: DeviceFiles, file: Carried, progress: _Bytes) -> bool:
    """Whether it is here whole now."""
    part, tries = file.done, 0
    while tries < TRIES:
        progress.tell()
        if part < file.parts:
            request = GetFile(protocol=PROTOCOL, table=file.table, record=file.record, part=part)
            reply = _about(file, decode_reply(GetReply, context.send("get", encode(request))))
            if reply.missing or reply.refused is not None:
                files.note_refused(file.record, reply.refused or MISSING)
                return False
            last = part == file.parts - 1
            if hashlib.sha256(reply.data).hexdigest() != reply.sha256 or reply.last is not last:
                tries += 1
                continue
            files.keep_part(file, part, reply.data)
            progress.tell(len(reply.data))
            part += 1
        if part == file.parts:
            if files.finish(file.record):
                return True
            part, tries = 0, tries + 1
    return False
