"""What kind of note it is, and when and where it was. Seldom changed, so it stands behind a button."""

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from tfworker.actions.values import NoteDraft
from tfworker.actions.wording import said, word, words_of
from tfworker.records.words import NO_ACCESS, Correspondence, NoteKind, VisitType
from tfworker.ui import dates
from tfworker.ui.parts import Card, ChoiceField, DateField, Field, LineField, Tick, TimeField
from tfworker.ui.theme import current

NARROW = 620  # px at 100 %: below this the fields stand two and two
AT_A_DISTANCE = frozenset({VisitType.PHONE, VisitType.VIDEO})


def kinds(leads: bool) -> list[tuple[tuple[str, str], str]]:
    """((kind, visit type), words) of every note a person may write; a leader writes one more."""
    away = said("no_access", "heading")
    visits = [(word(VisitType, code), code in NO_ACCESS) for code in VisitType]
    found = [(("visit", v.code), f"{away}: {v.words.lower()}" if shut else v.words) for v, shut in visits]
    others = [NoteKind.CORRESPONDENCE, NoteKind.OTHER]
    if leads:
        others.insert(1, NoteKind.MANAGEMENT_OVERSIGHT)
    return found + [((kind.value, ""), word(NoteKind, kind).words) for kind in others]


def as_wanted(draft: NoteDraft, kind: str) -> NoteDraft:
    """The draft as the kind that was asked for.

    kind: a code of NoteKind or of VisitType, or "no_access". Another one leaves it as it is.
    """
    if kind == "no_access":
        kind = VisitType.NO_REPLY
    if kind in set(VisitType):
        return replace(draft, kind=NoteKind.VISIT.value, visit_type=str(kind))
    if kind in set(NoteKind) and kind != NoteKind.VISIT:
        return replace(draft, kind=str(kind), visit_type="")
    return draft


def title_of(draft: NoteDraft) -> str:
    """ "Home visit", "No access: no reply", "Call or letter"."""
    words = dict(kinds(leads=True))
    return words.get((draft.kind, draft.visit_type), word(NoteKind, draft.kind).words)


def when_words(draft: NoteDraft) -> str:
    """ "Thursday 16 November 15:30 to 16:25"; "" while nobody has said when."""
    if draft.started_at is None:
        return ""
    start = dates.local(draft.started_at)
    day = dates.long_day(start.date())
    if start.year != dates.today().year:
        day = f"{day} {start.year}"
    until = f" to {dates.clock(draft.ended_at)}" if draft.ended_at is not None else ""
    return f"{day} {dates.clock(draft.started_at)}{until}"


class When(Card):
    """The fields. edited: one was changed. kind_changed: another kind of note was chosen."""

    edited = Signal()
    kind_changed = Signal()

    def __init__(self, draft: NoteDraft, *, leads: bool = False) -> None:
        super().__init__("When and where")
        self.setObjectName("when")
        given = (draft.kind, draft.visit_type)
        offered = kinds(leads or draft.kind == NoteKind.MANAGEMENT_OVERSIGHT)
        self.kind = ChoiceField("Kind of note", offered, given)
        start = dates.local(draft.started_at) if draft.started_at else None
        end = dates.local(draft.ended_at) if draft.ended_at else None
        self.day = DateField("Day", start.date() if start else None)
        self.start = TimeField("From", start.time() if start else None)
        self.end = TimeField("To", end.time() if end else None)
        sorts = [(choice.code, choice.words) for choice in words_of(Correspondence)]
        self.correspondence = ChoiceField("Call or letter", sorts, draft.correspondence or None)
        self.place = LineField("Where", draft.place, hint="At home, unless you say otherwise")
        self.announced = Tick("They knew I was coming", draft.announced)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._times = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._second = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._compose()
        self._show()

    def fields(self) -> dict[str, Field]:
        """{field of NoteDraft: the field to mark when it is missing}."""
        return {
            "kind": self.kind,
            "visit_type": self.kind,
            "started_at": self.day,
            "ended_at": self.end,
            "correspondence": self.correspondence,
            "place": self.place,
        }

    def filled(self, draft: NoteDraft) -> NoteDraft:
        """The draft with what stands here. A date or time that cannot be read counts as none."""
        chosen = self.kind.value()
        kind, visit_type = chosen if isinstance(chosen, tuple) else (draft.kind, "")
        return replace(
            draft,
            kind=kind,
            visit_type=visit_type,
            started_at=self._at(self.start),
            ended_at=self._at(self.end),
            correspondence=str(self.correspondence.value() or "") if kind == NoteKind.CORRESPONDENCE else "",
            place=self.place.value(),
            announced=self.announced.isChecked(),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        narrow = self.width() < current().px(NARROW)
        self._row.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
        self._second.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)

    def _at(self, field: TimeField) -> datetime | None:
        day, at = self.day.value(), field.value()
        return dates.instant(day, at) if day is not None and at is not None else None

    def _compose(self) -> None:
        gap = current().space("m")
        names = ("kind", "day", "start", "end", "correspondence", "place", "announced")
        for name in names:
            widget: QWidget = getattr(self, name)
            widget.setObjectName(name)
        for row in (self._row, self._times, self._second):
            row.setSpacing(gap)
        self._row.addWidget(self.kind, 3)
        for field, share in ((self.day, 3), (self.start, 2), (self.end, 2)):
            self._times.addWidget(field, share, Qt.AlignmentFlag.AlignTop)
        self._row.addLayout(self._times, 4)
        self._second.addWidget(self.correspondence, 1, Qt.AlignmentFlag.AlignTop)
        self._second.addWidget(self.place, 1, Qt.AlignmentFlag.AlignTop)
        self._second.addWidget(self.announced, 0, Qt.AlignmentFlag.AlignBottom)
        self.body.addLayout(self._row)
        self.body.addLayout(self._second)
        fields: tuple[Field, ...] = (self.day, self.start, self.end, self.correspondence, self.place)
        for each in fields:
            each.edited.connect(self.edited)
        self.announced.toggled.connect(self.edited)
        self.kind.edited.connect(self._on_kind)

    def _on_kind(self) -> None:
        self._show()
        self.kind_changed.emit()
        self.edited.emit()

    def _show(self) -> None:
        chosen = self.kind.value()
        kind, visit_type = chosen if isinstance(chosen, tuple) else ("", "")
        is_visit = kind == NoteKind.VISIT
        self.correspondence.setVisible(kind == NoteKind.CORRESPONDENCE)
        self.place.setVisible(is_visit and visit_type not in AT_A_DISTANCE)
        self.announced.setVisible(is_visit and visit_type not in AT_A_DISTANCE)
