"""Copies of the database made before its format changes, encrypted as it is, and not kept for long."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tfworker.settings import BACKUP_DAYS
from tfworker.store.files import PRIVATE_FILE, make_private, sync_folder

FOLDER = "copies"
_STAMP = "case-%Y%m%dT%H%M%SZ.db"
_BEGUN = ".begun"


def keep_copy(place: Path, database: Path) -> Path:
    """Copy a database nobody is writing to, whose write-ahead log is empty. Raises OSError."""
    folder = place / FOLDER
    make_private(folder)
    path = folder / datetime.now(UTC).strftime(_STAMP)
    begun = path.with_suffix(_BEGUN)  # a kill must not leave half a copy that looks like a whole one
    with database.open("rb") as source, open(begun, "wb", opener=_private) as copy:
        shutil.copyfileobj(source, copy, 2**20)
        copy.flush()
        os.fsync(copy.fileno())
    begun.replace(path)
    sync_folder(folder)
    return path


def remove_old_copies(place: Path, now: datetime | None = None) -> None:
    """Remove copies older than `BACKUP_DAYS`: they hold families that may no longer be hers. Those that
    a kill cut short go at once."""
    oldest = (now or datetime.now(UTC)) - timedelta(days=BACKUP_DAYS.value)
    for path in (place / FOLDER).glob("case-*.db"):
        if datetime.strptime(path.name, _STAMP).replace(tzinfo=UTC) < oldest:
            path.unlink()
    for path in (place / FOLDER).glob(f"case-*{_BEGUN}"):
        path.unlink()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE_FILE)
