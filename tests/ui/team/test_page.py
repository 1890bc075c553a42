"""A leader sees concerns first, four figures, the caseloads, and gets into every family."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.actions.caseload_of import BRIGHT, FIRTH
from tests.actions.desks import Office
from tests.ui.stage import arrived, part, press, says, settle
from tests.ui.walk import cut_off, nameless
from tfworker.actions.concerns import open_concerns, raise_concern
from tfworker.actions.desk import Desk
from tfworker.actions.syncing import sync_now
from tfworker.ui.parts import Table
from tfworker.ui.tasks import Tasks
from tfworker.ui.team import TeamPage

SAID = "He said: I do not want to go home."


@pytest.fixture
def leader(office: Office) -> Desk:
    """E. Firth, after A. Bright raised a concern and sent it."""
    worker = office.desk(BRIGHT)
    raise_concern(worker, office.caseload.families[0].family, SAID, "Ms Hill, school")
    sync_now(worker)
    return office.desk(FIRTH)


@pytest.fixture
def page(qtbot: QtBot, tasks: Tasks, leader: Desk) -> Iterator[TeamPage]:
    yield from arrived(qtbot, tasks, TeamPage(tasks, lambda: leader))


def test_the_team_at_a_glance(page: TeamPage) -> None:
    words = says(page)

    assert page.title() == "Ashcombe Vale A"
    figures = [figure.accessibleName() for figure in page._figures]
    assert figures[0] == "2 families supported"
    assert figures[1] == "1 attached to the programme"
    assert "Nothing waits for you." in words
    assert nameless(page) == []
    assert cut_off(page) == []


def test_coming_back_shows_the_page_from_its_top(qtbot: QtBot, tasks: Tasks, page: TeamPage) -> None:
    """The keyboard begins at the table; a concern above it is not scrolled away for that."""
    page.resize(page.width(), 360)
    page.workers.table.clearFocus()
    page.arrive()
    settle(qtbot, tasks)

    assert page.scroller is not None
    assert page.scroller.verticalScrollBar().maximum() > 0
    assert page.scroller.verticalScrollBar().value() == 0


def test_a_concern_stands_on_top_until_she_acknowledges_it_with_one_key(
    qtbot: QtBot, tasks: Tasks, page: TeamPage, leader: Desk
) -> None:
    words = says(page)
    assert words.index("Concern: Reed family") < words.index("families supported")
    assert SAID in words
    assert "Nobody has acknowledged it yet" in words

    with qtbot.waitSignal(page.acknowledged):
        QTest.keyClick(page, Qt.Key.Key_A)
    settle(qtbot, tasks)

    assert "Acknowledged by E. Firth" in says(page)
    assert open_concerns(leader)[0].acknowledged_by == "E. Firth"
    assert "Nobody has acknowledged it yet" not in says(page)


def test_a_worker_opens_to_her_families(qtbot: QtBot, tasks: Tasks, page: TeamPage, office: Office) -> None:
    table = part(page, "workers")
    assert isinstance(table, Table)
    assert table.hasFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    settle(qtbot, tasks)
    assert "Families of A. Bright" in says(page)

    QTest.keyClick(table, Qt.Key.Key_Return)
    family = office.caseload.families[0].family
    with qtbot.waitSignal(page.family_opened) as opened:
        press(page, f"family:{family}")
    assert opened.args == [family]


def test_a_refresh_keeps_the_worker_she_is_on(qtbot: QtBot, tasks: Tasks, page: TeamPage) -> None:
    table = part(page, "workers")
    assert isinstance(table, Table)
    table.selectRow(1)
    page.refresh()
    settle(qtbot, tasks)

    assert table.current_row().name == "C. Dale"
    assert "None at present." in says(page)
