"""Story: what a new worker reads first. The story so far, what happened, what matters, who else."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tfworker.actions.desk import Desk
from tfworker.actions.story import set_priority, set_story
from tfworker.actions.values import Caution, ChronologyLine, FamilyHeader, StoryTab
from tfworker.ui import dates
from tfworker.ui.chips import whereabouts
from tfworker.ui.family.columns import Columns
from tfworker.ui.family.dispute import disputes
from tfworker.ui.family.text_card import Save, TextCard
from tfworker.ui.parts import (
    Card,
    Chip,
    ChipChoice,
    Empty,
    Flow,
    Happening,
    Kind,
    Label,
    Scroll,
    Timeline,
    Words,
    quiet,
    strong,
)
from tfworker.ui.tasks import Tasks
from tfworker.ui.theme import current

TOLD = 360  # characters of a note that the chronology tells
FILTERS = (("significant", "Significant"), ("everything", "Everything"), ("voice", "Child’s voice"))
NOTHING = {
    "significant": ("Nothing is marked significant", "Choose Everything to see all that is recorded."),
    "everything": ("No history yet", "A finished note stands here. Begin with New note."),
    "voice": (
        "No child’s voice yet",
        "Notes in which a child was spoken to alone, or is quoted, stand here.",
    ),
}


def happening(line: ChronologyLine) -> Happening:
    """A line of the chronology as the timeline shows it."""
    chips = [(line.kind.words, Kind(line.kind.tone))]
    if line.childs_voice:
        chips.append(("Child’s voice", Kind.OK))
    chips += [(chip.words, Kind(chip.tone)) for chip in whereabouts(line.whereabouts)]
    # The whole of a note is one key away; what has no note behind it is told in full.
    text = _beginning(line.text) if line.note_id else line.text
    words: list[Words] = [text] if text else []
    if line.for_the_children:
        words += [" " if text else "", strong("For the children:"), f" {line.for_the_children}"]
    return Happening(line.on_words, line.who, tuple(chips), line.title, tuple(words), line.note_id)


def filtered(lines: Sequence[ChronologyLine], which: str) -> list[ChronologyLine]:
    """The lines of one of FILTERS."""
    if which == "significant":
        return [line for line in lines if line.significant]
    if which == "voice":
        return [line for line in lines if line.childs_voice]
    return list(lines)


class StorySheet(Scroll):
    """The tab.

    note_opened(note_id). caution_wanted(): she wants to add one. saved(): a text was saved.
    review_wanted(card_id). problem_met(problem).
    """

    note_opened = Signal(str)
    caution_wanted = Signal()
    saved = Signal()
    review_wanted = Signal(str)
    problem_met = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._tab: StoryTab | None = None
        self._may_write = False
        self.story = TextCard(
            "Story so far",
            empty="Nobody has written it yet. In a few sentences: who lives here, what brought us"
            " together, what has changed, what is not yet safe.",
            lines=5,
        )
        self.priority = TextCard(
            "What matters now",
            empty="The one thing to keep in mind this week.",
            lines=3,
        )
        self.before = Card("Before you go in")
        self.involved = Card("Who else is involved")
        self.gaps = Card("Gaps")
        self.filter = ChipChoice("Show of the chronology", FILTERS)
        self.timeline = Timeline()
        self._nothing = QVBoxLayout()
        history = self._history()
        beside = [self.priority, self.before, self.involved, self.gaps]
        in_one = [self.before, self.priority, self.story, self.gaps, self.involved, history]
        self.body.addWidget(Columns([self.story, history], beside, in_one))
        self._listen()

    # what it shows

    def open_for(self, family_id: str, tasks: Tasks, desk_source: Callable[[], Desk]) -> None:
        """Stand for another family. Nothing shows until show_story()."""
        self.leave()
        self._tab = None
        texts: tuple[tuple[TextCard, str, Save], ...] = (
            (self.story, "story", lambda desk, text: set_story(desk, family_id, text)),
            (self.priority, "priority", lambda desk, text: set_priority(desk, family_id, text)),
        )
        for card, name, act in texts:
            card.open_for(f"{name}/{family_id}", act, tasks, desk_source)
        self.filter.set_value("significant")

    def show_story(self, tab: StoryTab, header: FamilyHeader) -> None:
        """Show it. The chronology is built anew only if it changed."""
        before, self._tab = self._tab, tab
        may_write, could_write = header.may_write, self._may_write
        self._may_write = may_write
        marks = tab.disputed
        self.story.show_text(
            tab.story, tab.story_updated_words, marks.get("story_so_far"), may_write=may_write
        )
        self.priority.show_text(tab.priority, "", marks.get("priority_now"), may_write=may_write)
        if before == tab and may_write == could_write:
            return
        self._show_before(tab, may_write)
        self._show_involved(tab)
        self._show_gaps(tab)
        if before is None or before.chronology != tab.chronology:
            if before is None and not filtered(tab.chronology, "significant") and tab.chronology:
                self.filter.set_value("everything")
            self._show_chronology()

    def save(self) -> None:
        """Save the text that is open."""
        for card in (self.story, self.priority):
            card.save()

    def leave(self) -> None:
        """Keep what is typed."""
        for card in (self.story, self.priority):
            card.leave()

    def _show_before(self, tab: StoryTab, may_write: bool) -> None:
        self.before.clear()
        for caution in tab.cautions:
            self._show_caution(caution)
        for note in tab.access_notes:
            self.before.say(note)
        if not tab.cautions and not tab.access_notes:
            self.before.say("Nothing is known that you must heed. Ask before a first visit.", ink="muted")
        if may_write:
            add = quiet("Add a caution", icon_name="plus")
            add.clicked.connect(self.caution_wanted)
            self.before.add(Flow(add))

    def _show_caution(self, caution: Caution) -> None:
        name = caution.words.removeprefix("Caution: ")
        self.before.say(strong(f"{name[:1].upper()}{name[1:]}."), f" {_detail(caution)}")
        day = dates.near(caution.review_on, dates.today()) if caution.review_on else ""
        if caution.review_late:
            self.before.add(Flow(Chip(f"Review was due {day}", Kind.WARN)))
        review = f"Review due {day}" if day and not caution.review_late else ""
        set_by = f"set by {caution.set_by}" if caution.set_by else ""
        if review or set_by:
            said = " · ".join(part for part in (review, set_by) if part)
            self.before.say(said, size="small", ink="muted")
        for mark in disputes(caution.disputed, {}):
            mark.review_wanted.connect(self.review_wanted)
            self.before.add(mark)

    def _show_involved(self, tab: StoryTab) -> None:
        self.involved.clear()
        for somebody in tab.involved:
            self.involved.say(strong(somebody.name), f" · {somebody.words}" if somebody.words else "")
        if not tab.involved:
            self.involved.say("Nobody else is recorded.", ink="muted")

    def _show_gaps(self, tab: StoryTab) -> None:
        self.gaps.clear()
        self.gaps.setVisible(bool(tab.gaps))
        for gap in tab.gaps:
            self.gaps.say(gap)

    def _show_chronology(self) -> None:
        if self._tab is None:
            return
        which = str(self.filter.value())
        lines = filtered(self._tab.chronology, which)
        self.timeline.set_rows([happening(line) for line in lines])
        while (item := self._nothing.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        if not lines:
            which = which if self._tab.chronology else "everything"
            self._nothing.addWidget(Empty(*NOTHING[which], icon_name="timeline-text-outline"))

    # putting it together

    def _history(self) -> QWidget:
        head = QHBoxLayout()
        head.addWidget(Label("Chronology", size="section"), 1)
        head.addWidget(self.filter)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current().space("s"))
        column.addLayout(head)
        column.addWidget(self.timeline)
        column.addLayout(self._nothing)
        return whole

    def _listen(self) -> None:
        self.filter.chosen.connect(lambda _: self._show_chronology())
        self.timeline.opened.connect(lambda note_id: self.note_opened.emit(str(note_id)))
        for card in (self.story, self.priority):
            card.saved.connect(lambda _: self.saved.emit())
            card.problem_met.connect(self.problem_met)
            card.review_wanted.connect(self.review_wanted)


def _beginning(text: str) -> str:
    """The first sentences on one line, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= TOLD else f"{line[:TOLD].rsplit(' ', 1)[0]}…"


def _detail(caution: Caution) -> str:
    about = f"({caution.about}) " if caution.about else ""
    return f"{about}{caution.detail}"
