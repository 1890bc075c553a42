"""A finished note as it is read: the original first, what was added to it below, nothing to edit."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from tfworker.actions.values import Amendment, NoteView, Presence
from tfworker.ui.chips import state_mark
from tfworker.ui.parts import Card, Chip, Flow, Kind, Label, Mark, strong
from tfworker.ui.theme import current


class NoteSheet(QWidget):
    """One finished note."""

    def __init__(self, note: NoteView) -> None:
        super().__init__()
        self.setObjectName("finished_note")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current().space("m"))
        if note.people:
            chips = (Chip(_words(person), _kind(person)) for person in note.people)
            column.addWidget(Card("Who was there").add(Flow(*chips)))
        for section in note.sections:
            card = Card(section.heading)
            card.add(Label(section.text, size="narrative").selectable())
            column.addWidget(card)
        if note.actions:
            card = Card("Next")
            for action in note.actions:
                card.say(action)
            column.addWidget(card)
        for amendment in note.amendments:
            column.addWidget(_amendment(amendment))
        column.addWidget(_foot(note))


def state_chips(note: NoteView) -> tuple[Chip | Mark, ...]:
    """What to know of a finished note beside its title."""
    chips = [Chip("Finished and locked", Kind.OK)]
    if note.late_words:
        chips.append(Chip(note.late_words, Kind.WARN))
    if not note.unchanged:
        chips.append(Chip("No longer as it was locked", Kind.DANGER))
    return (*chips, *state_mark(note.whereabouts))


def _words(person: Presence) -> str:
    if person.is_child and person.spoken_to_alone:
        return f"{person.words} · seen alone"
    if person.is_child:
        return f"{person.words} · {'seen' if person.seen else 'not seen'}"
    return person.words


def _kind(person: Presence) -> Kind:
    if person.is_child and not (person.seen or person.spoken_to_alone):
        return Kind.QUIET
    return Kind.INFO if person.is_visitor else Kind.ACCENT


def _amendment(amendment: Amendment) -> Card:
    card = Card(amendment.kind.words, note=f"{amendment.by}, {amendment.at_words}")
    if amendment.old_text:
        card.say("Instead of: ", strong(amendment.old_text), ink="muted")
    card.add(Label(amendment.text, size="narrative").selectable())
    if amendment.reason:
        card.say(f"Why: {amendment.reason}", size="small", ink="muted")
    return card


def _foot(note: NoteView) -> Label:
    said = [f"{note.author}. {note.finalised_words}"]
    said += ["In the chronology"] if note.significant else []
    said += [f"About {', '.join(link.words for link in note.links)}"] if note.links else []
    return Label(" · ".join(said), size="small", ink="muted")
