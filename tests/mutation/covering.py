"""The branch coverage of the code that settles ops, of its tests and nothing else."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.mutation.running import TOP, Stage

COVERED = (
    "sync/merge.py", "sync/standing.py", "sync/history.py", "sync/policy.py", "sync/ops.py", "sync/wire.py",
    "sync/hub/settling.py", "sync/hub/cards.py", "sync/hub/reading.py", "sync/hub/batch.py",
    "sync/hub/binding.py", "sync/hub/tray.py",
)  # fmt: skip
# Beside the quick ones: devices, bad messages, the trays, and what only PostgreSQL will not take.
MORE = (
    "tests/sync/test_cards.py", "tests/sync/test_acts.py", "tests/sync/test_round.py",
    "tests/sync/test_clashes.py", "tests/sync/test_taking.py",
    "tests/sync/test_ops.py", "tests/sync/test_hostile.py", "tests/sync/test_bad_input.py",
    "tests/sync/test_tray.py", "tests/sync/test_followers.py", "tests/sync/test_scopes.py",
    "tests/sync/test_kinds.py", "tests/sync/test_withheld.py", "tests/sync/test_envelopes.py",
    "tests/sync/test_purge.py", "tests/sync/test_files_travel.py", "tests/sync/test_files_permission.py",
    "tests/sync/test_files_kept.py", "tests/sync/test_batch.py",
)  # fmt: skip
CHOSEN = "not postgresql or poison or (bad_input and used)"


def coverage(stages: Sequence[Stage]) -> int:
    """Run the tests under `coverage` and print its table; 0 when every branch was taken."""
    files = dict.fromkeys([*(file for stage in stages for file in stage.files), *MORE])
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "COVERAGE_FILE": str(Path(folder, "data")),
            "QT_QPA_PLATFORM": "offscreen",
            "ARRIVAL_DRAWS": "2",  # more of them take no other branch
        }
        run = [sys.executable, "-m", "coverage", "run", "--branch", f"--include={','.join(COVERED)}"]
        tests = ["-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", "-k", CHOSEN, *files]
        failed = subprocess.call([*run, *tests], env=environment, cwd=TOP)
        report = [sys.executable, "-m", "coverage", "report", "--show-missing", "--fail-under=100"]
        missed = subprocess.call(report, env=environment, cwd=TOP)
    return 1 if failed or missed else 0
