"""A note is kept as it is typed, wherever its writer goes and whatever the disk does."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.actions.caseload_of import Caseload
from tests.ui.note.writing import area, fill
from tests.ui.stage import full_disk, part, press, says, settle, show, take_down, write
from tfworker.actions.desk import Desk
from tfworker.actions.drafting import drafts, open_draft
from tfworker.ui.note import NotePage
from tfworker.ui.tasks import Tasks

BIG = "Visited at home. " * 60_000  # more than a page of the vault's file has left


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


def test_a_draft_that_is_gone_is_said_to_be(qtbot: QtBot, tasks: Tasks, page: NotePage) -> None:
    page.arrive(draft_id="0" * 32)
    settle(qtbot, tasks)

    assert "This is not on this laptop any more" in says(page)
    assert "No note is open" in says(page)
