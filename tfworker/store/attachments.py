"""Attachments at rest: each file encrypted in chunks under a key of its own.

    file key (32 random bytes) = AES-256-KWP(blob key of the vault), kept as a row of the database
    chunk (64 KiB)             = AES-256-GCM(file key, nonce, text, AAD)
    nonce (12 bytes)           = 7 random bytes || chunk number (4, big-endian) || 1 on the last chunk
    AAD                        = store id, name, chunk number

So a changed, swapped, missing or foreign chunk is refused, and with the row gone nobody can read what
is left on the disk. The random part is drawn anew whenever a part is written: a part that comes twice
(a download cut off) never meets the same nonce with other bytes. Names are random and say nothing.
Nothing is ever decrypted to the disk.
Source: security.md E5.3; the nonce is that of STREAM (Hoang, Reyhanitabar, Rogaway, Vizár, 2015).
"""

import os
import secrets
from collections.abc import Collection
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap_with_padding,
    aes_key_wrap_with_padding,
)

from sync.ports import Blob
from sync.wire import PART_BYTES
from tfworker.store.files import PRIVATE_FILE, make_private, sync_folder
from tfworker.store.problems import AttachmentDamaged, told_plainly

FOLDER = "files"
CHUNK = 64 * 1024  # bytes of text in a chunk: so much is checked before any of it is believed
CHUNKS = PART_BYTES // CHUNK
TAG = 16
PREFIX = 7
PART_ON_DISK = PREFIX + CHUNKS * (CHUNK + TAG)
COMING = ".new"  # ending of a file whose last part has not come


class Attachments:
    """The shelf of an open vault (`sync.ports.Shelf`). Any thread; one at a time on one file.

    Every method raises DiskFull or DiskTrouble when the disk fails.
    """

    def __init__(self, place: Path, store_id: str, blob_key: bytes) -> None:
        self._folder = place / FOLDER
        self._store_id = store_id
        self._blob_key = blob_key
        self._begun: set[str] = set()

    def new(self) -> Blob:
        """A random name and a wrapped key. Nothing is written."""
        name = secrets.token_hex(16)
        # From here on a sweep passes it over, though no row names it yet.
        self._begun.add(name)
        return Blob(name, aes_key_wrap_with_padding(self._blob_key, secrets.token_bytes(32)))

    def put(self, blob: Blob, part: int, data: bytes, *, last: bool) -> None:
        """Keep one part; on the disk when this returns. With the last one the file gets its name."""
        sealed = self._sealed(blob, part, data, last=last)
        with told_plainly():
            make_private(self._folder)
            path = self._path(blob.name)
            number = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), PRIVATE_FILE)
            # fdopen never cuts the file short: what came before stays.
            with os.fdopen(number, "wb") as file:
                file.seek(part * PART_ON_DISK)
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            if last:
                path.replace(self._folder / blob.name)
            if last or part == 0:
                sync_folder(self._folder)

    def read(self, blob: Blob, part: int, *, last: bool) -> bytes:
        """One part, in memory. Raises AttachmentDamaged."""
        cipher = self._cipher(blob)
        with told_plainly():
            try:
                with self._path(blob.name).open("rb") as file:
                    file.seek(part * PART_ON_DISK)
                    sealed = file.read(PART_ON_DISK + 1 if last else PART_ON_DISK)
            except FileNotFoundError as error:
                raise AttachmentDamaged from error
        if len(sealed) > PART_ON_DISK or (len(sealed) < PART_ON_DISK and not last):
            raise AttachmentDamaged
        prefix, chunks = sealed[:PREFIX], sealed[PREFIX:]
        count = max(1, -(-len(chunks) // (CHUNK + TAG)))
        texts = []
        for index in range(count):
            chunk = chunks[index * (CHUNK + TAG) : (index + 1) * (CHUNK + TAG)]
            nonce, about = self._marks(prefix, blob, part * CHUNKS + index, last and index == count - 1)
            try:
                texts.append(cipher.decrypt(nonce, chunk, about))
            except (InvalidTag, ValueError) as error:
                raise AttachmentDamaged from error
        return b"".join(texts)

    def keep_only(self, names: Collection[str]) -> int:
        """Remove files that no row names, but for what was begun and never named since the vault was
        opened."""
        self._begun.difference_update(names)
        kept = {*names, *self._begun}
        with told_plainly():
            found = list(self._folder.iterdir()) if self._folder.exists() else []
            swept = [path for path in found if path.name.removesuffix(COMING) not in kept]
            for path in swept:
                path.unlink(missing_ok=True)
        return len(swept)

    def _sealed(self, blob: Blob, part: int, data: bytes, *, last: bool) -> bytes:
        if len(data) > PART_BYTES or (len(data) < PART_BYTES and not last):
            raise ValueError("only the last part of a file is shorter than the others")
        cipher, prefix = self._cipher(blob), secrets.token_bytes(PREFIX)
        count = max(1, -(-len(data) // CHUNK))
        sealed = [prefix]
        for index in range(count):
            nonce, about = self._marks(prefix, blob, part * CHUNKS + index, last and index == count - 1)
            sealed.append(cipher.encrypt(nonce, data[index * CHUNK : (index + 1) * CHUNK], about))
        return b"".join(sealed)

    def _marks(self, prefix: bytes, blob: Blob, number: int, is_last: bool) -> tuple[bytes, bytes]:
        nonce = prefix + number.to_bytes(4) + bytes([is_last])
        return nonce, f"{self._store_id}/{blob.name}/{number}".encode()

    def _cipher(self, blob: Blob) -> AESGCM:
        try:
            return AESGCM(aes_key_unwrap_with_padding(self._blob_key, blob.key))
        except (InvalidUnwrap, ValueError) as error:
            raise AttachmentDamaged from error

    def _path(self, name: str) -> Path:
        whole = self._folder / name
        return whole if whole.exists() else whole.with_name(name + COMING)
