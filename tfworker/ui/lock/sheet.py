"""The sheet both pages stand on: the programme's name, one card, and the emergency numbers below."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tfworker.actions.values import EmergencyNumber, Place
from tfworker.ui.parts.card import Card
from tfworker.ui.parts.label import Label, strong
from tfworker.ui.parts.scroll import Scroll
from tfworker.ui.theme import current

WIDTH = 460  # px at 100 %


class Sheet(QWidget):
    """One card in the middle of the window. Fill `card`."""

    def __init__(self, place: Place, product: str = "tfworker") -> None:
        super().__init__()
        theme = current()
        self.setProperty("ground", "bg")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.card = Card()
        self.card.body.setSpacing(theme.space("m"))
        middle = QWidget()
        middle.setMaximumWidth(theme.px(WIDTH))
        column = QVBoxLayout(middle)
        column.setSpacing(theme.space("m"))
        column.setContentsMargins(0, theme.px(56), 0, 0)
        column.addWidget(Label(place.programme_name or product, size="page"))
        if place.council_name:
            column.addWidget(Label(place.council_name, ink="muted"))
        column.addWidget(self.card)
        if place.emergency_numbers:
            column.addWidget(_numbers(place.emergency_numbers))
        scroll = Scroll()
        # Not by alignment: Qt would then reckon the height for the whole width, and cut words off.
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(middle, 1000)
        row.addStretch(1)
        scroll.body.addLayout(row)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.space("l"), 0, 0, 0)
        outer.addWidget(scroll)


def _numbers(numbers: Sequence[EmergencyNumber]) -> QWidget:
    card = Card(quiet=True)
    card.body.setSpacing(current().space("xs"))
    card.say("If somebody is not safe now", size="small", ink="muted")
    for number in numbers:
        card.add(Label(f"{number.name}  ", strong(number.phone)).selectable())
    card.setAccessibleName("Emergency numbers")
    return card
