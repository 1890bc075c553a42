"""The list behind the totals: exactly those things, by keyboard, and each opens where it is dealt with."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot
from sqlalchemy import insert, select

from tests.actions.caseload_of import BRIGHT, FIRTH, Caseload
from tests.actions.desks import Office
from tests.ui.stage import part, press, says, settle, show, shown, take_down
from tests.ui.walk import cut_off, nameless
from tfworker.actions.aside import asked_about, kept
from tfworker.actions.concerns import raise_concern
from tfworker.actions.desk import Desk
from tfworker.actions.people import change_contact_point
from tfworker.actions.review import cards
from tfworker.actions.story import set_priority
from tfworker.actions.syncing import sync_now
from tfworker.ui.tasks import Tasks
from tfworker.ui.work import WorkPage
from tfworker.ui.work.item_line import Heading


@pytest.fixture
def page(qtbot: QtBot, tasks: Tasks, desk: Desk) -> Iterator[WorkPage]:
    yield from shown(qtbot, WorkPage(tasks, lambda: desk))


def lines(page: WorkPage) -> list[str]:
    """Each line as a screen reader says it."""
    return [page.lines.model().index(row, 0).data() for row in range(len(page.lines.items()))]


def test_with_nothing_to_list_each_state_says_so(qtbot: QtBot, tasks: Tasks, page: WorkPage) -> None:
    page.arrive()
    settle(qtbot, tasks)

    assert lines(page) == [
        "On this laptop only. nothing: the council has everything",
        "Needs a person. nothing",
        "Received by the council. nothing yet",
    ]
    assert part(page, "sync_now").hasFocus()  # a list with nothing to choose shows no focus
    assert "Offline" in says(page)
    assert nameless(page) == []
    assert cut_off(page) == []


def test_what_is_on_this_laptop_is_listed_and_opens(
    qtbot: QtBot, tasks: Tasks, page: WorkPage, desk: Desk, caseload: Caseload
) -> None:
    family = caseload.families[0].family
    set_priority(desk, family, "The hearing.")
    raise_concern(desk, family, "A bruise on his arm.")
    page.arrive(group="laptop")
    settle(qtbot, tasks)

    concern, other = lines(page)[1:3]
    assert concern.startswith("On this laptop only. A concern. Reed family. since today 09:00")
    assert "ring" in concern.lower()
    assert other.startswith("On this laptop only. What matters now. Reed family")
    assert page.lines.hasFocus()
    with qtbot.waitSignal(page.family_opened) as opened:
        QTest.keyClick(page.lines, Qt.Key.Key_Return)
    assert opened.args == [family]


def test_home_goes_to_the_first_though_a_heading_stands_above(
    qtbot: QtBot, tasks: Tasks, page: WorkPage, desk: Desk, caseload: Caseload
) -> None:
    for ids in caseload.families:
        set_priority(desk, ids.family, "The hearing.")
    page.arrive()
    settle(qtbot, tasks)
    first = page.lines.chosen()
    page.lines.choose(page.lines.items()[3].key)
    QTest.keyClick(page.lines, Qt.Key.Key_Home)

    assert page.lines.chosen() == first
    assert page.lines.verticalScrollBar().value() == 0


def test_a_clash_leads_to_review(qtbot: QtBot, tasks: Tasks, office: Office) -> None:
    worker, leader = office.desk(BRIGHT), office.desk(FIRTH)
    ids = office.caseload.families[0]
    change_contact_point(leader, ids.family, ids.mobile, {"value": "07700 900318"})
    change_contact_point(worker, ids.family, ids.mobile, {"value": "07700 900381"})
    sync_now(leader)
    sync_now(worker)
    page = WorkPage(tasks, lambda: worker)
    show(qtbot, page)
    page.arrive(group="person")
    settle(qtbot, tasks)

    chosen = page.lines.chosen()
    assert chosen.what == "Two versions of Dana’s mobile number"
    with qtbot.waitSignal(page.review_wanted) as wanted:
        QTest.keyClick(page.lines, Qt.Key.Key_Return)
    assert wanted.args == [cards(worker)[0].card_id]
    assert [item.note for item in page.lines.items() if isinstance(item, Heading)][1] == "1 needs you"
    take_down(page)


def test_sync_is_one_press_away(qtbot: QtBot, tasks: Tasks, page: WorkPage) -> None:
    page.arrive()
    settle(qtbot, tasks)

    with qtbot.waitSignal(page.sync_wanted):
        press(page, "sync_now")


def test_records_the_council_does_not_have_are_asked_about_and_put_aside(
    qtbot: QtBot, tasks: Tasks, page: WorkPage, desk: Desk, caseload: Caseload
) -> None:
    family = caseload.families[0].family
    aside, need = desk.schema.own("set_aside"), desk.schema["family"].table
    with desk.vault.write() as connection:
        scope = connection.execute(select(need.c.scope).where(need.c.id == family)).scalar_one()
        row = {"table_name": "family", "record": family, "scope": scope, "noticed_at": 0}
        connection.execute(insert(aside), row)
    page.arrive()
    settle(qtbot, tasks)
    asked = page.notice("lost")
    assert asked is not None
    assert asked.title == "1 record here is not at the council, and nothing says why"

    with qtbot.waitSignal(page.sync_wanted):
        (button,) = [b for b in asked.findChildren(QAbstractButton) if b.text() == "Put aside"]
        button.click()

    assert page.notice("lost") is None
    assert asked_about(desk) == ()
    assert len(kept(desk)) == 1
