"""Visits and notes: the list of what is planned, being written and finished, and the note one reads."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tfworker.actions.values import DraftLine, NoteLine, NotesTab, NoteView
from tfworker.ui.family.note_line import NotesLine, items
from tfworker.ui.family.note_reader import NoteReader
from tfworker.ui.lines import Lines
from tfworker.ui.parts import Card, Empty, plain
from tfworker.ui.theme import current

TOGETHER = 760  # px at 100 %: from this width on list and note stand side by side
LIST_WIDE = 340  # px at 100 %


class NotesSheet(QWidget):
    """The tab.

    note_wanted(kind, visit_id or ""): write a note. draft_opened(draft_id). note_opened(note_id): show
    that note, with show_note(). visit_wanted(): plan one. amend_wanted(kind, marked).
    """

    note_wanted = Signal(str, str)
    draft_opened = Signal(str)
    note_opened = Signal(str)
    visit_wanted = Signal()
    amend_wanted = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._tab: NotesTab | None = None
        self._reads = False
        self.lines = Lines("Visits and notes", NotesLine())
        self.reader = NoteReader()
        self._plan_button = plain("Plan a visit", icon_name="calendar-plus")
        self._plan_button.clicked.connect(self.visit_wanted)
        self._list = Card(fills=True)
        self._empty = Empty(
            "No visits or notes yet",
            "Write the first note with New note at the top, or plan a visit.",
            icon_name="notebook-outline",
        )
        self._hint = Empty("Choose a note to read it", "Arrow keys move, Enter opens.", icon_name="text")
        self._compose()
        self.lines.opened.connect(self._on_opened)
        self.reader.back_wanted.connect(self._go_back)
        self.reader.amend_wanted.connect(self.amend_wanted)

    # what it shows

    def open_for(self, family_id: str) -> None:
        """Stand for another family; nothing shows until show_notes()."""
        self._tab = None
        self._reads = False
        self.lines.set_items([])
        self.reader.clear()
        for widget in (self._list, self._empty, self.reader, self._hint):
            widget.hide()

    def show_notes(self, tab: NotesTab, *, may_write: bool) -> None:
        """Show the list; a note that is open stays open."""
        self._plan_button.setVisible(may_write)
        if tab != self._tab:
            self._tab = tab
            self.lines.set_items(items(tab))
            if self.lines.chosen() is None:
                self.lines.choose_first()
        self._arrange()

    def show_note(self, note: NoteView) -> None:
        """Open this note beside the list, or over it where it is narrow."""
        self._reads = True
        self.reader.show_note(note)
        self._arrange()
        self.lines.choose(("note", note.note_id))

    def shown_note(self) -> str | None:
        """The id of the note that is open."""
        return self.reader.note.note_id if self._reads and self.reader.note is not None else None

    def _on_opened(self, item: object) -> None:
        if isinstance(item, DraftLine):
            self.draft_opened.emit(item.draft_id)
        elif isinstance(item, NoteLine) and item.note_id is not None:
            self.note_opened.emit(item.note_id)
        elif isinstance(item, NoteLine):
            self.note_wanted.emit("visit", item.visit_id or "")

    def _go_back(self) -> None:
        self._reads = False
        self._arrange()
        self.lines.setFocus()

    # putting it together

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        together = self.width() >= current().px(TOGETHER)
        any_lines = bool(self.lines.items())
        loaded = self._tab is not None
        self._empty.setVisible(loaded and not any_lines)
        self._side.setVisible(loaded and (together or not self._reads))
        self._list.setVisible(any_lines)
        self.reader.setVisible(self._reads)
        self.reader.back.setVisible(not together)
        self._hint.setVisible(loaded and together and any_lines and not self._reads)
        self._side.setMaximumWidth(current().px(LIST_WIDE) if together and any_lines else 16777215)

    def _compose(self) -> None:
        self._list.body.setContentsMargins(*[current().px(6)] * 4)
        self._list.body.addWidget(self.lines, 1)
        self._side = QWidget()
        column = QVBoxLayout(self._side)
        column.setContentsMargins(0, 0, 0, current().space("m"))
        column.setSpacing(current().space("s"))
        column.addWidget(self._plan_button)
        column.addWidget(self._list, 1)
        column.addWidget(self._empty)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, current().space("l"), 0)
        row.setSpacing(current().space("l"))
        row.addWidget(self._side, 1)
        row.addWidget(self.reader, 2)
        row.addWidget(self._hint, 2, Qt.AlignmentFlag.AlignTop)
