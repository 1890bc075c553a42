"""Today: concerns first, then the visits, then what is not finished, not filed and not sent."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from tfworker.actions.desk import Desk
from tfworker.actions.phrases import say
from tfworker.actions.remarks import mark_read
from tfworker.actions.values import CaseRow, Closing, Concern, DraftLine, Jot, Remark, Whereabouts
from tfworker.ui import dates
from tfworker.ui.parts import Card, Chip, Empty, Flow, Kind, Page, plain, quiet, strong
from tfworker.ui.parts.card import empty_item
from tfworker.ui.row import Row
from tfworker.ui.tasks import Task, Tasks
from tfworker.ui.theme import current
from tfworker.ui.today.closing import ClosingCard
from tfworker.ui.today.day import Day, read_day

NARROW = 720  # px at 100 %: below this the two columns stand one below the other


class TodayPage(Page):
    """family_opened(family_id), draft_opened(draft_id), jot_opened(jot_id): she wants that one.

    sync_wanted(): a round now. list_wanted(): everything that is on this laptop only.
    """

    family_opened = Signal(str)
    draft_opened = Signal(str)
    jot_opened = Signal(str)
    sync_wanted = Signal()
    list_wanted = Signal()

    def __init__(self, tasks: Tasks, desk_source: Callable[[], Desk]) -> None:
        super().__init__("Today")
        self.setObjectName("today")
        self._tasks, self._desk = tasks, desk_source
        self._loading: Task | None = None
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(current().space("m"))
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        for column in (self._left, self._right):
            column.setSpacing(current().space("m"))
            self._columns.addLayout(column, 1)
        self._top = QVBoxLayout()
        self._top.setSpacing(current().space("m"))
        self.body.addLayout(self._top)
        self.body.addLayout(self._columns)

    def arrive(self, **where: object) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Read the day again; what shows stays until the news is there."""
        if self._loading is not None:
            self._loading.drop()
        desk = self._desk()
        self._loading = self._tasks.run(lambda: read_day(desk), done=self.show_day, failed=self.show_problem)

    def show_day(self, day: Day) -> None:
        """Show this day in place of the one before."""
        self._loading = None
        self.set_subtitle(f"{dates.long_day(day.today)} · {day.name}")
        for layout in (self._top, self._left, self._right):
            while layout.count():
                empty_item(layout, 0)
        if day.concerns:
            self._top.addWidget(_concerns(day.concerns))
        self._left.addWidget(self._visits(day.visits, day.late))
        self._left.addStretch(1)
        unfinished = [self._drafts(day.drafts), self._jots(day.jots)]
        for card in unfinished:
            if card is not None:
                self._right.addWidget(card)
        if not any(unfinished):
            done = Card("To finish")
            done.say("Every note is finished and no jot waits.", ink="muted")
            self._right.addWidget(done)
        self._right.addWidget(self._closing(day.closing))
        if day.farewells:
            self._right.addWidget(self._farewells(day.farewells))
        self._right.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        narrow = self.width() < current().px(NARROW)
        self._columns.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)

    def _visits(self, visits: Sequence[CaseRow], late: Sequence[CaseRow]) -> QWidget:
        card = Card("Visits today and tomorrow")
        card.setObjectName("visits")
        for row in late:
            card.add(self._family_row(row, (Chip("Not written up", Kind.WARN),)))
        for row in visits:
            card.add(self._family_row(row, ()))
        if not visits and not late:
            card.add(
                Empty("No visit is planned", "Plan one on a family’s page, in Visits and notes.", None, "")
            )
        return card

    def _family_row(self, row: CaseRow, chips: tuple[Chip, ...]) -> Row:
        cautions = tuple(Chip.of(chip) for chip in row.cautions)
        open_it = plain("Open")
        open_it.setAccessibleName(f"Open {row.label}")
        open_it.clicked.connect(lambda: self.family_opened.emit(row.family_id))
        words = (strong(row.label), f"\n{row.next_visit_words}")
        return Row(*words, after=(*chips, *cautions, open_it))

    def _drafts(self, drafts: Sequence[DraftLine]) -> QWidget | None:
        if not drafts:
            return None
        card = Card("Drafts to finish", note=str(len(drafts)))
        card.setObjectName("drafts")
        for draft in drafts:
            go_on = plain("Go on")
            go_on.setObjectName(f"draft:{draft.draft_id}")
            go_on.setAccessibleName(f"Go on with {draft.title}, {draft.family_label}")
            go_on.clicked.connect(lambda _, draft_id=draft.draft_id: self.draft_opened.emit(draft_id))
            first = f"\n{draft.first_words}" if draft.first_words else ""
            card.add(Row(strong(draft.family_label), f" · {draft.title}{first}", after=(go_on,)))
        return card

    def _jots(self, jots: Sequence[Jot]) -> QWidget | None:
        if not jots:
            return None
        card = Card("Jots not filed", note=str(len(jots)))
        card.setObjectName("jots")
        for jot in jots:
            open_it = plain("Open")
            open_it.setObjectName(f"jot:{jot.jot_id}")
            open_it.setAccessibleName(f"Open the jot of {jot.made_words}")
            open_it.clicked.connect(lambda _, jot_id=jot.jot_id: self.jot_opened.emit(jot_id))
            about = " · ".join(part for part in (jot.family_label, jot.made_words) if part)
            card.add(Row(strong(about), f"\n{_short(jot.text)}", after=(open_it,)))
        return card

    def _closing(self, closing: Closing) -> QWidget:
        card = ClosingCard(closing)
        card.sync_wanted.connect(self.sync_wanted)
        card.list_wanted.connect(self.list_wanted)
        return card

    def _farewells(self, farewells: Sequence[Remark]) -> QWidget:
        card = Card(say("farewell.title"))
        card.setObjectName("farewells")
        for one in farewells:
            seen = quiet(say("tray.mark_read"))
            seen.setObjectName(f"seen:{one.key}")
            seen.setAccessibleName(f"{say('tray.mark_read')}: {one.title}")
            seen.clicked.connect(lambda _, key=one.key: self._mark_read(key))
            card.add(Row(strong(one.title), f"\n{one.advice}", after=(seen,)))
        return card

    def _mark_read(self, key: str) -> None:
        desk = self._desk()
        self._tasks.run(lambda: mark_read(desk, key), done=lambda _: self.refresh(), failed=self.show_problem)


def _concerns(concerns: Sequence[Concern]) -> QWidget:
    card = Card("Concerns")
    card.setObjectName("concerns")
    for concern in concerns:
        unsent = concern.whereabouts is Whereabouts.LAPTOP
        state = concern.acknowledged_words or concern.sending_words
        kind = Kind.OK if concern.acknowledged_words else Kind.DANGER if unsent else Kind.WARN
        if not concern.acknowledged_words and not unsent:
            state = f"{concern.sending_words}, nobody has acknowledged it yet"
        about = concern.family_label or "No family named"
        who = f" · {concern.raised_by}, {concern.raised_words}"
        card.add(Flow(Chip(state, kind)))
        card.say(strong(about), f"{who}\n{_short(concern.seen_or_said)}")
    return card


def _short(text: str, most: int = 160) -> str:
    whole = " ".join(text.split())
    return whole if len(whole) <= most else f"{whole[:most].rsplit(' ', 1)[0]} …"
