"""The short forms of the sweeps: every point of one save, some points of everything else."""

import json
import subprocess
import sys
from typing import Any

import pytest


def swept(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.processes", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.timeout(120)
def test_a_save_killed_at_every_point_is_there_or_was_never_acknowledged() -> None:
    found = swept("--every", "--only", "laptop killed: one save, vault")

    assert found["covered"] == found["points"] == found["kills"] > 30
    assert (found["lost"], found["inconsistent"]) == (0, 0)


@pytest.mark.timeout(120)
def test_a_council_killed_in_a_push_does_all_of_an_op_or_nothing() -> None:
    found = swept("--kills", "16", "--only", "council killed: push, vault")

    assert found["kills"] >= 16
    assert (found["lost"], found["inconsistent"]) == (0, 0)


@pytest.mark.timeout(120)
def test_a_disk_that_fails_at_some_write_loses_nothing_and_is_named() -> None:
    found = swept("--disk", "0.02", "--only", "save, vault")

    assert found["covered"] > 5
    assert (found["lost"], found["inconsistent"]) == (0, 0)


@pytest.mark.timeout(120)
def test_bytes_of_documents_survive_kills_on_both_sides() -> None:
    found = swept("--kills", "16", "--only", "killed: documents, vault, sqlite")

    assert found["kills"] >= 16
    assert (found["lost"], found["inconsistent"]) == (0, 0)


@pytest.mark.timeout(120)
def test_a_council_whose_disk_fails_once_or_until_there_is_room_loses_nothing() -> None:
    found = swept("--disk", "0.02", "--only", "council killed: push, vault")

    assert found["covered"] > 3
    assert (found["lost"], found["inconsistent"]) == (0, 0)
