"""How much of how much: a caseload of its capacity, a goal's reading from 0 to 10."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from tfworker.ui.parts.flow import Flow
from tfworker.ui.parts.focus import KeyboardFocus
from tfworker.ui.parts.label import Label
from tfworker.ui.theme import current

BAR = 10  # px at 100 %
TEN = 10


def paint_bar(painter: QPainter, rect: QRectF, value: float, of: float, was: float | None = None) -> None:
    """A bar within the rectangle's height: filled as far as value of `of`, red when beyond it.

    was: an earlier value, marked by an upright line.
    """
    theme = current()
    over = value > of
    share = 1.0 if over or of <= 0 < value else (value / of if of > 0 else 0.0)
    radius = rect.height() / 2
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("danger_weak" if over else "accent_weak"))
    painter.drawRoundedRect(rect, radius, radius)
    if share > 0:
        filled = QRectF(rect)
        filled.setWidth(max(rect.height(), rect.width() * share))
        painter.setBrush(theme.colour("danger" if over else "accent"))
        painter.drawRoundedRect(filled, radius, radius)
    if was is not None and of > 0:
        at = rect.left() + rect.width() * min(max(was / of, 0), 1)
        painter.setPen(QPen(theme.colour("text"), 2))
        painter.drawLine(round(at), round(rect.top() - 4), round(at), round(rect.bottom() + 4))


class _Bar(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.value, self.of, self.was = 0.0, 1.0, None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    value: float
    of: float
    was: float | None

    def sizeHint(self) -> QSize:
        return QSize(current().px(160), current().px(BAR + 10))

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(64), current().px(BAR + 10))

    def paintEvent(self, event: QPaintEvent) -> None:
        high = current().px(BAR)
        bar = QRectF(0, (self.height() - high) / 2, self.width(), high)
        paint_bar(QPainter(self), bar, self.value, self.of, self.was)


class Meter(QWidget):
    """A bar with its numbers beside it: "8 of 9".

    name: what is measured, for a screen reader. Over capacity it is red, and says so.
    """

    def __init__(self, name: str, value: float = 0, of: float = 1, was: float | None = None) -> None:
        super().__init__()
        self._name = name
        self._bar = _Bar()
        self._words = Label(ink="muted").one_line()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(current().space("m"))
        row.addWidget(self._bar, 1)
        row.addWidget(self._words)
        self.set_value(value, of, was)

    def set_value(self, value: float, of: float, was: float | None = None) -> None:
        """was: the reading before, marked on the bar and said: "5 of 10, was 3"."""
        self._bar.value, self._bar.of, self._bar.was = value, of, was
        words = f"{value:g} of {of:g}"
        if was is not None:
            words += f", was {was:g}"
        over = value > of
        self._words.set_words(words)
        self._words.set_ink("danger" if over else "muted")
        self.setAccessibleName(f"{self._name}: {words}{', over capacity' if over else ''}")
        self._bar.update()

    def words(self) -> str:
        return self._words.words()


class _Step(KeyboardFocus, QAbstractButton):
    """One of the eleven steps."""

    def __init__(self, number: int, scale: str) -> None:
        super().__init__()
        self.setText(str(number))
        self.setProperty("part", "tab")
        self.setAccessibleName(f"{scale}: {number} of {TEN}")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.was = False

    def sizeHint(self) -> QSize:
        side = current().control("height")
        return QSize(side, current().control("touch"))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, on = current(), self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = 2.0 if self.has_keyboard_focus else 1.0
        edge = "text" if on and self.has_keyboard_focus else "accent" if wide > 1 or on else "edge"
        painter.setPen(QPen(theme.colour(edge), wide))
        hovered = self.underMouse() and self.isEnabled()
        painter.setBrush(theme.colour("accent" if on else "accent_weak" if hovered else "surface"))
        side = theme.control("height")
        box = QRectF(wide / 2, wide / 2, side - wide, side - wide)
        painter.drawRoundedRect(box, theme.px(8), theme.px(8))
        painter.setPen(theme.colour("on_accent" if on else "text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.text())
        if self.was:
            painter.fillRect(QRectF(side / 4, side + 1, side / 2, 2), theme.colour("text"))


class Scale(QWidget):
    """A reading from 0 to 10, chosen with a click, or with the arrow keys.

    low, high: what 0 and 10 mean, in the family's words. was: the reading before, underlined.
    chosen: the person picked a number.
    """

    chosen = Signal(int)

    def __init__(self, name: str, low: str = "", high: str = "", was: int | None = None) -> None:
        super().__init__()
        theme = current()
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._steps = [_Step(number, name) for number in range(TEN + 1)]
        for number, step in enumerate(self._steps):
            self._group.addButton(step, number)
        self._group.idToggled.connect(self._on_toggled)
        ends = QHBoxLayout()
        ends.addWidget(Label(low, size="small", ink="muted"), 1)
        right = Label(high, size="small", ink="muted")
        right.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        ends.addWidget(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(2))
        column.addWidget(Flow(*self._steps, gap=theme.space("xs"), line_gap=theme.space("xs")))
        if low or high:
            below = QWidget()
            below.setLayout(ends)
            ends.setContentsMargins(0, 0, 0, 0)
            below.setMaximumWidth(len(self._steps) * (theme.control("height") + theme.space("xs")))
            column.addWidget(below)
        self.set_was(was)

    def value(self) -> int | None:
        """The reading; None until one is chosen."""
        chosen = self._group.checkedId()
        return chosen if chosen >= 0 else None

    def set_value(self, value: int | None) -> None:
        """Show this reading; None takes it back. IndexError outside 0 to 10."""
        self._group.blockSignals(True)
        self._group.setExclusive(False)
        for number, step in enumerate(self._steps):
            step.setChecked(number == value)
        self._group.setExclusive(True)
        self._group.blockSignals(False)

    def set_was(self, was: int | None) -> None:
        for number, step in enumerate(self._steps):
            step.was = number == was
            step.setAccessibleDescription("the reading before" if step.was else "")
            step.update()

    def steps(self) -> Sequence[QAbstractButton]:
        return self._steps

    def _on_toggled(self, number: int, on: bool) -> None:
        if on:
            self.chosen.emit(number)
