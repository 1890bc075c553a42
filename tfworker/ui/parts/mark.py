"""A small mark: a sign and a word or three, with no ground. Quieter than a chip, read out as its words."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from tfworker.ui.theme import current, icon

SIGN, GAP = 14, 4  # px at 100 %


class Mark(QLabel):
    """A sign and its words, on one line.

    ink: a colour token. detail: the longer words, for a tool tip and a screen reader.
    """

    def __init__(self, words: str, icon_name: str, ink: str = "muted", detail: str = "") -> None:
        super().__init__(words)
        self._icon_name, self._ink = icon_name, ink
        self.setProperty("type", "small")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)
        self.setAccessibleDescription(detail)
        self.setToolTip(detail)

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        theme = current()
        words = self.fontMetrics().size(Qt.TextFlag.TextSingleLine, self.text())
        wide = words.width() + theme.px(SIGN) + theme.px(GAP) + 2
        return QSize(wide, max(words.height(), theme.px(SIGN)) + theme.px(4))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        side = theme.px(SIGN)
        icon(self._icon_name, self._ink).paint(painter, QRect(0, (self.height() - side) // 2, side, side))
        painter.setPen(theme.colour(self._ink))
        painter.drawText(self.rect().adjusted(side + theme.px(GAP), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter,
                         self.text())  # fmt: skip
