"""Keeps what is typed into a form, so that a lock, a kill or a wrong key costs two seconds of it."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from tfworker.actions import unfinished
from tfworker.actions.desk import Desk
from tfworker.errors import Problem
from tfworker.ui.tasks import Task, Tasks

T = TypeVar("T")
AGAIN_MS = 5_000  # between two tries at what the disk would not take
AFTER_MS = 1_000  # from the last key; a draft is at most 2 s old


class Keeper(QObject):
    """One form's kept state.

    place: which form, e.g. "goal/<id>". body: gives what to keep now, JSON values by field; {} when
    the form is as it was opened, and then nothing is kept.
    failed(problem): the disk would not take it; the text is still on the screen.
    """

    failed = Signal(object)
    was_kept = Signal()

    def __init__(
        self,
        tasks: Tasks,
        desk_source: Callable[[], Desk],
        place: str,
        body: Callable[[], Mapping[str, Any]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks, self._desk, self._place, self._body = tasks, desk_source, place, body
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AFTER_MS)
        self._timer.timeout.connect(self.keep_now)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self.keep_now)
        self._keeping: Task | None = None

    def typed(self) -> None:
        """Something changed: keep it soon, and at the latest a second after typing began."""
        if not self._timer.isActive():
            self._timer.start()

    @property
    def is_unsaved(self) -> bool:
        """Something is typed that the vault does not have yet."""
        return self._timer.isActive() or self._again.isActive() or self._keeping is not None

    def flush(self) -> None:
        """Keep now what waits to be kept."""
        if self._timer.isActive() or self._again.isActive():
            self.keep_now()

    def keep_now(self) -> None:
        self._stop()
        place, body = self._place, dict(self._body())
        if not body:
            self.drop()
            return
        try:
            desk = self._desk()
        except Problem:
            self._again.start()  # locked just now: the words wait for the unlock
            return
        self._keeping = self._tasks.run(
            lambda: unfinished.keep(desk, place, body), done=self._on_kept, failed=self._on_failed
        )

    def look(self, done: Callable[[Mapping[str, Any] | None], None]) -> None:
        """Give what was kept before to `done`; None if nothing was."""
        desk, place = self._desk(), self._place
        self._tasks.run(lambda: unfinished.kept(desk, place), done=done, failed=self.failed.emit)

    def saving(self, act: Callable[[Desk], T]) -> Callable[[], T]:
        """Work for Tasks: do the act, and forget what was kept once it is done.

        Nothing more is kept until she types again; if the act fails, call keep_now().
        """
        self._stop()
        desk, place = self._desk(), self._place

        def save() -> T:
            result = act(desk)
            unfinished.drop(desk, place)
            return result

        return save

    def drop(self) -> None:
        """Forget it: given up by the person herself."""
        self._stop()
        desk, place = self._desk(), self._place
        self._tasks.run(lambda: unfinished.drop(desk, place), done=lambda _: None, failed=self.failed.emit)

    def _stop(self) -> None:
        self._timer.stop()
        self._again.stop()

    def _on_kept(self, _: None) -> None:
        self._keeping = None
        self.was_kept.emit()

    def _on_failed(self, problem: Problem) -> None:
        self._keeping = None
        self._again.start()
        self.failed.emit(problem)
