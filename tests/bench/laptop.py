"""A laptop in a process of its own, so that its memory and its interface thread are its alone.

`python -m tests.bench.laptop MODE HOME` opens the vault of a laptop of the bench, does one thing and
prints one number:

fill      reads everything into an emptied vault; how many records came
screens   the same with the caseload on the screen: how long its thread was held up at most, ms
resident  memory once the vault is open and the caseload painted, MB
pulling   memory needed while everything is read into an emptied vault, beyond that before, MB
"""

import json
import sys
from itertools import pairwise
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QTimer

from sync.sql.triggers import open_gate, shut_gate
from tests.bench.place import PASSPHRASE
from tfworker.actions.desk import Desk
from tfworker.actions.opening import lock, unlock
from tfworker.actions.syncing import sync_now
from tfworker.demo.stage import application, leave
from tfworker.ui.caseload import CaseloadPage
from tfworker.ui.tasks import Tasks

TICK_MS = 2
STATUS, PEAK = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def empty(desk: Desk) -> None:
    """Make the vault as empty as a new laptop's."""
    schema = desk.vault.schema
    with desk.vault.write() as connection:
        open_gate(connection)
        for table in schema:
            connection.execute(table.table.delete())
        for name in ("cursor", "held_scope"):
            connection.execute(schema.own(name).delete())
        shut_gate(connection)


def fill(desk: Desk) -> float:
    empty(desk)
    return sync_now(desk).received


def screens(desk: Desk) -> float:
    """The longest time between two turns of the interface thread while a first sync runs beside it."""
    empty(desk)
    app = application()
    tasks = Tasks()
    page = CaseloadPage(tasks, lambda: desk)
    page.resize(1154, 812)
    page.show()
    app.processEvents()
    turns: list[float] = []
    timer = QTimer()
    timer.timeout.connect(lambda: turns.append(perf_counter()))
    timer.start(TICK_MS)
    tasks.run_long(lambda watch: sync_now(desk), done=lambda report: page.refresh(), failed=_raise)
    while tasks.is_busy:
        app.processEvents()
    timer.stop()
    tasks.close()
    page.close()
    page.deleteLater()
    leave(app)
    return max(after - before for before, after in pairwise(turns)) * 1000


def resident(desk: Desk) -> float:
    app = application()
    tasks = Tasks()
    page = CaseloadPage(tasks, lambda: desk)
    page.resize(1154, 812)
    page.show()
    page.refresh()
    while tasks.is_busy:
        app.processEvents()
    page.grab()
    found = _memory("VmRSS")
    tasks.close()
    page.close()
    page.deleteLater()
    leave(app)
    return found


def pulling(desk: Desk) -> float:
    empty(desk)
    before = _memory("VmRSS")
    PEAK.write_text("5")  # proc(5): the peak counts from here on
    sync_now(desk)
    return _memory("VmHWM") - before


def _memory(name: str) -> float:
    """A figure of proc(5), in MB."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def _raise(problem: Exception) -> None:
    raise problem


MODES = {mode.__name__: mode for mode in (fill, screens, resident, pulling)}


def main() -> int:
    mode, home = sys.argv[1:]
    desk = unlock(Path(home), PASSPHRASE)
    try:
        print(json.dumps(MODES[mode](desk)))
    finally:
        lock(desk)
    return 0


if __name__ == "__main__":
    sys.exit(main())
