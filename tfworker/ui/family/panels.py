"""Opens the form that a tab asks for, beside it; tells when something was saved."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from tfworker.actions.desk import Desk
from tfworker.actions.people import people
from tfworker.actions.plan import finish_action
from tfworker.actions.values import (
    ActionLine,
    ContactPoint,
    GoalLine,
    HouseholdCard,
    PeopleTab,
    PersonCard,
    PlanCard,
)
from tfworker.errors import Problem
from tfworker.records.words import ActionState
from tfworker.ui.family import questions
from tfworker.ui.family.form import Form, FormPanel
from tfworker.ui.family.sheets import Sheets
from tfworker.ui.parts.panel import PanelDock
from tfworker.ui.tasks import Tasks


class Panels(QObject):
    """The panel of the page.

    saved(result): of the action; the panel is gone. problem_met(problem): without a panel to say it.
    """

    saved = Signal(object)
    problem_met = Signal(object)

    def __init__(self, sheets: Sheets, tasks: Tasks, desk_source: Callable[[], Desk]) -> None:
        super().__init__()
        self._sheets, self._tasks, self._desk = sheets, tasks, desk_source
        self.dock = PanelDock(sheets.tabs)
        self._listen()

    def panel(self) -> FormPanel | None:
        """The form that is open."""
        panel = self.dock.panel()
        return panel if isinstance(panel, FormPanel) else None

    def open(self, form: Form) -> FormPanel:
        """Open a form; one that is open already is kept as it is and put away."""
        self.put_away()
        panel = FormPanel(form, self._tasks, self._desk)
        panel.put_away.connect(self.put_away)
        panel.saved.connect(lambda result: self._on_saved(panel, result))
        self.dock.open(panel)
        panel.arrive()
        return panel

    def put_away(self) -> None:
        """Close the form; what is typed in it is kept and comes back when it is opened again."""
        panel = self.panel()
        if panel is not None:
            panel.leave()
            self.dock.close_panel()
            panel.deleteLater()

    # what the tabs ask for

    def person(self, person: PersonCard | None) -> None:
        self.open(questions.person_form(self._sheets.family_id, person))

    def contact(self, person: PersonCard, point: ContactPoint | None) -> None:
        self.open(questions.contact_form(self._sheets.family_id, person, point))

    def household(self, home: HouseholdCard) -> None:
        self.open(questions.household_form(self._sheets.family_id, home))

    def caution(self) -> None:
        self._with_members(lambda members: questions.caution_form(self._sheets.family_id, members))

    def need(self) -> None:
        tab = self._sheets.plan.tab
        if tab is not None:
            self._with_members(lambda members: questions.need_form(tab.family_id, tab, members))

    def plan(self, card: PlanCard | None) -> None:
        self._with_members(lambda members: questions.plan_form(self._sheets.family_id, card, members))

    def step(self, card: PlanCard) -> None:
        self.open(questions.step_form(self._sheets.family_id, card))

    def goal(self, goal: GoalLine | None) -> None:
        tab = self._sheets.plan.tab
        if tab is not None and (goal is not None or tab.plan is not None):
            self.open(questions.goal_form(tab.family_id, tab, goal))

    def action(self, goal: GoalLine | None) -> None:
        tab = self._sheets.plan.tab
        if tab is not None:
            self.open(questions.action_form(tab.family_id, tab, goal))

    def ending(self, action: ActionLine) -> None:
        self.open(questions.ending_form(self._sheets.family_id, action))

    def visit(self) -> None:
        self.open(questions.visit_form(self._sheets.family_id))

    def amendment(self, kind: str, marked: str) -> None:
        note_id = self._sheets.notes.shown_note()
        if note_id is not None:
            self.open(questions.amendment_form(note_id, kind, marked))

    def finish(self, action: ActionLine, on: bool) -> None:
        """The tick of a promise: done, or open again."""
        desk, family_id = self._desk(), self._sheets.family_id
        state = ActionState.DONE if on else ActionState.OPEN
        self._tasks.run(
            lambda: finish_action(desk, family_id, action.id, state.value),
            done=self.saved.emit,
            failed=self._on_not_finished,
        )

    def _on_not_finished(self, problem: Problem) -> None:
        self._sheets.plan.put_back_ticks()
        self.problem_met.emit(problem)

    def _with_members(self, form: Callable[[PeopleTab], Form]) -> None:
        """Open a form that names the family's people, reading them first if no tab has."""
        members = self._sheets.members
        if members is not None:
            self.open(form(members))
            return
        desk, family_id = self._desk(), self._sheets.family_id

        def show(members: PeopleTab) -> None:
            if family_id == self._sheets.family_id:
                self.open(form(members))

        self._tasks.run(lambda: people(desk, family_id), done=show, failed=self.problem_met.emit)

    def _on_saved(self, panel: FormPanel, result: object) -> None:
        if self.dock.panel() is panel:
            self.dock.close_panel()
        panel.deleteLater()
        if result is not None:
            self.saved.emit(result)

    def _listen(self) -> None:
        sheets = self._sheets
        sheets.story.caution_wanted.connect(self.caution)
        sheets.people.person_wanted.connect(self.person)
        sheets.people.contact_wanted.connect(self.contact)
        sheets.people.household_wanted.connect(self.household)
        sheets.plan.plan_wanted.connect(self.plan)
        sheets.plan.step_wanted.connect(self.step)
        sheets.plan.need_wanted.connect(self.need)
        sheets.plan.goal_wanted.connect(self.goal)
        sheets.plan.action_wanted.connect(self.action)
        sheets.plan.finished.connect(self.finish)
        sheets.plan.other_wanted.connect(self.ending)
        sheets.notes.visit_wanted.connect(self.visit)
        sheets.notes.amend_wanted.connect(self.amendment)
