"""Run the figures and print them: `python -m tests.bench [--json] [--only B1 B2 ...]`."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator

from tests.actions.caseload_of import BRIGHT, DALE
from tests.bench import growth, opening, saving, syncing, weight
from tests.bench.figure import HEAD, Figure
from tests.bench.place import Place, place

ALL = ("B1", "B2", "B3", "B4", "B5", "B6", "B9", "B10")


def main() -> int:
    asked = _asked()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    if not asked.json:
        print(HEAD)
    found: list[Figure] = []
    with place() as here:
        for part in _parts(here, asked):
            for figure in part():
                found.append(figure)
                if not asked.json:
                    print(figure.line(), flush=True)
    if asked.json:
        print(json.dumps([figure.as_json() for figure in found], indent=2))
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bench", description="how quick it is, beside the raw parts")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--notes", type=int, default=20_000, help="how many notes to move (default 20,000)")
    parser.add_argument("--ledger", type=int, default=5_000_000, help="rows of the long ledger (5,000,000)")
    parser.add_argument("--only", nargs="+", choices=ALL, default=ALL, help="which figures")
    return parser.parse_args()


def _parts(here: Place, asked: argparse.Namespace) -> Iterator[Callable[[], Iterator[Figure]]]:
    """The parts asked for, in an order in which none spoils the next: the growing ones last."""
    only, notes = set(asked.only), asked.notes
    desk, other = here.laptop(BRIGHT), here.laptop(DALE)
    if only & {"B1", "B2", "B6", "B9"}:
        yield lambda: (f for f in syncing.moving(here, desk, other, notes) if f.name in only)
    if "B3" in only:
        yield lambda: syncing.small(here, desk, other)
    if "B5" in only:
        yield lambda: saving.figures(here, desk)
    if "B4" in only:
        yield lambda: growth.figures(here, desk, other, asked.ledger)
    if "B6" in only:
        yield lambda: opening.figures(here, desk)
    if "B9" in only:
        yield lambda: weight.screens(here, other, notes)
    if "B10" in only:
        yield lambda: weight.memory(here, other, 5 * notes)


if __name__ == "__main__":
    sys.exit(main())
