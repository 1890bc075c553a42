"""Every page and panel comes up for a worker and for her leader, and opens no window of its own."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from sync.memory import FakeClock
from tests.actions.caseload_of import BRIGHT, FIRTH, Caseload, caseload_of
from tests.actions.desks import desk_alone
from tests.ui.stage import part, press, says, settle, show, take_down
from tests.ui.walk import cut_off, nameless
from tfworker.actions.desk import Desk
from tfworker.ui.pages import LEADER, register
from tfworker.ui.shell import Shell
from tfworker.ui.tasks import Tasks
from tfworker.ui.window import MainWindow


class Windows(QObject):
    """Which windows were shown while it watched."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


@pytest.fixture
def caseload() -> Caseload:
    return caseload_of(3)


@pytest.fixture(params=[BRIGHT, FIRTH])
def desk(
    request: pytest.FixtureRequest, home: object, clock: FakeClock, caseload: Caseload
) -> Iterator[Desk]:
    desk = desk_alone(home, clock, caseload, request.param)  # type: ignore[arg-type]
    yield desk
    desk.vault.close()


@pytest.fixture
def window(qtbot: QtBot, tasks: Tasks, desk: Desk) -> Iterator[MainWindow]:
    shell = Shell(tasks, {LEADER} if desk.me.leads else ())
    register(shell, lambda: desk, lambda: None, lambda: str(shell.here()[1].get("family_id") or ""))
    window = MainWindow(shell, desk.me.programme_name, desk.me.team_name)
    show(qtbot, window)
    settle(qtbot, tasks)
    yield window
    take_down(window)


def test_every_page_comes_up_in_the_one_window(
    window: MainWindow, qtbot: QtBot, tasks: Tasks, qapp: QApplication, caseload: Caseload
) -> None:
    watch = Windows()
    qapp.installEventFilter(watch)
    family = caseload.families[0].family
    ways = [(entry.name, {}) for entry in window.shell.entries() if entry.icon]
    ways += [("family", {"family_id": family, "tab": tab}) for tab in ("story", "people", "plan", "notes")]
    ways += [("note", {"family_id": family}), ("note", {"note_id": caseload.families[0].notes[0]})]
    for name, where in ways:
        window.shell.go(name, **where)
        settle(qtbot, tasks)
        assert nameless(window) == [], name
        assert cut_off(window) == [], name
    for name in ("jot", "worried", "sign_in"):
        window.shell.open_panel(name)
        settle(qtbot, tasks)
        assert nameless(window) == [], name
    qapp.removeEventFilter(watch)

    assert watch.shown == []


def test_only_a_leader_has_the_team(window: MainWindow, desk: Desk) -> None:
    assert ("team" in [entry.name for entry in window.shell.entries()]) is desk.me.leads


def test_a_note_begun_on_a_familys_page_knows_the_way_back(
    window: MainWindow, qtbot: QtBot, tasks: Tasks, caseload: Caseload
) -> None:
    shell = window.shell
    shell.go("family", family_id=caseload.families[0].family)
    settle(qtbot, tasks)
    shell.go("note", family_id=caseload.families[0].family, kind="visit", visit_id="")
    settle(qtbot, tasks)
    name, where = shell.here()
    assert (name, sorted(where)) == ("note", ["draft_id", "family_id"])

    press(window, "later")
    settle(qtbot, tasks)
    assert shell.here()[0] == "family"


def test_a_jot_of_a_familys_page_is_about_her_and_becomes_a_note(
    window: MainWindow, qtbot: QtBot, tasks: Tasks, caseload: Caseload
) -> None:
    window.shell.go("family", family_id=caseload.families[1].family)
    settle(qtbot, tasks)
    window.shell.open_panel("jot")
    settle(qtbot, tasks)
    qtbot.keyClicks(part(window, "jot_words").editor, "The school bus form")  # type: ignore[attr-defined]
    press(window, "jot_write_up")
    qtbot.waitUntil(lambda: window.shell.here()[0] == "note")
    settle(qtbot, tasks)

    assert "Oakes family" in says(window)
    assert part(window, "what_happened").value() == "The school bus form"  # type: ignore[attr-defined]
    assert window.panel() is None
