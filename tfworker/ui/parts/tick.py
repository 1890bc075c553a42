"""A tick box with its words."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy

from tfworker.ui.parts.focus import KeyboardFocus
from tfworker.ui.theme import current, icon


class Tick(KeyboardFocus, QCheckBox):
    """Yes or no. Its words wrap; a click on them counts. Signals as QCheckBox: toggled(bool)."""

    def __init__(self, words: str, on: bool = False) -> None:
        super().__init__(words)
        self.setAccessibleName(words.replace("&", ""))
        self.setChecked(on)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text()).width()
        width += self._indent() + 4
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        theme = current()
        return QSize(theme.px(96), theme.control("height"))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, max(1, width - self._indent()), 10_000)
        words = self.fontMetrics().boundingRect(room, int(self._flags()), self.text())
        return max(current().control("height"), words.height() + current().px(10))

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme.px(18)
        box = QRectF(theme.px(4), (self.height() - side) / 2, side, side)
        ring = self.has_keyboard_focus
        on = self.isChecked()
        painter.setPen(QPen(theme.colour("accent" if on else "edge"), 1.2))
        painter.setBrush(theme.colour("accent" if on else "surface"))
        painter.drawRoundedRect(box, theme.px(4), theme.px(4))
        if on:
            icon("check-bold", "on_accent").paint(painter, box.adjusted(2, 2, -2, -2).toRect())
        words = self.rect().adjusted(self._indent(), 0, 0, 0)
        if ring:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(box.adjusted(-3, -3, 3, 3), theme.px(6), theme.px(6))
        painter.setPen(theme.colour("text" if self.isEnabled() else "muted"))
        painter.drawText(words, int(self._flags()), self.text())

    def _indent(self) -> int:
        return current().px(31)

    @staticmethod
    def _flags() -> Qt.AlignmentFlag:
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        return Qt.AlignmentFlag(flags.value | Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextShowMnemonic)
