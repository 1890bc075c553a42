"""The four tabs of a family: each loads when it is turned to, and again when something was saved."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QRadioButton

from tfworker.actions.desk import Desk
from tfworker.actions.people import people
from tfworker.actions.plan import plan
from tfworker.actions.story import story
from tfworker.actions.values import FamilyHeader, PeopleTab
from tfworker.actions.visits import visits_and_notes
from tfworker.errors import Problem
from tfworker.ui.family.notes import NotesSheet
from tfworker.ui.family.people import PeopleSheet
from tfworker.ui.family.plan import PlanSheet
from tfworker.ui.family.story import StorySheet
from tfworker.ui.parts import Tabs
from tfworker.ui.tasks import Task, Tasks

TABS = (("story", "Story"), ("people", "People"), ("plan", "Needs and plan"), ("notes", "Visits and notes"))


class Sheets(QObject):
    """The tabs and what fills them.

    problem_met(problem): a tab could not be read.
    """

    problem_met = Signal(object)

    def __init__(self, tasks: Tasks, desk_source: Callable[[], Desk]) -> None:
        super().__init__()
        self._tasks, self._desk = tasks, desk_source
        self.family_id = ""
        self.header: FamilyHeader | None = None
        self.members: PeopleTab | None = None
        self.story, self.people = StorySheet(), PeopleSheet()
        self.plan, self.notes = PlanSheet(), NotesSheet()
        self.tabs = Tabs("Parts of the family’s page")
        self._stale: set[str] = set()
        self._loading: dict[str, Task] = {}
        sheets = (self.story, self.people, self.plan, self.notes)
        for (name, words), sheet in zip(TABS, sheets, strict=True):
            self.tabs.add(name, words, sheet)
        self.tabs.turned.connect(self._on_turned)

    def open_for(self, family_id: str) -> None:
        """Stand for another family: every tab is empty until it is read."""
        self.family_id, self.header, self.members = family_id, None, None
        for task in self._loading.values():
            task.drop()
        self._stale = {name for name, _ in TABS}
        self.story.open_for(family_id, self._tasks, self._desk)
        for sheet in (self.people, self.plan, self.notes):
            sheet.open_for(family_id)

    def focus_tab(self) -> None:
        """Put the focus on the tab that is turned to: from there Tab goes on into the page."""
        for tab in self.tabs.findChildren(QRadioButton):
            if tab.isChecked():
                tab.setFocus(Qt.FocusReason.OtherFocusReason)

    def mark_stale(self) -> None:
        """Something changed: the tab in sight is read now, the others when they are turned to."""
        self._stale = {name for name, _ in TABS}

    def show_header(self, header: FamilyHeader) -> None:
        """Whether she may write here decides what every tab offers."""
        self.header = header
        self._load_if_stale(self.tabs.current())

    def took(self, name: str) -> None:
        """This tab has been given its values already."""
        self._stale.discard(name)

    def _on_turned(self, name: str) -> None:
        if self.header is not None:
            self._load_if_stale(name)

    def _load_if_stale(self, name: str) -> None:
        if name not in self._stale:
            return
        self._stale.discard(name)
        if name in self._loading:
            self._loading[name].drop()
        desk, family_id = self._desk(), self.family_id
        work, show = self._reading(name)
        self._loading[name] = self._tasks.run(
            lambda: work(desk, family_id), done=show, failed=lambda problem: self._on_failed(name, problem)
        )

    def _reading(self, name: str) -> tuple[Callable[[Desk, str], Any], Callable[[Any], None]]:
        """(what reads a tab, what shows it)."""
        may_write = self.header is not None and self.header.may_write
        header = self.header
        assert header is not None
        return {
            "story": (story, lambda tab: self.story.show_story(tab, header)),
            "people": (people, self._show_people),
            "plan": (
                # Forms of the plan name people: both are read together.
                lambda desk, family: (plan(desk, family), people(desk, family)),
                lambda both: self._show_plan(*both),
            ),
            "notes": (visits_and_notes, lambda tab: self.notes.show_notes(tab, may_write=may_write)),
        }[name]

    def _show_people(self, tab: PeopleTab) -> None:
        self.members = tab
        self.people.show_people(tab, may_write=self._may_write())

    def _show_plan(self, tab: Any, members: PeopleTab) -> None:
        self.members = members
        self.plan.show_plan(tab, may_write=self._may_write())

    def _may_write(self) -> bool:
        return self.header is not None and self.header.may_write

    def _on_failed(self, name: str, problem: Problem) -> None:
        self._stale.add(name)
        self.problem_met.emit(problem)
