"""A vault being made, changed or brought up to date is killed: it is the old one, or the new one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.timeout(180)
@pytest.mark.parametrize("what, every", [("create", 120), ("passphrase", 3), ("migrate", 36)])
def test_killed_anywhere_it_is_the_old_one_or_the_new_one(tmp_path: Path, what: str, every: int) -> None:
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "tests.processes.upkeep",
        str(tmp_path),
        what,
        str(every),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {"faults": [done.stderr]}

    assert told["faults"] == []
    assert told["kills"] >= 5
