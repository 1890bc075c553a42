"""The page of a family over a real vault: header, tabs, keys, going from one family to another."""

from PySide6.QtCore import Qt

from tests.ui.sample import header
from tfworker.actions.people import change_contact_point


def test_it_opens_with_the_header_and_the_story(bench):
    said = bench.said()

    assert bench.page.title() == "Reed family"
    for part in ("Caution: two workers", "Lead worker A. Bright", "Two children with their mother",
                 "The tenancy hearing on 20 November.", "Two workers since June.",
                 "1 need has no goal"):  # fmt: skip
        assert part in said


def test_the_focus_is_on_the_tab_so_that_the_keyboard_goes_on_from_there(bench, caseload):
    bench.page.activateWindow()

    bench.page.arrive(family_id=caseload.families[2].family)
    bench.rest()

    assert bench.page.focusWidget().accessibleName() == "Story"


def test_no_familys_name_is_ever_a_window_title(bench):
    assert bench.page.windowTitle() == ""


def test_each_tab_is_read_when_it_is_turned_to(bench):
    bench.tab("people")
    assert "07700 900214" in bench.said(bench.page.sheets.people)
    bench.tab("plan")
    assert "Everyone out of the door by half past eight." in bench.said(bench.page.sheets.plan)
    bench.tab("notes")
    assert len(bench.page.sheets.notes.lines.items()) == 6  # two headings, a visit to come, three notes


def test_control_tab_goes_round_the_tabs(bench):
    bench.page.activateWindow()
    bench.page.setFocus()

    bench.qtbot.keyClick(bench.page, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    bench.rest()

    assert bench.page.sheets.tabs.current() == "people"


def test_new_note_asks_for_one_about_this_family(bench):
    with bench.qtbot.waitSignal(bench.page.note_wanted) as wanted:
        bench.press("New note")

    assert wanted.args == [bench.ids.family, "visit", ""]


def test_nothing_of_one_family_stands_above_another(bench, caseload):
    bench.tab("people")

    bench.page.arrive(family_id=caseload.families[1].family)

    assert bench.page.title() == ""
    assert "07700 900214" not in bench.said()
    bench.rest()
    assert bench.page.title() == "Oakes family"
    assert bench.page.sheets.tabs.current() == "story"


def test_arriving_again_stays_on_the_tab(bench):
    bench.tab("plan")

    bench.open()

    assert bench.page.sheets.tabs.current() == "plan"


def test_a_family_that_has_left_says_what_to_do(bench):
    bench.page.arrive(family_id="0" * 32)
    bench.rest()

    assert bench.notices() == ["This is not on this laptop any more"]


def test_what_is_not_sent_is_counted_at_the_top(bench):
    change_contact_point(bench.desk, bench.ids.family, bench.ids.mobile, {"value": "07700 900381"})

    bench.page.refresh()
    bench.rest()

    assert "1 on this laptop only" in bench.said()


def test_who_may_not_write_is_offered_nothing_to_write_with(bench):
    bench.page.show_header(header(may_write=False))
    bench.page.sheets.mark_stale()
    for tab in ("people", "plan", "notes"):
        bench.tab(tab)

        offered = [b.accessibleName() for b in bench.page.findChildren(type(bench.page._new_note))]
        visible = [
            b.accessibleName() for b in bench.page.findChildren(type(bench.page._new_note)) if b.isVisible()
        ]
        assert offered
        assert [name for name in visible if name.startswith(("Change", "Add", "New", "Plan"))] == []
