"""What every step of a round shares: store, transport, clock, the report being written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from sync.device.pacing import halved
from sync.device.store import DeviceStore, Outset
from sync.errors import Cancelled, TimedOut
from sync.ops import Outcome
from sync.ports import Clock, Overlapping, Transport
from sync.wire import PAGE_ROWS, PUSH_OPS


class Step(StrEnum):
    """What a round is doing."""

    SENDING = "sending"
    RECEIVING = "receiving"
    CHECKING = "checking"
    FILES = "files"  # counted in bytes, both ways


Telling = Callable[[Step, int, int], None]  # step, done, total (0: not known)
Asking = Callable[[], bool]


@dataclass(slots=True)
class Report:
    """What a round came to. Counts are of ops sent, rows received, scopes.

    skew_ms: the device's clock minus the hub's. mismatched: scopes that had to be read again.
    rejoined: why everything was read again; None normally. parked: rows received that this version
    cannot keep yet. set_aside: records that a council put back to an earlier state does not have.
    """

    outcomes: dict[Outcome, int] = field(default_factory=dict)
    received: int = 0
    gained: int = 0
    lost: int = 0
    requests: int = 0
    skew_ms: int = 0
    rejoined: str | None = None
    parked: int = 0
    set_aside: int = 0
    mismatched: list[str] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)  # scopes of which something was received
    files_sent: int = 0
    files_received: int = 0

    @property
    def sent(self) -> int:
        return sum(self.outcomes.values())


class Context:
    """One round in progress."""

    def __init__(
        self,
        store: DeviceStore,
        transport: Transport,
        clock: Clock,
        progress: Telling | None,
        cancelled: Asking | None,
    ) -> None:
        self.store = store
        self.transport = transport
        self.clock = clock
        self.report = Report()
        self.known: Outset | None = None  # how the store stands, as long as nothing was written to it
        self.changed = False  # whether anything was sent or came
        self.batch_ops = PUSH_OPS  # what goes up at once, and comes down; both adapt to the way
        self.page_rows = PAGE_ROWS
        self._progress = progress
        self._cancelled = cancelled

    @property
    def overlaps(self) -> bool:
        """Whether this laptop can work while a request is on its way."""
        return isinstance(self.transport, Overlapping)

    @property
    def now_ms(self) -> int:
        return int(self.clock.now().timestamp() * 1000)

    def outset(self) -> Outset:
        """How the store stands; asked once until something is written."""
        if self.known is None:
            self.known = self.store.outset()
        return self.known

    def wrote(self) -> None:
        """Something was sent or came: how the store stands has to be asked again."""
        self.known, self.changed = None, True

    def tell(self, step: Step, done: int, total: int) -> None:
        """Say how far the round is, and stop here if the person asked to. Raises Cancelled."""
        if self._progress is not None:
            self._progress(step, done, total)
        if self._cancelled is not None and self._cancelled():
            raise Cancelled

    def send(self, step: str, body: bytes, meanwhile: Callable[[], None] | None = None) -> bytes:
        """One request to the hub. Raises SyncProblem.

        meanwhile: what to do here while the request is on its way; not called where the transport
            cannot overlap (`overlaps`). What it raises comes first; the answer is dropped then.
        After a time-out the next round sends, or asks for, half as much at once.
        """
        self.report.requests += 1
        transport = self.transport
        try:
            if meanwhile is None or not isinstance(transport, Overlapping):
                return transport.send(step, body)
            pending = transport.begin(step, body)
            try:
                meanwhile()
            except BaseException:
                pending.abandon()
                raise
            return pending.answer()
        except TimedOut:
            if step == "push":
                self.batch_ops = halved(self.batch_ops)
            elif step == "pull":
                self.page_rows = halved(self.page_rows)
            self.store.keep_sizes(self.batch_ops, self.page_rows)
            raise
