"""Where a goal began, where it is and where it should be, on one line from 0 to 10."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from tfworker.ui.parts import Label
from tfworker.ui.theme import current

TEN = 10
DOT = 6  # px at 100 %: half a mark's width
WIDEST = 420  # px at 100 %


class _Line(QWidget):
    def __init__(self, baseline: int | None, reading: int | None, target: int | None) -> None:
        super().__init__()
        self._baseline, self._reading, self._target = baseline, reading, target
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(current().px(WIDEST))

    def sizeHint(self) -> QSize:
        return QSize(current().px(220), current().px(4 * DOT))

    def _at(self, number: int) -> float:
        side = current().px(DOT) + 2
        return side + (self.width() - 2 * side) * number / TEN

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        painter.setPen(QPen(theme.colour("line"), 2))
        painter.drawLine(QPointF(self._at(0), middle), QPointF(self._at(TEN), middle))
        for number in range(TEN + 1):
            painter.drawLine(QPointF(self._at(number), middle - 3), QPointF(self._at(number), middle + 3))
        if self._baseline is not None and self._reading is not None:
            painter.setPen(QPen(theme.colour("accent"), theme.px(4), c=Qt.PenCapStyle.RoundCap))
            painter.drawLine(
                QPointF(self._at(self._baseline), middle), QPointF(self._at(self._reading), middle)
            )
        self._paint_marks(painter, middle)

    def _paint_marks(self, painter: QPainter, middle: float) -> None:
        theme = current()
        half = theme.px(DOT)
        if self._target is not None:
            # A gate to reach, not a dot: the three marks differ in shape, not only in colour.
            painter.setPen(QPen(theme.colour("text"), 2))
            at = self._at(self._target)
            painter.drawLine(QPointF(at, middle - 1.7 * half), QPointF(at, middle + 1.7 * half))
        painter.setPen(QPen(theme.colour("accent"), 2))
        if self._baseline is not None:
            painter.setBrush(theme.colour("surface"))
            painter.drawEllipse(QPointF(self._at(self._baseline), middle), half - 1, half - 1)
        if self._reading is not None:
            painter.setBrush(theme.colour("accent"))
            mark = QRectF(self._at(self._reading) - half, middle - half, 2 * half, 2 * half)
            painter.drawEllipse(mark)


class Reading(QWidget):
    """The line with its words: "Now 5 · began at 3 · to reach 8"."""

    def __init__(self, baseline: int | None, reading: int | None, target: int | None) -> None:
        super().__init__()
        said = [
            f"Now {reading} of {TEN}" if reading is not None else "No reading yet",
            f"began at {baseline}" if baseline is not None else "",
            f"to reach {target}" if target is not None else "",
        ]
        self.words = " · ".join(part for part in said if part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if (baseline, reading, target) != (None, None, None):
            column.addWidget(_Line(baseline, reading, target))
        column.addWidget(Label(self.words, size="small", ink="muted"))
        self.setAccessibleName(self.words)
