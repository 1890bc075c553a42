"""B9 and B10: the interface thread and the memory of a laptop while much comes in."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg

from sync.ops import record_digest
from tests.bench.figure import Figure, tell
from tests.bench.place import FAMILIES, NOTE, Place
from tfworker.actions.desk import Desk
from tfworker.actions.opening import lock
from tfworker.council.service import Council

NOTES = """
INSERT INTO visit_note (id, version, scope, family_id, kind, happened_at, what_happened, written_by,
    written_at, finalised_at, finalised_by)
SELECT %(mark)s || lpad(to_hex(n), 30, '0'), 1, 'family:' || f.id, f.id, 'visit', now(), %(text)s || n,
    %(worker)s, now(), now(), %(worker)s
FROM generate_series(1, %(many)s) AS n, LATERAL (SELECT (%(families)s::text[])[n %% %(modulus)s + 1] AS id) f
"""


def screens(place: Place, desk: Desk, notes: int) -> Iterator[Figure]:
    """B9. The notes are there already."""
    took = _laptop("screens", _home(place, desk))
    what = f"interface thread held up while {notes:,} come in (longest)"
    yield Figure("B9", what, took, None, "≤ 50 ms", took <= 50, "ms")


def memory(place: Place, desk: Desk, notes: int) -> Iterator[Figure]:
    """B10. desk: a laptop that is given all families."""
    home = _home(place, desk)
    _add(place, "b1", notes)
    _laptop("fill", home)
    found = _laptop("resident", home)
    what = f"memory after unlock with {notes:,} notes more"
    yield Figure("B10", what, found, None, "≤ 300 MB", found <= 300, "MB")
    _add(place, "b2", notes)
    extra = _laptop("pulling", home)
    what = f"extra memory while pulling {2 * notes:,} notes"
    yield Figure("B10", what, extra, None, "≤ 64 MB", extra <= 64, "MB")


def _home(place: Place, desk: Desk) -> Path:
    """Where its vault is, closed, so that another process can open it."""
    if desk in place.desks:
        lock(desk)
        place.desks.remove(desk)
    return desk.home


def _laptop(mode: str, home: Path) -> float:
    tell(f"a laptop of its own: {mode}")
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.laptop", mode, str(home)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout.split()[-1])


def _add(place: Place, mark: str, many: int) -> None:
    """Put notes into the council's database as if they had been received, spread over all families."""
    tell(f"{many:,} notes into the council's database")
    families = [family.family for family in place.caseload.families]
    values = {
        "mark": mark,
        "text": NOTE,
        "worker": next(iter(place.caseload.worker.values())),
        "many": many,
        "families": families,
        "modulus": FAMILIES,
    }
    with psycopg.connect(place.database) as connection:
        connection.execute(NOTES, values)
    change: dict[tuple[str, str], tuple[int, int]] = {}
    for n in range(1, many + 1):
        key = (f"family:{families[n % FAMILIES]}", "visit_note")
        records, digest = change.get(key, (0, 0))
        change[key] = (records + 1, digest + record_digest(f"{mark}{n:030x}", 1))
    with Council.open(place.council_url) as council, council.hub.store.writing() as transaction:
        transaction.add_tally(change)
