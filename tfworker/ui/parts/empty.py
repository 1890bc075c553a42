"""An empty page or list: it says what will stand here and what to do next."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tfworker.ui.parts.button import Button
from tfworker.ui.parts.label import Label
from tfworker.ui.theme import current, icon

WIDEST = 460  # px at 100 %


class _Picture(QWidget):
    def __init__(self, icon_name: str) -> None:
        super().__init__()
        self._icon_name = icon_name
        side = current().px(36)
        self.setFixedSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        icon(self._icon_name, "muted").paint(QPainter(self), QRect(0, 0, self.width(), self.height()))


class Empty(QWidget):
    """Words in the middle, and one button perhaps."""

    def __init__(
        self, title: str, advice: str = "", button: Button | None = None, icon_name: str = ""
    ) -> None:
        super().__init__()
        theme = current()
        middle = Qt.AlignmentFlag.AlignHCenter
        column = QVBoxLayout()
        column.setSpacing(theme.space("s"))
        if icon_name:
            column.addWidget(_Picture(icon_name), 0, middle)
        words = [Label(title, size="section")]
        if advice:
            words.append(Label(advice, ink="muted"))
        for label in words:
            label.setAlignment(middle)
            column.addWidget(label)
        if button is not None:
            column.addSpacing(theme.space("xs"))
            column.addWidget(button, 0, middle)
        inner = QWidget()
        inner.setLayout(column)
        inner.setMaximumWidth(theme.px(WIDEST))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.space("xxl"), 0, theme.space("xxl"))
        row.addStretch(1)
        row.addWidget(inner, 8)
        row.addStretch(1)
        self.setAccessibleName(f"{title}. {advice}".strip())
