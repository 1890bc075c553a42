"""The application: one laptop on the screen, from its lock screen to its pages and back.

`main` opens it and runs until it is closed. `App` is one laptop; several may live in one process,
each with a home of its own, as the demo does. What a page is lies in `ui`, which pages there are in
`ui/pages.py`; here stand only opening, locking and closing.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from tfworker import log as logs
from tfworker import paths
from tfworker.actions.desk import Desk
from tfworker.actions.opening import enrol, lock, look, unlock
from tfworker.actions.syncing import SyncTrouble
from tfworker.actions.values import Connection, EnrolRequest, Place, Status
from tfworker.errors import Problem
from tfworker.ui import theme
from tfworker.ui.lock.enrol_page import EnrolPage
from tfworker.ui.lock.unlock_page import UnlockPage
from tfworker.ui.news import News
from tfworker.ui.note import JotPanel
from tfworker.ui.pages import LEADER, register
from tfworker.ui.parts import Page
from tfworker.ui.rounds import Rounds
from tfworker.ui.shell import Shell
from tfworker.ui.tasks import OurFault, Task, Tasks
from tfworker.ui.window import MainWindow
from tfworker.ui.worried import WorriedPanel

log = logs.Log("app")

NAME = "tfworker"
SIZE = (1360, 850)  # px at 100 %
ROUND = "round"  # topic of what is said about a round that came to nothing


class Locked(Problem):
    """The desk is closed: nothing can be read or saved until the worker unlocks it."""

    title = "Locked"
    advice = "Unlock first; what you wrote is kept."


class TextNotSaved(Problem):
    """The window was to close while the disk would not take what is written in it."""

    title = "Not closed: what you wrote is not saved yet"
    advice = "It is tried again every few seconds. Make room on the disk, or copy the text elsewhere."


@runtime_checkable
class Refreshes(Protocol):
    """A page or panel that shows what the vault holds, and can look again."""

    def refresh(self) -> None: ...


@runtime_checkable
class Writes(Protocol):
    """A page, panel or keeper of a form in which somebody writes."""

    @property
    def is_unsaved(self) -> bool: ...


class App(QObject):
    """One laptop.

    gate: the lock or enrolment screen, while the desk is closed. window: the pages, while it is open
    (and kept, hidden, over a lock if the disk would not take what is written in it).

    opened(): the desk is open and its window up. locked(): it is closed, and the gate up.
    closed(): the application is done with this laptop.
    """

    opened = Signal()
    locked = Signal()
    closed = Signal()

    def __init__(self, home: Path) -> None:
        super().__init__()
        self.home = home
        self.tasks = Tasks()
        self.gate: EnrolPage | UnlockPage | None = None
        self.window: MainWindow | None = None
        self.shell: Shell | None = None
        self.rounds: Rounds | None = None
        self._desk: Desk | None = None
        self._place: Place | None = None
        self._enrolling: Task | None = None
        self._news: News | None = None
        self._panel = ""  # the name of the panel that is open
        self._return: tuple[tuple[str, dict[str, object]], tuple[str, dict[str, object]]] | None = None
        self._is_closed = False

    def start(self) -> None:
        """Look at the place, and show what stands before the records."""
        home = self.home
        self.tasks.run(lambda: look(home), done=self._on_looked, failed=self._on_looked_in_vain)

    def desk(self) -> Desk:
        """The desk that is open. Raises Locked."""
        if self._desk is None:
            raise Locked
        return self._desk

    def top(self) -> QWidget | None:
        """The window on the screen: gate or pages."""
        return self.window if self._desk is not None else self.gate

    def close(self) -> None:
        """Save what is written, close the desk and let the threads end. Safe to call twice."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._desk is not None and self.shell is not None:
            self.shell.leaving.emit()
        self._stop_rounds()
        self.tasks.close()
        if self._desk is not None:
            lock(self._desk)
            self._desk = None
        for widget in (self.window, self.gate):
            if widget is not None:
                widget.removeEventFilter(self)
                widget.hide()
                widget.deleteLater()
        self.window = self.gate = None
        log.info("closed")
        self.closed.emit()

    # before the records

    def _on_looked(self, place: Place) -> None:
        self._place = place
        if self._desk is None and not self._is_closed:
            self._show_gate(place)

    def _on_looked_in_vain(self, problem: Problem) -> None:
        advice = f"{problem.title}. {problem.advice}".strip()
        self._on_looked(Place(self.home, True, "", "", (), advice))

    def _show_gate(self, place: Place) -> None:
        gate = self._make_gate(place)
        gate.setObjectName("gate")
        gate.setWindowTitle(place.programme_name or NAME)
        if self.window is not None:
            gate.setGeometry(self.window.geometry())
        else:
            gate.resize(theme.current().px(SIZE[0]), theme.current().px(SIZE[1]))
        gate.installEventFilter(self)
        self.gate = gate
        gate.show()
        gate.setFocus()

    def _make_gate(self, place: Place) -> EnrolPage | UnlockPage:
        if place.enrolled:
            unlocks = UnlockPage(place)
            unlocks.unlock_asked.connect(self._unlock)
            return unlocks
        enrols = EnrolPage(place)
        enrols.enrol_asked.connect(self._enrol)
        enrols.cancel_asked.connect(self._stop_enrolling)
        return enrols

    def _unlock(self, passphrase: str) -> None:
        home = self.home
        self.tasks.run(lambda: unlock(home, passphrase), done=self._on_opened, failed=self._on_kept_out)

    def _enrol(self, request: EnrolRequest) -> None:
        home = self.home
        assert isinstance(self.gate, EnrolPage)
        self._enrolling = self.tasks.run_long(
            lambda watch: enrol(home, request, watch.progress, watch.cancelled),
            done=self._on_opened,
            failed=self._on_kept_out,
            progress=self.gate.show_progress,
        )

    def _stop_enrolling(self) -> None:
        if self._enrolling is not None:
            self._enrolling.cancel()

    def _on_kept_out(self, problem: Problem) -> None:
        if self.gate is not None:
            self.gate.show_problem(problem)

    # the open desk

    def _on_opened(self, desk: Desk) -> None:
        self._desk = desk
        if self._is_closed:
            return  # somebody left while the key was being made; close() locks it
        log.info("desk opened")
        if self.window is None:
            self._make_window(desk)
        assert self.window is not None
        assert self.shell is not None
        self.rounds = self._make_rounds(self.shell)
        if self._return is not None:
            self._go_back(self.shell, *self._return)
        self.window.show()
        if self.gate is not None:
            self._drop(self.gate)
            self.gate = None
        self.rounds.start()
        home = self.home
        self.tasks.run(lambda: look(home), done=self._on_looked, failed=self.shell.show_problem)
        self.opened.emit()

    def _make_window(self, desk: Desk) -> None:
        me = desk.me
        self.shell = Shell(self.tasks, {LEADER} if me.leads else ())
        register(self.shell, self.desk, self.sync, self._family_here)
        self.shell.lock_asked.connect(self._lock)
        self.shell.sync_asked.connect(lambda: self.sync(asked=True))
        self.shell.panel_asked.connect(self._on_panel)
        self.window = MainWindow(self.shell, me.programme_name or NAME, me.team_name)
        self.window.installEventFilter(self)
        self._news = News(self.window, lambda: self.sync(asked=True), self.close)
        if self.gate is not None:
            self.window.setGeometry(self.gate.geometry())

    def _make_rounds(self, shell: Shell) -> Rounds:
        rounds = Rounds(self.tasks, self.desk)
        rounds.running.connect(shell.set_syncing)
        rounds.progressed.connect(shell.set_progress)
        shell.stop_asked.connect(rounds.stop)
        rounds.said.connect(self._say_trouble)
        rounds.status_read.connect(shell.set_status)
        rounds.status_read.connect(self._count)
        rounds.done.connect(self._look_again)
        return rounds

    def sync(self, *, asked: bool = False) -> None:
        """A round now, or another one after the one that runs. asked: a person waits for it."""
        if self.rounds is not None:
            self.rounds.run(asked=asked)

    def _say_trouble(self, problem: Problem) -> None:
        """A round somebody waited for came to nothing: why, and the way on if there is one here."""
        page, shell = self.window.page() if self.window is not None else None, self.shell
        if page is None or shell is None:
            return
        if isinstance(problem, SyncTrouble) and problem.connection is Connection.SIGNED_OUT:
            page.show_problem(
                problem, action="Sign in", on_action=lambda: shell.open_panel("sign_in"), topic=ROUND
            )
        else:
            page.show_problem(problem, topic=ROUND)

    def _count(self, status: Status) -> None:
        if self.shell is not None:
            self.shell.set_count("review", status.needs_you)

    def _look_again(self, _: object) -> None:
        """After a round: what is on the screen shows what came."""
        if self.window is None or self._desk is None:
            return
        for page in self.window.findChildren(Page):
            page.drop_notice(ROUND)  # the council was reached: what was said about that is over
        me = self._desk.me
        self.window.rail.set_who(me.programme_name or NAME, me.team_name)
        for shown in (self.window.page(), self.window.panel()):
            if isinstance(shown, Refreshes):
                shown.refresh()

    def _family_here(self) -> str:
        """The family whose page is up; "" if none is."""
        return str(self.shell.here()[1].get("family_id") or "") if self.shell is not None else ""

    def _on_panel(self, name: str, _: object) -> None:
        self._panel = name

    # locking

    def _lock(self) -> None:
        """Close the desk. The shell has asked for every draft before; they are saved first."""
        if self._desk is None or self.shell is None or self.window is None:
            return
        desk, self._desk = self._desk, None
        panel = self.window.panel()
        where = panel.where() if isinstance(panel, JotPanel | WorriedPanel) else {}
        self._return = (self.shell.here(), (self._panel if panel is not None else "", where))
        self._stop_rounds()
        assert self._place is not None
        self._show_gate(self._place)
        self.window.hide()
        self.tasks.run(lambda: lock(desk), done=self._on_locked, failed=self._on_locked_badly)

    def _on_locked(self, _: None) -> None:
        """Every save made before has been heard of by now: what is not in the vault stays in its field."""
        if self.window is not None and not self._is_unsaved():
            self._drop(self.window)
            self.window = self.shell = None
        log.info("desk closed")
        self.locked.emit()

    def _on_locked_badly(self, problem: Problem) -> None:
        self._on_locked(None)
        self._on_kept_out(problem)

    def _go_back(
        self, shell: Shell, page: tuple[str, dict[str, object]], panel: tuple[str, dict[str, object]]
    ) -> None:
        """To the page, the draft and the panel that were up when the desk was closed."""
        self._return = None
        known = {entry.name for entry in shell.entries()}
        if page[0] in known:
            shell.go(page[0], **page[1])
        if panel[0]:
            shell.open_panel(panel[0], **panel[1])

    def _stop_rounds(self) -> None:
        if self.rounds is not None:
            self.rounds.close()
            self.rounds = None

    # closing

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window closes once what is written in it is in the vault; the gate at once."""
        if event.type() is not QEvent.Type.Close or self._is_closed:
            return super().eventFilter(watched, event)
        if watched is self.window and self._desk is not None and self.shell is not None:
            event.ignore()
            self.shell.leaving.emit()
            self.tasks.run(lambda: None, done=self._close_if_saved, failed=self.shell.show_problem)
            return True
        QTimer.singleShot(0, self.close)
        return super().eventFilter(watched, event)

    def _close_if_saved(self, _: None) -> None:
        page = self.window.page() if self.window is not None else None
        if page is not None and self._is_unsaved():
            page.show_problem(TextNotSaved(), action="Close all the same", on_action=self.close)
        elif self._desk is None or self._news is None:
            self.close()
        else:
            self._news.leave(self._desk)

    def _is_unsaved(self) -> bool:
        """Somebody's words are in a field and not in the vault."""
        if self.window is None:
            return False
        writers = (part for part in self.window.findChildren(QObject) if isinstance(part, Writes))
        return any(writer.is_unsaved for writer in writers)

    def _drop(self, window: QWidget) -> None:
        window.removeEventFilter(self)
        window.hide()
        window.deleteLater()


def main(home: Path | None = None, argv: Sequence[str] = ()) -> int:
    """Open the app on a laptop's place and run until it is closed; gives the exit code.

    home: None for the user's own place. Raises Problem when the place cannot be written.
    """
    place = paths.home(home)
    try:
        logs.start(place)
    except OSError as error:
        raise Problem("The place for the app's files cannot be written", f"Look at {place}.") from error
    running = QApplication.instance()
    qt = running if isinstance(running, QApplication) else QApplication([NAME, *argv])
    # A lock swaps one window for the other: the laptop says itself when it is done.
    qt.setQuitOnLastWindowClosed(False)
    theme.install(qt)
    app = App(place)
    app.closed.connect(qt.quit)
    qt.aboutToQuit.connect(app.close)
    sys.excepthook = fault_hook(app)
    app.start()
    return qt.exec()


def fault_hook(app: App) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """What to do with a fault of ours on the interface thread: note it, say it, go on.

    Its text may hold what somebody wrote, so neither the log nor the terminal gets it.
    """

    def hook(kind: type[BaseException], fault: BaseException, _: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            app.close()
            return
        log.error("fault", fault)
        if app.shell is not None:
            app.shell.show_problem(OurFault())

    return hook
