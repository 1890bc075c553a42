"""Where the family lives. A confidential address is covered until somebody shows it on purpose."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tfworker.actions.values import HouseholdCard
from tfworker.ui.chips import state_mark
from tfworker.ui.family.dispute import disputes
from tfworker.ui.parts import Card, Chip, Flow, Kind, Label, quiet, strong

NAMES = {"address_lines": "Address", "postcode": "Postcode", "confidential": "Confidential",
         "tenure": "How they live there", "access_note": "At the door"}  # fmt: skip
COVERED = "Covered: this address is confidential"


class Household(Card):
    """The card. change_wanted(household), review_wanted(card_id)."""

    change_wanted = Signal(object)
    review_wanted = Signal(str)

    def __init__(self, home: HouseholdCard, *, may_write: bool) -> None:
        super().__init__("Where they live")
        self.home = home
        if may_write:
            change = quiet("Change")
            change.setAccessibleName("Change the address")
            change.clicked.connect(lambda: self.change_wanted.emit(self.home))
            self.add_beside_title(change)
        self.address = Label().selectable()
        self.cover = quiet("Show the address")
        self.cover.clicked.connect(self.turn)
        self.cover.setVisible(home.confidential and self._lines() is not None)
        self._is_covered = home.confidential
        chips: list[QWidget] = [Chip("Confidential address", Kind.DANGER)] if home.confidential else []
        chips += state_mark(home.whereabouts, home.disputed)
        self.add(Flow(*chips, self.cover) if chips else self.cover, self.address)
        if home.tenure.words:
            self.say(home.tenure.words, ink="muted")
        if home.access_note:
            self.say(strong("At the door"), f" · {home.access_note}")
        self._marks = disputes(home.disputed, NAMES, at_once=not home.confidential)
        for mark in self._marks:
            mark.review_wanted.connect(self.review_wanted)
            self.add(mark)
        self._show()

    def turn(self) -> None:
        """Show the address, or cover it again."""
        self._is_covered = not self._is_covered
        self._show()

    def _show(self) -> None:
        lines = self._lines()
        if lines is None:
            self.address.set_words("The address is not on this laptop")
        else:
            self.address.set_words(COVERED if self._is_covered else lines)
        self.address.set_ink("muted" if lines is None or self._is_covered else "text")
        self.cover.set_words("Show the address" if self._is_covered else "Cover the address")

    def _lines(self) -> str | None:
        """The address as it is written on an envelope; None when this laptop was not given it."""
        if self.home.address_lines is None and self.home.postcode is None:
            return None
        return "\n".join(part for part in (self.home.address_lines, self.home.postcode) if part)
