"""One person of the family on a card."""

from collections.abc import Iterator

from PySide6.QtCore import Signal

from tfworker.actions.values import ContactPoint, PersonCard
from tfworker.records.words import YesNoUnknown
from tfworker.ui import dates
from tfworker.ui.chips import state_mark
from tfworker.ui.family.contact import Contact
from tfworker.ui.family.dispute import disputes
from tfworker.ui.parts import Card, Flow, quiet, strong

NAMES = {
    "forenames": "Forenames", "family_name": "Family name", "known_as": "Name they go by",
    "dob": "Date of birth",
    "expected_date": "Expected date", "role": "Role in the family", "lives_here": "Lives here",
    "parental_responsibility": "Parental responsibility", "pronouns": "Pronouns", "school": "School",
    "first_language": "First language", "interpreter_needed": "Interpreter",
    "communication_needs": "Communication", "health_note": "Health", "legal_status": "Legal status",
}  # fmt: skip


def full_name(person: PersonCard) -> str:
    """Forenames and family name, with the name they go by in brackets if it is another."""
    whole = f"{person.forenames} {person.family_name}".strip() or person.name
    known = person.known_as
    return f"{whole} ({known})" if known and known not in whole.split() else whole


def facts(person: PersonCard) -> str:
    """Role, age, where they live, parental responsibility: one line."""
    age = f"{person.age_words} years" if person.age_words.isdigit() else person.age_words
    born = f"born {dates.form(person.dob)}" if person.dob else ""
    said = [person.role.words, age, born, person.lives_here.words]
    if not person.is_child and person.parental_responsibility.code == YesNoUnknown.YES:
        said.append("has parental responsibility")
    return " · ".join(part for part in said if part)


def _lines(person: PersonCard) -> Iterator[tuple[str, str]]:
    """(what, value) of everything that is known and worth a line."""
    if person.school:
        yield "School", person.school
    language = person.first_language
    if person.interpreter_needed:
        language = f"{language}, interpreter needed" if language else "interpreter needed"
    if language:
        yield "Language", language
    if person.communication_needs:
        yield "Communication", person.communication_needs
    if person.pronouns:
        yield "Pronouns", person.pronouns
    if person.legal_status.code not in ("", "none"):
        yield "Legal status", person.legal_status.words
    if person.health_note:
        yield "Health", person.health_note


class Person(Card):
    """The card. change_wanted(person), contact_wanted(person, point or None), review_wanted(card_id)."""

    change_wanted = Signal(object)
    contact_wanted = Signal(object, object)
    review_wanted = Signal(str)

    def __init__(self, person: PersonCard, *, may_write: bool) -> None:
        super().__init__(full_name(person))
        self.person = person
        if may_write:
            change = quiet("Change")
            change.setAccessibleName(f"Change {person.name}")
            change.clicked.connect(lambda: self.change_wanted.emit(self.person))
            self.add_beside_title(change)
        self.say(facts(person), ink="muted")
        if signs := state_mark(person.whereabouts, person.disputed):
            self.add(Flow(*signs))
        for what, value in _lines(person):
            self.say(strong(what), f" · {value}")
        if person.seen_words:
            self.say(person.seen_words[:1].upper() + person.seen_words[1:], size="small", ink="muted")
        for mark in disputes(person.disputed, NAMES):
            mark.review_wanted.connect(self.review_wanted)
            self.add(mark)
        for point in person.contact_points:
            self._add_contact(point, may_write)
        if may_write:
            self._add_button()

    def _add_contact(self, point: ContactPoint, may_write: bool) -> None:
        line = Contact(point, self.person.name, may_write=may_write)
        line.change_wanted.connect(lambda: self.contact_wanted.emit(self.person, point))
        line.review_wanted.connect(self.review_wanted)
        self.add(line)

    def _add_button(self) -> None:
        add = quiet("Add a number or address", icon_name="plus")
        add.setAccessibleName(f"Add a number or address for {self.person.name}")
        add.clicked.connect(lambda: self.contact_wanted.emit(self.person, None))
        self.add(Flow(add))
