"""A note is kept as it is typed, asks only for what is missing, and is frozen when it is finished."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from sync.memory import FakeClock
from tests.actions.caseload_of import Caseload
from tests.ui.stage import full_disk, part, press, says, settle, show, shown, take_down, write
from tests.ui.walk import cut_off, nameless
from tfworker.actions.desk import Desk
from tfworker.actions.drafting import drafts, open_draft
from tfworker.actions.notes import note
from tfworker.actions.visits import visits_and_notes
from tfworker.ui.note import NotePage
from tfworker.ui.parts import DateField, LineField, NarrativeField
from tfworker.ui.tasks import Tasks

BIG = "Visited at home. " * 60_000  # more than a page of the vault's file has left


@pytest.fixture
def page(qtbot: QtBot, tasks: Tasks, desk: Desk) -> Iterator[NotePage]:
    yield from shown(qtbot, NotePage(tasks, lambda: desk))


@pytest.fixture
def begin(qtbot: QtBot, tasks: Tasks, page: NotePage, caseload: Caseload) -> Callable[..., None]:
    """Begin a note about the first family."""

    def begin(**where: object) -> None:
        page.arrive(**({"family_id": caseload.families[0].family} | where))
        settle(qtbot, tasks)

    return begin


def area(page: NotePage) -> QPlainTextEdit:
    field = part(page, "what_happened")
    assert isinstance(field, NarrativeField)
    assert isinstance(field.editor, QPlainTextEdit)
    return field.editor


def fill(page: NotePage, ids: Caseload) -> None:
    """Everything a visit's note needs."""
    family = ids.families[0]
    press(page, f"there:{family.parent}")
    press(page, f"there:{family.younger}")
    press(page, f"alone:{family.younger}")
    write(page, "what_happened", "Mornings are calmer.")
    write(page, "child_means", "Breakfast together.")
    press(page, "chronology_yes")


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


def test_what_is_typed_is_a_draft_within_two_seconds(
    qtbot: QtBot, page: NotePage, begin: Callable[..., None], desk: Desk
) -> None:
    begin()
    write(page, "what_happened", "Mum and both boys there.")

    qtbot.waitUntil(lambda: bool(drafts(desk)), timeout=2000)

    assert open_draft(desk, drafts(desk)[0].draft_id).what_happened == "Mum and both boys there."
    qtbot.waitUntil(lambda: "Draft on this laptop, saved 1 s ago" in says(page))


def test_somebody_who_never_stops_typing_is_kept_as_well(
    qtbot: QtBot, page: NotePage, begin: Callable[..., None], desk: Desk
) -> None:
    begin()

    def a_key_and_a_look() -> bool:
        QTest.keyClick(area(page), Qt.Key.Key_A)
        return bool(drafts(desk))

    qtbot.waitUntil(a_key_and_a_look, timeout=2000)


def test_leaving_saves_at_once_and_coming_back_finds_the_cursor(
    qtbot: QtBot, tasks: Tasks, page: NotePage, begin: Callable[..., None], desk: Desk
) -> None:
    begin()
    write(page, "what_happened", "Mum and both boys there.")
    for _ in range(6):
        QTest.keyClick(area(page), Qt.Key.Key_Left)
    page.leave()
    settle(qtbot, tasks)
    draft = drafts(desk)[0]

    page.hide()
    again = NotePage(tasks, lambda: desk)
    show(qtbot, again)
    again.arrive(draft_id=draft.draft_id)
    settle(qtbot, tasks)

    assert area(again).textCursor().position() == len("Mum and both boys ")
    assert area(again).hasFocus()
    write(again, "what_happened", "of hers ")
    assert area(again).toPlainText() == "Mum and both boys of hers there."
    take_down(again)


def test_a_note_nobody_wrote_in_leaves_no_draft(
    qtbot: QtBot, tasks: Tasks, page: NotePage, begin: Callable[..., None], desk: Desk
) -> None:
    begin()
    page.leave()
    settle(qtbot, tasks)

    assert drafts(desk) == []


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


def test_words_left_in_an_open_form_are_not_lost(
    qtbot: QtBot, tasks: Tasks, page: NotePage, begin: Callable[..., None], desk: Desk
) -> None:
    begin()
    press(page, "action")
    write(page, "action_what", "Confirm the payment plan")
    page.leave()
    settle(qtbot, tasks)

    kept = open_draft(desk, drafts(desk)[0].draft_id)
    assert [action.what for action in kept.actions] == ["Confirm the payment plan"]


def test_a_full_disk_leaves_the_text_on_the_screen_and_says_why(
    qtbot: QtBot, tasks: Tasks, page: NotePage, begin: Callable[..., None], caseload: Caseload, desk: Desk
) -> None:
    begin()
    fill(page, caseload)
    area(page).setPlainText(BIG)
    with full_disk(desk):
        press(page, "finish")
        settle(qtbot, tasks)

        assert "Your text is still here" in says(page)
        assert area(page).toPlainText() == BIG
        assert page.is_unsaved
        assert part(page, "what_happened").isEnabled()

    page.save()
    settle(qtbot, tasks)
    assert not page.is_unsaved
    assert open_draft(desk, drafts(desk)[0].draft_id).what_happened == BIG
    assert "still here" not in says(page)


def test_a_draft_the_disk_would_not_take_is_there_when_one_comes_back(
    qtbot: QtBot, tasks: Tasks, page: NotePage, begin: Callable[..., None], caseload: Caseload, desk: Desk
) -> None:
    begin()
    area(page).setPlainText(BIG)
    draft = page.draft()
    assert draft is not None
    with full_disk(desk):
        page.leave()
        settle(qtbot, tasks)
        page.arrive(family_id=caseload.families[1].family)
        settle(qtbot, tasks)
        assert area(page).toPlainText() == ""

        page.arrive(draft_id=draft.draft_id)
        settle(qtbot, tasks)
        assert area(page).toPlainText() == BIG


def test_save_for_later_goes_when_the_draft_is_safe(
    qtbot: QtBot, page: NotePage, begin: Callable[..., None], desk: Desk
) -> None:
    begin()
    write(page, "what_happened", "Mornings")
    with qtbot.waitSignal(page.put_by):
        press(page, "later")

    assert [line.first_words for line in drafts(desk)] == ["Mornings"]


def test_a_draft_is_thrown_away_only_when_asked_twice(
    qtbot: QtBot, tasks: Tasks, page: NotePage, begin: Callable[..., None], desk: Desk
) -> None:
    begin()
    write(page, "what_happened", "Mornings")
    page.save()
    settle(qtbot, tasks)
    press(page, "throw_away")
    assert len(drafts(desk)) == 1

    from tfworker.ui.parts import Button

    sure = next(button for button in page.findChildren(Button) if button.text() == "Throw it away")
    with qtbot.waitSignal(page.put_by):
        QTest.mouseClick(sure, Qt.MouseButton.LeftButton)
    assert drafts(desk) == []


def test_a_locked_note_opens_to_be_read(
    qtbot: QtBot, tasks: Tasks, page: NotePage, caseload: Caseload
) -> None:
    page.arrive(note_id=caseload.families[0].notes[0])
    settle(qtbot, tasks)

    assert "Mornings are calmer since the chart, week 1." in says(page)
    with qtbot.waitSignal(page.family_opened) as opened:
        press(page, "to_family")
    assert opened.args == [caseload.families[0].family]


def test_a_draft_that_is_gone_is_said_to_be(qtbot: QtBot, tasks: Tasks, page: NotePage) -> None:
    page.arrive(draft_id="0" * 32)
    settle(qtbot, tasks)

    assert "This is not on this laptop any more" in says(page)
    assert "No note is open" in says(page)


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
