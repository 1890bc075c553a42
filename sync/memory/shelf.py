"""A shelf in memory that can be damaged on purpose."""

from collections.abc import Collection

from sync.ops import new_id
from sync.ports import Blob, FileDamaged


class MemoryShelf:
    """See `sync.ports.Shelf`. parts: {(name, number): bytes}, for a test to look at and to spoil."""

    def __init__(self) -> None:
        self.parts: dict[tuple[str, int], bytes] = {}
        self._young: set[str] = set()

    def new(self) -> Blob:
        name = new_id()
        self._young.add(name)
        return Blob(name, name.encode())

    def put(self, blob: Blob, part: int, data: bytes, *, last: bool) -> None:
        self.parts[blob.name, part] = data

    def read(self, blob: Blob, part: int, *, last: bool) -> bytes:
        if blob.key != blob.name.encode() or (blob.name, part) not in self.parts:
            raise FileDamaged("not what was put there")
        return self.parts[blob.name, part]

    def keep_only(self, names: Collection[str]) -> int:
        self._young.difference_update(names)
        swept = {name for name, _ in self.parts} - set(names) - self._young
        self.parts = {key: data for key, data in self.parts.items() if key[0] not in swept}
        return len(swept)

    def open_again(self) -> None:
        """As after a restart: nothing is young."""
        self._young.clear()
