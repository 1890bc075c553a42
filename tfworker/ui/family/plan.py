"""Needs and plan: what the family needs, what it wants to be different, and who does what by when."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tfworker.actions.values import ActionLine, PlanCard, PlanTab
from tfworker.records.words import PlanState
from tfworker.ui.chips import state_mark
from tfworker.ui.family.action import Promise
from tfworker.ui.family.columns import Columns
from tfworker.ui.family.dispute import disputes
from tfworker.ui.family.goal import Goal
from tfworker.ui.family.need import Need
from tfworker.ui.parts import Card, Chip, Empty, Flow, Kind, Label, Scroll, plain, quiet, strong
from tfworker.ui.parts.card import empty_item
from tfworker.ui.theme import current

STATE_KINDS = {PlanState.ACTIVE: Kind.OK, PlanState.AGREED: Kind.OK, PlanState.DRAFT: Kind.WARN,
               PlanState.UNDER_REVIEW: Kind.INFO, PlanState.SHARED_WITH_FAMILY: Kind.INFO}  # fmt: skip
NAMES = {"aims_in_family_words": "Aims", "state": "Where it stands", "review_due": "Review",
         "members_covered": "Whom it covers", "agreed_with": "Agreed with"}  # fmt: skip


class PlanSheet(Scroll):
    """The tab.

    plan_wanted(plan or None for a first one), step_wanted(plan), need_wanted(), goal_wanted(goal or
    None), action_wanted(goal or None), finished(action, on), other_wanted(action),
    review_wanted(card_id).
    """

    plan_wanted = Signal(object)
    step_wanted = Signal(object)
    need_wanted = Signal()
    goal_wanted = Signal(object)
    action_wanted = Signal(object)
    finished = Signal(object, bool)
    other_wanted = Signal(object)
    review_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.tab: PlanTab | None = None
        self._may_write = False
        self.plan = Card("Plan")
        self.needs = Card("Needs")
        self.loose = Card("Other actions")
        self.gaps = Card("Gaps")
        self._goals = QVBoxLayout()
        self._goals.setSpacing(current().space("m"))
        self._goal_button = plain("Add a goal", icon_name="plus")
        self._goal_button.clicked.connect(lambda: self.goal_wanted.emit(None))
        self._columns = Columns(
            [self.plan, self._goals_part(), self.loose],
            [self.gaps, self.needs],
            [self.gaps, self.plan, self.needs, self._goals_holder, self.loose],
        )
        self.body.addWidget(self._columns)

    def open_for(self, family_id: str) -> None:
        """Stand for another family; nothing shows until show_plan()."""
        self.tab = None
        self._columns.hide()

    def show_plan(self, tab: PlanTab, *, may_write: bool) -> None:
        """Show it; nothing is rebuilt when nothing changed."""
        self._columns.show()
        if tab == self.tab and may_write == self._may_write:
            return
        self.tab, self._may_write = tab, may_write
        self._show_plan(tab.plan)
        self._show_needs(tab)
        self._show_goals(tab)
        self._show_loose(tab.loose_actions)
        self.gaps.clear()
        self.gaps.setVisible(bool(tab.gaps))
        for gap in tab.gaps:
            self.gaps.say(gap)

    # its parts

    def _show_plan(self, plan: PlanCard | None) -> None:
        self.plan.clear()
        if plan is None:
            self.plan.set_title("No plan yet")
            self.plan.say("Write the aims with the family, in their words. A goal can be added afterwards.")
            if self._may_write:
                start = plain("Start a plan", icon_name="plus")
                start.clicked.connect(lambda: self.plan_wanted.emit(None))
                self.plan.add(Flow(start))
            return
        self.plan.set_title(f"Plan {plan.number}")
        kind = STATE_KINDS.get(PlanState(plan.state.code), Kind.QUIET)
        chips = Flow(Chip(plan.state.words, kind))
        chips.add(Chip(plan.review_words, Kind.WARN if plan.review_late else Kind.QUIET))
        for sign in state_mark(plan.whereabouts, plan.disputed):
            chips.add(sign)
        self.plan.add(chips)
        self.plan.say(plan.aims or "The aims are not written yet.", ink="text" if plan.aims else "muted")
        if plan.members:
            self.plan.say(strong("For"), f" · {', '.join(plan.members)}")
        if plan.state_note:
            self.plan.say(plan.state_note, size="small", ink="muted")
        for mark in disputes(plan.disputed, NAMES):
            mark.review_wanted.connect(self.review_wanted)
            self.plan.add(mark)
        if self._may_write:
            self._plan_buttons(plan)

    def _plan_buttons(self, plan: PlanCard) -> None:
        change = quiet("Change the plan")
        change.clicked.connect(lambda: self.plan_wanted.emit(plan))
        made = [change]
        if plan.next_states:
            step = quiet("Next step")
            step.setToolTip(", ".join(choice.words for choice in plan.next_states))
            step.clicked.connect(lambda: self.step_wanted.emit(plan))
            made.append(step)
        self.plan.add(Flow(*made))

    def _show_needs(self, tab: PlanTab) -> None:
        self.needs.clear()
        for need in tab.needs:
            line = Need(need)
            line.review_wanted.connect(self.review_wanted)
            self.needs.add(line)
        if not tab.needs:
            self.needs.say("No need is recorded yet.", ink="muted")
        if self._may_write:
            add = quiet("Add a need", icon_name="plus")
            add.clicked.connect(self.need_wanted)
            self.needs.add(Flow(add))

    def _show_goals(self, tab: PlanTab) -> None:
        self._goal_button.setVisible(self._may_write and tab.plan is not None)
        while self._goals.count():
            empty_item(self._goals, 0)
        needs = {need.id: need.title for need in tab.needs}
        for number, goal in enumerate(tab.goals, 1):
            card = Goal(goal, number, needs, may_write=self._may_write)
            card.change_wanted.connect(self.goal_wanted)
            card.action_wanted.connect(self.action_wanted)
            card.finished.connect(self.finished)
            card.other_wanted.connect(self.other_wanted)
            card.review_wanted.connect(self.review_wanted)
            self._goals.addWidget(card)
        if not tab.goals:
            advice = "Add one in the family’s words." if tab.plan else "Start the plan first."
            self._goals.addWidget(Empty("No goals yet", advice, icon_name="flag-outline"))

    def _show_loose(self, actions: Sequence[ActionLine]) -> None:
        self.loose.clear()
        for action in actions:
            line = Promise(action, may_write=self._may_write)
            line.finished.connect(self.finished)
            line.other_wanted.connect(self.other_wanted)
            line.review_wanted.connect(self.review_wanted)
            self.loose.add(line)
        if not actions:
            self.loose.say("Promises made outside any goal, as at a visit, stand here.", ink="muted")
        if self._may_write:
            add = quiet("Add an action", icon_name="plus")
            add.setAccessibleName("Add an action outside any goal")
            add.clicked.connect(lambda: self.action_wanted.emit(None))
            self.loose.add(Flow(add))

    def put_back_ticks(self) -> None:
        """Every tick as its action stands: what one asked for could not be done."""
        for line in self.findChildren(Promise):
            line.put_back()

    # putting it together

    def _goals_part(self) -> QWidget:
        head = QHBoxLayout()
        head.addWidget(Label("Goals", size="section"), 1)
        head.addWidget(self._goal_button)
        self._goals_holder = QWidget()
        column = QVBoxLayout(self._goals_holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current().space("s"))
        column.addLayout(head)
        column.addLayout(self._goals)
        return self._goals_holder
