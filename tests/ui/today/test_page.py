"""Today says what waits: concerns first, then visits, then what is not finished and not sent."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from sync.memory import FakeClock
from tests.actions.caseload_of import BRIGHT, Caseload
from tests.actions.desks import Office
from tests.actions.test_handover import moves
from tests.ui.stage import part, press, says, settle, show, shown, take_down
from tests.ui.walk import cut_off, nameless, reachable
from tfworker.actions.concerns import raise_concern
from tfworker.actions.desk import Desk
from tfworker.actions.drafting import new_note, save_draft
from tfworker.actions.jots import save_jot
from tfworker.actions.story import set_priority, set_story
from tfworker.actions.syncing import sync_now
from tfworker.ui.tasks import Tasks
from tfworker.ui.today import TodayPage


@pytest.fixture
def page(qtbot: QtBot, tasks: Tasks, desk: Desk) -> Iterator[TodayPage]:
    yield from shown(qtbot, TodayPage(tasks, lambda: desk))


def test_a_quiet_day_says_that_nothing_waits(qtbot: QtBot, tasks: Tasks, page: TodayPage) -> None:
    page.arrive()
    settle(qtbot, tasks)

    words = says(page)
    assert "Monday 16 November · A. Bright" in words
    assert "No visit is planned" in words
    assert "Every note is finished" in words


def test_the_visits_of_today_and_tomorrow(
    qtbot: QtBot, tasks: Tasks, page: TodayPage, clock: FakeClock, caseload: Caseload
) -> None:
    clock.advance(days=2)
    page.arrive()
    settle(qtbot, tasks)
    assert "tomorrow 15:30" in says(page)
    assert "Caution: two workers" in says(page)

    clock.advance(days=1, hours=10)
    page.refresh()
    settle(qtbot, tasks)
    assert "Not written up" in says(page)


def test_a_leaders_today_is_not_her_teams(
    qtbot: QtBot, tasks: Tasks, leaders_desk: Desk, clock: FakeClock
) -> None:
    clock.advance(days=2)
    page = TodayPage(tasks, lambda: leaders_desk)
    show(qtbot, page)
    page.arrive()
    settle(qtbot, tasks)

    assert "No visit is planned" in says(page)
    take_down(page)


def test_everything_that_waits_is_a_press_away(
    qtbot: QtBot, tasks: Tasks, page: TodayPage, desk: Desk, caseload: Caseload
) -> None:
    family = caseload.families[0].family
    raise_concern(desk, family, "A bruise on his arm.")
    draft = new_note(desk, family)
    save_draft(desk, draft)
    jot = save_jot(desk, "The school bus form")
    set_story(desk, family, "New words.")
    page.arrive()
    settle(qtbot, tasks)

    words = says(page)
    for said in ("Not sent: ring 01632 960999", "A bruise on his arm.", "Drafts to finish",
                 "The school bus form", "Before you close the laptop", "A concern",
                 "The story so far"):  # fmt: skip
        assert said in words, said
    with qtbot.waitSignal(page.draft_opened) as draft_opened:
        press(page, f"draft:{draft.draft_id}")
    with qtbot.waitSignal(page.jot_opened) as jot_opened:
        press(page, f"jot:{jot.jot_id}")
    assert (draft_opened.args, jot_opened.args) == ([draft.draft_id], [jot.jot_id])
    assert nameless(page) == []
    assert cut_off(page) == []


def test_reading_it_again_changes_what_is_said(
    qtbot: QtBot, tasks: Tasks, page: TodayPage, desk: Desk
) -> None:
    page.arrive()
    settle(qtbot, tasks)
    save_jot(desk, "Later")
    page.refresh()
    settle(qtbot, tasks)

    assert "Later" in says(page)
    assert "Every note is finished" not in says(page)


def test_what_became_of_a_family_that_moved_is_read_and_put_away_by_keyboard(
    qtbot: QtBot, tasks: Tasks, office: Office
) -> None:
    desk = office.desk(BRIGHT)
    set_priority(desk, office.caseload.families[0].family, "The hearing.")
    moves(office)
    sync_now(desk)
    page = TodayPage(tasks, lambda: desk)
    show(qtbot, page)
    page.arrive()
    settle(qtbot, tasks)
    assert "A family you had was moved to another worker" in says(page)
    assert "Reed" not in says(part(page, "farewells"))
    assert cut_off(page) == []

    (read,) = part(page, "farewells").findChildren(QAbstractButton)
    for _ in reachable(page):
        if read.hasFocus():
            break
        QTest.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Tab)
    assert read.hasFocus()
    QTest.keyClick(read, Qt.Key.Key_Space)
    settle(qtbot, tasks)

    assert "was moved to another worker" not in says(page)
    take_down(page)
