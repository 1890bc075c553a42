"""After the day: is anything a person wrote readable in what lies on the laptop's disk?"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import select

from tfworker.store import Vault

SHORTEST = 6  # characters; a shorter word may stand in any file by chance
BLOCK = 1 << 20
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


def secrets_of(vault: Vault) -> frozenset[str]:
    """Names, postcodes, addresses, numbers and the beginnings of notes that this laptop holds."""
    tables = {name: vault.schema[name].table.c for name in ("family", "household", "person", "contact_point")}
    columns = [
        tables["family"].label,
        tables["household"].postcode,
        tables["person"].family_name,
        tables["contact_point"].value,
    ]
    note = vault.schema["visit_note"].table.c
    with vault.read() as connection:
        words = {str(v) for column in columns for v in connection.execute(select(column)).scalars() if v}
        texts = [str(v) for v in connection.execute(select(note.what_happened)).scalars() if v]
    words.update(line for text in texts for line in text.splitlines())
    return frozenset(word for word in words if len(word) >= SHORTEST)


def files_naming(folder: Path, words: Iterable[str]) -> list[str]:
    """Names of the files under a folder in which any of the words can be read; [] is what must be."""
    wanted = sorted({word.encode(encoding) for word in words for encoding in ENCODINGS})
    return [path.name for path in sorted(folder.rglob("*")) if path.is_file() and _names_any(path, wanted)]


def _names_any(path: Path, wanted: list[bytes]) -> bool:
    longest = max(map(len, wanted), default=0)
    return any(word in block for block in _blocks(path, longest) for word in wanted)


def _blocks(path: Path, overlap: int) -> Iterator[bytes]:
    """The file in blocks that overlap, so that no word is missed where two of them meet."""
    with path.open("rb") as file:
        tail = b""
        while block := file.read(BLOCK):
            yield tail + block
            tail = block[-overlap:]
