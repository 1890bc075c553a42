"""Search: families, people and notes of this laptop, while one types."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tfworker.actions.desk import Desk
from tfworker.actions.search import find
from tfworker.actions.values import Hit
from tfworker.ui.lines import Lines
from tfworker.ui.parts import Card, Empty, LineField, Page
from tfworker.ui.search.hit_line import HitLine
from tfworker.ui.tasks import Task, Tasks
from tfworker.ui.theme import current

AFTER_MS = 120  # a pause in typing after which it is worth looking
BEGIN = (
    "What are you looking for?",
    "A name, a word from a note, a school. It looks only in what is on this laptop, and nothing you type"
    " leaves it.",
)


class SearchPage(Page):
    """The page.

    family_opened(family_id). note_opened(note_id, family_id). person_opened(person_id, family_id).
    goal_opened(goal_id, family_id).
    """

    family_opened = Signal(str)
    note_opened = Signal(str, str)
    person_opened = Signal(str, str)
    goal_opened = Signal(str, str)

    def __init__(self, tasks: Tasks, desk_source: Callable[[], Desk]) -> None:
        super().__init__("Search", scrolls=False)
        self._tasks, self._desk = tasks, desk_source
        self._looking: Task | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AFTER_MS)
        self._timer.timeout.connect(self.look)
        self.field = LineField("Look for")
        self.lines = Lines("What was found", HitLine())
        self._sheet, self._nothing = Card(fills=True), Card()
        self._compose()
        self._listen()
        self.show_hits("", [])

    # what the window calls

    def arrive(self, **where: object) -> None:
        """Come up with the field ready; what was found stays, read again."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.select_all()
        self.look()

    def refresh(self) -> None:
        """Look again, after a sync or a save."""
        self.look()

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("/", "To the field"), ("Down, Up, Enter", "Choose and open what was found"),
            ("Esc", "Clear the field"),
        )  # fmt: skip

    # looking

    def look(self) -> None:
        """Look for what stands in the field now."""
        self._timer.stop()
        if self._looking is not None:
            self._looking.drop()
            self._looking = None
        words = self.field.value()
        if not words:
            self.show_hits("", [])
            return
        desk = self._desk()
        self._looking = self._tasks.run(
            lambda: find(desk, words),
            done=lambda hits: self.show_hits(words, hits),
            failed=self.show_problem,
        )

    def show_hits(self, words: str, hits: list[Hit]) -> None:
        """Show what was found for these words; "" before anything was asked."""
        self.lines.set_items(hits)
        if self.lines.chosen() is None:
            self.lines.choose_first()
        self._sheet.setVisible(bool(hits))
        self._nothing.clear()
        self._nothing.setVisible(not hits)
        if not hits:
            nothing = (
                f"Nothing here holds “{words}”",
                "Try fewer letters or another spelling. Families that are not yours are not on this laptop.",
            )
            self._nothing.add(Empty(*(nothing if words else BEGIN), icon_name="magnify"))
        self.set_subtitle("" if not hits else "1 found" if len(hits) == 1 else f"{len(hits)} found")

    def shown(self) -> list[Hit]:
        """What is in the list, in order."""
        return self.lines.items()

    def _open(self, hit: Hit) -> None:
        if hit.kind.code == "note":
            self.note_opened.emit(hit.record, hit.family_id)
        elif hit.kind.code == "person":
            self.person_opened.emit(hit.record, hit.family_id)
        elif hit.kind.code == "goal":
            self.goal_opened.emit(hit.record, hit.family_id)
        else:
            self.family_opened.emit(hit.family_id)

    def _open_first(self) -> None:
        if self._timer.isActive() or not self.shown():
            self.look()
        else:
            self._open(self.shown()[0])

    # putting it together

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down and self.shown():
                self.lines.setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.field.set_value("")
                self.look()
                return True
        return super().eventFilter(watched, event)

    def _compose(self) -> None:
        self._sheet.body.setContentsMargins(*[current().px(6)] * 4)
        self._sheet.body.addWidget(self.lines, 1)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current().space("m"))
        column.addWidget(self.field)
        column.addWidget(self._nothing)
        column.addWidget(self._sheet, 1)
        column.addStretch()
        self.add(whole)

    def _listen(self) -> None:
        self.field.edited.connect(self._timer.start)
        self.field.entered.connect(self._open_first)
        self.field.editor.installEventFilter(self)
        self.lines.opened.connect(self._open)
        self.lines.left_upwards.connect(lambda: self.field.setFocus(Qt.FocusReason.TabFocusReason))
        slash = QShortcut(QKeySequence("/"), self)
        slash.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        slash.activated.connect(lambda: self.field.setFocus(Qt.FocusReason.ShortcutFocusReason))
