"""A note asks only for what is missing, and is frozen when it is finished."""

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from sync.memory import FakeClock
from tests.actions.caseload_of import Caseload
from tests.ui.note.writing import area, fill
from tests.ui.stage import part, press, says, settle, write
from tests.ui.walk import cut_off, nameless
from tfworker.actions.desk import Desk
from tfworker.actions.drafting import drafts
from tfworker.actions.notes import note
from tfworker.actions.visits import visits_and_notes
from tfworker.ui.note import NotePage
from tfworker.ui.parts import DateField, LineField
from tfworker.ui.tasks import Tasks


def test_the_family_is_there_to_be_ticked(
    page: NotePage, begin: Callable[..., None], caseload: Caseload
) -> None:
    begin()

    assert page.title() == "Home visit"
    words = says(page)
    assert "Reed family · Monday 16 November 09:00" in words
    ids = caseload.families[0]
    chips = [
        part(page, f"there:{person}").accessibleName() for person in (ids.parent, ids.older, ids.younger)
    ]
    assert chips == ["Dana, parent", "Kit, 11", "Jay, 8"]
    assert area(page).hasFocus()


def test_finishing_asks_at_the_fields_for_what_is_missing(
    qtbot: QtBot, tasks: Tasks, page: NotePage, begin: Callable[..., None], caseload: Caseload
) -> None:
    begin()
    write(page, "what_happened", "Mornings are calmer.")
    press(page, "finish")
    settle(qtbot, tasks)

    words = says(page)
    assert "3 things are missing before it can be locked" in words
    asked = (
        "Say who was there",
        "Say what it means for the children",
        "Say whether it belongs in the chronology",
    )
    assert all(words.count(one) == 1 for one in asked)
    assert part(page, f"there:{caseload.families[0].parent}").hasFocus()
    assert area(page).toPlainText() == "Mornings are calmer."


def test_a_finished_note_is_frozen_and_its_draft_gone(
    qtbot: QtBot, tasks: Tasks, page: NotePage, begin: Callable[..., None], caseload: Caseload, desk: Desk
) -> None:
    begin()
    fill(page, caseload)
    with qtbot.waitSignal(page.finished) as finished:
        press(page, "finish")
    settle(qtbot, tasks)

    assert page.draft() is None
    assert page.findChildren(QPlainTextEdit) == []
    words = says(page)
    assert "Finished and locked" in words
    assert "On this laptop only" in words
    assert "Jay, 8 · seen alone" in words
    assert "Kit, 11 · not seen" in words
    assert drafts(desk) == []
    kept = note(desk, finished.args[0])
    assert (kept.sections[0].text, kept.significant, kept.unchanged) == ("Mornings are calmer.", True, True)


def test_ctrl_return_finishes(
    qtbot: QtBot, page: NotePage, begin: Callable[..., None], caseload: Caseload
) -> None:
    begin()
    fill(page, caseload)
    with qtbot.waitSignal(page.finished):
        QTest.keyClick(area(page), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_no_access_asks_for_four_things_only(
    qtbot: QtBot, tasks: Tasks, page: NotePage, begin: Callable[..., None], desk: Desk, caseload: Caseload
) -> None:
    begin(kind="no_access")

    assert page.title() == "No access: no reply"
    assert not part(page, "who").isVisible()
    assert not part(page, "child_means").isVisible()
    write(page, "what_happened", "Knocked twice.")
    press(page, "chronology_no")
    with qtbot.waitSignal(page.finished):
        press(page, "finish")
    line = visits_and_notes(desk, caseload.families[0].family).notes[0]
    assert "No access" in [chip.words for chip in line.chips]


@pytest.mark.parametrize(
    "kind, title",
    [
        ("phone", "Phone call"),
        ("correspondence", "Call or letter"),
        ("other", "Note"),
        ("visit", "Home visit"),
    ],
)
def test_it_begins_as_the_kind_that_was_asked_for(
    kind: str, title: str, page: NotePage, begin: Callable[..., None]
) -> None:
    begin(kind=kind)

    assert page.title() == title


def test_a_letter_asks_whether_it_was_a_call(
    qtbot: QtBot, tasks: Tasks, page: NotePage, begin: Callable[..., None]
) -> None:
    begin(kind="correspondence")
    press(page, "finish")
    settle(qtbot, tasks)

    assert part(page, "when").isVisible()
    assert "Say whether it was a call, or a letter, e-mail or text" in says(page)


def test_a_note_of_last_week_is_marked_as_late(
    qtbot: QtBot, tasks: Tasks, page: NotePage, begin: Callable[..., None], caseload: Caseload
) -> None:
    begin()
    fill(page, caseload)
    press(page, "time_and_kind")
    day = part(page, "day")
    assert isinstance(day, DateField)
    day.editor.clear()
    QTest.keyClicks(day.editor, "9 Nov 2026")
    with qtbot.waitSignal(page.finished):
        press(page, "finish")
    settle(qtbot, tasks)

    assert "Written up 7 days later" in says(page)


def test_a_time_ahead_is_said_at_its_field_and_nothing_is_locked(
    qtbot: QtBot, tasks: Tasks, page: NotePage, begin: Callable[..., None], caseload: Caseload, desk: Desk
) -> None:
    begin()
    fill(page, caseload)
    press(page, "time_and_kind")
    day = part(page, "day")
    assert isinstance(day, DateField)
    day.set_value(date(2026, 12, 9))
    press(page, "finish")
    settle(qtbot, tasks)

    assert day.missing()
    assert area(page).toPlainText() == "Mornings are calmer."
    assert page.draft() is not None


def test_a_visitor_an_action_and_the_next_visit_go_with_the_note(
    qtbot: QtBot, tasks: Tasks, page: NotePage, begin: Callable[..., None], caseload: Caseload, desk: Desk
) -> None:
    begin()
    fill(page, caseload)
    press(page, "visitor")
    write(page, "visitor_name", "neighbour, first 10 min")
    QTest.keyClick(part(page, "visitor_name").editor, Qt.Key.Key_Return)  # type: ignore[attr-defined]
    press(page, "action")
    write(page, "action_what", "Confirm the payment plan")
    press(page, "action_put")
    press(page, "next_visit")
    write(page, "next_day", "1 Dec 2026")
    write(page, "next_time", "15.30")
    with qtbot.waitSignal(page.finished) as finished:
        press(page, "finish")

    kept = note(desk, finished.args[0])
    assert kept.actions == ("Confirm the payment plan",)
    assert [person.words for person in kept.people if person.is_visitor] == [
        "visitor: neighbour, first 10 min"
    ]
    assert len(visits_and_notes(desk, caseload.families[0].family).planned) == 2


def test_a_locked_note_opens_to_be_read(
    qtbot: QtBot, tasks: Tasks, page: NotePage, caseload: Caseload
) -> None:
    page.arrive(note_id=caseload.families[0].notes[0])
    settle(qtbot, tasks)

    assert "Mornings are calmer since the chart, week 1." in says(page)
    with qtbot.waitSignal(page.family_opened) as opened:
        press(page, "to_family")
    assert opened.args == [caseload.families[0].family]


def test_everything_has_a_name_and_nothing_is_cut_off(page: NotePage, begin: Callable[..., None]) -> None:
    begin()
    for name in ("time_and_kind", "visitor", "action", "next_visit"):
        press(page, name)

    assert nameless(page) == []
    for width in (1154, 818, 640):
        page.resize(width, 700)
        QTest.qWait(0)
        # The calendar's button lies inside its line, and is as small as the line asks.
        assert [found for found in cut_off(page) if "Calendar" not in found] == []


def test_the_clock_of_the_desk_dates_a_new_note(
    page: NotePage, begin: Callable[..., None], clock: FakeClock
) -> None:
    clock.advance(hours=6, minutes=30)
    begin()

    assert "15:30" in says(page)
    assert isinstance(part(page, "visitor_name"), LineField)
