"""The People tab: members, numbers with what is safe in words, addresses, and the forms that change them."""

import pytest
from PySide6.QtCore import Qt

from tests.actions.caseload_of import BRIGHT, FIRTH
from tests.ui.family.bench import Bench
from tests.ui.sample import child, household, people_tab, person, point
from tests.ui.walk import cut_off, nameless
from tfworker.actions.people import change_contact_point, people
from tfworker.actions.syncing import sync_now
from tfworker.actions.values import Choice
from tfworker.ui import theme
from tfworker.ui.family import FamilyPage
from tfworker.ui.family.contact import Contact
from tfworker.ui.family.household import COVERED, Household
from tfworker.ui.family.people import PeopleSheet
from tfworker.ui.family.person import facts, full_name


def test_a_person_in_one_line():
    assert facts(person()) == "Parent · 38 years · born 02/03/1988 · Lives here · has parental responsibility"
    assert full_name(person(forenames="Danuta Maria", known_as="Dana")) == "Danuta Maria Pearce (Dana)"


def test_a_number_nobody_has_judged_is_never_shown_as_safe(qtbot):
    line = Contact(
        point(safe_to_call=Choice("", ""), safe_words="Nobody has said whether it is safe to call"),
        "Dana",
        may_write=True,
    )
    qtbot.addWidget(line)

    assert "Nobody has said" in line.accessibleName()


def test_a_number_is_changed_in_a_form_beside_it(bench):
    bench.tab("people")
    bench.press("Change Dana’s mobile")
    bench.form.entry("value").put("")
    bench.type("value", "07700 900381")

    bench.save()

    assert bench.page.panels.panel() is None
    card = people(bench.desk, bench.ids.family).people[0]
    assert card.contact_points[0].value == "07700 900381"
    assert "07700 900381" in bench.said()
    assert "On this laptop only" in bench.said()


def test_only_what_was_changed_is_written(bench):
    bench.tab("people")
    bench.press("Change Dana’s mobile")
    change_contact_point(bench.desk, bench.ids.family, bench.ids.mobile, {"safe_to_call": "no"})
    bench.form.entry("value").put("07700 900381")

    assert bench.form.answers() == {"value": "07700 900381"}
    bench.save()

    now = people(bench.desk, bench.ids.family).people[0].contact_points[0]
    assert (now.value, now.safe_to_call.code) == ("07700 900381", "no")


def test_a_number_that_cannot_be_saved_keeps_the_form_and_says_why(bench):
    bench.tab("people")
    bench.press("Change Dana’s mobile")
    bench.form.entry("value").put("")

    bench.save()

    assert bench.form.entry("value").widget.missing().startswith("The number or address is empty")


def test_a_new_number_gets_its_place(bench):
    bench.tab("people")
    bench.press("Add a number or address for Dana")
    bench.form.entry("kind").put("landline")
    bench.type("value", "01632 960 123")
    bench.form.entry("safe_to_call").put("only_when")
    bench.type("safe_note", "mornings")

    bench.save()

    assert "01632 960 123" in bench.said()
    assert "Only when: mornings" in bench.said()


def test_a_person_is_added_and_changed(bench):
    bench.tab("people")
    bench.press("Add a person")
    bench.type("forenames", "Mo")
    bench.form.entry("role").put("partner")
    bench.save()
    assert "Mo" in bench.said()

    bench.press("Change Mo")
    bench.type("school", "College of Ashcombe")
    bench.save()

    assert "College of Ashcombe" in bench.said()


def test_a_person_without_a_name_is_asked_for_one_and_nothing_typed_is_lost(bench):
    bench.tab("people")
    bench.press("Add a person")
    bench.type("school", "Hill Road Primary")
    bench.form.entry("role").put("child")

    bench.save()

    assert bench.form.entry("forenames").widget.missing() != ""
    assert bench.form.entry("school").value() == "Hill Road Primary"


def test_an_address_is_changed(bench):
    bench.tab("people")
    bench.press("Change the address")
    bench.form.entry("postcode").put("ZZ99 1AB")

    bench.save()

    assert "ZZ99 1AB" in bench.said()


def test_a_confidential_address_is_covered_until_shown_on_purpose(qtbot):
    card = Household(household(confidential=True), may_write=True)
    qtbot.addWidget(card)
    card.show()
    assert card.address.words() == COVERED

    qtbot.mouseClick(card.cover, Qt.MouseButton.LeftButton)
    assert "14 Canal Row" in card.address.words()
    qtbot.mouseClick(card.cover, Qt.MouseButton.LeftButton)
    assert card.address.words() == COVERED


def test_an_address_this_laptop_was_not_given_offers_nothing_to_uncover(qtbot):
    card = Household(household(confidential=True, address_lines=None, postcode=None), may_write=True)
    qtbot.addWidget(card)
    card.show()

    assert card.address.words() == "The address is not on this laptop"
    assert not card.cover.isVisible()


def test_before_ringing_a_disputed_number_both_versions_are_in_sight(qtbot, office, tasks):
    """Two laptops change one number at once; the worker's page shows what stands, and her own."""
    bright, firth = office.desk(BRIGHT), office.desk(FIRTH)
    ids = office.caseload.families[0]
    change_contact_point(firth, ids.family, ids.mobile, {"value": "07700 900318"})
    sync_now(firth)
    change_contact_point(bright, ids.family, ids.mobile, {"value": "07700 900381"})
    sync_now(bright)
    page = FamilyPage(tasks, lambda: bright)
    qtbot.addWidget(page)
    page.resize(1154, 780)
    page.show()
    bench = Bench(page, qtbot, tasks, bright, ids)
    bench.open(tab="people")

    said = bench.said()
    assert "check before ringing" in said
    assert "In use now: 07700 900318" in said
    assert "You wrote: 07700 900381" in said
    with qtbot.waitSignal(page.review_wanted):
        bench.press("Decide in Review")


def crowd():
    """Twelve people, some with long names and several numbers."""
    name = "Bartholomew-Featherstonehaugh"
    adults = [
        person(f"{name} {n}", contact_points=tuple(point(id=f"{n}{m}") for m in range(3))) for n in range(4)
    ]
    return people_tab(people=(*adults, *(child(f"Child {n}") for n in range(8))))


@pytest.mark.parametrize("scale, width", [(1.0, 1098), (1.0, 760), (2.0, 1120)])
def test_twelve_people_fit_and_everything_has_a_name(qapp, qtbot, scale, width):
    theme.install(qapp, theme.Scheme.LIGHT, scale)
    sheet = PeopleSheet()
    qtbot.addWidget(sheet)
    sheet.resize(width, 700)
    sheet.show_people(crowd(), may_write=True)
    sheet.show()

    assert cut_off(sheet) == []
    assert nameless(sheet) == []


def test_a_family_without_people_says_so(qtbot):
    sheet = PeopleSheet()
    qtbot.addWidget(sheet)

    sheet.show_people(people_tab(people=(), households=()), may_write=True)

    assert sheet._title.words() == "0 people"
