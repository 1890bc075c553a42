"""Two laptops to try by hand, driven here by a hand of ours."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from tfworker.actions.opening import look
from tfworker.actions.syncing import status
from tfworker.actions.values import Connection
from tfworker.demo import records
from tfworker.demo.by_hand import GUIDE, Laptops, beside_each_other
from tfworker.demo.county import County
from tfworker.demo.guide import PLUGGED, PULLED, Guide, Person
from tfworker.demo.relay import Relay
from tfworker.demo.stage import Stage
from tfworker.store.keys import FLOOR
from tfworker.ui.lock.unlock_page import UnlockPage

SCREEN = QRect(0, 0, 1920, 1080)
ANN = Person("A. Bright", "worker", "kettle violet harbour 52")


@pytest.fixture(scope="module")
def cables(port: int) -> Iterator[tuple[Relay, Relay]]:
    with Relay(port) as worker, Relay(port) as leader:
        yield worker, leader


@pytest.fixture(scope="module")
def said() -> list[str]:
    return []


@pytest.fixture(scope="module")
def set_up(
    county: County, cables: tuple[Relay, Relay], said: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Laptops:
    """Both enrolled, none open."""
    made = Laptops(tmp_path_factory.mktemp("laptops"), county, cables)
    made.set_up(said.append, cost=FLOOR)
    return made


@pytest.fixture
def laptops(set_up: Laptops, stage: Stage) -> Iterator[Laptops]:
    """Both windows up, and quiet."""
    set_up.show(SCREEN)
    stage.wait(
        lambda: all(app.window is not None and app.gate is None for app in set_up.apps), "both windows"
    )
    settle(stage, set_up)
    yield set_up
    set_up.close()


def settle(stage: Stage, laptops: Laptops) -> None:
    def is_quiet() -> bool:
        rounds = [app.rounds for app in laptops.apps if app.rounds is not None]
        return not any(app.tasks.is_busy for app in laptops.apps) and not any(r.is_running for r in rounds)

    stage.wait(is_quiet, "the laptops to come to rest")


def press(stage: Stage, button: QPushButton) -> None:
    assert button.isEnabled()
    stage.press(button.window(), button.text())


def test_each_step_of_the_set_up_is_said_once(set_up, said):
    assert said[0] == "Setting up the worker's laptop ..."
    assert "Setting up the team leader's laptop ..." in said
    first = said[: said.index("Setting up the team leader's laptop ...")]
    assert len(first) == len(set(first)) > 3
    assert all(look(seat.home).enrolled for seat in set_up.seats)


def test_both_laptops_open_side_by_side_and_say_whose_they_are(laptops):
    worker, leader = (app.window for app in laptops.apps)

    assert worker.windowTitle() == "Families Matter · Wayne Ball, worker"
    assert leader.windowTitle() == "Families Matter · Jeffrey Fletcher, team leader"
    assert worker.x() < leader.x()
    assert worker.isVisible()
    assert leader.isVisible()
    assert laptops.guide.isVisible()
    assert not laptops.guide.isModal()


def test_there_is_a_plan_with_a_goal_to_clash_over(laptops):
    for app in laptops.apps:
        vault = app.desk().vault
        with vault.read() as connection:
            assert connection.execute(vault.schema["goal"].table.select()).all()


def test_the_cable_is_cut_and_plugged_in_from_the_guide(laptops, stage):
    worker, leader = laptops.apps

    def after_f5() -> list[Connection]:
        for app in laptops.apps:
            stage.keys(app.window, "F5")
            settle(stage, laptops)
        return [status(app.desk()).connection for app in laptops.apps]

    assert after_f5() == [Connection.ONLINE, Connection.ONLINE]
    press(stage, laptops.guide.cut_button)
    assert after_f5() == [Connection.OFFLINE, Connection.ONLINE]
    press(stage, laptops.guide.mend_button)
    assert after_f5() == [Connection.ONLINE, Connection.ONLINE]
    assert records.families_on(worker.desk().vault) < records.families_on(leader.desk().vault)


def test_a_lock_and_an_unlock_keep_the_name_on_the_window(laptops, stage):
    worker = laptops.apps[0]
    stage.keys(worker.window, "Ctrl+L")
    stage.wait(lambda: isinstance(worker.gate, UnlockPage), "the lock screen")
    settle(stage, laptops)
    assert worker.gate.windowTitle().endswith("Wayne Ball, worker")

    worker.gate.unlock_asked.emit(laptops.seats[0].login.passphrase)
    stage.wait(lambda: worker.window is not None and worker.gate is None, "the window")
    settle(stage, laptops)

    assert worker.window.windowTitle() == "Families Matter · Wayne Ball, worker"


def test_closing_both_windows_ends_it_and_one_does_not(laptops, stage):
    ended = []
    laptops.ended.connect(lambda: ended.append(True))
    worker, leader = laptops.apps
    worker.window.close()
    stage.wait(lambda: worker.top() is None, "the worker's window to close")
    assert ended == []

    leader.window.close()
    stage.wait(lambda: leader.top() is None, "the leader's window to close")
    assert ended == [True]


def test_closing_the_guide_plugs_the_cable_in(laptops, stage):
    press(stage, laptops.guide.cut_button)
    laptops.guide.close()
    stage.keys(laptops.apps[0].window, "F5")
    settle(stage, laptops)

    assert status(laptops.apps[0].desk()).connection is Connection.ONLINE


def test_the_guide_says_how_the_cable_is(qtbot, stage):
    guide = Guide("Newman family", [ANN])
    qtbot.addWidget(guide)
    guide.show()
    asked = []
    guide.cut_asked.connect(lambda: asked.append("cut"))
    guide.mend_asked.connect(lambda: asked.append("mend"))

    assert guide.says() == PLUGGED
    assert not guide.mend_button.isEnabled()
    press(stage, guide.cut_button)
    assert guide.says() == PULLED
    assert not guide.cut_button.isEnabled()
    press(stage, guide.mend_button)
    assert guide.says() == PLUGGED
    assert asked == ["cut", "mend"]


def test_a_passphrase_is_copied(qtbot, stage):
    guide = Guide("Newman family", [ANN])
    qtbot.addWidget(guide)
    guide.show()
    QTest.mouseClick(stage.find(guide, "Copy the passphrase of the worker"), Qt.MouseButton.LeftButton)

    assert QApplication.clipboard().text() == ANN.passphrase


@pytest.mark.parametrize("size", [(1920, 1080), (2560, 1440), (1366, 768), (1024, 600)])
def test_everything_stands_on_the_screen(qapp, size):
    screen = QRect(0, 0, *size)
    worker, leader, guide = beside_each_other(screen)

    assert all(screen.contains(place) for place in (worker, leader, guide))
    assert not worker.intersects(leader)
    assert guide.height() == GUIDE[1]
    if size[1] >= 1000:
        assert not guide.intersects(worker)
        assert not guide.intersects(leader)
