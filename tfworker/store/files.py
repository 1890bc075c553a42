"""Small files that must be whole after a power cut, and the lock that keeps a second program out."""

import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from tfworker.store.problems import VaultInUse

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


def make_private(folder: Path) -> None:
    """Make a folder only the user can enter, with its parents; one that is there is closed to others."""
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    folder.chmod(PRIVATE_FOLDER)


def write_durably(path: Path, data: bytes) -> None:
    """Replace a file as a whole: after any crash it holds the old bytes or the new ones.

    Readable by the user alone. Raises OSError.
    """
    draft = path.with_name(path.name + ".new")
    number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(number, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder outlive a power cut. Windows does so by itself."""
    if sys.platform == "win32":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def set_aside(place: Path, names: Iterable[str]) -> None:
    """Move what lies in the way into `quarantine`, under today's date; nothing is deleted."""
    found = [place / name for name in names if (place / name).exists()]
    if found:
        folder = place / "quarantine" / datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        make_private(folder)
        for path in found:
            path.replace(folder / path.name)


class PlaceLock:
    """One program at a time in one place. The lock goes with its process, even a killed one.

    Raises VaultInUse when another holds it, OSError when the file cannot be made.
    """

    def __init__(self, place: Path) -> None:
        self._number = os.open(place / "lock", os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
        if not _take(self._number):
            os.close(self._number)
            raise VaultInUse

    def release(self) -> None:
        """Let the next one in. The file stays: removing it would let two hold two files of one name."""
        os.close(self._number)


def _take(number: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
