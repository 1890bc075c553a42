"""Run the sweeps: `python -m tests.processes --kills N [--seed K] [--json]`. The last line is JSON."""

import argparse
import json
import os
import sys
import time

os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

from tests.processes import sweep


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="dev.py simulate", description="real processes, really killed")
    parser.add_argument("--kills", type=int, default=0, help="how many SIGKILLs at least")
    parser.add_argument("--seed", type=int, default=1, help="for the points and moments drawn by chance")
    parser.add_argument("--only", default="", help="only cases whose name has these words")
    asked = parser.parse_args(arguments)
    return kills(asked) if asked.kills else 0


def kills(asked: argparse.Namespace) -> int:
    began = time.monotonic()
    cases = [case for case in sweep.all_cases() if asked.only in str(case)]
    found = sweep.run(asked.kills, seed=asked.seed, cases=cases)
    for words in [*found.failed, *found.lost[:20], *found.inconsistent[:20]]:
        print(words, file=sys.stderr)
    summary = {
        "kills": found.kills, "runs": found.runs, "points": found.points, "covered": found.covered,
        "lost": len(found.lost), "inconsistent": len(found.inconsistent), "failed": len(found.failed),
        "seconds": round(time.monotonic() - began, 1),
    }  # fmt: skip
    print(json.dumps(summary))
    return 1 if found.lost or found.inconsistent or found.failed else 0


if __name__ == "__main__":
    sys.exit(main())
