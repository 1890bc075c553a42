"""A row of quiet buttons at the foot of a card, their words in line with the card's own."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from tfworker.ui.parts import Button
from tfworker.ui.parts.button import PAD
from tfworker.ui.theme import current


class Offers(QWidget):
    """The row."""

    def __init__(self, *buttons: Button) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        # A quiet button has no edge to see: its words, not its edge, stand in line.
        row.addSpacing(-current().px(PAD))
        for button in buttons:
            row.addWidget(button)
        row.addStretch()
