"""Who was there: a chip for each of the family, ticked when she was; for children, whether seen alone."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tfworker.actions.values import Choice, Presence
from tfworker.ui.note.opener import Opener
from tfworker.ui.parts import Card, ChipToggle, Flow, Kind, Label, LineField, plain
from tfworker.ui.theme import current


class _Person(Flow):
    """One person's chip; a child that was there has a second one beside it."""

    edited = Signal()

    def __init__(self, person: Presence) -> None:
        super().__init__(gap=current().space("xs"))
        self._person = person
        self.there = ChipToggle(person.words, Kind.INFO if person.is_visitor else Kind.ACCENT)
        self.there.setObjectName(f"there:{person.person_id or person.name}")
        self.there.setChecked(person.present or person.seen)
        self.there.toggled.connect(self._on_toggled)
        self.add(self.there)
        self.alone = ChipToggle("seen alone", Kind.OK)
        self.alone.setObjectName(f"alone:{person.person_id or person.name}")
        self.alone.setAccessibleName(f"{person.name} seen alone")
        self.alone.setChecked(person.spoken_to_alone)
        self.alone.toggled.connect(self.edited)
        if person.is_child:
            self.add(self.alone)
        self._show()

    def person(self) -> Presence:
        """Her presence as it is ticked."""
        there = self.there.isChecked()
        child = self._person.is_child
        return replace(
            self._person,
            present=there,
            seen=there and child,
            spoken_to_alone=there and child and self.alone.isChecked(),
        )

    def _on_toggled(self, there: bool) -> None:
        if not there:
            self.alone.setChecked(False)
        self._show()
        self.edited.emit()

    def _show(self) -> None:
        there, child = self.there.isChecked(), self._person.is_child
        self.alone.setVisible(there and child)
        words = self._person.words
        self.there.set_words(f"{words} · seen" if there and child else words)


class WhoWasThere(Card):
    """edited: somebody was ticked or unticked, or a visitor written down."""

    edited = Signal()

    def __init__(self, people: tuple[Presence, ...]) -> None:
        super().__init__("Who was there")
        self.setObjectName("who")
        self._people: list[_Person] = []
        self._flow = Flow()
        self._visitor = Opener("visitor", "Write down a visitor")
        self._visitor.setObjectName("visitor")
        self._visitor.toggled.connect(self._on_visitor)
        self._name = LineField("Who it was", hint="A neighbour, for the first ten minutes")
        self._name.setObjectName("visitor_name")
        self._name.entered.connect(self._add_visitor)
        put = plain("Put down")
        put.clicked.connect(self._add_visitor)
        self._form = QWidget()
        column = QVBoxLayout(self._form)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._name)
        self._name.add_beside(put)
        self._form.hide()
        self._missing = Label(size="small", ink="danger")
        self._missing.hide()
        self.add(self._flow, self._form, self._missing)
        for person in people:
            self._put(person)
        self._arrange()

    def people(self) -> tuple[Presence, ...]:
        """Everybody, as ticked; a visitor unticked is gone. Words in the open field count as a visitor."""
        found = [person.person() for person in self._people]
        if self._form.isVisibleTo(self) and self._name.value():
            found.append(visitor(self._name.value()))
        return tuple(person for person in found if person.present or not person.is_visitor)

    def set_missing(self, words: str) -> None:
        """Say below the chips that nobody is ticked; "" takes it back."""
        self._missing.set_words(words)
        self._missing.setVisible(bool(words))
        self._flow.setAccessibleDescription(words)

    def focus_first(self) -> None:
        first = self._people[0].there if self._people else self._visitor
        first.setFocus(Qt.FocusReason.TabFocusReason)

    def _put(self, person: Presence) -> None:
        chip = _Person(person)
        chip.edited.connect(self._on_edited)
        self._people.append(chip)

    def _arrange(self) -> None:
        for chip in self._people:
            if chip.parent() is not self._flow:
                self._flow.add(chip)
        # The way to a further visitor is always the last.
        self._flow.put_last(self._visitor)

    def _on_visitor(self, wanted: bool) -> None:
        self._form.setVisible(wanted)
        if wanted:
            self._name.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_visitor(self) -> None:
        name = self._name.value()
        if name:
            self._put(replace(visitor(name), present=True))
            self._arrange()
        self._name.set_value("")
        self._visitor.setChecked(False)
        self._visitor.setFocus(Qt.FocusReason.OtherFocusReason)
        if name:
            self._on_edited()

    def _on_edited(self) -> None:
        self.set_missing("")
        self.edited.emit()


def visitor(name: str) -> Presence:
    """Somebody who is not of the family, as she was there."""
    return Presence(
        None, name, Choice("", ""), f"visitor: {name}", is_child=False, is_visitor=True, present=True
    )
