"""The one way off the interface thread.

Work that touches the vault runs on one thread, in the order it was asked for; the network round and
other long work run on another, so that saving a note never waits for a sync. Results come back on
the interface thread. Work is a function that knows no Qt; it must not touch a widget.

This is the one place on the laptop that catches every exception: ours go to the log by type and
place only, since their text may hold what somebody wrote, and the person reads `OurFault`.
"""

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from tfworker.errors import Problem
from tfworker.log import Log
from tfworker.ui.sweeping import Sweeper

T = TypeVar("T")
log = Log("ui")

PROGRESS_EVERY_S = 0.1  # faster than this the eye gains nothing and the interface thread loses


class OurFault(Problem):
    """The program is at fault. What was written is still in its field, and in its draft."""

    title = "Something went wrong in the program. Your text is kept."
    advice = "It has been noted. Try again; if it happens twice, tell the help desk what you did."


class Stopped(Problem):
    """The work was stopped at the person's wish before it began."""

    title = "Stopped"
    advice = "Nothing is lost. You can start it again at any time."


class Watch:
    """What long work is given: it reports how far it is, and asks whether to go on.

    Used from the work's own thread, as often as it likes.
    """

    def __init__(self, tell: Callable[[object], None]) -> None:
        self._tell = tell
        self._told_s = float("-inf")
        self._held: list[object] = []
        self._stop = Event()

    def cancelled(self) -> bool:
        """True once somebody asked to stop. Work should then end at its next safe point."""
        return self._stop.is_set()

    def progress(self, state: object) -> None:
        """Say how far the work is. Cheap: at most ten times a second the newest is passed on."""
        now_s = time.monotonic()
        if now_s - self._told_s >= PROGRESS_EVERY_S:
            self._told_s = now_s
            self._held.clear()
            self._tell(state)
        else:
            self._held = [state]

    def flush(self) -> None:
        """Pass on the newest state if it was held back."""
        while self._held:
            self._tell(self._held.pop())

    def stop(self) -> None:
        self._stop.set()


@dataclass(frozen=True)
class _Ears:
    """Who wants to hear of a piece of work."""

    done: Callable[[Any], None]
    failed: Callable[[Problem], object]
    busy: Callable[[bool], None] | None = None
    progress: Callable[[Any], None] | None = None


class Task:
    """Work asked for. Exactly one of `done` and `failed` is called, once, unless it is dropped."""

    def __init__(self, ears: _Ears, tell: Callable[[Callable[[], None]], None]) -> None:
        self._ears = ears
        self._is_dropped = False
        self.watch = Watch(lambda state: tell(lambda: self._say(ears.progress, state)))

    def cancel(self) -> None:
        """Ask it to stop. Work that has not begun fails with Stopped; what ends all the same is done."""
        self.watch.stop()

    def drop(self) -> None:
        """Nobody wants its result any more, such as a search for words since typed over."""
        self._is_dropped = True
        self.watch.stop()

    def end(self) -> None:
        """Say that it is not busy any more, though it never said so itself."""
        if self._ears.busy is not None and _is_alive(self._ears.busy):
            self._ears.busy(False)

    def begin(self) -> None:
        self._say(self._ears.busy, True)

    def finish(self, result: object, problem: Problem | None) -> None:
        """Tell who asked. On the interface thread.

        A Problem that `done` raises itself, such as that the desk was locked meanwhile, is told too.
        """
        self._say(self._ears.busy, False)
        if problem is None:
            try:
                self._say(self._ears.done, result)
            except Problem as raised:
                problem = raised
        if problem is not None:
            self._say(self._ears.failed, problem)

    def _say(self, ear: Callable[[Any], object] | None, what: object) -> None:
        if ear is not None and not self._is_dropped and _is_alive(ear):
            ear(what)


class Tasks(QObject):
    """Runs work for the screens. One for the application; close() it before the vault closes.

    busy_changed: something began while nothing ran, or the last of it ended.
    worked: a piece of work ended, well or not; the status may have changed.
    """

    busy_changed = Signal(bool)
    worked = Signal()
    _poked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._vault = ThreadPoolExecutor(1, "vault")
        self._network = ThreadPoolExecutor(1, "network")
        self._deliveries: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._open: set[Task] = set()
        self._long: set[Task] = set()
        self._poked.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._sweeper = Sweeper(self)

    @property
    def is_busy(self) -> bool:
        return bool(self._open)

    def run(
        self,
        work: Callable[[], T],
        *,
        done: Callable[[T], None],
        failed: Callable[[Problem], object],
        busy: Callable[[bool], None] | None = None,
    ) -> Task:
        """Do short work on the vault: a query, a save. In order, one at a time.

        done: what it gave. failed: the Problem it raised; OurFault for any other exception.
        busy: True now, False just before done or failed.
        A callback that is a method of a widget deleted meanwhile is passed over.
        Raises RuntimeError after close().
        """
        return self._start(self._vault, lambda watch: work(), _Ears(done, failed, busy))

    def run_long(
        self,
        work: Callable[[Watch], T],
        *,
        done: Callable[[T], None],
        failed: Callable[[Problem], object],
        progress: Callable[[Any], None] | None = None,
        busy: Callable[[bool], None] | None = None,
    ) -> Task:
        """Do long work beside the vault's: the network round, the first sync. As run(), and:

        work is given a Watch. progress: what it reported, at most ten times a second.
        """
        task = self._start(self._network, work, _Ears(done, failed, busy, progress))
        self._long.add(task)
        return task

    def abandon(self, task: Task) -> None:
        """Give up long work that has hung: nobody hears of it any more, and what is asked for from now
        on has a thread of its own."""
        task.drop()
        task.end()
        self._open.discard(task)
        self._long.discard(task)
        self._network.shutdown(wait=False)
        self._network = ThreadPoolExecutor(1, "network")
        if not self._open:
            self.busy_changed.emit(False)

    def close(self) -> None:
        """Let the vault's work end, ask the long work to stop, join both threads, hand out what came back.

        A save that was asked for is made: nobody's text depends on how quickly they leave.
        """
        for task in self._long:
            task.cancel()
        for pool in (self._vault, self._network):
            pool.shutdown(wait=True)
        self._sweeper.end()
        while not self._deliveries.empty():
            self._deliver()

    def _start(self, pool: ThreadPoolExecutor, work: Callable[[Watch], Any], ears: _Ears) -> Task:
        task = Task(ears, self._tell)
        pool.submit(self._do, task, work)
        self._open.add(task)
        task.begin()
        if len(self._open) == 1:
            self.busy_changed.emit(True)
        return task

    def _do(self, task: Task, work: Callable[[Watch], Any]) -> None:
        """The work itself, on its pool's thread."""
        result: Any = None
        problem: Problem | None = None
        try:
            if task.watch.cancelled():
                raise Stopped
            result = work(task.watch)
        except Problem as raised:
            problem = raised
        except Exception as fault:
            log.error("work failed", fault)
            # `fault` ends with this block; the hook is called later, on the interface thread.
            self._tell(lambda fault=fault: sys.excepthook(type(fault), fault, fault.__traceback__))  # type: ignore[misc]
            problem = OurFault()
        task.watch.flush()
        self._tell(lambda: self._finish(task, result, problem))

    def _finish(self, task: Task, result: object, problem: Problem | None) -> None:
        self._open.discard(task)
        self._long.discard(task)
        if not self._open:
            self.busy_changed.emit(False)
        self.worked.emit()
        task.finish(result, problem)

    def _tell(self, what: Callable[[], None]) -> None:
        """Have this called on the interface thread, after everything told before it."""
        self._deliveries.put(what)
        self._poked.emit()

    def _deliver(self) -> None:
        # One a poke: a callback that raises must not take the others with it.
        try:
            deliver = self._deliveries.get_nowait()
        except Empty:
            return
        deliver()


def _is_alive(ear: Callable[..., object]) -> bool:
    """False for a method of a widget that Qt has deleted."""
    owner = getattr(ear, "__self__", None)
    return not isinstance(owner, QObject) or shiboken6.isValid(owner)
