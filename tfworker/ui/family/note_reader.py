"""A finished note, read only: the original, struck through where it was corrected, and what was added."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from tfworker.actions.values import Amendment, NoteView, Presence
from tfworker.records.words import AmendmentKind
from tfworker.ui.chips import state_mark
from tfworker.ui.parts import Card, Chip, Flow, Kind, Label, Piece, Scroll, Words, plain, strong, underlined
from tfworker.ui.theme import current


def struck(words: str) -> Piece:
    """Words that no longer hold, still to be read."""
    return Piece(words, "s")


def corrected(text: str, amendments: Sequence[Amendment]) -> list[Words]:
    """The text with each corrected passage struck through and the right words after it.

    A passage that is in the text twice is struck where it stands first: that is what was marked.
    Later corrections of the same words are shown in order behind them.
    """
    pieces: list[Words] = [text]
    for amendment in amendments:
        old = amendment.old_text
        if amendment.kind.code != AmendmentKind.CORRECTION or not old:
            continue
        for place, piece in enumerate(pieces):
            whole = piece if isinstance(piece, str) else piece.words
            if old in whole and (isinstance(piece, str) or piece.tag == "s"):
                before, _, after = whole.partition(old)
                now: list[Words] = [struck(old), " ", underlined(amendment.text)]
                pieces[place : place + 1] = [part for part in (before, *now, after) if part]
                break
    return pieces


class NoteReader(Scroll):
    """The note.

    amend_wanted(kind, marked): she wants to add to it; marked: the words of the note she has marked.
    back_wanted(): back to the list, where there is no room for both.
    """

    amend_wanted = Signal(str, str)
    back_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(gutter=False)
        self.note: NoteView | None = None
        self._texts: list[Label] = []
        self.back = plain("Back to the list", icon_name="arrow-left")
        self.back.clicked.connect(self.back_wanted)
        self.body.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        self._card = Card()
        self.body.addWidget(self._card)
        self._card.hide()

    def show_note(self, note: NoteView) -> None:
        """Show it, in place of another."""
        self.note = note
        card = self._card
        card.clear()
        self._texts = []
        card.set_title(note.title)
        card.show()
        card.say(f"{note.event_words} · {note.author}", ink="muted")
        chips: list[QWidget] = [*state_mark(note.whereabouts)]
        if note.late_words:
            chips.insert(0, Chip(note.late_words[:1].upper() + note.late_words[1:], Kind.WARN))
        if note.significant:
            chips.append(Chip("In the chronology", Kind.ACCENT))
        if not note.unchanged:
            chips.insert(0, Chip("No longer as it was locked", Kind.DANGER))
        if chips:
            card.add(Flow(*chips))
        if note.people:
            card.add(Flow(*(_person(person) for person in note.people)))
        self._show_sections(note)
        self._show_rest(note)
        self.verticalScrollBar().setValue(0)

    def clear(self) -> None:
        """Show nothing."""
        self.note = None
        self._card.hide()

    def marked(self) -> str:
        """The words of the note that are marked; "" for none."""
        # Qt writes a line break within a selection as U+2029.
        marked = (text.selectedText().replace("\u2029", "\n").replace("\u2028", "\n") for text in self._texts)
        return next((words for words in marked if words.strip()), "")

    def texts(self) -> list[str]:
        """What stands in its sections, as read."""
        return [text.words() for text in self._texts]

    def _show_sections(self, note: NoteView) -> None:
        for section in note.sections:
            self._card.say(section.heading, size="section")
            text = Label(*corrected(section.text, note.amendments), size="narrative")
            text.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            text.setCursor(Qt.CursorShape.IBeamCursor)
            self._texts.append(text)
            self._card.add(text)

    def _show_rest(self, note: NoteView) -> None:
        card = self._card
        if note.actions:
            card.say("Promised", size="section")
            for action in note.actions:
                card.say(f"•  {action}")
        if note.links:
            card.say(strong("About"), f" · {', '.join(link.words for link in note.links)}")
        for amendment in note.amendments:
            card.add(_added(amendment, note))
        card.say(note.finalised_words, size="small", ink="muted")
        if note.may_amend:
            self._add_buttons()

    def _add_buttons(self) -> None:
        add = plain("Add to it", icon_name="plus")
        add.clicked.connect(lambda: self.amend_wanted.emit(AmendmentKind.ADDENDUM.value, ""))
        correct = plain("Correct marked words", icon_name="pencil-outline")
        correct.setToolTip("Mark the words in the note first; the original stays readable")
        correct.clicked.connect(lambda: self.amend_wanted.emit(AmendmentKind.CORRECTION.value, self.marked()))
        self._card.add(Flow(add, correct))


def _person(person: Presence) -> Chip:
    """Who was there; a child who was not seen says so."""
    said = person.words
    if person.is_child and person.spoken_to_alone:
        return Chip(f"{said} · spoken to alone", Kind.OK)
    if person.is_child and person.seen:
        return Chip(f"{said} · seen", Kind.ACCENT)
    if person.is_child and not person.is_visitor:
        return Chip(f"{said} · not seen", Kind.WARN)
    return Chip(said, Kind.INFO if person.is_visitor else Kind.ACCENT)


def _added(amendment: Amendment, note: NoteView) -> QWidget:
    card = Card(quiet=True)
    card.body.setSpacing(current().space("xs"))
    head = Flow(Chip(amendment.kind.words, Kind.INFO))
    head.add(Label(f"{amendment.by}, {amendment.at_words}", size="small", ink="muted").one_line())
    for sign in state_mark(amendment.whereabouts):
        head.add(sign)
    card.add(head)
    card.say(*_change(amendment))
    if amendment.reason:
        card.say(f"Why: {amendment.reason}", size="small", ink="muted")
    card.setAccessibleName(f"{amendment.kind.words} by {amendment.by}")
    return card


def _change(amendment: Amendment) -> Iterator[Words]:
    if amendment.old_text:
        yield struck(amendment.old_text)
        yield " "
    yield amendment.text
