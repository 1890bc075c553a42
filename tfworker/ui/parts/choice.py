"""A drop-down list that does not change when somebody only scrolls past it."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QListView, QSizePolicy

from tfworker.ui.theme import current, icon


class Choice(QComboBox):
    """A drop-down list."""

    def __init__(self) -> None:
        super().__init__()
        self.setView(QListView())  # the style sheet reaches its rows only in a view of one's own
        # The other policies make it shrink itself inside its layout.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        """As wide as its longest choice."""
        words = [self.fontMetrics().horizontalAdvance(self.itemText(at)) for at in range(self.count())]
        hint = super().sizeHint()
        return hint.expandedTo(QSize(max(words, default=0) + current().px(48), hint.height()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Hand the wheel on to the page, or it would quietly change the record under the pointer."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = current().px(18)
        box = QRect(self.width() - side - current().px(8), (self.height() - side) // 2, side, side)
        icon("chevron-down", "muted").paint(QPainter(self), box)
