"""Review: what two people changed at once, one card at a time, and what came back.

Nothing is lost here: whatever is chosen, every version stays in the record's history.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tfworker.actions.desk import Desk
from tfworker.actions.problems import BadInput
from tfworker.actions.remarks import mark_read
from tfworker.actions.returned import correct, let_go
from tfworker.actions.review import decide
from tfworker.actions.tray import decide_held
from tfworker.actions.values import Remark, ReturnedEdit, ReviewCard, TrayItem, Waiting
from tfworker.actions.waiting import waiting
from tfworker.errors import Problem
from tfworker.ui.parts import Card, Chip, Empty, Flow, Kind, Page, plain, strong
from tfworker.ui.parts.card import empty_item
from tfworker.ui.review.about import RemarkCard, SettledCard
from tfworker.ui.review.back import Returned
from tfworker.ui.review.card import Decision, OpenCard
from tfworker.ui.review.tray import Held
from tfworker.ui.row import Row
from tfworker.ui.tab_order import stops
from tfworker.ui.tasks import Task, Tasks
from tfworker.ui.theme import current

KEPT = "Nothing here is lost: both versions are kept whatever you choose."


class ReviewPage(Page):
    """family_opened(family_id), note_opened(note_id, family_id), tab_opened(tab, family_id).

    settled(): something was decided, corrected, let go or marked as read.
    """

    family_opened = Signal(str)
    note_opened = Signal(str, str)
    tab_opened = Signal(str, str)
    settled = Signal()

    def __init__(self, tasks: Tasks, desk_source: Callable[[], Desk]) -> None:
        super().__init__("Review")
        self.setObjectName("review")
        self._tasks, self._desk = tasks, desk_source
        self._loading: Task | None = None
        self._waiting: Waiting | None = None
        self._open: OpenCard | None = None
        self._wanted = ""
        self._takes_focus = False  # she is on the page: the next thing shown is where she goes on
        self._returned: list[Returned | Held] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(current().space("m"))
        self.body.addLayout(self._list)

    def arrive(self, **where: object) -> None:
        """where: card_id, to have that one open; an edit or a change of the tray by its id too."""
        self._wanted = str(where.get("card_id") or "")
        self._takes_focus = True
        if self._wanted:
            self._waiting = None
        self.refresh()

    def refresh(self) -> None:
        """Look what waits. A card somebody is at work on stays as it is while it is still open."""
        if self._loading is not None:
            self._loading.drop()
        desk = self._desk()
        self._loading = self._tasks.run(
            lambda: waiting(desk), done=self.show_waiting, failed=self.show_problem
        )

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (("1, 2, ...", "Use that version"), ("Enter", "Save and next"))

    def show_waiting(self, found: Waiting) -> None:
        """Show these; the card that is open stays so if it is among them."""
        self._loading = None
        if found == self._waiting:
            self._go_on()
            return
        wanted, self._wanted = self._wanted, ""
        before = wanted or (self._open.card.card_id if self._open is not None else "")
        first = next((card for card in found.cards if card.card_id == before), None)
        self._waiting = found
        self._show(first or next(iter(found.cards), None))
        if wanted and first is None:
            self._takes_focus = False
            self._go_to(wanted)
        self._go_on()

    def open_card(self, card_id: str) -> None:
        """Open this card, if it still waits."""
        if self._waiting is not None:
            self._takes_focus = True
            self._show(next((card for card in self._waiting.cards if card.card_id == card_id), None))
            self._go_on()

    def _show(self, card: ReviewCard | None) -> None:
        assert self._waiting is not None
        kept = self._open if self._open is not None and card is not None and self._open.card == card else None
        asked: list[ReturnedEdit | TrayItem] = [*self._waiting.returned, *self._waiting.tray]
        # What somebody writes into stays as it is: typed words and the focus with it.
        sheets = [sheet for sheet in self._returned if sheet.about in asked]
        for stays in (*sheets, *((kept,) if kept is not None else ())):
            self._list.removeWidget(stays)
        while self._list.count():
            empty_item(self._list, 0)
        self._open, self._returned = kept, []
        self._say_head(card)
        if card is not None:
            self._put_open(card, kept)
        else:
            self.set_actions()
        for other in self._waiting.cards:
            if other is not card:
                self._list.addWidget(self._quiet(other))
        for about in asked:
            sheet = next((sheet for sheet in sheets if sheet.about == about), None)
            self._returned.append(sheet or self._sheet(about))
            self._list.addWidget(self._returned[-1])
        for remark in self._waiting.remarks:
            self._put_remark(remark)
        shown = self._waiting
        if not (shown.cards or shown.returned or shown.tray or shown.remarks):
            self._list.addWidget(
                Empty(
                    "Nothing waits for you",
                    "When two people change the same thing at once, both versions wait here for a person.",
                    icon_name="check-circle-outline",
                )
            )
        if shown.settled:
            self._list.addWidget(SettledCard(shown.settled))

    def _say_head(self, card: ReviewCard | None) -> None:
        assert self._waiting is not None
        count = len(self._waiting.cards)
        place = self._waiting.cards.index(card) + 1 if card is not None else 0
        self.set_chips(*((Chip(f"{place} of {count}", Kind.INFO),) if place else ()))
        self.set_subtitle(KEPT if count else "")

    def _put_open(self, card: ReviewCard, kept: OpenCard | None) -> None:
        if kept is not None:
            self._list.addWidget(kept)
            return
        self._open = OpenCard(card)
        self._open.decided.connect(self._decide)
        family = plain("To the family")
        family.clicked.connect(lambda: self.family_opened.emit(card.family_id))
        self.set_actions(*((family,) if card.family_id else ()))
        self._list.addWidget(self._open)

    def _sheet(self, about: ReturnedEdit | TrayItem) -> Returned | Held:
        if isinstance(about, ReturnedEdit):
            back = Returned(about)
            back.corrected.connect(self._correct)
            back.let_go.connect(self._let_go)
            return back
        held = Held(about)
        held.answered.connect(self._answer)
        held.note_wanted.connect(self.note_opened)
        return held

    def _put_remark(self, remark: Remark) -> None:
        sheet = RemarkCard(remark)
        sheet.look_wanted.connect(self._look)
        sheet.read.connect(self._mark_read)
        self._list.addWidget(sheet)

    def _go_on(self) -> None:
        """The focus to the next thing to do, if she came here or settled something: a round that ends
        while she writes in a panel leaves it there."""
        if not self._takes_focus:
            return
        self._takes_focus = False
        if self._open is not None and self._open.card.may_decide:
            self._open.begin()
        else:
            QTimer.singleShot(0, self, lambda: self._focus_first(self))  # once it is laid out

    def _go_to(self, wanted: str) -> None:
        """Bring an edit or a change of the tray into sight, and the focus to it, once it is laid out."""
        for sheet in self._returned:
            if sheet.objectName() in (f"returned:{wanted}", f"held:{wanted}"):
                QTimer.singleShot(0, sheet, partial(self._bring, sheet))

    def _bring(self, sheet: Card) -> None:
        assert self.scroller is not None
        self.scroller.ensureWidgetVisible(sheet)
        self._focus_first(sheet)

    def _focus_first(self, within: QWidget) -> None:
        """The focus to the first stop there; to the page itself where there is none."""
        first = next(stops(within), self)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _look(self, family_id: str, note_id: str, tab: str) -> None:
        if note_id:
            self.note_opened.emit(note_id, family_id)
        elif tab:
            self.tab_opened.emit(tab, family_id)
        else:
            self.family_opened.emit(family_id)

    def _quiet(self, card: ReviewCard) -> Card:
        open_it = plain("Open")
        open_it.setObjectName(f"open:{card.card_id}")
        open_it.setAccessibleName(f"Open {card.subject}")
        open_it.clicked.connect(lambda: self.open_card(card.card_id))
        chips = [Chip.of(chip) for chip in card.chips]
        if card.overdue:
            chips.append(Chip(card.late_words, Kind.WARN))
        who = "" if card.may_decide else card.decided_by_words
        age = "" if card.overdue else card.age_words
        about = " · ".join(part for part in (card.family_label, age, who) if part)
        sheet = Card()
        if chips:
            sheet.add(Flow(*chips))
        return sheet.add(Row(strong(card.title), f"\n{about}", after=(open_it,)))

    # settling

    def _decide(self, decision: Decision) -> None:
        desk = self._desk()
        if self._open is not None:
            self._open.set_busy(True)
        self._tasks.run(
            lambda: decide(
                desk,
                decision.card_id,
                decision.choice,
                values=decision.values or None,
                why=decision.why or None,
            ),
            done=self._on_settled,
            failed=self._on_refused,
        )

    def _on_settled(self, _: object) -> None:
        self._open = self._waiting = None
        self._takes_focus = True
        self.refresh()
        self.settled.emit()

    def _on_refused(self, problem: Problem) -> None:
        """What was typed stays in its field, with the reason below it or above the card."""
        if self._open is not None:
            self._open.set_busy(False)
        fields = (self._open, *self._returned)
        marked = isinstance(problem, BadInput) and any(
            sheet is not None and sheet.set_missing(problem.field, problem.title) for sheet in fields
        )
        if not marked:
            self.show_problem(problem)
            self.refresh()

    def _correct(self, op_id: str, values: dict[str, object]) -> None:
        desk = self._desk()
        self._tasks.run(lambda: correct(desk, op_id, values), done=self._on_settled, failed=self._on_refused)

    def _let_go(self, op_id: str, why: str) -> None:
        desk = self._desk()
        self._tasks.run(lambda: let_go(desk, op_id, why), done=self._on_settled, failed=self._on_refused)

    def _answer(self, held_id: str, choice: str, why: str) -> None:
        desk = self._desk()
        self._tasks.run(
            lambda: decide_held(desk, held_id, choice, why), done=self._on_settled, failed=self._on_refused
        )

    def _mark_read(self, key: str) -> None:
        desk = self._desk()
        self._tasks.run(lambda: mark_read(desk, key), done=self._on_settled, failed=self._on_refused)
