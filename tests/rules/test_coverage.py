"""What the plan and the visits leave out."""

from datetime import UTC, date, datetime

import pytest

from tfworker.rules.coverage import (
    Due,
    Seen,
    due_to_be_seen,
    last_seen,
    members_without_line,
    needs_without_goal,
)

NEEDS = [
    {"id": "school", "status": "open", "person_ids": ["jay"]},
    {"id": "debt", "status": "improving", "person_ids": ["dana"]},
    {"id": "damp", "status": None, "person_ids": []},
]


def test_a_plan_with_three_needs_and_two_goals_shows_one_need_without_a_goal():
    """B5."""
    goals = [{"need_ids": ["school"], "state": "working_on"}, {"need_ids": ["debt"], "state": "achieved"}]

    assert needs_without_goal(NEEDS, goals) == ["damp"]


@pytest.mark.parametrize("status", ["met", "not_met", "not_applicable"])
def test_a_settled_need_needs_no_goal(status):
    assert needs_without_goal([{"id": "school", "status": status}], []) == []


def test_a_goal_given_up_answers_no_need():
    assert needs_without_goal(NEEDS[:1], [{"need_ids": ["school"], "state": "stopped"}]) == ["school"]


def test_a_goal_without_needs_answers_none():
    assert needs_without_goal(NEEDS[:1], [{"need_ids": None, "state": "working_on"}]) == ["school"]


FAMILY = ["dana", "jay", "mia", "gran"]


def test_the_check_lists_a_member_with_no_line_in_the_plan():
    """B13: covered by name, by a goal of her own, by a goal for a need of his; gran by nothing."""
    goals = [
        {"need_ids": ["school"], "person_ids": [], "state": "working_on"},
        {"need_ids": [], "person_ids": ["mia"], "state": "proposed"},
    ]

    assert members_without_line(FAMILY, {"members_covered": ["dana"]}, goals, NEEDS) == ["gran"]


def test_a_goal_for_the_whole_family_is_nobodys_line():
    whole = [{"need_ids": ["damp"], "person_ids": [], "state": "working_on"}]

    assert members_without_line(FAMILY, {"members_covered": None}, whole, NEEDS) == FAMILY


def test_a_goal_given_up_is_nobodys_line():
    stopped = [{"need_ids": ["school"], "person_ids": ["mia"], "state": "stopped"}]

    assert members_without_line(["jay", "mia"], {}, stopped, NEEDS) == ["jay", "mia"]


def test_without_a_plan_nobody_has_a_line():
    assert (
        members_without_line(FAMILY, None, [{"person_ids": FAMILY, "state": "working_on"}], NEEDS) == FAMILY
    )


def visited(day, *children):
    return {"happened_at": datetime(2017, *day, 15, tzinfo=UTC), "children_seen": list(children)}


def child(person_id, seen=True, alone=False):
    return {"person_id": person_id, "seen": seen, "alone": alone}


def test_when_each_child_was_last_seen_and_seen_alone():
    notes = [
        visited((11, 9), child("jay"), child("mia", seen=False)),
        visited((10, 5), child("jay", alone=True), child("mia"), child("a neighbour's child")),
        visited((9, 1), child("jay", alone=True)),
        {"happened_at": datetime(2017, 11, 10, 9, tzinfo=UTC), "children_seen": None},
    ]

    assert last_seen(["jay", "mia", "new"], notes) == {
        "jay": Seen(date(2017, 11, 9), date(2017, 10, 5)),
        "mia": Seen(date(2017, 10, 5), None),
        "new": Seen(None, None),
    }
    assert last_seen(["jay", "mia", "new"], reversed(notes)) == last_seen(["jay", "mia", "new"], notes)


def test_seen_alone_is_also_seen():
    assert last_seen(["jay"], [visited((11, 9), {"person_id": "jay", "alone": True})])["jay"].on is not None


@pytest.mark.parametrize(
    "on, alone_on, due",
    [
        (date(2017, 11, 16), date(2017, 10, 19), []),
        (date(2017, 11, 9), date(2017, 10, 19), []),
        (date(2017, 11, 8), date(2017, 11, 8), [Due("jay", False, date(2017, 11, 8))]),
        (date(2017, 11, 16), date(2017, 10, 18), [Due("jay", True, date(2017, 10, 18))]),
        (date(2017, 11, 16), None, [Due("jay", True, None)]),
        (None, None, [Due("jay", False, None)]),
    ],
)
def test_who_is_due_to_be_seen(on, alone_on, due):
    """Within 7 days, alone within 28: the seventh day is still in time."""
    seen = {"jay": Seen(on, alone_on)}

    assert due_to_be_seen(seen, date(2017, 11, 16), within_days=7, alone_within_days=28) == due
