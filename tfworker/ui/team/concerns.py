"""Concerns of the team, on top of the page until a named person has acknowledged them."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tfworker.actions.values import Concern
from tfworker.ui.parts import Button, Card, Chip, Flow, Kind, Label, danger
from tfworker.ui.parts.card import empty_item
from tfworker.ui.theme import current

KEY = "A"  # acknowledges the uppermost


class Concerns(QWidget):
    """acknowledge_asked(concern_id): the person who looks answers for it. Hidden while there is none."""

    acknowledge_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("concerns")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(current().space("m"))
        self.hide()

    def set_concerns(self, concerns: Sequence[Concern], name: str) -> None:
        """name: of the person at the screen: she acknowledges by name."""
        while self._column.count():
            empty_item(self._column, 0)
        has_key = False
        for concern in concerns:
            card = _card(concern)
            if concern.may_acknowledge:
                button = self._button(concern, name)
                if not has_key:
                    button.set_key(KEY)
                    has_key = True
                card.add(Flow(button))
            self._column.addWidget(card)
        self.setVisible(bool(concerns))

    def _button(self, concern: Concern, name: str) -> Button:
        button = danger(f"Acknowledge as {name}", icon_name="check")
        button.setObjectName(f"acknowledge:{concern.concern_id}")
        button.clicked.connect(lambda: self.acknowledge_asked.emit(concern.concern_id))
        return button


def _card(concern: Concern) -> Card:
    card = Card(
        f"Concern: {concern.family_label or 'no family named'}",
        note=f"{concern.raised_by}, {concern.raised_words}",
    )
    if concern.acknowledged_words:
        state = Chip(concern.acknowledged_words, Kind.OK)
    else:
        state = Chip("Nobody has acknowledged it yet", Kind.DANGER)
    chips = [state]
    if concern.immediate_danger:
        chips.insert(0, Chip("In danger now", Kind.DANGER))
    card.add(Flow(*chips), Label(concern.seen_or_said, size="narrative").selectable())
    if concern.told:
        card.say(f"Told: {concern.told}", size="small", ink="muted")
    return card
