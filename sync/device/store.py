"""What a round needs of the device's store. `sync.sql.device` is the driver."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sync.wire import CursorAt, Listed, PullReply, PushReply, WireOp

Counted = dict[tuple[str, str], tuple[int, str]]  # {(scope, kind): (records, digest)}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a device stands in its own chain.

    past: generations before this one, the latest last. sent: (n, chain) of the last op of this
    generation with its receipt here. made_n: of the last one saved. batch_ops, page_rows: how much
    the way has been seen to take at once; None: nothing is known against as much as may be.
    """

    generation: str
    past: Sequence[str]
    sent_n: int
    sent_chain: str
    made_n: int
    batch_ops: int | None
    page_rows: int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The next ops to send, in order, never splitting an act, and the chain before the first.

    total: how many are still to be sent. last_pos: the store's own mark of the last one.
    """

    ops: Sequence[WireOp]
    urgent: Sequence[WireOp]
    after_n: int
    after_chain: str
    total: int
    last_pos: int


@dataclass(frozen=True, slots=True)
class Applied:
    """How many rows a page brought, into which scopes, and how many of them had to be parked."""

    rows: int
    scopes: frozenset[str]
    parked: int = 0


@dataclass(frozen=True, slots=True)
class Outset:
    """How a device stands, read in one moment: all that a round with nothing to do has to know.

    waits: something is to be sent. to_fill: a scope is to be filled. leaving: a scope that was taken
    away is still here. turn: the scope whose turn to be counted it was when the round began.
    """

    place: Place
    cursor: Mapping[str, CursorAt]
    waits: bool
    to_fill: bool
    leaving: bool
    turn: str | None


class DeviceStore(Protocol):
    """Every method is one short transaction of its own. From `begin` on, a write raises Superseded when
    another store has written in a round of its own meanwhile."""

    def begin(self) -> Outset:
        """A round begins: what was parked and can be kept now is put in place."""
        ...

    def outset(self) -> Outset: ...
    def place(self) -> Place: ...
    def waiting(self, max_ops: int, max_bytes: int, after: Waiting | None = None) -> Waiting:
        """The next ops to send. after: those on their way, whose receipts are not written down yet."""
        ...

    def take_receipts(self, reply: PushReply, sent: Waiting) -> set[str]:
        """Write the receipts down; gives the scopes of the ops they are for."""
        ...

    def cursor(self) -> Mapping[str, CursorAt]: ...
    def scopes_to_fill(self, limit: int) -> list[str]: ...
    def apply_page(self, reply: PullReply, filled: Sequence[str]) -> Applied:
        """Apply one page and move the cursor."""
        ...

    def before_leaving(self) -> bool:
        """Let the host save what must still go up of scopes that were taken away; whether anything in
        them waits to be sent."""
        ...

    def purge_lost(self, now_ms: int) -> list[str]: ...
    def held_counts(self, scopes: Iterable[str]) -> tuple[set[str], Counted]:
        """(those of these scopes that are held and filled, what is here of them)."""
        ...

    def refill(self, scopes: Sequence[str]) -> None:
        """Have these scopes read again, and drop what is of a kind no longer given there."""
        ...

    def note_extras(self, scopes: Sequence[str], listed: Sequence[Listed], now_ms: int) -> int:
        """Note what lies here in these scopes and is not listed; gives how many records."""
        ...

    def set_aside_lost(self, now_ms: int) -> int:
        """Where the council was put back to an earlier state since the last whole round, that explains
        what was noted: set it aside; gives how many records. 0 where nothing explains it."""
        ...

    def rejoin(self, reason: str) -> None: ...
    def keep_sizes(self, batch_ops: int, page_rows: int) -> None: ...
    def finish(self, now_ms: int, skew_ms: int, checked: Sequence[str]) -> None: ...
