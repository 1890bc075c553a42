"""Two columns on a page that scrolls, or one below the other where the window is narrow."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tfworker.ui.theme import current

BESIDE = 310  # px at 100 %: how wide the right column is
NARROW = 800  # px at 100 %: below this there is one column


class Columns(QWidget):
    """main at the left, beside at the right.

    in_one: the order when there is one column, since what stands at the right often matters first.
    """

    def __init__(self, main: Sequence[QWidget], beside: Sequence[QWidget], in_one: Sequence[QWidget]) -> None:
        super().__init__()
        theme = current()
        self._main, self._beside, self._in_one = list(main), list(beside), list(in_one)
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        for column in (self._left, self._right):
            column.setSpacing(theme.space("m"))
        self._right_side = QWidget()
        self._right_side.setLayout(self._right)
        self._right.setContentsMargins(0, 0, 0, 0)
        self._right_side.setFixedWidth(theme.px(BESIDE))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space("l"))
        row.addLayout(self._left, 1)
        row.addWidget(self._right_side, 0, Qt.AlignmentFlag.AlignTop)
        self._is_narrow: bool | None = None
        self._arrange(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.width() < current().px(NARROW))

    def _arrange(self, narrow: bool) -> None:
        if narrow == self._is_narrow:
            return
        self._is_narrow = narrow
        for column in (self._left, self._right):
            # removeWidget, not takeAt: an item that Python still holds would keep its widget's old
            # height in its cache, and the card would be squeezed into it.
            for widget in self._in_one:
                column.removeWidget(widget)
            while column.count():
                column.takeAt(0)
        for widget in self._in_one if narrow else self._main:
            self._left.addWidget(widget)
        for widget in () if narrow else self._beside:
            self._right.addWidget(widget)
        for column in (self._left, self._right):
            column.addStretch(1)
        self._right_side.setVisible(not narrow)
