"""Drafts on their way to the vault. What could not be saved is held here and offered again.

A draft is saved at most `autosave_after` after the first key since the last saving: somebody who
types without a pause is kept as well as somebody who stops.
"""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from tfworker.actions.desk import Desk
from tfworker.actions.drafting import save_draft
from tfworker.actions.values import NoteDraft
from tfworker.errors import Problem
from tfworker.settings import AUTOSAVE_AFTER
from tfworker.ui.tasks import Tasks

AGAIN_MS = 5_000  # between two tries at what the disk would not take


class Keeping(QObject):
    """Saves the draft on the screen.

    look: gives it as it stands now; None while there is none.
    saved(draft_id, at): it is in the vault. failed(problem): it is not, and is held here.
    """

    saved = Signal(str, object)
    failed = Signal(object)

    def __init__(
        self,
        tasks: Tasks,
        desk_source: Callable[[], Desk],
        look: Callable[[], NoteDraft | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._tasks, self._desk, self._look = tasks, desk_source, look
        self._held: dict[str, NoteDraft] = {}
        self._soon = QTimer(self, singleShot=True, interval=int(AUTOSAVE_AFTER.value * 1000))
        self._soon.timeout.connect(self.now)
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self._offer_again)

    @property
    def is_unsaved(self) -> bool:
        """Something is on the screen, or held here, that the vault does not have."""
        return self._soon.isActive() or bool(self._held)

    def touch(self) -> None:
        """The draft on the screen was changed: save it soon."""
        if not self._soon.isActive():
            self._soon.start()

    def now(self) -> None:
        """Save the draft on the screen at once."""
        self._soon.stop()
        draft = self._look()
        if draft is not None:
            self._held[draft.draft_id] = draft
            self._save(draft)

    def now_if_unsaved(self) -> None:
        if self._soon.isActive():
            self.now()

    def held(self, draft_id: str) -> NoteDraft | None:
        """A draft the vault would not take, as it was last written."""
        return self._held.get(draft_id)

    def rest(self) -> None:
        """Save nothing by itself until the next touch(): the note is being finished."""
        self._soon.stop()
        self._again.stop()

    def forget(self, draft_id: str) -> None:
        """The draft is finished or thrown away: nothing of it may be saved any more."""
        self._soon.stop()
        self._held.pop(draft_id, None)

    def _save(self, draft: NoteDraft) -> None:
        desk = self._desk()

        def done(at: datetime) -> None:
            if self._held.get(draft.draft_id) is draft:
                del self._held[draft.draft_id]
            self.saved.emit(draft.draft_id, at)

        self._tasks.run(lambda: save_draft(desk, draft), done=done, failed=self._on_failed)

    def _on_failed(self, problem: Problem) -> None:
        self._again.start()
        self.failed.emit(problem)

    def _offer_again(self) -> None:
        try:
            for draft in list(self._held.values()):
                self._save(draft)
        except Problem:
            self._again.start()  # locked just now: the words wait for the unlock
