"""What a round needs of the device's store. `sync.sql.device` is the driver."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sync.wire import CursorAt, PullReply, PushReply, WireOp

Counted = dict[tuple[str, str], tuple[int, str]]  # {(scope, kind): (records, digest)}


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
    """How many rows a page brought, and into which scopes."""

    rows: int
    scopes: frozenset[str]


class DeviceStore(Protocol):
    """Every method is one short transaction of its own."""

    def generation(self) -> str: ...
    def waiting(self, max_ops: int, max_bytes: int) -> Waiting: ...
    def take_receipts(self, reply: PushReply, last_pos: int) -> set[str]:
        """Write the receipts down; gives the scopes of the ops they are for."""
        ...

    def cursor(self) -> Mapping[str, CursorAt]: ...
    def scopes_to_fill(self, limit: int) -> list[str]: ...
    def scope_to_check(self) -> str | None: ...
    def apply_page(self, reply: PullReply, filled: Sequence[str]) -> Applied:
        """Apply one page and move the cursor."""
        ...

    def purge_lost(self) -> list[str]: ...
    def still_held(self, scopes: Iterable[str]) -> list[str]: ...
    def counts(self, scopes: Sequence[str]) -> Counted: ...
    def refill(self, scopes: Sequence[str]) -> None:
        """Have these scopes read again, and drop what is of a kind no longer given there."""
        ...

    def rejoin(self) -> None: ...
    def finish(self, now_ms: int, skew_ms: int, checked: Sequence[str]) -> None: ...
