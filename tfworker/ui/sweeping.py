"""Python's garbage is swept on the interface thread, and on no other.

Garbage may hold windows and timers, which Qt must see end on the thread they live on. Python sweeps on
whichever thread happens to make the next object: a query on the vault's thread would end a window, and
the process with it. So Python's own sweeping is off while other threads work, and a timer does it.
Source: the same remedy in Anki (qt/aqt/main.py) and Calibre.
"""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 500  # more seldom, and one sweep takes longer; more often, and it finds nothing


class Sweeper(QObject):
    """Sweeps while it is there. Made and ended on the interface thread, end() once the threads ended."""

    _at_work = 0  # in this process

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(sweep)
        self._timer.start()
        Sweeper._at_work += 1
        gc.disable()

    def end(self) -> None:
        """Python sweeps by itself again, unless another one is at work. Safe to call twice."""
        if not self._timer.isActive():
            return
        self._timer.stop()
        Sweeper._at_work -= 1
        if not Sweeper._at_work:
            gc.enable()


def sweep() -> None:
    """Collect what Python itself would have collected by now; the oldest generation that is due."""
    due = [
        age
        for age, (n, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
        if n > limit
    ]
    if due:
        gc.collect(due[-1])
