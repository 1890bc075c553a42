"""What the hub needs of a store. `sync.sql.hub` is the driver."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from sync.hub.filing import Filing
from sync.merge import Past
from sync.ops import Outcome
from sync.policy import Synced, TablePolicy
from sync.ports import Grant
from sync.wire import Receipt

Row = dict[str, Any]
Key = tuple[str, str]  # (table, record id)


class Described(Protocol):
    """What the hub asks of a table (`sync.sql.schema.SyncedTable`)."""

    @property
    def name(self) -> str: ...
    @property
    def synced(self) -> Synced: ...
    @property
    def policy(self) -> TablePolicy: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def empty(self) -> Mapping[str, None]:
        """A row with nothing in it: every column, and the envelope's (id, version, scope, extra)."""
        ...

    @property
    def refers(self) -> Mapping[str, str]: ...
    @property
    def sealed_by(self) -> Mapping[str, str]:
        """{column: the yes/no column that hides it from most}."""
        ...

    def stored(self, patch: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]: ...
    @property
    def fixed(self) -> frozenset[str]: ...
    def withheld_at(self, level: int) -> tuple[str, ...]: ...
    def hides(self, level: int) -> bool:
        """Whether a grant of this level may not show all of every row."""
        ...

    def hidden(self, row: Mapping[str, Any], level: int) -> tuple[str, ...]: ...


@dataclass(slots=True)
class Head:
    """The ledger's end: everything up to seq is committed, in order."""

    epoch: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Peer:
    """The last op received from a device.

    past: generations that the device says this one replaced. replaced: those the hub saw replaced.
    cloned_at: when it was seen that there are two of it, milliseconds UTC; None: it was not.
    """

    generation: str
    n: int
    chain: str
    past: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    cloned_at: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """An op the ledger has."""

    receipt: Receipt
    commitment: str


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One ledger row and the content beside it.

    effect: a `sync.ops.Effect` where what it did to the row is not simply its content; None otherwise.
    """

    ledger: Row
    salt: str
    content: bytes
    effect: bytes | None


@dataclass(frozen=True, slots=True)
class Purged:
    """A record that was removed by a lawful decision."""

    table: str
    record: str
    scope: str


class Purging(Protocol):
    """What a purge takes away, and what it took."""

    def about(self, records: Collection[str]) -> list[tuple[str, Row]]:
        """(table, row) of every card and held op about these records."""
        ...

    def said_of(self, records: Collection[str]) -> dict[Key, str]:
        """{(table, id): scope} of those of which an op still says something."""
        ...

    def remove(self, rows: Mapping[str, Collection[str]]) -> None:
        """Remove rows ({table: ids}) and the content and salt of every op on them."""
        ...

    def purged(self, records: Collection[str]) -> set[str]: ...
    def purged_in(self, scopes: Collection[str]) -> list[Purged]: ...


@dataclass(frozen=True, slots=True)
class Fallen:
    """An op that waits or was refused. op_id: of the waiting op it is decided with, itself if it is
    the first. tray: the scope it waits in; both "" for one that was refused."""

    outcome: Outcome
    op_id: str = ""
    tray: str = ""


class HubTransaction(Protocol):
    """One transaction. `connection` is the driver's own, for the host's authority."""

    @property
    def connection(self) -> Any: ...
    @property
    def purging(self) -> Purging: ...
    @property
    def files(self) -> Filing: ...
    def head(self, *, lock: bool) -> Head: ...
    def set_head(self, head: Head) -> None: ...
    def hash_at(self, seq: int) -> str | None: ...
    def meet(self, device: str, seq: int) -> tuple[Peer | None, str | None]:
        """(where the device stands, the ledger's hash at this place); each None where there is none."""
        ...

    def wrote_since(self, device: str, seq: int) -> bool:
        """Whether anything behind this place in the ledger came from the device."""
        ...

    def set_peer(self, device: str, peer: Peer, now_ms: int) -> None: ...
    def taken(self, op_ids: Sequence[str]) -> dict[str, "Taken"]:
        """{op id: its receipt and commitment} of those of these ops that the ledger has."""
        ...

    def rows(self, table: str, ids: Iterable[str]) -> dict[str, Row]: ...
    def cards_about(self, records: Iterable[str]) -> list[Row]:
        """The cards of these records that are open or closed by themselves, oldest first."""
        ...

    def past(self, since: Mapping[str, int]) -> dict[str, list[tuple[int, Past]]]: ...
    def fallen_inserts(self, records: Iterable[str]) -> "dict[str, Fallen]":
        """{record: its insert} of those whose insert waits, was refused or declined."""
        ...

    def waiting_with(self, ops: Collection[str]) -> list[Row]:
        """Rows of `held` with these ids and those that follow them and wait, in order of the saves."""
        ...

    def insert_rows(self, table: str, rows: Sequence[Row]) -> None: ...
    def update_rows(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None: ...
    def append_ledger(self, entries: Sequence[Entry]) -> None: ...
    def add_tally(self, change: Mapping[Key, tuple[int, int]]) -> None: ...
    def set_grants(self, wanted: Mapping[str, set[Grant]], seq: int) -> bool:
        """Make the live grants of each user exactly these; whether any began or ended."""
        ...

    def grants_since(self, user: str, after_seq: int) -> tuple[list[Grant], list[str]]:
        """(grants that began after a place, scopes lost since and not given again); at 0 all there
        are. Reads no grant row that is older."""
        ...

    def given_to_somebody(self, scopes: Iterable[str]) -> set[str]:
        """Those of these scopes that anybody is given now."""
        ...

    def grants_in(self, user: str, scopes: Iterable[str]) -> dict[str, Grant]:
        """What a user is given now of these scopes."""
        ...

    def news(self, query: "News") -> list[tuple[int, str, str, str]]: ...
    def fill(self, table: str, query: "Fill") -> list[tuple[Any, ...]]:
        """Whole rows, the envelope first, then the table's columns in its order."""
        ...

    def counts(self, scopes: Sequence[str]) -> list[tuple[str, str, int, str]]: ...
    def listed(self, scopes: Sequence[str]) -> dict[tuple[str, str], list[tuple[str, int]]]:
        """{(scope, kind): [(id, version)]} of every record of these scopes."""
        ...


@dataclass(frozen=True, slots=True)
class News:
    """Ledger rows a device has not seen: (seq, table, record, scope), oldest first.

    device: whose plainly applied inserts and updates are left out, for it has them; None: nobody's.
    """

    user: str
    device: str | None
    after: int
    upto: int
    limit: int


@dataclass(frozen=True, slots=True)
class Fill:
    """Rows of newly gained scopes, in order of (scope, id), after a place."""

    scopes: Sequence[str]
    after_scope: str
    after_record: str
    limit: int


class HubStore(Protocol):
    """Opens transactions. A writing one takes the head row first, so order of seq is order of
    commit; a reading one sees one snapshot throughout."""

    @property
    def tables(self) -> Mapping[str, Described]: ...
    @property
    def schema_version(self) -> int: ...
    def writing(self) -> AbstractContextManager[HubTransaction]: ...
    def filing(self) -> AbstractContextManager[HubTransaction]:
        """A transaction that writes bytes of files and nothing else: it does not take the head row."""
        ...

    def reading(self) -> AbstractContextManager[HubTransaction]: ...
    def init(self, epoch: str) -> None: ...
    def is_poison(self, error: Exception) -> bool:
        """Whether one op's content, not the world, made the database refuse."""
        ...

    def is_passing(self, error: Exception) -> bool:
        """Whether the database ended a transaction for another's sake (a deadlock, an order it could not
        keep): the same again, from its start, may well be taken."""
        ...
