"""Small files are whole or not there, and two programs are never in one place."""

import os
import stat
import subprocess
import sys

import pytest

from tfworker.store.files import PlaceLock, make_private, set_aside, write_durably
from tfworker.store.problems import VaultInUse

HOLD = """
import sys
from pathlib import Path
from tfworker.store.files import PlaceLock
lock = PlaceLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_file_is_replaced_as_a_whole(tmp_path):
    path = tmp_path / "slots.json"
    write_durably(path, b"old")
    write_durably(path, b"new and longer")

    assert path.read_bytes() == b"new and longer"
    assert [p.name for p in tmp_path.iterdir()] == ["slots.json"]


def test_a_writing_that_was_cut_short_leaves_the_old_file(tmp_path):
    path = tmp_path / "slots.json"
    write_durably(path, b"old")
    (tmp_path / "slots.json.new").write_bytes(b"ne")  # what a kill leaves behind

    assert path.read_bytes() == b"old"
    write_durably(path, b"new")
    assert path.read_bytes() == b"new"


def test_files_and_folders_are_the_users_alone(tmp_path):
    folder = tmp_path / "a" / "place"
    make_private(folder)
    write_durably(folder / "file", b"")
    posix = os.name == "posix"

    assert stat.S_IMODE(folder.stat().st_mode) == (0o700 if posix else 0o777)
    assert stat.S_IMODE((folder / "file").stat().st_mode) == (0o600 if posix else 0o666)


def test_one_program_at_a_time(tmp_path):
    lock = PlaceLock(tmp_path)
    with pytest.raises(VaultInUse):
        PlaceLock(tmp_path)
    lock.release()

    PlaceLock(tmp_path).release()


def test_another_process_is_kept_out_and_a_killed_one_lets_go(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(VaultInUse):
            PlaceLock(tmp_path)
        holder.kill()
        holder.wait()

    PlaceLock(tmp_path).release()


def test_what_lies_in_the_way_is_moved_and_never_deleted(tmp_path):
    (tmp_path / "case.db").write_bytes(b"perhaps somebody's work")
    set_aside(tmp_path, ["case.db", "case.db-wal"])
    [folder] = (tmp_path / "quarantine").iterdir()

    assert not (tmp_path / "case.db").exists()
    assert (folder / "case.db").read_bytes() == b"perhaps somebody's work"


def test_with_nothing_in_the_way_no_folder_is_made(tmp_path):
    set_aside(tmp_path, ["case.db"])

    assert list(tmp_path.iterdir()) == []
