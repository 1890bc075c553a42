"""The window: rail, pages, status line and panels. It composes; it knows no records."""

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from tfworker.errors import Problem
from tfworker.ui.keys import CheatSheet
from tfworker.ui.parts.page import Page
from tfworker.ui.parts.panel import Panel, PanelDock
from tfworker.ui.parts.rail import Rail
from tfworker.ui.parts.status import StatusLine
from tfworker.ui.shell import Shell
from tfworker.ui.tab_order import tab_on
from tfworker.ui.theme import current

SIZE, LEAST = (1360, 850), (420, 320)  # px at 100 %
NARROW = 860  # px at 100 %: below this the rail shows icons only
BELONGS = {"family": "caseload", "note": "caseload"}  # what the rail marks for a page that is not in it
WORK = "work"  # the page behind the totals
HINTS = "Keys F1 · Sync now F5"


class MainWindow(QMainWindow):
    """The one window.

    programme: the council's name for its programme, which is also the window's title, always.
    team: stands below it in the rail.
    Register the pages with the shell first; the first in the rail comes up.
    """

    def __init__(self, shell: Shell, programme: str, team: str = "") -> None:
        super().__init__()
        self.shell = shell
        self.setWindowTitle(programme)
        self.rail = Rail(programme, team)
        self.status = StatusLine(HINTS)
        self._stack = QStackedWidget()
        self._dock = PanelDock(self._stack)
        self._pages: dict[str, Page] = {}
        self._panels: dict[str, Panel] = {}
        self._in_rail = [entry for entry in shell.entries() if entry.icon]
        for entry in self._in_rail:
            self.rail.add(entry.name, entry.title, entry.icon)
        self._compose()
        self._listen()
        self._bind_keys()
        theme = current()
        self.setMinimumSize(*LEAST)
        self.resize(theme.px(SIZE[0]), theme.px(SIZE[1]))
        if self._in_rail:
            shell.go(self._in_rail[0].name)
            self.rail.focus_current()

    def page(self) -> Page | None:
        """The page that is up."""
        page = self._stack.currentWidget()
        return page if isinstance(page, Page) else None

    def panel(self) -> Panel | None:
        """The panel that is open."""
        return self._dock.panel()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < current().px(NARROW)
        self.rail.set_narrow(narrow)
        self.status.set_narrow(narrow)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab and Shift+Tab, from wherever the focus is in the window."""
        return tab_on(self, forward=forward)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save drafts; closing is never refused."""
        self.shell.leaving.emit()
        super().closeEvent(event)

    # what the shell asks

    def _on_went(self, name: str, where: dict[str, object]) -> None:
        before = self.page()
        if name not in self._pages:
            page = self.shell.entry(name).factory(self.shell)
            self._pages[name] = page
            self._stack.addWidget(page)
        page = self._pages[name]
        if before is not None and before is not page:
            before.leave()
        self._stack.setCurrentWidget(page)
        self.rail.set_current(BELONGS.get(name, name))
        page.arrive(**where)

    def _on_panel_asked(self, name: str, where: dict[str, object]) -> None:
        if name not in self._panels:
            factory = self.shell.panel_factory(name)
            if factory is None:
                return
            self._panels[name] = factory(self.shell)
            self._panels[name].put_away.connect(self._put_panel_away)
        self._open(self._panels[name], where)

    def _open(self, panel: Panel, where: dict[str, object]) -> None:
        open_now = self._dock.panel()
        if open_now is not None and open_now is not panel:
            open_now.leave()
        self._dock.open(panel)
        panel.arrive(**where)

    def _put_panel_away(self) -> None:
        panel = self._dock.panel()
        if panel is not None:
            panel.leave()
            self._dock.close_panel()

    def _on_leaving(self) -> None:
        for leaves in (self._dock.panel(), self.page()):
            if leaves is not None:
                leaves.leave()

    def _on_problem(self, problem: Problem) -> None:
        page = self.page()
        if page is not None:
            page.show_problem(problem)

    # keys

    def _save(self) -> None:
        panel, page = self._dock.panel(), self.page()
        if panel is not None and panel.isAncestorOf(QApplication.focusWidget() or self):
            panel.save()
        elif page is not None:
            page.save()

    def show_keys(self) -> None:
        page = self.page()
        sheet = CheatSheet(page.keys() if page is not None else ())
        sheet.put_away.connect(self._put_panel_away)
        sheet.put_away.connect(sheet.deleteLater)
        self._open(sheet, {})
        sheet.setFocus()

    def _list(self, group: str) -> None:
        """The list behind a total of the status line, where there is that page."""
        if WORK in {entry.name for entry in self.shell.entries()}:
            self.shell.go(WORK, group=group)

    def _go_to(self, place: int) -> None:
        if place < len(self._in_rail):
            self.shell.go(self._in_rail[place].name)

    def _bind_keys(self) -> None:
        shell = self.shell
        keys: dict[str, Callable[[], None]] = {
            "Ctrl+S": self._save,
            "F5": shell.sync,
            "Ctrl+L": shell.lock,
            "F1": self.show_keys,
            "Ctrl+J": lambda: shell.open_panel("jot"),
            "Ctrl+Shift+W": lambda: shell.open_panel("worried"),
            "Alt+Left": shell.back,
            "Ctrl+Shift+L": lambda: self._list(""),
        }
        keys |= {f"Alt+{place + 1}": partial(self._go_to, place) for place in range(9)}
        for key, does in keys.items():
            QShortcut(QKeySequence(key), self).activated.connect(does)

    # putting it together

    def _listen(self) -> None:
        shell, rail = self.shell, self.rail
        shell.went.connect(self._on_went)
        shell.panel_asked.connect(self._on_panel_asked)
        shell.panel_closed.connect(self._put_panel_away)
        shell.leaving.connect(self._on_leaving)
        shell.problem_raised.connect(self._on_problem)
        shell.counted.connect(rail.set_count)
        shell.status_changed.connect(self.status.set_status)
        shell.syncing.connect(self.status.set_syncing)
        shell.progressed.connect(self.status.set_progress)
        self.status.stop_asked.connect(shell.stop_sync)
        self.status.listed.connect(self._list)
        rail.picked.connect(shell.go)
        rail.worried.connect(lambda: shell.open_panel("worried"))
        rail.jot.connect(lambda: shell.open_panel("jot"))
        rail.lock.connect(shell.lock)

    def _compose(self) -> None:
        ground = QWidget()
        ground.setProperty("ground", "bg")
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._dock, 1)
        right.addWidget(self.status)
        row = QHBoxLayout(ground)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        self.setCentralWidget(ground)
