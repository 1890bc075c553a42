"""What the council says to a proposal beyond the table of 4.9: concerns, losses, requests."""

from datetime import date, timedelta
from typing import Any

import pytest

from sync.ops import Change, new_id
from sync.ports import Proposed
from tests.council.neighbourhood import TODAY, Neighbourhood, later, new, note, says, works
from tfworker.council.standing import last_day

# -- a concern is never held or refused ------------------------------------------------------------


@pytest.mark.parametrize("role", ["fsw", "fip", "team_leader", "duty"])
@pytest.mark.parametrize("family", ["other", "unknown to the council", None])
def test_a_concern_is_always_admitted(there: Neighbourhood, role: str, family: str | None) -> None:
    family_id = there.family.get(family, new_id()) if family else None
    concern = {"family_id": family_id, "written_by": there.worker[role], "seen_or_said": "seen"}

    assert says(there, role, there.propose("safeguarding_concern", concern)) == ["admit"]


def test_whom_she_told_goes_with_her_concern_and_acknowledging_does_not(there: Neighbourhood) -> None:
    place = {"family_id": there.family["other"], "written_by": there.worker["fsw"]}
    concern = there.propose("safeguarding_concern", place | {"seen_or_said": "seen"})
    steps = [
        there.propose("concern_step", place | {"concern_id": concern.record, "step": step})
        for step in ("told", "acknowledged", "outcome")
    ]

    assert says(there, "fsw", concern, *steps) == [
        "admit",
        "admit",
        "refuse not_allowed",
        "refuse not_allowed",
    ]


def test_a_step_lives_where_its_concern_lives(there: Neighbourhood) -> None:
    step = {"concern_id": there.concern["other"], "family_id": there.family["fsw"], "step": "told"}

    assert says(there, "fsw", there.propose("concern_step", step)) == ["refuse wrong_scope"]


def test_a_concern_that_names_no_family_is_acknowledged_by_her_leader_or_duty(there: Neighbourhood) -> None:
    concern = new_id()
    raised = {"written_by": there.worker["fsw"], "seen_or_said": "seen"}
    there.apply(new("safeguarding_concern", concern, **raised))
    step = {"concern_id": concern, "raised_by": there.worker["fsw"], "step": "acknowledged"}

    found = [
        says(there, who, there.propose("concern_step", step))[0]
        for who in ("team_leader", "duty", "other_leader")
    ]

    assert found == ["admit", "admit", "refuse not_allowed"]


# -- a family she had -------------------------------------------------------------------------------


READ, HELD = "admit to_read", "hold not_yours_now"
# (last day of the allocation, days since the council ended it, what the author hears)
AFTER = {
    "while it is hers": (None, 0, ["admit"] * 5),
    "on the last day": (TODAY, 0, ["admit"] * 5),
    "the day after": (TODAY - timedelta(days=1), 0, [READ] * 3 + [HELD] * 2),
    "thirty days after": (TODAY - timedelta(days=1), 30, [READ] * 3 + [HELD] * 2),
    "longer after": (TODAY - timedelta(days=1), 31, [HELD] * 5),
    # Her laptop has it until the council says otherwise.
    "ended long ago, said today": (TODAY - timedelta(days=90), 0, [READ] * 3 + [HELD] * 2),
}


@pytest.mark.parametrize("ends, days, expected", AFTER.values(), ids=AFTER.keys())
def test_what_becomes_of_work_on_a_family_she_had(
    on_both: Neighbourhood, ends: date | None, days: int, expected: list[str]
) -> None:
    there = on_both
    there.apply(Change("allocation", there.allocation["fsw"], {"to_on": ends}))
    later(there, days=days)

    assert says(there, "fsw", *works(there, "fsw")) == expected


def test_a_family_that_moved_to_another_team_was_her_leaders_until_now(there: Neighbourhood) -> None:
    there.apply(Change("family", there.family["team"], {"team_id": there.team["B"]}))
    oversight = note(there, "team", "team_leader", kind="management_oversight")
    story = {"label": "A family", "status": "supported"}
    change = there.propose("family", story, {"story_so_far": "new"}, there.family["team"])

    assert says(there, "team_leader", oversight, change) == ["admit to_read", "hold not_yours_now"]


def test_the_countys_card_never_made_anybody_the_worker(there: Neighbourhood) -> None:
    """A claims officer who leaves the role has had every family on her laptop; it brings her nothing."""
    there.apply(Change("worker", there.worker["claims_officer"], {"roles": ["fsw"]}))

    assert says(there, "claims_officer", note(there, "other", "claims_officer")) == ["refuse not_allowed"]


def test_cover_has_five_working_days_more(there: Neighbourhood) -> None:
    there.apply(there.allocate("other", "fsw", role="cover", to_on=date(2026, 11, 9)))

    assert says(there, "fsw", note(there, "other", "fsw")) == ["admit"]


@pytest.mark.parametrize(
    "role, ends, counts",
    [
        ("lead", date(2026, 11, 9), date(2026, 11, 9)),
        ("cover", date(2026, 11, 9), date(2026, 11, 16)),
        ("cover", date(2026, 12, 24), date(2027, 1, 5)),  # two weekends, Christmas, Boxing Day, New Year
        ("cover", None, None),
    ],
)
def test_the_last_day_of_an_allocation(role: str, ends: date | None, counts: date | None) -> None:
    assert last_day(role, ends) == counts


# -- requests ---------------------------------------------------------------------------------------


def status(there: Neighbourhood, family: str, was: str, to: str) -> Proposed:
    values = {"label": "A family", "status": was, "team_id": there.team["A"]}
    return there.propose("family", values, {"status": to}, there.family[family])


MOVES = {
    "a worker steps a family down": ("fsw", "supported", "stepping_down", "admit"),
    "a worker closes a family": ("fsw", "stepping_down", "closed", "hold request"),
    "a worker accepts a family": ("fsw", "awaiting_decision", "accepted", "hold request"),
    "a worker opens one again": ("fsw", "closed", "re_opened", "hold request"),
    "a worker puts one on hold": ("fsw", "supported", "on_hold", "hold request"),
    "a leader closes a family": ("team_leader", "stepping_down", "closed", "admit"),
    "somebody moved it meanwhile": ("fsw", "on_hold", "stepping_down", "admit"),
    "a newer version's status": ("fsw", "supported", "paused", "admit"),
}


@pytest.mark.parametrize("who, was, to, expected", MOVES.values(), ids=MOVES.keys())
def test_moves_of_a_family(there: Neighbourhood, who: str, was: str, to: str, expected: str) -> None:
    assert says(there, who, status(there, who, was, to)) == [expected]


def test_a_co_worker_does_not_close(there: Neighbourhood) -> None:
    there.apply(there.allocate("other", "fsw", role="co_worker"))

    assert says(there, "fsw", status(there, "other", "supported", "stepping_down")) == ["hold request"]


def test_a_leader_makes_a_plan_active_and_a_worker_asks(there: Neighbourhood) -> None:
    def activate(name: str) -> Proposed:
        plan = {"family_id": there.family["team"], "state": "agreed"}
        return there.propose("plan", plan, {"state": "active"}, there.plan["team"])

    assert says(there, "team_leader", activate("team")) == ["admit"]
    assert says(there, "colleague", activate("team")) == ["hold request"]


def test_clearing_a_caution_somebody_else_set_needs_her_leader(there: Neighbourhood) -> None:
    def clear(setter: str) -> Proposed:
        marker = {"family_id": there.family["fsw"], "state": "raised", "written_by": there.worker[setter]}
        return there.propose("risk_marker", marker, {"state": "cleared", "cleared_why": "gone"})

    assert says(there, "fsw", clear("fsw"), clear("colleague")) == ["admit", "hold request"]
    assert says(there, "team_leader", clear("colleague")) == ["admit"]


@pytest.mark.parametrize(
    "kind, expected",
    [
        ("addendum", "admit"),
        ("correction", "admit"),
        ("recorded_in_error", "admit"),
        ("redaction", "hold request"),
        ("wrong_family", "hold request"),
        ("third_party_removed", "hold request"),
    ],
)
def test_only_the_approval_path_hides_text(there: Neighbourhood, kind: str, expected: str) -> None:
    amendment = {"family_id": there.family["fsw"], "note_id": there.note["fsw"], "kind": kind, "text": "more"}

    assert says(there, "fsw", there.propose("note_amendment", amendment)) == [expected]


def test_a_leader_allocates_within_her_team_and_asks_beyond_it(there: Neighbourhood) -> None:
    def allocate(family: str, worker: str) -> Proposed:
        who = {"family_id": there.family[family], "worker_id": there.worker[worker]}
        return there.propose("allocation", who | {"role": "co_worker", "from_on": TODAY})

    found = says(
        there,
        "team_leader",
        allocate("team", "fsw"),
        allocate("team", "stranger"),
        allocate("other", "fsw"),
    )

    assert found == ["admit central", "hold request", "refuse not_allowed"]


def test_a_leader_makes_a_family_of_her_team(there: Neighbourhood) -> None:
    def family(**values: Any) -> Proposed:
        return there.propose("family", {"label": "A family", "status": "candidate"} | values)

    mine = family(team_id=there.team["A"])
    theirs = family(team_id=there.team["B"])
    numbered = family(team_id=there.team["A"], family_ref="F-9")

    assert says(there, "team_leader", mine, theirs, numbered) == [
        "admit central",
        "hold request",
        "hold request",
    ]


def test_what_hangs_off_a_new_family_is_judged_as_hers(there: Neighbourhood) -> None:
    """The family is a request; sync makes what names it wait with it."""
    family = there.propose("family", {"label": "A family", "status": "candidate"})
    home = there.propose("household", {"family_id": family.record, "postcode": "ZZ1 1AA"})
    person = there.propose("person", {"family_name": "New"})
    member = there.propose(
        "membership", {"family_id": family.record, "person_id": person.record, "role": "child"}
    )

    assert says(there, "fsw", family, home, person, member) == ["hold request", "admit", "admit", "admit"]


def test_a_reference_number_is_the_councils_to_give(there: Neighbourhood) -> None:
    person = there.propose("person", {"family_name": "New", "person_ref": "P-9"})

    assert says(there, "fsw", person) == ["hold request"]
