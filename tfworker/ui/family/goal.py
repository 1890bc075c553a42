"""One goal in the family's words: where it stands from 0 to 10, and who does what for it."""

from collections.abc import Mapping

from PySide6.QtCore import Signal

from tfworker.actions.values import ActionLine, GoalLine
from tfworker.records.words import GoalState
from tfworker.ui.chips import state_mark
from tfworker.ui.family.action import Promise
from tfworker.ui.family.dispute import disputes
from tfworker.ui.family.reading import Reading
from tfworker.ui.parts import Card, Chip, Flow, Kind, quiet, strong

STATE_KINDS = {
    GoalState.WORKING_ON: Kind.ACCENT, GoalState.ACHIEVED: Kind.OK, GoalState.PARTLY: Kind.OK,
    GoalState.PROPOSED: Kind.INFO,
}  # fmt: skip
NAMES = {"statement": "The goal", "measure": "What will be different", "baseline_0_10": "Where it began",
         "current_0_10": "Where it is now", "target_0_10": "Where it should be", "due": "By when",
         "state": "How it stands", "need_ids": "Needs"}  # fmt: skip


class Goal(Card):
    """The card. change_wanted(goal), action_wanted(goal), finished(action, on), other_wanted(action),
    review_wanted(card_id)."""

    change_wanted = Signal(object)
    action_wanted = Signal(object)
    finished = Signal(object, bool)
    other_wanted = Signal(object)
    review_wanted = Signal(str)

    def __init__(self, goal: GoalLine, number: int, needs: Mapping[str, str], *, may_write: bool) -> None:
        super().__init__(goal.statement or "A goal without words yet")
        self.goal, self._may_write = goal, may_write
        if may_write:
            change = quiet("Change")
            change.setAccessibleName(f"Change goal {number}")
            change.clicked.connect(lambda: self.change_wanted.emit(self.goal))
            self.add_beside_title(change)
        self.add(self._state(number))
        self.reading = Reading(goal.baseline, goal.current, goal.target)
        self.add(self.reading)
        if goal.measure:
            self.say(strong("What will be different"), f" · {goal.measure}")
        answered = [needs[need] for need in goal.need_ids if need in needs]
        if answered:
            self.say(strong("For"), f" · {', '.join(answered)}")
        for mark in disputes(goal.disputed, NAMES):
            mark.review_wanted.connect(self.review_wanted)
            self.add(mark)
        for action in goal.actions:
            self._add_promise(action)
        if may_write:
            self._add_button(number)

    def _state(self, number: int) -> Flow:
        goal = self.goal
        code = goal.state.code
        kind = STATE_KINDS.get(GoalState(code), Kind.QUIET) if code in set(GoalState) else Kind.QUIET
        chips = Flow(Chip(f"Goal {number}", Kind.QUIET), Chip(goal.state.words, kind))
        chips.add(Chip(goal.due_words[:1].upper() + goal.due_words[1:], Kind.QUIET))
        for sign in state_mark(goal.whereabouts, goal.disputed):
            chips.add(sign)
        return chips

    def _add_promise(self, action: ActionLine) -> None:
        line = Promise(action, may_write=self._may_write)
        line.finished.connect(self.finished)
        line.other_wanted.connect(self.other_wanted)
        line.review_wanted.connect(self.review_wanted)
        self.add(line)

    def _add_button(self, number: int) -> None:
        add = quiet("Add an action", icon_name="plus")
        add.setAccessibleName(f"Add an action to goal {number}")
        add.clicked.connect(lambda: self.action_wanted.emit(self.goal))
        self.add(Flow(add))
