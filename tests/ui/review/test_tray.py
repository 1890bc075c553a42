"""The tray on the Review page: what is asked, by whom and why, and one press to answer it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.actions.desks import Office, asked_to_close
from tests.ui.stage import part, press, says, settle, write
from tests.ui.walk import cut_off, nameless
from tfworker.actions.desk import Desk
from tfworker.actions.syncing import sync_now
from tfworker.actions.tray import tray
from tfworker.actions.values import Chip, Remark, Tone
from tfworker.ui.review import ReviewPage
from tfworker.ui.tasks import Tasks


@pytest.fixture
def desk(office: Office) -> Desk:
    _, leader = asked_to_close(office)
    return leader


def test_it_says_who_asks_for_what(page: ReviewPage) -> None:
    words = says(page)

    for said in ("Requests", "A. Bright", "Reed family", "Closed", "Sustained", "a leader says yes or no"):
        assert said in words, said
    assert nameless(page) == []
    for width in (1154, 560):
        page.resize(width, 800)
        assert cut_off(page) == []


def test_declining_without_a_why_asks_for_it(
    qtbot: QtBot, tasks: Tasks, page: ReviewPage, desk: Desk
) -> None:
    press(page, "decline")
    settle(qtbot, tasks)
    assert "Say why you decline it" in says(page)
    assert len(tray(desk)) == 1

    write(page, "held_why", "Not before the review")
    with qtbot.waitSignal(page.settled):
        press(page, "decline")
    settle(qtbot, tasks)
    assert tray(desk) == []
    assert "You declined it" in says(page)
    assert "Not before the review" in says(page)


def test_admitting_is_one_press(qtbot: QtBot, tasks: Tasks, page: ReviewPage, desk: Desk) -> None:
    with qtbot.waitSignal(page.settled):
        press(page, "admit")
    settle(qtbot, tasks)
    sync_now(desk)

    assert tray(desk) == []
    with desk.vault.read() as connection:
        assert "closed" in connection.exec_driver_sql("SELECT status FROM family").scalars().all()


def test_from_the_list_it_comes_into_sight(qtbot: QtBot, tasks: Tasks, page: ReviewPage, desk: Desk) -> None:
    (item,) = tray(desk)
    page.arrive(card_id=item.held_id)
    settle(qtbot, tasks)
    qtbot.waitUntil(lambda: page.focusWidget() is not None)

    sheet = part(page, f"held:{item.held_id}")
    assert sheet.isAncestorOf(page.focusWidget())


def test_a_why_half_written_stays_while_other_things_come_and_go(
    qtbot: QtBot, tasks: Tasks, page: ReviewPage
) -> None:
    write(page, "held_why", "Not before")
    part(page, "held_why").setFocus()
    found = page._waiting
    assert found is not None
    page.show_waiting(replace(found, remarks=(Remark("k", "A remark", "", Chip("New", Tone.INFO)),)))
    settle(qtbot, tasks)

    assert "A remark" in says(page)
    assert part(page, "held_why").value() == "Not before"  # type: ignore[attr-defined]
    assert part(page, "held_why").editor.hasFocus()  # type: ignore[attr-defined]


def test_asked_for_a_why_enter_goes_on_with_declining(
    qtbot: QtBot, tasks: Tasks, page: ReviewPage, desk: Desk
) -> None:
    editor = part(page, "held_why").editor  # type: ignore[attr-defined]
    QTest.keyClick(editor, Qt.Key.Key_Return)
    settle(qtbot, tasks)
    assert len(tray(desk)) == 1  # not asked yet: Enter answers nothing

    press(page, "decline")
    settle(qtbot, tasks)
    assert editor.hasFocus()
    QTest.keyClicks(editor, "Not before the review")
    with qtbot.waitSignal(page.settled):
        QTest.keyClick(editor, Qt.Key.Key_Return)
    settle(qtbot, tasks)
    assert tray(desk) == []
