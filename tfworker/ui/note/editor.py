"""The form of one note: who was there, what happened, what it means for the children, what is next.

It holds the draft as it stands on the screen; it saves nothing by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from tfworker.actions.values import Missing, NoteDraft
from tfworker.records.words import NO_ACCESS, NoteKind, VisitType
from tfworker.ui.note.promises import Promises
from tfworker.ui.note.ties import Chronology, Links
from tfworker.ui.note.when import AT_A_DISTANCE, When, title_of, when_words
from tfworker.ui.note.who import WhoWasThere
from tfworker.ui.parts import Card, NarrativeField, quiet
from tfworker.ui.theme import current

NARROW = 620  # px at 100 %: below this the two cards stand one below the other
HEADS = {VisitType.PHONE: "Who you spoke with", VisitType.VIDEO: "Who you spoke with"}


class NoteEditor(QWidget):
    """A draft on the screen.

    edited: anything was changed by the person. titled: the kind or time was, which the page's head says.
    """

    edited = Signal()
    titled = Signal()

    def __init__(self, draft: NoteDraft, *, leads: bool = False) -> None:
        super().__init__()
        self._draft = draft
        self.when = When(draft, leads=leads)
        self.who = WhoWasThere(draft.people)
        self.what_happened = NarrativeField(
            "What happened", draft.what_happened, hint="In your own words, and theirs", name_shown=False
        )
        self.what_happened.set_lines(8)
        self.child_means = NarrativeField(
            "What it means for the children", draft.child_means, name_shown=False
        )
        self.child_means.set_lines(2, 8)
        self.promises = Promises(draft.actions, draft.next_visit_at)
        self.chronology = Chronology(draft.significant)
        self.links = Links(draft.goals, draft.needs, draft.goal_ids, draft.need_ids)
        self.throw_away = quiet("Throw this draft away")
        self.throw_away.setObjectName("throw_away")
        self._story = Card("What happened")
        self._meaning = Card("What it means for the children")
        self._pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._compose()
        self._listen()
        self._show_parts()
        self._count_words()

    def draft(self) -> NoteDraft:
        """The draft as it stands on the screen now, its cursor included."""
        return replace(
            self.when.filled(self._draft),
            people=self.who.people(),
            what_happened=self.what_happened.value(),
            child_means=self.child_means.value(),
            actions=self.promises.promised(),
            next_visit_at=self.promises.next_visit_at(),
            significant=self.chronology.value(),
            goal_ids=self.links.goal_ids(),
            need_ids=self.links.need_ids(),
            cursor=self._area().textCursor().position(),
        )

    def title(self) -> str:
        return title_of(self.when.filled(self._draft))

    def when_words(self) -> str:
        return when_words(self.when.filled(self._draft))

    def begin(self) -> None:
        """Put the focus into the text, where the writing went on."""
        area = self._area()
        area.setFocus(Qt.FocusReason.OtherFocusReason)
        area.ensureCursorVisible()

    def toggle_when(self) -> None:
        """Show or put away the kind, time and place."""
        self.when.setVisible(self.when.isHidden())
        if not self.when.isHidden():
            self.when.kind.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_missing(self, missing: Sequence[Missing]) -> None:
        """Say at each field what is missing or wrong, and go to the first."""
        says = self._marks()
        for mark in {id(mark): mark for mark in says.values()}.values():
            mark("")
        for one in missing:
            if one.field in says:
                says[one.field](one.words)
            if one.field in self.when.fields():
                self.when.show()
        if missing:
            self._go_to(missing[0].field)

    def _marks(self) -> dict[str, Callable[[str], None]]:
        """{field of NoteDraft: how to say that it is missing}."""
        fields = {**self.when.fields(), **self.promises.fields()}
        marks: dict[str, Callable[[str], None]] = {name: field.set_missing for name, field in fields.items()}
        return marks | {
            "people": self.who.set_missing,
            "what_happened": self.what_happened.set_missing,
            "child_means": self.child_means.set_missing,
            "significant": self.chronology.set_missing,
        }

    def _go_to(self, name: str) -> None:
        fields = {**self.when.fields(), **self.promises.fields()}
        focus: dict[str, QWidget] = {field: part.editor for field, part in fields.items()}
        focus |= {
            "what_happened": self.what_happened.editor,
            "child_means": self.child_means.editor,
            "significant": self.chronology.yes,
        }
        if name == "people":
            self.who.focus_first()
        elif name in focus:
            focus[name].setFocus(Qt.FocusReason.TabFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < current().px(NARROW)
        directions = QBoxLayout.Direction
        self._pair.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)

    def _area(self) -> QPlainTextEdit:
        area = self.what_happened.editor
        assert isinstance(area, QPlainTextEdit)
        return area

    def _compose(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current().space("m"))
        self.what_happened.setObjectName("what_happened")
        self.child_means.setObjectName("child_means")
        self._story.add(self.what_happened)
        self._meaning.add(self.child_means)
        self._meaning.body.addStretch(1)
        self.promises.body.addStretch(1)
        self._pair.setSpacing(current().space("m"))
        self._pair.addWidget(self._meaning, 1)
        self._pair.addWidget(self.promises, 1)
        for card in (self.when, self.who, self._story):
            column.addWidget(card)
        column.addLayout(self._pair)
        column.addWidget(self.chronology)
        column.addWidget(self.links)
        column.addWidget(self.throw_away, 0, Qt.AlignmentFlag.AlignRight)
        self.when.hide()
        area = self._area()
        cursor = area.textCursor()
        cursor.setPosition(min(self._draft.cursor, len(area.toPlainText())))
        area.setTextCursor(cursor)

    def _listen(self) -> None:
        for part in (self.when, self.who, self.promises, self.chronology, self.links):
            part.edited.connect(self.edited)
        for field in (self.what_happened, self.child_means):
            field.edited.connect(self.edited)
        self.what_happened.edited.connect(self._count_words)
        self.when.edited.connect(self.titled)
        self.when.kind_changed.connect(self._show_parts)

    def _count_words(self) -> None:
        count = len(self.what_happened.value().split())
        self._story.set_note("1 word" if count == 1 else f"{count} words")

    def _show_parts(self) -> None:
        """What the kind of note has no use for is out of sight; what stands in it is kept."""
        now = self.when.filled(self._draft)
        met = now.kind == NoteKind.VISIT and now.visit_type not in NO_ACCESS
        self.who.setVisible(met)
        self._meaning.setVisible(met or bool(self.child_means.value()))
        at_a_distance = now.kind == NoteKind.VISIT and now.visit_type in AT_A_DISTANCE
        self.who.set_title(HEADS[VisitType.PHONE] if at_a_distance else "Who was there")
