"""People: where they live, who belongs to the family, and how to reach them safely."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from tfworker.actions.values import PeopleTab
from tfworker.ui.family.household import Household
from tfworker.ui.family.person import Person
from tfworker.ui.parts import Card, Empty, Label, Scroll, plain
from tfworker.ui.parts.card import empty_item
from tfworker.ui.theme import current

TWO_WIDE = 760  # px at 100 %: from this width on the cards stand two by two


class PeopleSheet(Scroll):
    """The tab.

    person_wanted(person or None for a new one), contact_wanted(person, point or None),
    household_wanted(household), review_wanted(card_id).
    """

    person_wanted = Signal(object)
    contact_wanted = Signal(object, object)
    household_wanted = Signal(object)
    review_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._tab: PeopleTab | None = None
        self._columns = 0
        self._cards: list[Card] = []
        self._title = Label(size="section")
        self._add = plain("Add a person", icon_name="account-plus-outline")
        self._add.clicked.connect(lambda: self.person_wanted.emit(None))
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._add)
        self.body.addLayout(head)
        self._holder = QWidget()
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(current().space("m"))
        self.body.addWidget(self._holder)

    def open_for(self, family_id: str) -> None:
        """Stand for another family; nothing shows until show_people()."""
        self._tab = None
        self._holder.hide()

    def show_people(self, tab: PeopleTab, *, may_write: bool) -> None:
        """Show it; nothing is rebuilt when nothing changed."""
        self._holder.show()
        self._add.setVisible(may_write)
        if tab == self._tab:
            return
        self._tab = tab
        count = len(tab.people)
        self._title.set_words("1 person" if count == 1 else f"{count} people")
        while self._grid.count():
            empty_item(self._grid, 0)
        self._cards = [*self._homes(tab, may_write), *self._people(tab, may_write)]
        self._columns = 0
        self._arrange()
        if not self._cards:
            advice = "Add the people who belong to the family."
            self._grid.addWidget(Empty("Nobody is recorded yet", advice, icon_name="account-group"), 0, 0)

    def _homes(self, tab: PeopleTab, may_write: bool) -> list[Household]:
        made = []
        for home in tab.households:
            card = Household(home, may_write=may_write)
            card.change_wanted.connect(self.household_wanted)
            card.review_wanted.connect(self.review_wanted)
            made.append(card)
        return made

    def _people(self, tab: PeopleTab, may_write: bool) -> list[Person]:
        made = []
        for person in tab.people:
            card = Person(person, may_write=may_write)
            card.change_wanted.connect(self.person_wanted)
            card.contact_wanted.connect(self.contact_wanted)
            card.review_wanted.connect(self.review_wanted)
            made.append(card)
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = 2 if self.viewport().width() >= current().px(TWO_WIDE) else 1
        if columns == self._columns:
            return
        self._columns = columns
        for place, card in enumerate(self._cards):
            self._grid.addWidget(card, place // columns, place % columns)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop)
