"""What the hub needs of a store to keep the bytes of files. `sync.sql.hub_files` is the driver."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

from sync.ports import Grant


@dataclass(frozen=True, slots=True)
class Stored:
    """What the hub has of a file. size: bytes of the whole; parts: {number: SHA-256}."""

    table: str
    record: str
    size: int
    complete: bool
    touched_at: int
    parts: dict[int, str]


@dataclass(frozen=True, slots=True)
class Missing:
    """A record whose bytes have not come. author: who made it; since: when the hub took it,
    milliseconds UTC."""

    table: str
    record: str
    author: str
    since: int


class Filing(Protocol):
    """The store's side of files, inside one transaction."""

    def grant(self, user: str, scope: str) -> Grant | None:
        """What the user is given of this one scope now."""
        ...

    def author(self, record: str) -> str | None:
        """Who made the record; None when its insert is unknown or was refused."""
        ...

    def waiting(self, table: str, record: str) -> dict[str, Any] | None:
        """What the insert of a record that waits in a tray said; None if none waits."""
        ...

    def stored(self, record: str) -> Stored | None: ...
    def part(self, record: str, part: int) -> bytes | None: ...
    def add_part(self, of: Stored, part: int, data: bytes, sha256: str) -> None:
        """Keep a part, unless it is there already. of: the file it belongs to; its parts are not read."""
        ...

    def set_complete(self, record: str) -> None: ...
    def drop(self, records: Collection[str]) -> None: ...
    def everything(self) -> list[Stored]: ...
    def received(self, table: str, column: str) -> list[str]:
        """Ids of the records of this table that say their bytes are here."""
        ...

    def unreceived(self, table: str, column: str) -> list[Missing]:
        """The others."""
        ...
