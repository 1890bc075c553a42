"""The Story tab: texts edited in place and kept while typed, the chronology and its filters."""

from PySide6.QtCore import Qt

from tests.ui.sample import event, header, story
from tfworker.actions.story import story as read_story
from tfworker.ui.family import FamilyPage
from tfworker.ui.family.story import StorySheet, filtered, happening


def write(bench, words):
    card = bench.page.sheets.story.story
    card.field.set_value("")
    bench.qtbot.keyClicks(card.field.editor, words)
    return card


def test_the_story_is_edited_where_it_stands_and_saved_with_ctrl_s(bench):
    bench.press("Edit story so far")
    write(bench, "The tenancy is safe now.")

    bench.save()

    assert read_story(bench.desk, bench.ids.family).story == "The tenancy is safe now."
    assert not bench.page.sheets.story.story.is_open()
    assert "The tenancy is safe now." in bench.said()
    assert "updated 16 Nov by A. Bright" in bench.said()


def test_control_e_opens_the_editor(bench):
    bench.page.activateWindow()
    bench.page.setFocus()

    bench.qtbot.keyClick(bench.page, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)

    assert bench.page.sheets.story.story.is_open()


def test_what_matters_now_is_saved_the_same_way(bench):
    bench.press("Edit what matters now")
    card = bench.page.sheets.story.priority
    card.field.set_value("")
    bench.qtbot.keyClicks(card.field.editor, "Breakfast club starts Monday.")

    bench.save()

    assert read_story(bench.desk, bench.ids.family).priority == "Breakfast club starts Monday."


def test_what_is_typed_is_kept_within_two_seconds_and_offered_again(bench, qtbot, tasks):
    bench.press("Edit story so far")
    card = write(bench, "Half a sent")
    assert card.is_unsaved
    qtbot.waitUntil(lambda: not card.is_unsaved, timeout=2_000)

    # The laptop was switched off without a word: a new page over the same vault.
    again = FamilyPage(tasks, lambda: bench.desk)
    qtbot.addWidget(again)
    again.show()
    again.arrive(family_id=bench.ids.family)
    bench.rest()

    assert read_story(bench.desk, bench.ids.family).story == "Two children with their mother since March."
    other = type(bench)(again, qtbot, tasks, bench.desk, bench.ids)
    assert other.notices() == ["You have writing here that is not saved"]
    other.press("Go on writing")
    assert again.sheets.story.story.field.value() == "Half a sent"


def test_leaving_the_page_keeps_what_is_typed_without_asking(bench):
    bench.press("Edit story so far")
    card = write(bench, "Not yet saved")

    bench.page.leave()
    bench.rest()

    assert not card.is_unsaved
    assert card.is_open()


def test_escape_goes_back_to_reading_and_the_text_waits(bench):
    bench.press("Edit story so far")
    card = write(bench, "Waits")
    bench.page.activateWindow()
    card.field.editor.setFocus()

    bench.qtbot.keyClick(card.field.editor, Qt.Key.Key_Escape)
    bench.rest()

    assert not card.is_open()
    assert bench.notices() == ["You have writing here that is not saved"]


def test_throwing_away_leaves_the_story_as_it_was(bench):
    bench.press("Edit story so far")
    write(bench, "Wrong family")

    bench.press("Throw away")
    bench.open()

    assert bench.notices() == []
    assert "Two children with their mother since March." in bench.said()


def test_a_refresh_does_not_touch_what_is_being_typed(bench):
    bench.press("Edit story so far")
    card = write(bench, "In the middle of")

    bench.page.refresh()
    bench.rest()

    assert card.field.value() == "In the middle of"
    assert card.is_open()


def test_a_text_that_cannot_be_saved_stays_in_its_field(bench):
    bench.press("Edit story so far")
    card = bench.page.sheets.story.story
    card.field.set_value("x" * 100_001)

    bench.save()

    assert card.is_open()
    assert len(card.field.value()) == 100_001
    assert len(bench.notices()) == 1


def test_a_long_note_is_told_in_short_and_what_has_no_note_in_full():
    long = "She said it again.\n" * 60

    assert len(happening(event(0, text=long, for_the_children="")).words[0]) <= 361
    assert happening(event(0, text=long, note_id=None, for_the_children="")).words == (long,)


def test_filters_of_the_chronology():
    lines = [event(0), event(1, significant=False, childs_voice=True), event(2, significant=False)]

    assert [line.id for line in filtered(lines, "significant")] == ["event0"]
    assert [line.id for line in filtered(lines, "voice")] == ["event0", "event1"]
    assert [line.id for line in filtered(lines, "everything")] == ["event0", "event1", "event2"]


def test_a_family_with_nothing_significant_shows_everything(qtbot):
    sheet = StorySheet()
    qtbot.addWidget(sheet)

    sheet.show_story(story(chronology=(event(1, significant=False),)), header())

    assert sheet.filter.value() == "everything"
    assert sheet.timeline.shown() == 1


def test_a_new_family_says_what_will_stand_here(qtbot, bench):
    sheet = bench.page.sheets.story
    empty = story(
        story="", story_updated_words="", priority="", chronology=(), cautions=(), access_notes=(),
        involved=(), gaps=(),
    )  # fmt: skip

    sheet.show_story(empty, header())

    said = bench.said(sheet)
    assert "Nobody has written it yet" in said
    assert "No history yet" in said
    assert sheet.gaps.isHidden()


def test_opening_an_event_reads_its_note(bench):
    bench.page.sheets.story.timeline.opened.emit(bench.ids.notes[0])
    bench.rest()

    assert bench.page.sheets.tabs.current() == "notes"
    assert "Mornings are calmer since the chart, week 1." in bench.said(bench.page.sheets.notes.reader)


def test_a_caution_added_is_in_force_at_once(bench):
    bench.press("Add a caution")
    bench.form.entry("kind").put("dog")
    bench.type("detail", "Ring first, she will tie him up.")

    bench.save()

    assert bench.page.panels.panel() is None
    assert "Ring first, she will tie him up." in bench.said()
    assert "Caution: dog" in bench.said()
