"""A chronology: the day and who wrote at the left, what happened on a card at the right."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from tfworker.ui.parts.button import plain
from tfworker.ui.parts.card import Card, empty_item
from tfworker.ui.parts.chip import Chip, Kind
from tfworker.ui.parts.flow import Flow
from tfworker.ui.parts.focus import KeyboardFocus
from tfworker.ui.parts.label import Label, Words
from tfworker.ui.theme import current

LEFT, NARROW = 112, 520  # px at 100 %: the day's column; below this the day stands above its card
AT_ONCE = 40  # rows made at a time: a long history must not hold up the page


@dataclass(frozen=True)
class Happening:
    """One row.

    when: "9 Nov". who: the author or where it came from. chips: (words, kind), shown before the title.
    key: what `opened` gives; None if there is nothing to open. note: small, below: "amended 3 Nov".
    """

    when: str
    who: str
    chips: tuple[tuple[str, Kind], ...]
    title: str
    words: tuple[Words, ...] = ()
    key: Hashable | None = None
    note: str = ""


class _Sheet(KeyboardFocus, Card):
    """The card of a row; it opens with a click, Return or Space if it has a key."""

    opened = Signal(object)

    def __init__(self, row: Happening) -> None:
        super().__init__()
        self._key = row.key
        head = Flow(*(Chip(words, kind) for words, kind in row.chips))
        title = Label(row.title)
        title.setProperty("strong", True)
        head.add(title)
        margin = current().space("m")
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.add(head)
        if row.words:
            self.say(*row.words)
        if row.note:
            self.say(row.note, size="small", ink="muted")
        chips = ", ".join(words for words, _ in row.chips)
        self.setAccessibleName(", ".join(part for part in (row.when, row.who, chips, row.title) if part))
        if row.key is not None:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._key is not None and self.rect().contains(event.position().toPoint()):
            self.opened.emit(self._key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._key is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(self._key)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.has_keyboard_focus:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(QColor(Qt.GlobalColor.transparent))
            painter.setPen(QPen(current().colour("accent"), 2))
            radius = current().px(10)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), radius, radius)


class _Row(QWidget):
    def __init__(self, row: Happening) -> None:
        super().__init__()
        theme = current()
        self.sheet = _Sheet(row)
        when = Label(row.when)
        when.setProperty("strong", True)
        self._left = QWidget()
        self._words = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._left)
        self._words.setContentsMargins(0, theme.px(10), 0, 0)
        self._words.setSpacing(theme.px(2))
        self._words.addWidget(when)
        self._words.addWidget(Label(row.who, size="small", ink="muted"))
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._across.setContentsMargins(0, 0, 0, 0)
        self._across.addWidget(self._left, 0, Qt.AlignmentFlag.AlignTop)
        self._across.addWidget(self.sheet, 1)
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        theme = current()
        directions = QBoxLayout.Direction
        self._across.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
        self._across.setSpacing(theme.space("xs" if narrow else "l"))
        self._left.setMinimumWidth(0 if narrow else theme.px(LEFT))
        self._left.setMaximumWidth(16777215 if narrow else theme.px(LEFT))


class Timeline(QWidget):
    """Rows in the order given. opened: the key of the row the person wants to read."""

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[Happening] = ()
        self._made: list[_Row] = []
        self._is_narrow = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(current().space("m"))
        self._more = plain("")
        self._more.clicked.connect(self._make_more)
        self._column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignHCenter)
        self.set_rows(())

    def set_rows(self, rows: Sequence[Happening]) -> None:
        """Show these instead. The first forty at once, the others on request."""
        self._rows = rows
        while self._made:
            self._made.pop()
            empty_item(self._column, len(self._made))
        self._make(AT_ONCE)

    def shown(self) -> int:
        """How many rows stand on the page."""
        return len(self._made)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < current().px(NARROW)
        if narrow != self._is_narrow:
            self._is_narrow = narrow
            for row in self._made:
                row.set_narrow(narrow)

    def _make_more(self) -> None:
        first_new = len(self._made)
        self._make(AT_ONCE)
        self._made[first_new].sheet.setFocus(Qt.FocusReason.TabFocusReason)

    def _make(self, count: int) -> None:
        for happening in self._rows[len(self._made) : len(self._made) + count]:
            row = _Row(happening)
            row.set_narrow(self._is_narrow)
            row.sheet.opened.connect(self.opened)
            self._column.insertWidget(len(self._made), row)
            self._made.append(row)
        left = len(self._rows) - len(self._made)
        self._more.set_words(f"Show {min(left, AT_ONCE)} more of {left}")
        self._more.setVisible(left > 0)
