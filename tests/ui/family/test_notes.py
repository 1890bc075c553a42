"""Visits and notes: the list, reading a finished note, adding to it and correcting it."""

from datetime import timedelta

from PySide6.QtCore import Qt

from tests.ui.sample import note_line, note_view, notes_tab
from tests.ui.walk import cut_off, nameless
from tfworker.actions.drafting import new_note, save_draft
from tfworker.actions.notes import note
from tfworker.ui import theme
from tfworker.ui.family.note_line import Heading, NotesLine, items
from tfworker.ui.family.notes import NotesSheet


def test_the_list_has_what_is_planned_written_and_finished_under_their_headings():
    shown = items(notes_tab())

    assert [item.words for item in shown if isinstance(item, Heading)] == [
        "Planned", "Being written", "Notes",
    ]  # fmt: skip
    assert [item.words for item in items(notes_tab(planned=(), drafts=())) if isinstance(item, Heading)] == [
        "Notes"
    ]


def test_a_late_note_says_so_to_a_screen_reader():
    assert "Written up 3 days later" in NotesLine().words(note_line(1))


def test_enter_reads_the_note_and_a_draft_goes_to_the_editor(bench):
    draft = new_note(bench.desk, bench.ids.family)
    save_draft(bench.desk, draft)
    bench.tab("notes")
    lines = bench.page.sheets.notes.lines
    lines.setFocus()
    lines.choose(("note", bench.ids.notes[1]))

    bench.qtbot.keyClick(lines, Qt.Key.Key_Return)
    bench.rest()

    assert bench.page.sheets.notes.shown_note() == bench.ids.notes[1]
    assert "week 2" in bench.said(bench.page.sheets.notes.reader)
    lines.choose(("draft", draft.draft_id))
    with bench.qtbot.waitSignal(bench.page.draft_opened) as opened:
        bench.qtbot.keyClick(lines, Qt.Key.Key_Return)
    assert opened.args == [draft.draft_id]


def test_arrows_pass_over_the_headings(bench):
    bench.tab("notes")
    lines = bench.page.sheets.notes.lines
    lines.choose_first()

    bench.qtbot.keyClick(lines, Qt.Key.Key_Down)

    assert lines.chosen().note_id == bench.ids.notes[0]


def test_a_planned_visit_is_written_up_as_itself(bench):
    bench.tab("notes")
    bench.page.sheets.notes.lines.choose(("note", bench.ids.visit))

    with bench.qtbot.waitSignal(bench.page.note_wanted) as wanted:
        bench.qtbot.keyClick(bench.page.sheets.notes.lines, Qt.Key.Key_Return)

    assert wanted.args == [bench.ids.family, "visit", bench.ids.visit]


def test_a_visit_is_planned(bench):
    bench.tab("notes")
    bench.press("Plan a visit")
    bench.save()
    assert bench.form.entry("day").widget.missing() == "Say the day and the time"

    day = bench.desk.today() + timedelta(days=3)
    bench.type("day", f"{day:%d/%m/%Y}")
    bench.type("at", "14:15")
    bench.save()

    planned = [i for i in bench.page.sheets.notes.lines.items() if getattr(i, "note_id", 1) is None]
    assert len(planned) == 2


def test_a_note_is_opened_by_its_id_from_elsewhere(bench):
    bench.open(note_id=bench.ids.notes[2])

    assert bench.page.sheets.tabs.current() == "notes"
    assert "week 3" in bench.said(bench.page.sheets.notes.reader)


def test_an_addition_stands_below_with_name_and_time(bench):
    bench.open(note_id=bench.ids.notes[0])
    bench.press("Add to it")
    bench.type("text", "The school rang later the same day.")

    bench.save()

    said = bench.said(bench.page.sheets.notes.reader)
    assert "The school rang later the same day." in said
    assert "Added later" in said
    assert "A. Bright, today" in said


def test_a_correction_strikes_the_marked_words_and_shows_the_right_ones(bench):
    bench.open(note_id=bench.ids.notes[0])
    text = bench.page.sheets.notes.reader._texts[0]
    text.setSelection(text.words().index("the chart"), len("the chart"))
    bench.press("Correct marked words")
    assert bench.form.entry("old_text").value() == "the chart"
    bench.type("text", "the new timetable")
    bench.type("reason", "Two words mixed up when writing")

    bench.save()

    view = note(bench.desk, bench.ids.notes[0])
    assert (view.amendments[0].old_text, view.amendments[0].text) == ("the chart", "the new timetable")
    text = bench.page.sheets.notes.reader._texts[0]
    assert "<s>the chart</s> <u>the new timetable</u>" in text.text()


def test_a_correction_without_a_reason_keeps_what_is_typed(bench):
    bench.open(note_id=bench.ids.notes[0])
    bench.press("Correct marked words")
    bench.type("old_text", "the chart")
    bench.type("text", "the timetable")

    bench.save()

    assert bench.form.entry("reason").widget.missing() != ""
    assert bench.form.entry("text").value() == "the timetable"


def test_a_family_without_notes_says_what_to_do(qtbot):
    sheet = NotesSheet()
    qtbot.addWidget(sheet)
    sheet.show()

    sheet.show_notes(notes_tab(planned=(), drafts=(), notes=()), may_write=True)

    assert sheet._empty.isVisible()
    assert not sheet._list.isVisible()


def test_where_it_is_narrow_the_note_takes_the_lists_place_and_gives_it_back(qtbot):
    sheet = NotesSheet()
    qtbot.addWidget(sheet)
    sheet.resize(600, 600)
    sheet.show()
    sheet.show_notes(notes_tab(), may_write=True)
    sheet.show_note(note_view())
    assert not sheet.lines.isVisible()

    qtbot.mouseClick(sheet.reader.back, Qt.MouseButton.LeftButton)

    assert sheet.lines.isVisible()
    assert not sheet.reader.isVisible()


def test_everything_fits_at_200_per_cent_and_has_a_name(qapp, qtbot):
    for scale, width in ((1.0, 1098), (1.0, 700), (2.0, 1120)):
        theme.install(qapp, theme.Scheme.LIGHT, scale)
        sheet = NotesSheet()
        qtbot.addWidget(sheet)
        sheet.resize(width, 700)
        sheet.show_notes(notes_tab(), may_write=True)
        sheet.show_note(note_view())
        sheet.show()

        assert cut_off(sheet) == []
        assert nameless(sheet) == []
