"""A round runs by itself and when asked, one at a time, and the status line tells the truth after it."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtNetwork import QNetworkInformation
from pytestqt.qtbot import QtBot

from sync.device.pacing import STALLED_AFTER_S
from sync.errors import Unreachable
from sync.memory import FakeClock
from tests.actions.caseload_of import BRIGHT, caseload_of
from tests.actions.desks import NoNetwork, Office, desk_alone
from tests.ui.stage import settle
from tfworker.actions.desk import Desk
from tfworker.actions.story import set_story
from tfworker.actions.values import Connection, Status
from tfworker.ui.rounds import Rounds
from tfworker.ui.tasks import Tasks


@pytest.fixture
def office(tmp_path: Path, clock: FakeClock) -> Iterator[Office]:
    office = Office(tmp_path, clock)
    yield office
    office.close()


@pytest.fixture
def desk(office: Office) -> Desk:
    return office.desk(BRIGHT)


@pytest.fixture
def rounds(tasks: Tasks, desk: Desk) -> Iterator[Rounds]:
    rounds = Rounds(tasks, lambda: desk)
    yield rounds
    rounds.close()


def said(rounds: Rounds) -> list[Status]:
    heard: list[Status] = []
    rounds.status_read.connect(heard.append)
    return heard


def test_the_first_round_comes_by_itself(qtbot: QtBot, rounds: Rounds) -> None:
    with qtbot.waitSignal(rounds.done):
        rounds.start()


def test_a_save_is_told_by_the_status_and_a_round_takes_it_back(
    qtbot: QtBot, tasks: Tasks, rounds: Rounds, desk: Desk, office: Office
) -> None:
    heard = said(rounds)
    family = office.caseload.families[0].family
    tasks.run(lambda: set_story(desk, family, "New."), done=lambda _: None, failed=lambda _: None)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard[-1].on_this_laptop_only == 1

    rounds.run()
    qtbot.waitUntil(lambda: heard[-1].on_this_laptop_only == 0)
    assert (heard[-1].connection, heard[-1].laptop_words) == (
        Connection.ONLINE,
        "Everything received by the council",
    )


def test_reading_the_status_does_not_call_for_reading_it_again(
    qtbot: QtBot, tasks: Tasks, rounds: Rounds
) -> None:
    heard = said(rounds)
    rounds.read_status()
    settle(qtbot, tasks)
    qtbot.wait(400)

    assert len(heard) == 1


def test_a_round_that_ends_while_the_status_is_read_is_told_by_the_next(
    qtbot: QtBot, tasks: Tasks, rounds: Rounds
) -> None:
    """Else the line said until the next work what had been so before it."""
    heard, free = said(rounds), Event()
    tasks.run(free.wait, done=lambda _: None, failed=lambda _: None)
    rounds.read_status()
    with qtbot.waitSignal(tasks.worked):
        tasks.run_long(lambda watch: None, done=lambda _: None, failed=lambda _: None)
    free.set()
    qtbot.waitUntil(lambda: len(heard) == 2)


def test_one_asked_for_while_one_runs_follows_it(qtbot: QtBot, rounds: Rounds) -> None:
    with qtbot.waitSignals([rounds.done, rounds.done]):
        rounds.run()
        rounds.run()
        rounds.run()


def test_with_no_network_only_who_asked_is_told(
    qtbot: QtBot, tasks: Tasks, rounds: Rounds, desk: Desk
) -> None:
    desk.transport = NoNetwork()
    problems: list[object] = []
    rounds.said.connect(problems.append)
    heard = said(rounds)
    rounds.run()
    settle(qtbot, tasks)
    assert problems == []
    qtbot.waitUntil(lambda: bool(heard))
    assert heard[-1].connection is Connection.OFFLINE

    rounds.run(asked=True)
    settle(qtbot, tasks)
    assert str(problems[0]).startswith("The council cannot be reached")


def test_closed_it_says_and_does_nothing_more(
    qtbot: QtBot, tasks: Tasks, home: Path, clock: FakeClock
) -> None:
    desk = desk_alone(home, clock, caseload_of(1))
    rounds = Rounds(tasks, lambda: desk)
    heard = said(rounds)
    rounds.start()
    rounds.close()
    settle(qtbot, tasks)
    heard.clear()
    tasks.run(lambda: None, done=lambda _: None, failed=lambda _: None)
    settle(qtbot, tasks)
    qtbot.wait(300)

    assert heard == []
    desk.vault.close()


def test_a_round_that_failed_is_tried_again_soon_and_by_itself(
    qtbot: QtBot, tasks: Tasks, rounds: Rounds, desk: Desk
) -> None:
    whole, desk.transport = desk.transport, NoNetwork()
    rounds.run()
    settle(qtbot, tasks)
    desk.transport = whole

    with qtbot.waitSignal(rounds.done, timeout=7_000):
        pass


def test_a_round_follows_when_the_network_comes_back(qtbot: QtBot, rounds: Rounds) -> None:
    network = rounds.network
    network.note(QNetworkInformation.Reachability.Disconnected)
    assert not network.is_up

    with qtbot.waitSignal(rounds.done, timeout=7_000):
        network.note(QNetworkInformation.Reachability.Online)


class Hangs:
    """The way to the council through something that never answers and never gives up."""

    def __init__(self) -> None:
        self.was_asked, self.lets_go = Event(), Event()

    def send(self, step: str, body: bytes) -> bytes:
        self.was_asked.set()
        self.lets_go.wait(30)
        raise Unreachable("let go")


def test_a_round_that_hangs_is_given_up_and_another_begun(
    qtbot: QtBot, tasks: Tasks, rounds: Rounds, desk: Desk, office: Office
) -> None:
    whole, hung = desk.transport, Hangs()
    desk.transport = hung
    heard = said(rounds)
    rounds.run()
    qtbot.waitUntil(hung.was_asked.is_set)
    rounds.look_after()
    was_left = rounds.is_running
    desk.transport = whole
    assert desk.heard_s is not None
    desk.heard_s -= STALLED_AFTER_S + 1

    with qtbot.waitSignal(rounds.done):
        rounds.look_after()
    hung.lets_go.set()
    set_story(desk, office.caseload.families[0].family, "New.")
    with qtbot.waitSignal(rounds.done):
        rounds.run()

    assert was_left
    qtbot.waitUntil(lambda: bool(heard) and heard[-1].on_this_laptop_only == 0)
