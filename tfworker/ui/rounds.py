"""Keeps the laptop in step with the council, and the status line true.

A round runs when the desk opens, every few minutes, when the network comes back, soon after one that
failed (by back-off), and when somebody asks; never on the interface thread, and never two at once. One
that has hung is given up and another begun. The status is read again after whatever was done on the
vault.
"""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from tfworker.actions.desk import Desk
from tfworker.actions.pacing import back_online_s, give_up, is_stalled, next_try_s
from tfworker.actions.syncing import SyncTrouble, status, sync_now
from tfworker.actions.values import Connection, Status, SyncReport
from tfworker.errors import Problem
from tfworker.settings import SYNC_EVERY
from tfworker.ui.network import Network
from tfworker.ui.tasks import Stopped, Task, Tasks

LOOK_EVERY_MS = 10_000  # whether the round that runs still shows life
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
        self._ended = 0  # pieces of work since the status began to be read, the reading among them
        self._every = QTimer(self, interval=int(SYNC_EVERY.value * 1000))
        self._every.timeout.connect(lambda: self.run())
        self._first = QTimer(self, singleShot=True, interval=FIRST_AFTER_MS)
        self._first.timeout.connect(lambda: self.run())
        self._failures = 0  # in a row
        self._retry = QTimer(self, singleShot=True)
        self._retry.timeout.connect(lambda: self.run())
        self._look = QTimer(self, interval=LOOK_EVERY_MS)
        self._look.timeout.connect(self.look_after)
        self.network = Network(self)
        self.network.came_back.connect(self._on_back_online)
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
        self._retry.stop()
        self._look.start()
        desk = self._desk()
        self._round = self._tasks.run_long(
            lambda watch: sync_now(desk, watch.progress, watch.cancelled),
            done=self._on_done,
            failed=self._on_failed,
            progress=self.progressed.emit,
            busy=self.running.emit,
        )

    def look_after(self) -> None:
        """Give up a round that has hung, and begin another."""
        if self._round is not None and is_stalled(self._desk(), self.network.is_up):
            give_up(self._desk())
            self._tasks.abandon(self._round)
            self._failures += 1
            self._round = None
            self.run()

    def stop(self) -> None:
        """Stop the round that runs after the page it is at. What came so far stays."""
        self._again = False
        if self._round is not None:
            self._round.cancel()

    def read_status(self) -> None:
        """Have the status line say how things stand."""
        if not self._reads:
            self._reads, self._ended = True, 0
            desk = self._desk()
            self._tasks.run(lambda: status(desk), done=self._on_status, failed=self._on_no_status)

    def close(self) -> None:
        """Ask the round that runs to stop; begin no other."""
        self._every.stop()
        self._first.stop()
        self._soon.stop()
        self._retry.stop()
        self._look.stop()
        self._again = False
        self._tasks.worked.disconnect(self._on_worked)
        if self._round is not None:
            self._round.drop()
            self._round = None

    def _on_done(self, report: SyncReport) -> None:
        self._failures = 0
        self._end()
        self.done.emit(report)

    def _on_failed(self, problem: Problem) -> None:
        asked = self._is_asked
        self._try_again(problem)
        self._note_next(problem)
        self._end()
        if asked and not isinstance(problem, Stopped):
            self.said.emit(problem)

    def _try_again(self, problem: Problem) -> None:
        """Soon, and later each time it fails; at the latest with the next of the regular rounds."""
        if isinstance(problem, Stopped):
            return
        self._failures += 1
        wait_s = next_try_s(problem, self._failures)
        if wait_s is not None:
            self._retry.start(int(wait_s * 1000))

    def _on_back_online(self) -> None:
        if self._round is None:
            self._retry.start(int(back_online_s() * 1000))

    def _note_next(self, problem: Problem) -> None:
        """When a round is tried again by itself, for the status line; not where a person must act first."""
        needs_somebody = isinstance(problem, SyncTrouble) and problem.connection in NEEDS_SOMEBODY
        both = (self._every.remainingTime(), self._retry.remainingTime())
        left_ms = min((left for left in both if left >= 0), default=-1)
        desk, is_set = self._desk(), left_ms >= 0 and not needs_somebody
        desk.again_at = desk.now() + timedelta(milliseconds=left_ms) if is_set else None

    def _end(self) -> None:
        self._round = None
        self._look.stop()
        self._is_asked = False
        if self._again:
            self.run()

    def _on_worked(self) -> None:
        if self._reads:
            self._ended += 1
        else:
            self._soon.start()

    def _on_status(self, now: Status) -> None:
        self._end_reading()
        self.status_read.emit(now)

    def _on_no_status(self, problem: Problem) -> None:
        self._end_reading()
        self.said.emit(problem)

    def _end_reading(self) -> None:
        self._reads = False
        # Reading the status is work as well, but no news; what ended beside it came too late for it.
        if self._ended > 1:
            self._soon.start()
