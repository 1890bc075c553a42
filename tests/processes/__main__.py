"""Run the sweeps: `python -m tests.processes --kills N | --every | --disk SHARE`. The last line is JSON."""

import argparse
import json
import os
import sys
import time
import warnings

from tests.processes import sweep

SHOWN = 20  # faults


def main(arguments: list[str] | None = None) -> int:
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(prog="dev.py simulate", description="real processes, really killed")
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--kills", type=int, help="kill so often: every point once, then by chance")
    how.add_argument("--every", action="store_true", help="kill at every point once")
    how.add_argument("--disk", type=float, help="have this share (0 to 1) of all writes fail instead")
    parser.add_argument("--seed", type=int, default=1, help="for what is drawn by chance")
    parser.add_argument("--only", default="", help="only cases whose name has these words")
    asked = parser.parse_args(arguments)
    began = time.monotonic()
    cases = sweep.disk_cases() if asked.disk else sweep.all_cases()
    cases = [case for case in cases if asked.only in str(case)]
    found = sweep.run(cases, asked.kills, seed=asked.seed, disk=asked.disk or 0.0)
    for words in [*found.failed, *found.lost[:SHOWN], *found.inconsistent[:SHOWN]]:
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
