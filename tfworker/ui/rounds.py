"""Keeps the laptop in step with the council, and the status line true.

A round runs when the desk opens, every few minutes, and when somebody asks; never on the interface
thread, and never two at once. The status is read again after whatever was done on the vault.
"""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from tfworker.actions.desk import Desk
from tfworker.actions.syncing import SyncTrouble, status, sync_now
from tfworker.actions.values import Connection, Status, SyncReport
from tfworker.errors import Problem
from tfworker.settings import SYNC_EVERY
from tfworker.ui.tasks import Stopped, Task, Tasks

STATUS_AFTER_MS = 120  # a burst of saves asks for the status once
NEEDS_SOMEBODY = (Connection.SIGNED_OUT, Connection.REFUSED)  # a round alone mends nothing
FIRST_AFTER_MS = 500  # the first page is read and painted before the first round competes with it


class Rounds(QObject):
    """For one open desk; close() it before the desk.

    running(bool): a round began or ended. done(SyncReport): one ended well.
    progressed(Progress): how far the one that runs is.
    said(Problem): one that the person had asked for did not. status_read(Status).
    """

    running = Signal(bool)
    progressed = Signal(object)
    done = Signal(object)
    said = Signal(object)
    status_read = Signal(object)

    def __init__(self, tasks: Tasks, desk_source: Callable[[], Desk]) -> None:
        super().__init__()
        self._tasks, self._desk = tasks, desk_source
        self._round: Task | None = None
        self._is_asked = False  # somebody waits for this round's word
        self._again = False
        self._reads = False
        self._every = QTimer(self, interval=int(SYNC_EVERY.value * 1000))
        self._every.timeout.connect(lambda: self.run())
        self._first = QTimer(self, singleShot=True, interval=FIRST_AFTER_MS)
        self._first.timeout.connect(lambda: self.run())
        self._soon = QTimer(self, singleShot=True, interval=STATUS_AFTER_MS)
        self._soon.timeout.connect(self.read_status)
        tasks.worked.connect(self._on_worked)

    @property
    def is_running(self) -> bool:
        return self._round is not None

    def start(self) -> None:
        """The first round, as soon as the page is painted, and the others after it."""
        self._every.start()
        self._first.start()
        self.read_status()

    def run(self, *, asked: bool = False) -> None:
        """A round now. asked: a person waits for it, and is told when it fails.

        While one runs, another follows it: what was just saved may have missed it.
        """
        self._is_asked |= asked
        if self._round is not None:
            self._again = True
            return
        self._again = False
        desk = self._desk()
        self._round = self._tasks.run_long(
            lambda watch: sync_now(desk, watch.progress, watch.cancelled),
            done=self._on_done,
            failed=self._on_failed,
            progress=self.progressed.emit,
            busy=self.running.emit,
        )

    def stop(self) -> None:
        """Stop the round that runs after the page it is at. What came so far stays."""
        self._again = False
        if self._round is not None:
            self._round.cancel()

    def read_status(self) -> None:
        """Have the status line say how things stand."""
        if not self._reads:
            self._reads = True
            desk = self._desk()
            self._tasks.run(lambda: status(desk), done=self._on_status, failed=self._on_no_status)

    def close(self) -> None:
        """Ask the round that runs to stop; begin no other."""
        self._every.stop()
        self._first.stop()
        self._soon.stop()
        self._again = False
        self._tasks.worked.disconnect(self._on_worked)
        if self._round is not None:
            self._round.drop()
            self._round = None

    def _on_done(self, report: SyncReport) -> None:
        self._end()
        self.done.emit(report)

    def _on_failed(self, problem: Problem) -> None:
        asked = self._is_asked
        self._note_next(problem)
        self._end()
        if asked and not isinstance(problem, Stopped):
            self.said.emit(problem)

    def _note_next(self, problem: Problem) -> None:
        """When a round is tried again by itself, for the status line; not where a person must act first."""
        needs_somebody = isinstance(problem, SyncTrouble) and problem.connection in NEEDS_SOMEBODY
        left_ms = self._every.remainingTime()
        desk, is_set = self._desk(), left_ms >= 0 and not needs_somebody
        desk.again_at = desk.now() + timedelta(milliseconds=left_ms) if is_set else None

    def _end(self) -> None:
        self._round = None
        self._is_asked = False
        if self._again:
            self.run()

    def _on_worked(self) -> None:
        # Reading the status is work as well, but no news.
        if not self._reads:
            self._soon.start()

    def _on_status(self, now: Status) -> None:
        self._reads = False
        self.status_read.emit(now)

    def _on_no_status(self, problem: Problem) -> None:
        self._reads = False
        self.said.emit(problem)
