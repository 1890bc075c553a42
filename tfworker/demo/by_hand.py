"""Two laptops to try by hand: their windows side by side, and a small one that says what to try."""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QRect, QTimer, Signal
from PySide6.QtWidgets import QApplication

from tfworker.actions.opening import enrol, lock
from tfworker.actions.values import EnrolRequest, Progress
from tfworker.app import App
from tfworker.demo import records
from tfworker.demo.county import County, Login, Say
from tfworker.demo.guide import Guide, Person
from tfworker.demo.relay import Relay
from tfworker.errors import Problem
from tfworker.store.keys import Cost
from tfworker.ui.lock.unlock_page import UnlockPage
from tfworker.ui.theme import current

LISTEN_EVERY_MS = 200  # how soon Ctrl+C in the terminal is heard
GUIDE = (1280, 310)  # px at 100 %
ROOMY = 1000  # px at 100 %: a screen this high has room for the guide below the laptops


@dataclass(frozen=True, slots=True)
class Seat:
    """Whose laptop, where its files lie, and its cable to the council."""

    role: str
    login: Login
    home: Path
    cable: Relay


class Laptops(QObject):
    """The two laptops on one screen.

    cables: the worker's and the leader's. ended(): both are closed.
    """

    ended = Signal()

    def __init__(self, folder: Path, county: County, cables: tuple[Relay, Relay]) -> None:
        super().__init__()
        cast = county.cast()
        family = county.family_with_phone(cast.worker_families)
        records.begin_plan(county.council, family, cast.worker.worker_id)
        self._family = county.family_label(family)
        self._worker_cable = cables[0]
        self.seats = (
            Seat("worker", cast.worker, folder / "worker", cables[0]),
            Seat("team leader", cast.leader, folder / "leader", cables[1]),
        )
        self.apps: tuple[App, ...] = ()
        self.guide: Guide | None = None
        self._names: list[str] = []

    def set_up(self, say: Say, cost: Cost | None = None) -> None:
        """Enrol both with their one-time codes; each has its families afterwards, and is locked.

        cost: what a guess at a passphrase costs; None: as on any laptop, a second.
        """
        for seat in self.seats:
            say(f"Setting up the {seat.role}'s laptop ...")
            login = seat.login
            request = EnrolRequest(
                seat.cable.address, login.staff_no, login.password, login.code, login.passphrase, seat.role
            )
            desk = enrol(seat.home, request, _told(say), cost=cost)
            self._names.append(desk.me.name)
            lock(desk)

    def show(self, screen: QRect) -> None:
        """Both windows and the guide on a screen; the laptops unlock themselves this once."""
        people = tuple(
            Person(name, seat.role, seat.login.passphrase)
            for name, seat in zip(self._names, self.seats, strict=True)
        )
        places = beside_each_other(screen)
        guide = Guide(self._family, people)
        guide.setGeometry(places[2])
        guide.cut_asked.connect(self._worker_cable.cut)
        guide.mend_asked.connect(self._worker_cable.mend)
        guide.closed.connect(self._worker_cable.mend)  # or nobody could plug it in again
        self.guide = guide
        self.apps = tuple(App(seat.home) for seat in self.seats)
        for app, seat, person, place in zip(self.apps, self.seats, people, places, strict=False):
            _open(app, seat.login.passphrase, f"{person.name}, {person.role}", place)
            app.closed.connect(self._on_closed)
        guide.show()

    def close(self) -> None:
        """Close whatever is still open. Safe to call twice."""
        for app in self.apps:
            app.close()
        if self.guide is not None:
            self.guide.hide()
            self.guide.deleteLater()
            self.guide = None

    def _on_closed(self) -> None:
        if all(app.top() is None for app in self.apps):
            self.ended.emit()


def run(app: QApplication, folder: Path, county: County) -> int:
    """Set both laptops up, show them, and stay until both are closed; gives the exit code."""
    port = county.serve()
    with Relay(port) as cable, Relay(port) as office:
        laptops = Laptops(folder, county, (cable, office))
        try:
            laptops.set_up(print)
        except Problem as problem:
            print(f"The laptops could not be set up: {problem}")
            return 1
        laptops.ended.connect(app.quit)
        laptops.show(app.primaryScreen().availableGeometry())
        print("Two laptops are open. Close both, or press Ctrl+C here, to end; nothing is left behind.")
        listening = _hear_signals(app)
        code = app.exec()
        listening.stop()
        laptops.close()
    return code


def _told(say: Say) -> Callable[[Progress], None]:
    """Say each step once, not each of its numbers."""
    said: list[str] = []

    def tell(progress: Progress) -> None:
        if progress.words not in said:
            said.append(progress.words)
            say(f"  {progress.words}")

    return tell


def _open(app: App, passphrase: str, who: str, place: QRect) -> None:
    """Start a laptop; whenever its window is a new one, it says whose it is and stands in its place."""

    def name() -> None:
        for window in (app.window, app.gate):
            if window is not None:
                programme = window.windowTitle().partition(" · ")[0]
                window.setWindowTitle(f"{programme} · {who}")

    def first() -> None:
        if not isinstance(app.gate, UnlockPage):
            return
        waiting.stop()
        app.gate.setGeometry(place)
        app.gate.unlock_asked.emit(passphrase)
        name()

    waiting = QTimer(app, interval=0)
    waiting.timeout.connect(first)
    app.opened.connect(name)
    app.locked.connect(name)
    app.closed.connect(waiting.stop)
    app.start()
    waiting.start()


def beside_each_other(screen: QRect) -> tuple[QRect, QRect, QRect]:
    """Where the two laptops and the guide stand."""
    theme = current()
    frame = theme.px(36)  # the title bar, which Qt does not count as part of a window
    wide, high = min(theme.px(GUIDE[0]), screen.width()), theme.px(GUIDE[1])
    room = screen.height() - frame
    if screen.height() >= theme.px(ROOMY):
        room -= high + frame
    half = screen.width() // 2
    top = screen.top() + frame
    guide = QRect(screen.left() + (screen.width() - wide) // 2, screen.bottom() - high, wide, high)
    return QRect(screen.left(), top, half, room), QRect(screen.left() + half, top, half, room), guide


def _hear_signals(app: QApplication) -> QTimer:
    """Ctrl+C and kill end the demo tidily. Python hears them only while it runs, so it is woken."""
    for which in (signal.SIGINT, signal.SIGTERM):
        signal.signal(which, lambda *_: app.quit())
    waking = QTimer(interval=LISTEN_EVERY_MS)
    waking.timeout.connect(lambda: None)
    waking.start()
    return waking
