"""Run the figures and print them: `python -m tests.bench [--json] [--notes N]`."""

import argparse
import json
import os
import sys

from tests.actions.caseload_of import BRIGHT
from tests.bench import opening, saving, syncing
from tests.bench.figure import HEAD, Figure
from tests.bench.place import place


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench", description="how quick it is, beside the raw parts")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--notes", type=int, default=20_000, help="how many notes to move (default 20,000)")
    asked = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    if not asked.json:
        print(HEAD)
    found: list[Figure] = []
    with place() as here:
        desk = here.laptop(BRIGHT)
        for part in (
            syncing.figures(here, desk, asked.notes),
            saving.figures(here, desk),
            opening.figures(here, desk),
        ):
            for figure in part:
                found.append(figure)
                if not asked.json:
                    print(figure.line(), flush=True)
    if asked.json:
        print(json.dumps([figure.as_json() for figure in found], indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
