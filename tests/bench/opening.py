"""B6: from the derived key to a painted caseload of 50 families with all their notes."""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from tests.bench.figure import Figure
from tests.bench.place import PASSPHRASE, Place
from tfworker.actions.caseload import caseload
from tfworker.actions.desk import Desk
from tfworker.actions.opening import lock, unlock
from tfworker.demo.stage import application, leave
from tfworker.store import slots
from tfworker.store.keys import Cost, password_key
from tfworker.ui.caseload import CaseloadPage
from tfworker.ui.tasks import Tasks


def figures(place: Place, desk: Desk) -> Iterator[Figure]:
    """The whole unlock, less the key derivation, which is slow on purpose."""
    home = desk.home
    lock(desk)
    place.desks.remove(desk)
    app = application()
    start = perf_counter()
    opened = unlock(home, PASSPHRASE)
    tasks = Tasks()
    page = CaseloadPage(tasks, lambda: opened)
    page.resize(1154, 812)
    page.show()
    page.refresh()
    while tasks.is_busy:
        app.processEvents()
    page.grab()
    took = perf_counter() - start - _derivation(home)
    rows = len(caseload(opened))
    tasks.close()
    page.close()
    page.deleteLater()
    lock(opened)
    leave(app)
    what = f"unlock (after key derivation) to {rows} painted families"
    yield Figure("B6", what, took * 1000, None, "≤ 300 ms", took <= 0.300, "ms")


def _derivation(home: Path) -> float:
    """Seconds the key derivation alone takes, with the slot's own cost."""
    kdf = slots.read_slots(home).slots[0]["kdf"]
    cost = Cost(kdf["m"], kdf["t"], kdf["p"])
    start = perf_counter()
    password_key(PASSPHRASE, bytes.fromhex(kdf["salt"]), cost)
    return perf_counter() - start
