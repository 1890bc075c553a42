"""One line of a list on a card: chips, words, a quiet aside at the right, and its buttons."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from tfworker.ui.parts import Chip, Flow, Label, Words
from tfworker.ui.theme import current

NARROW = 300  # px at 100 %: below this the buttons stand under the words


class Row(QWidget):
    """words: what the line says. chips: before them. aside: small and muted, before what comes last.

    after: buttons, and chips that are less than what the line says.
    """

    def __init__(
        self, *words: Words, chips: Sequence[Chip] = (), aside: str = "", after: Sequence[QWidget] = ()
    ) -> None:
        super().__init__()
        theme = current()
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(theme.space("m"))
        if chips:
            self._line.addWidget(Flow(*chips), 0, Qt.AlignmentFlag.AlignVCenter)
        self.label = Label(*words)
        self._line.addWidget(self.label, 1)
        self._after = Flow(to_right=True)
        if aside:
            self._after.add(Label(aside, size="small", ink="muted").one_line())
        for widget in after:
            self._after.add(widget)
        if aside or after:
            self._line.addWidget(self._after, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(self.label.words())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        narrow = self.width() < current().px(NARROW)
        self._line.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
