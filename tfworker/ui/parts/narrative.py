"""The place to write in: plain text, comfortable to read, as high as what is in it."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from tfworker.ui.theme import current

WIDEST = 90  # characters; longer lines are hard to follow back
LEAST, MOST = 4, 24  # lines


class Narrative(QPlainTextEdit):
    """A text area that grows from `least` to `most` lines and then scrolls. Tab goes to the next field."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self._least, self._most = LEAST, MOST
        self.setProperty("part", "narrative")
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(self._on_document_changed)

    def set_lines(self, least: int, most: int) -> None:
        self._least, self._most = least, max(least, most)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        lines = min(max(self._least, round(self.document().size().height())), self._most)
        return QSize(current().px(480), lines * self.fontMetrics().lineSpacing() + self._around())

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(160), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        widest = WIDEST * self.fontMetrics().horizontalAdvance("average character") // 17
        beyond = max(0, self.contentsRect().width() - widest - 2 * current().px(10))
        if self.viewportMargins().right() != beyond:
            self.setViewportMargins(0, 0, beyond, 0)

    def _around(self) -> int:
        """Borders, padding and the document's own margin, above and below."""
        return round(2 * self.document().documentMargin()) + 2 * current().px(8) + 4

    def _on_document_changed(self) -> None:
        self.updateGeometry()
