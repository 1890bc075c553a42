"""The quick jot: one field, from any page, kept at once; written up as a note when there is time."""

from collections.abc import Callable
from uuid import uuid4

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from tfworker.actions.desk import Desk
from tfworker.actions.jots import drop_jot, jots, save_jot
from tfworker.actions.values import Jot
from tfworker.errors import Problem
from tfworker.settings import AUTOSAVE_AFTER
from tfworker.ui.families import FamilyField
from tfworker.ui.parts import NarrativeField, Panel, plain, primary
from tfworker.ui.tasks import Tasks


class JotPanel(Panel):
    """Writes one jot.

    here: gives the family whose page is up, "" if none is: a new jot is taken to be about it.
    changed(): a jot was kept, changed or dropped. note_wanted(jot_id, family_id): write it up.
    """

    changed = Signal()
    note_wanted = Signal(str, str)

    def __init__(self, tasks: Tasks, desk_source: Callable[[], Desk], here: Callable[[], str]) -> None:
        super().__init__("Quick jot", "For you alone, on this laptop, until you write it up.")
        self.setObjectName("jot")
        self._tasks, self._desk, self._here = tasks, desk_source, here
        self._jot_id = ""
        self._is_kept = False
        self._then: Callable[[], None] | None = None
        self.words = NarrativeField("What to remember")
        self.words.setObjectName("jot_words")
        self.words.set_lines(6)
        self.family = FamilyField("About", "Nobody yet", help="Optional")
        self.family.setObjectName("jot_family")
        self.add(self.words, self.family)
        keep, write_up = primary("Keep"), plain("Write it up now")
        keep.setObjectName("jot_keep")
        keep.setToolTip("Ctrl+Return")
        write_up.setObjectName("jot_write_up")
        keep.clicked.connect(self._keep)
        write_up.clicked.connect(self._write_up)
        self.set_actions(write_up, keep)
        self._soon = QTimer(self, singleShot=True, interval=int(AUTOSAVE_AFTER.value * 1000))
        self._soon.timeout.connect(self.save)
        for field in (self.words, self.family):
            field.edited.connect(self._on_edited)
        enter = QShortcut(QKeySequence("Ctrl+Return"), self)
        enter.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        enter.activated.connect(self._keep)

    @property
    def is_unsaved(self) -> bool:
        """Words in it that the vault does not have yet."""
        return bool(self.words.value().strip()) and not self._is_kept

    def where(self) -> dict[str, object]:
        """What brings the panel back as it is: for after an unlock."""
        return {"jot_id": self._jot_id} if self.words.value().strip() else {}

    # what the window calls

    def arrive(self, **where: object) -> None:
        self.family.load(self._tasks, self._desk, self.show_problem)
        wanted = str(where.get("jot_id") or "")
        if wanted and wanted != self._jot_id:
            self.leave()
            desk = self._desk()
            self._tasks.run(
                lambda: next((jot for jot in jots(desk) if jot.jot_id == wanted), None),
                done=self._show_jot,
                failed=self.show_problem,
            )
        elif not self.words.value().strip():
            self._begin()
        self.words.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        if self.is_unsaved:
            self.save()

    def save(self) -> None:
        """Keep what is written; words taken out again take the jot away."""
        self._soon.stop()
        desk, jot_id, words = self._desk(), self._jot_id, self.words.value()
        family = self.family.family_id()
        self._is_kept = True  # unless the disk says otherwise
        if words.strip():
            self._tasks.run(
                lambda: save_jot(desk, words, family_id=family, jot_id=jot_id),
                done=self._on_kept,
                failed=self._on_failed,
            )
        elif jot_id:
            self._tasks.run(lambda: drop_jot(desk, jot_id), done=self._on_kept, failed=self._on_failed)

    def _begin(self) -> None:
        self._jot_id, self._is_kept = uuid4().hex, False
        self.words.set_value("")
        self.family.ask_for(self._here() or None)

    def _show_jot(self, jot: Jot | None) -> None:
        if jot is None:
            self._begin()
            return
        self._jot_id, self._is_kept = jot.jot_id, True
        self.words.set_value(jot.text)
        self.family.ask_for(jot.family_id)

    def _on_edited(self) -> None:
        self._is_kept = False
        if not self._soon.isActive():
            self._soon.start()

    def _keep(self) -> None:
        if not self.words.value().strip():
            self.words.set_missing("Write a word or two")
            return
        self._then = self._put_away
        self.save()

    def _write_up(self) -> None:
        if not self.words.value().strip():
            self.words.set_missing("Write a word or two")
        elif self.family.family_id() is None:
            self.family.set_missing("Choose the family the note is about")
        else:
            self._then = self._hand_over
            self.save()

    def _put_away(self) -> None:
        self._begin()
        self.put_away.emit()

    def _hand_over(self) -> None:
        jot_id, family_id = self._jot_id, self.family.family_id() or ""
        self._put_away()
        self.note_wanted.emit(jot_id, family_id)

    def _on_kept(self, _: object) -> None:
        self.clear_notices()
        self.changed.emit()
        then, self._then = self._then, None
        if then is not None:
            then()

    def _on_failed(self, problem: Problem) -> None:
        self._is_kept, self._then = False, None
        self.show_problem(problem)
