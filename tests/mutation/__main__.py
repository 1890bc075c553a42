"""`python -m tests.mutation [--module NAME ...] [--tests FILE ...] [--most N] [--json]`: does a test notice?

Makes small faults in the code that settles ops, one at a time, and runs the quick tests on each.
Prints the survivors with their places; the last line is JSON. `--coverage` prints instead the branch
coverage of the same code and what reads and carries its messages.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

from tests.mutation.covering import coverage
from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.mutating import mutants
from tests.mutation.running import TOP, Stage, passes, preload, survivors

MODULES = (
    "sync.merge", "sync.standing", "sync.history", "sync.policy", "sync.hub.cards", "sync.hub.settling",
)  # fmt: skip
QUICK = (
    "tests/sync/test_standing.py", "tests/sync/test_history.py", "tests/sync/test_policy.py",
    "tests/sync/test_settling.py", "tests/sync/test_deciding.py", "tests/sync/test_merge_cards.py",
    "tests/sync/test_merge.py",
)  # fmt: skip
STAGES = (Stage(QUICK), Stage(("tests/sync/test_arrival.py",), "small or known or knew"))
SECONDS = 120.0  # for one stage of one mutant, on a busy machine


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.mutation")
    options.add_argument("--module", action="append", help="only this one; may be repeated")
    options.add_argument("--tests", action="append", help="pytest files, in place of the usual ones")
    options.add_argument("--most", type=int, help="at most so many mutants, spread over the code")
    options.add_argument("--at-once", type=int, default=2, help="how many at the same time (default 2)")
    options.add_argument("--json", action="store_true", help="only the last line")
    options.add_argument("--coverage", action="store_true", help="the branch coverage instead")
    asked = options.parse_args()
    if asked.coverage:
        return coverage(STAGES)
    modules = asked.module or MODULES
    stages = (Stage(tuple(asked.tests)),) if asked.tests else STAGES
    sources = {
        name: Path(TOP, name.replace(".", "/") + ".py").read_text(encoding="utf-8") for name in modules
    }
    everything = [mutant for name in modules for mutant in mutants(name, sources[name])]
    equivalent = [mutant for mutant in everything if mutant.key in EQUIVALENT]
    tried = [mutant for mutant in everything if mutant.key not in EQUIVALENT]
    if asked.most is not None:
        tried = tried[:: max(1, len(tried) // asked.most)][: asked.most]
    began = time.monotonic()
    preload()
    os.environ.setdefault("ARRIVAL_DRAWS", "2")
    if not passes(stages, SECONDS):
        print("the code as it is does not pass its tests", file=sys.stderr)
        return 2
    survived = []
    for done, run in enumerate(survivors(tried, sources, stages, SECONDS, asked.at_once), 1):
        if not run.killed:
            survived.append(run.mutant)
        if not asked.json and (not run.killed or done % 50 == 0):
            print(f"{done}/{len(tried)} {'' if run.killed else f'survived {run.mutant}'}", flush=True)
    killed = len(tried) - len(survived)
    told = {
        "mutants": len(tried),
        "killed": killed,
        "survived": len(survived),
        "killed_percent": round(100 * killed / max(1, len(tried)), 1),
        "equivalent": [{"mutant": str(mutant), "why": EQUIVALENT[mutant.key]} for mutant in equivalent],
        "survivors": sorted(str(mutant) for mutant in survived),
        "seconds": round(time.monotonic() - began, 1),
    }
    print(json.dumps(told))
    return 0 if killed >= 0.9 * len(tried) else 1


if __name__ == "__main__":
    sys.exit(main())
