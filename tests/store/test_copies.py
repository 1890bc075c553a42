"""Copies made before a change of format: whole, private, and not kept for long."""

import os
import stat
from datetime import UTC, datetime, timedelta

from tfworker.settings import BACKUP_DAYS
from tfworker.store.copies import FOLDER, keep_copy, remove_old_copies


def test_a_copy_is_whole_and_private(tmp_path):
    (tmp_path / "case.db").write_bytes(os.urandom(3_000_000))
    copy = keep_copy(tmp_path, tmp_path / "case.db")

    assert copy.read_bytes() == (tmp_path / "case.db").read_bytes()
    assert stat.S_IMODE(copy.stat().st_mode) == (0o600 if os.name == "posix" else 0o666)


def test_an_old_copy_goes_and_a_young_one_stays(tmp_path):
    (tmp_path / "case.db").write_bytes(b"x")
    copy = keep_copy(tmp_path, tmp_path / "case.db")
    made = datetime.now(UTC)
    remove_old_copies(tmp_path, made + timedelta(days=BACKUP_DAYS.value - 1))
    stayed = copy.exists()
    remove_old_copies(tmp_path, made + timedelta(days=BACKUP_DAYS.value + 1))

    assert stayed
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_a_copy_that_a_kill_cut_short_is_none(tmp_path):
    (tmp_path / "case.db").write_bytes(b"x")
    copy = keep_copy(tmp_path, tmp_path / "case.db")
    copy.with_suffix(".begun").write_bytes(b"half")
    remove_old_copies(tmp_path)

    assert list((tmp_path / FOLDER).iterdir()) == [copy]


def test_without_copies_there_is_nothing_to_do(tmp_path):
    remove_old_copies(tmp_path)

    assert list(tmp_path.iterdir()) == []
