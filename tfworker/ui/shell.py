"""What a page may ask of the window around it, and the register of pages and panels.

The window follows the shell's signals; a page never holds the window.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from tfworker.actions.values import Progress, Status
from tfworker.errors import Problem
from tfworker.ui.parts.page import Page
from tfworker.ui.parts.panel import Panel
from tfworker.ui.tasks import Tasks

PageFactory = Callable[["Shell"], Page]
PanelFactory = Callable[["Shell"], Panel]


@dataclass(frozen=True)
class Entry:
    """A registered page. icon "": it is reached from other pages and is not in the rail."""

    name: str
    title: str
    icon: str
    factory: PageFactory
    roles: frozenset[str]  # who has it; empty means everyone


class Shell(QObject):
    """The window as its pages see it.

    roles: the person's roles, in the words of records.words.
    went(name, where): a page was asked for. panel_asked(name, where): a panel was.
    sync_asked, lock_asked: the person wants these; the application carries them out.
    leaving: everything on screen is about to go; drafts are saved now.
    counted(name, count), status_changed(status), syncing(bool), progressed(progress),
    problem_raised(problem): to be shown. stop_asked: the person wants the round that runs to stop.
    """

    went = Signal(str, dict)
    panel_asked = Signal(str, dict)
    panel_closed = Signal()
    sync_asked = Signal()
    leaving = Signal()
    lock_asked = Signal()
    counted = Signal(str, int)
    status_changed = Signal(object)
    syncing = Signal(bool)
    progressed = Signal(object)
    stop_asked = Signal()
    problem_raised = Signal(object)

    def __init__(self, tasks: Tasks, roles: Collection[str] = ()) -> None:
        super().__init__()
        self.tasks = tasks
        self.roles = frozenset(roles)
        self._entries: dict[str, Entry] = {}
        self._panels: dict[str, PanelFactory] = {}
        self._way: list[tuple[str, dict[str, object]]] = []

    def register(
        self, name: str, title: str, icon: str, factory: PageFactory, roles: Collection[str] = ()
    ) -> None:
        """Add a page. In the rail in the order of registration, if it has an icon and its roles fit.

        factory is called with the shell when the page is first gone to; the page is kept.
        ValueError if the name is taken.
        """
        if name in self._entries:
            raise ValueError(f"there are two pages {name}")
        self._entries[name] = Entry(name, title, icon, factory, frozenset(roles))

    def register_panel(self, name: str, factory: PanelFactory) -> None:
        """Add a panel, such as "jot" and "worried", made when first opened and kept with its text."""
        self._panels[name] = factory

    def entries(self) -> list[Entry]:
        """The pages this person has, in order."""
        return [entry for entry in self._entries.values() if not entry.roles or entry.roles & self.roles]

    def entry(self, name: str) -> Entry:
        """KeyError if there is no such page for this person."""
        return {entry.name: entry for entry in self.entries()}[name]

    def panel_factory(self, name: str) -> PanelFactory | None:
        return self._panels.get(name)

    def go(self, name: str, **where: object) -> None:
        """Bring up a page; where is handed to its arrive(), e.g. go("family", family_id=...).

        KeyError if this person has no such page.
        """
        self.entry(name)
        if not self._way or self._way[-1] != (name, where):
            self._way.append((name, where))
        self.went.emit(name, where)

    def here(self) -> tuple[str, dict[str, object]]:
        """The page that is up, as it was asked for; ("", {}) before the first."""
        return self._way[-1] if self._way else ("", {})

    def stay(self, **where: object) -> None:
        """The page that is up is found under this from now on: a draft just begun under its own id."""
        if self._way:
            self._way[-1] = (self._way[-1][0], where)

    def back(self) -> None:
        """The page before this one, as it was asked for. Does nothing on the first."""
        if len(self._way) > 1:
            self._way.pop()
            name, where = self._way[-1]
            self.went.emit(name, where)

    def open_panel(self, name: str, **where: object) -> None:
        """Open a panel over or beside the page; where is handed to its arrive()."""
        self.panel_asked.emit(name, where)

    def close_panel(self) -> None:
        """Put the open panel away; its text stays in it."""
        self.panel_closed.emit()

    def sync(self) -> None:
        self.sync_asked.emit()

    def lock(self) -> None:
        """Save drafts, then lock."""
        self.leaving.emit()
        self.lock_asked.emit()

    def set_count(self, name: str, count: int) -> None:
        """How many wait on a page: "Review · 3"; 0 shows none."""
        self.counted.emit(name, count)

    def set_status(self, status: Status) -> None:
        """What the status line says."""
        self.status_changed.emit(status)

    def set_syncing(self, syncing: bool) -> None:
        """Whether a round runs just now. Usable as `busy` of Tasks.run_long."""
        self.syncing.emit(syncing)

    def set_progress(self, progress: Progress) -> None:
        """How far the round that runs is."""
        self.progressed.emit(progress)

    def stop_sync(self) -> None:
        self.stop_asked.emit()

    def show_problem(self, problem: Problem) -> None:
        """Say a Problem at the top of whatever page is up. Usable as `failed` of Tasks.run."""
        self.problem_raised.emit(problem)
