"""Which families show, and in which order."""

from datetime import timedelta

import pytest

from tests.ui.sample import NOW, TODAY, case_row, seen
from tfworker.actions.values import Choice
from tfworker.ui.caseload.case_line import CaseLine, marks
from tfworker.ui.caseload.views import counts, matching, of_view, ordered

FILTERS = {
    "part of a name, whatever its case": ("pEA", ["Pearce family"]),
    "every word must occur": ("hale bright", ["Hale family"]),
    "a reference": ("av-0003", ["Kowalczyk family"]),
    "a name with an accent": ("o’brien", ["O’Brien family"]),
    "a caution": ("two workers", ["Pearce family", "Okafor family"]),
    "nothing that is there": ("zzz", []),
}


@pytest.mark.parametrize("words, labels", FILTERS.values(), ids=FILTERS.keys())
def test_filter(words, labels):
    rows = [case_row(place) for place in range(10)]

    assert [row.label for row in matching(rows, words)] == labels


def test_views_are_counted_and_show_what_they_count():
    rows = [case_row(place) for place in range(20)]

    assert counts(rows)["all"] == 20
    assert all(len(of_view(rows, name)) == number for name, number in counts(rows).items())
    assert [row.label for row in of_view(rows, "review")] == ["Pearce family", "Noor family"]


def test_a_child_seen_but_never_alone_is_a_child_to_see():
    row = case_row(1, children_seen=seen(alone_on=None, words="Children seen 9 Nov; not alone yet"))

    assert of_view([row], "children") == [row]


def test_a_family_without_children_is_never_among_the_children_to_see():
    row = case_row(1, children_seen=seen(children=0, seen_on=None, alone_on=None, words="No children"))

    assert of_view([row], "children") == []


def test_families_without_a_date_come_last():
    rows = [
        case_row(1, next_visit_at=None, plan_review_due=None),
        case_row(2, next_visit_at=NOW + timedelta(days=2), plan_review_due=TODAY),
        case_row(3, next_visit_at=NOW, plan_review_due=TODAY + timedelta(days=1)),
    ]

    assert [row.family_ref for row in ordered(rows, "visit")] == ["AV-0003", "AV-0002", "AV-0001"]
    assert [row.family_ref for row in ordered(rows, "review")] == ["AV-0002", "AV-0003", "AV-0001"]


def test_her_own_families_come_before_those_of_the_team():
    rows = [case_row(2, my_role=Choice("", "Your team's")), case_row(9)]

    assert [row.label for row in ordered(rows, "mine")] == ["O’Brien family", "Adeyemi family"]


def test_a_line_says_everything_in_one_sentence():
    said = CaseLine().words(case_row(0))

    for part in ("Pearce family", "Caution: two workers", "Two versions", "Supported", "Next visit",
                 "Children not seen", "Plan review: Was due"):  # fmt: skip
        assert part in said


def test_cautions_stand_before_all_other_marks():
    assert [chip.words for chip in marks(case_row(0, unsent=2))] == [
        "Caution: two workers", "Two versions", "2 not sent",
    ]  # fmt: skip
