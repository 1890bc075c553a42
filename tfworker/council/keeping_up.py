"""The service's own clock: grants that begin or end by date are drawn when the day turns.

Every request asks too (`sync.hub.Hub`), so a service that was asleep serves nothing by yesterday's
grants; the timer is there so that a county in which nobody syncs at midnight is drawn all the same.
"""

import threading

from tfworker.council.database import problems
from tfworker.council.files import DailyLook
from tfworker.council.service import Council
from tfworker.errors import Problem
from tfworker.log import Log

EVERY_S = 60.0

log = Log("council")


class KeepingUp:
    """Draws what is due, once a minute, in a thread of its own, as long as the block runs; and looks
    after the bytes of documents once a day."""

    def __init__(self, council: Council, every_s: float = EVERY_S) -> None:
        self._council = council
        self._files = DailyLook(council)
        self._every_s = every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="calendar", daemon=True)

    def __enter__(self) -> "KeepingUp":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._every_s):
            self.once()

    def once(self) -> None:
        """Draw what is due. A database that does not answer is asked again the next time."""
        try:
            with problems(self._council.engine):
                if self._council.authority.is_due() and self._council.hub.redraw():
                    log.info("grants drawn by the calendar")
                self._files.once()
        except Problem as problem:
            log.warning("grants could not be drawn", reason=type(problem).__name__)
