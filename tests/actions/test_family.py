"""A family's page: header, Story, and the texts a worker keeps."""

from datetime import date

import pytest

from sync.memory import FakeClock
from sync.ops import new_id
from tests.actions.caseload_of import Caseload, insert
from tests.actions.desks import put
from tfworker.actions.cautions import add_risk_marker
from tfworker.actions.concerns import raise_concern
from tfworker.actions.desk import Desk
from tfworker.actions.family import family_page, header
from tfworker.actions.problems import BadInput, NotHere
from tfworker.actions.story import set_priority, set_story, story
from tfworker.actions.values import Whereabouts


def test_the_header_says_who_and_when(desk: Desk, caseload: Caseload) -> None:
    found = header(desk, caseload.families[0].family)

    assert (found.label, found.lead_worker) == ("Reed family", "A. Bright")
    assert [chip.words for chip in found.chips] == ["Caution: two workers"]
    assert found.next_visit_words == "Thu 19 Nov 15:30"
    assert found.children_seen.words == "Children seen 9 Nov; Kit alone 9 Nov"
    assert found.may_write


def test_the_page_opens_with_header_and_story(desk: Desk, caseload: Caseload) -> None:
    page = family_page(desk, caseload.families[0].family)

    assert page.header.family_id == page.story.family_id
    assert page.story.story_updated_words == "updated 2 Nov by A. Bright"
    assert page.story.priority == "The tenancy hearing on 20 November."


def test_a_family_that_is_not_here_is_said_so(desk: Desk) -> None:
    with pytest.raises(NotHere):
        family_page(desk, new_id())


def test_the_gaps_are_facts(desk: Desk, caseload: Caseload) -> None:
    assert story(desk, caseload.families[0].family).gaps == (
        "1 need has no goal",
        "Jay has not been seen alone yet",
    )


def test_the_chronology_is_newest_first_and_holds_what_no_note_tells(desk: Desk, caseload: Caseload) -> None:
    family = caseload.families[0].family
    told = {"event": "Payment plan agreed\nArrears £640.", "source": "agency", "source_name": "Housing"}
    event = {"family_id": family, "happened_on": date(2026, 11, 6), **told}
    put(desk.vault, [insert("chronology_entry", new_id(), **event)])
    raise_concern(desk, family, "A bruise.")

    lines = story(desk, family).chronology

    assert [line.kind.words for line in lines[:3]] == ["Concern", "Visit", "Housing"]
    assert lines[0].whereabouts is Whereabouts.LAPTOP
    assert (lines[1].title, lines[1].on_words) == ("Home visit, 55 minutes", "9 Nov")
    assert lines[1].significant
    assert lines[1].childs_voice
    assert (lines[2].title, lines[2].text) == ("Payment plan agreed", "Arrears £640.")


@pytest.mark.parametrize(
    "note, chip, title",
    [
        ({"kind": "visit", "visit_type": "phone"}, "Call or letter", "Phone call"),
        ({"kind": "correspondence"}, "Call or letter", ""),
        ({"kind": "visit"}, "Visit", ""),
        ({"kind": "visit", "visit_type": "home"}, "Visit", "Home visit"),
    ],
)
def test_a_line_of_the_chronology_says_what_it_was_once(
    desk: Desk, caseload: Caseload, note: dict[str, str], chip: str, title: str
) -> None:
    family = caseload.families[0].family
    when = {"happened_at": desk.now(), "finalised_at": desk.now()}
    put(desk.vault, [insert("visit_note", new_id(), family_id=family, what_happened="x", **when, **note)])

    line = story(desk, family).chronology[0]

    assert (line.kind.words, line.title) == (chip, title)


def test_the_story_is_dated_and_signed(desk: Desk, caseload: Caseload) -> None:
    found = set_story(desk, caseload.families[0].family, "Attendance has turned.")

    assert found.story == "Attendance has turned."
    assert found.story_updated_words == "updated 16 Nov by A. Bright"


def test_the_same_story_again_is_not_signed_anew(desk: Desk, caseload: Caseload) -> None:
    family = caseload.families[0].family

    found = set_story(desk, family, story(desk, family).story)

    assert found.story_updated_words == "updated 2 Nov by A. Bright"
    assert header(desk, family).unsent == 0


def test_a_story_longer_than_400_words_names_the_field(desk: Desk, caseload: Caseload) -> None:
    with pytest.raises(BadInput) as refused:
        set_story(desk, caseload.families[0].family, "word " * 401)

    assert refused.value.field == "story"


def test_what_matters_now_can_be_emptied(desk: Desk, caseload: Caseload) -> None:
    assert set_priority(desk, caseload.families[0].family, "  ").priority == ""


def test_a_caution_is_in_force_at_once_and_is_looked_at_again(desk: Desk, caseload: Caseload) -> None:
    ids = caseload.families[1]
    add_risk_marker(desk, ids.family, "dog", "Ring first.", person_id=ids.parent)

    caution = story(desk, ids.family).cautions[0]

    assert (caution.words, caution.about, caution.detail) == ("Caution: dog", "Dana", "Ring first.")
    assert caution.review_on == date(2027, 5, 17)
    assert [chip.words for chip in header(desk, ids.family).chips] == ["Caution: dog"]


CASES = {
    "an unknown kind": ("tiger", "Careful.", None, "kind"),
    "no words": ("dog", " ", None, "detail"),
    "a review in the past": ("dog", "Careful.", date(2026, 11, 15), "review_on"),
}


@pytest.mark.parametrize("kind, detail, review_on, field", CASES.values(), ids=CASES.keys())
def test_a_caution_that_cannot_be_saved_names_the_field(
    desk: Desk, caseload: Caseload, kind: str, detail: str, review_on: date | None, field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        add_risk_marker(desk, caseload.families[0].family, kind, detail, review_on)

    assert refused.value.field == field


def test_a_marker_late_for_review_still_cautions(desk: Desk, caseload: Caseload, clock: FakeClock) -> None:
    clock.advance(days=60)

    caution = story(desk, caseload.families[0].family).cautions[0]

    assert caution.review_late
    assert header(desk, caseload.families[0].family).chips
