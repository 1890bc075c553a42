"""What a host provides: a clock, a way to the hub, and its word on who may do what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

import msgspec

from sync.ops import Act, Reason


class Clock(Protocol):
    """Time, so that tests and the simulator can hold it."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        ...


class Transport(Protocol):
    """One request to the hub and its answer. `sync.http` and `sync.memory` are the drivers."""

    def send(self, step: str, body: bytes) -> bytes:
        """Ask the hub to take one step ("push", "pull", "put" or "get").

        Raises sync.errors.SyncProblem and nothing else for what the world does.
        """
        ...


class Pending(Protocol):
    """A request that is on its way while its sender does something else."""

    def answer(self) -> bytes:
        """Wait for the answer. Raises as `Transport.send`."""
        ...

    def abandon(self) -> None:
        """Wait until the request is over, whatever comes back, so that no other meets it on the way."""
        ...


@runtime_checkable
class Overlapping(Protocol):
    """A transport over which a request can travel while its sender works. One at a time."""

    def begin(self, step: str, body: bytes) -> Pending:
        """Begin what `Transport.send` does. Raises nothing."""
        ...


class Sealer(Protocol):
    """Makes bytes readable to the council's recovery key alone."""

    def __call__(self, content: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking, as the council itself knows it; never taken from the message.

    line: a device and those it was re-enrolled from; the importer and the council's own desk are
        lines too. central: this line speaks for the council and may change central fields.
    """

    user: str
    device: str
    line: str
    central: bool = False


class Proposed(msgspec.Struct, frozen=True, gc=False):
    """A row that an op would make, for the authority to judge.

    row: as it would be, whole; before: as it is, None for an insert; changed: the patched columns.
    author: whose op it is where the caller lets it in from a tray; None: the caller's own. The
        decision itself (kind DECIDE, table "held") is proposed beside it.
    """

    kind: Act
    table: str
    record: str
    scope: str
    row: Mapping[str, Any]
    before: Mapping[str, Any] | None
    changed: frozenset[str]
    made_at: int
    author: str | None = None


class Ruling(StrEnum):
    """What the authority says about one row."""

    ADMIT = "admit"
    HOLD = "hold"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A ruling with its reason.

    central: the author may change central fields of this row (a leader who allocates).
    to_read: admitted, and listed for whoever has the scope to read; `reason` says why, if not because
        its author has not got it any more.
    rival: id of another record of the same table it clashes with: both stand, a card names them.
    tray: scope in which it waits, where nobody has its own yet (a record that is only asked for).
    """

    ruling: Ruling = Ruling.ADMIT
    reason: Reason | None = None
    central: bool = False
    to_read: bool = False
    rival: str | None = None
    tray: str | None = None


ADMIT = Verdict()


@dataclass(frozen=True, slots=True)
class Grant:
    """What a user may have of one scope.

    kinds: the tables, by name; level: the highest sensitivity of a column that is not withheld.
    """

    scope: str
    kinds: frozenset[str] = field(hash=True)
    level: int


class Authority(Protocol):
    """The host's word on who may do what. `connection` is the driver's own, inside the hub's
    transaction (for `sync.sql` an SQLAlchemy Connection)."""

    def judge(self, connection: Any, caller: Caller, proposed: Sequence[Proposed]) -> Sequence[Verdict]:
        """One verdict for each proposed row, in order. Called once for a batch."""
        ...

    def grants(self, connection: Any, touched: Mapping[str, set[str]]) -> Mapping[str, set[Grant]]:
        """The whole new set of grants of every user whose grants the touched records ({table: ids})
        may have changed; {} when none may. Called in the same transaction, after the writes."""
        ...


class Calendar(Protocol):
    """What a host adds to its authority when grants begin or end by the clock."""

    def is_due(self) -> bool:
        """Whether the clock may have changed anybody's grants since they were drawn. Asked at every
        request, so it is cheap; a yes too often does no harm."""
        ...

    def due(self, connection: Any) -> Mapping[str, set[Grant]]:
        """The whole new set of grants of every user whose grants the clock may have changed; {} when
        there are none. Called in a writing transaction."""
        ...


class FileDamaged(Exception):
    """What lies on the shelf is not what was put there, or is not there at all."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes on a shelf: their name there, and what the shelf needs to read them (secret)."""

    name: str
    key: bytes = field(repr=False)


class Shelf(Protocol):
    """Where a device keeps the bytes of files, in parts as they travel: the host's encrypted store.

    The shelf keeps no list and no key: both are rows of the device's own tables, so that one
    transaction can end a file. What no row names any more is swept.
    """

    def new(self) -> Blob:
        """A name and a key for bytes to come. Nothing is written."""
        ...

    def put(self, blob: Blob, part: int, data: bytes, *, last: bool) -> None:
        """Keep one part, on the disk when this returns. Parts are put in order; one may be put again."""
        ...

    def read(self, blob: Blob, part: int, *, last: bool) -> bytes:
        """One part as it was put. Raises FileDamaged."""
        ...

    def keep_only(self, names: Collection[str]) -> int:
        """Remove what is not named; gives how many. What was begun since the shelf was opened is kept
        until it was named once: its row may be about to be written."""
        ...
