"""A worry is written in three fields, never waits for a network, and says whom to ring until it is sent."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.actions.caseload_of import BRIGHT, Caseload
from tests.actions.desks import Office
from tests.ui.stage import full_disk, part, press, says, settle, show, take_down, write
from tests.ui.walk import nameless
from tfworker.actions.concerns import open_concerns
from tfworker.actions.desk import Desk
from tfworker.actions.syncing import sync_now
from tfworker.ui.parts import Field
from tfworker.ui.tasks import Tasks
from tfworker.ui.worried import WorriedPanel


@pytest.fixture
def make(qtbot: QtBot, tasks: Tasks) -> Iterator[Callable[..., WorriedPanel]]:
    """An open panel at a desk; here: the family whose page is up."""
    made: list[WorriedPanel] = []

    def make(desk: Desk, here: str = "") -> WorriedPanel:
        panel = WorriedPanel(tasks, lambda: desk, lambda: here)
        made.append(panel)
        show(qtbot, panel)
        panel.resize(400, 700)
        panel.arrive()
        settle(qtbot, tasks)
        return panel

    yield make
    for panel in made:
        take_down(panel)


def test_there_are_three_fields_and_one_button(make: Callable[..., WorriedPanel], desk: Desk) -> None:
    panel = make(desk)

    assert len([field for field in panel.findChildren(Field) if field.isVisible()]) == 3
    assert nameless(panel) == []
    assert "ring 999 first" in says(panel)


def test_offline_it_says_whom_to_ring(
    qtbot: QtBot, tasks: Tasks, make: Callable[..., WorriedPanel], desk: Desk, caseload: Caseload
) -> None:
    panel = make(desk, caseload.families[0].family)
    write(panel, "worried_seen", "He said: I do not want to go home.")
    write(panel, "worried_told", "Ms Hill, school")
    with qtbot.waitSignal(panel.raised):
        press(panel, "worried_tell")
    settle(qtbot, tasks)

    assert "Not sent: ring 01632 960999" in says(panel)
    concern = open_concerns(desk)[0]
    assert concern.seen_or_said == "He said: I do not want to go home."
    assert (concern.family_label, concern.told) == ("Reed family", "Ms Hill, school")


def test_not_on_my_list_is_as_good_as_a_family(
    qtbot: QtBot, tasks: Tasks, make: Callable[..., WorriedPanel], desk: Desk
) -> None:
    panel = make(desk)
    write(panel, "worried_seen", "A child alone at the bus stop.")
    with qtbot.waitSignal(panel.raised):
        press(panel, "worried_tell")

    assert open_concerns(desk)[0].family_id is None


def test_once_the_council_has_it_it_says_so(
    qtbot: QtBot, tasks: Tasks, make: Callable[..., WorriedPanel], office: Office
) -> None:
    desk = office.desk(BRIGHT)
    panel = make(desk)
    write(panel, "worried_seen", "A bruise.")
    with qtbot.waitSignal(panel.raised):
        press(panel, "worried_tell")
    settle(qtbot, tasks)
    assert "Not sent" in says(panel)

    sync_now(desk)
    panel.refresh()
    settle(qtbot, tasks)
    assert "Received by the council" in says(panel)
    assert "Not sent" not in says(panel)


def test_nothing_written_is_said_at_the_field(make: Callable[..., WorriedPanel], desk: Desk) -> None:
    panel = make(desk)
    press(panel, "worried_tell")

    assert panel.seen.missing() == "Write what you saw or heard"
    assert open_concerns(desk) == []


def test_a_half_written_worry_is_there_after_a_lock(
    qtbot: QtBot, tasks: Tasks, make: Callable[..., WorriedPanel], desk: Desk
) -> None:
    first = make(desk)
    write(first, "worried_seen", "A bruise on")
    first.leave()
    settle(qtbot, tasks)

    second = make(desk)
    assert second.seen.value() == "A bruise on"
    write(second, "worried_told", "")
    with qtbot.waitSignal(second.raised):
        press(second, "worried_tell")
    settle(qtbot, tasks)
    assert make(desk).seen.value() == ""


def test_a_full_disk_leaves_the_words_where_they_are(
    qtbot: QtBot, tasks: Tasks, make: Callable[..., WorriedPanel], desk: Desk
) -> None:
    panel = make(desk)
    panel.seen.set_value("A bruise. " * 40_000)
    with full_disk(desk):
        press(panel, "worried_tell")
        settle(qtbot, tasks)

        assert panel.seen.value().startswith("A bruise.")
        assert part(panel, "worried_seen").isVisible()
        assert "disk" in says(panel).lower()
