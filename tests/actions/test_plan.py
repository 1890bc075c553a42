"""Needs and plan: one step at a time, by who may, and never a failed family."""

from datetime import date

import pytest

from sync.memory import FakeClock
from tests.actions.caseload_of import Caseload
from tfworker.actions.desk import Desk
from tfworker.actions.plan import (
    add_action,
    add_goal,
    add_need,
    change_goal,
    change_plan,
    change_plan_state,
    finish_action,
    plan,
    start_plan,
)
from tfworker.actions.problems import BadInput, NotHere


def test_the_tab_holds_needs_plan_goals_and_promises(desk: Desk, caseload: Caseload) -> None:
    ids = caseload.families[0]
    tab = plan(desk, ids.family)

    assert [need.title for need in tab.needs] == ["Not attending school regularly", "Rent arrears"]
    assert tab.needs[0].people == ("Jay",)
    assert tab.needs[0].goal_ids == (ids.goal,)
    assert tab.plan is not None
    assert (tab.plan.state.words, tab.plan.review_words) == ("Active", "Review due 1 Dec")
    assert (tab.goals[0].baseline, tab.goals[0].current, tab.goals[0].target) == (3, 5, 8)
    assert [action.what for action in tab.goals[0].actions] == ["Ring the housing officer"]
    assert tab.gaps == ("1 need has no goal",)


def test_a_new_need_is_open_and_seen_today(desk: Desk, caseload: Caseload) -> None:
    need = add_need(desk, caseload.families[0].family, {"type": "l:rent_arrears", "severity": "acute"})

    assert (need.title, need.status.code, need.identified_on) == ("Rent arrears", "open", date(2026, 11, 16))


def test_a_need_without_a_kind_is_asked_for_one(desk: Desk, caseload: Caseload) -> None:
    with pytest.raises(BadInput) as refused:
        add_need(desk, caseload.families[0].family, {"type": "l:dragons"})

    assert refused.value.field == "type"


def test_a_goal_moves_one_step_at_a_time(desk: Desk, caseload: Caseload) -> None:
    ids = caseload.families[0]
    goal = change_goal(desk, ids.family, ids.goal, {"state": "achieved", "current_0_10": 8})

    assert (goal.state.code, goal.current) == ("achieved", 8)
    assert [choice.code for choice in goal.next_states] == ["working_on"]


def test_a_step_that_does_not_follow_names_the_state(desk: Desk, caseload: Caseload) -> None:
    ids = caseload.families[0]
    with pytest.raises(BadInput) as refused:
        change_goal(desk, ids.family, ids.goal, {"state": "proposed"})

    assert refused.value.field == "state"
    assert refused.value.title == "It cannot become “Proposed” from “Working on it”"


@pytest.mark.parametrize("score", [11, -1, True, "5"])
def test_a_score_lies_between_0_and_10(desk: Desk, caseload: Caseload, score: object) -> None:
    ids = caseload.families[0]
    with pytest.raises(BadInput) as refused:
        change_goal(desk, ids.family, ids.goal, {"current_0_10": score})

    assert refused.value.field == "current_0_10"


def test_a_goal_closes_the_gap_of_its_need(desk: Desk, caseload: Caseload) -> None:
    ids = caseload.families[0]
    goal = add_goal(
        desk, ids.family, ids.plan, {"statement": "The rent is paid.", "need_ids": [ids.other_need],
                                     "baseline_0_10": 2}
    )  # fmt: skip

    assert (goal.state.code, goal.current) == ("proposed", 2)
    assert plan(desk, ids.family).gaps == ()


def test_a_family_has_one_plan_at_work(desk: Desk, caseload: Caseload) -> None:
    with pytest.raises(BadInput):
        start_plan(desk, caseload.families[0].family, {})


def test_a_plan_is_ended_with_a_reason_and_a_new_one_has_the_next_number(
    desk: Desk, caseload: Caseload
) -> None:
    ids = caseload.families[0]
    change_plan_state(desk, ids.family, ids.plan, "under_review")
    with pytest.raises(BadInput) as refused:
        change_plan_state(desk, ids.family, ids.plan, "ended")
    assert refused.value.field == "why"

    assert change_plan_state(desk, ids.family, ids.plan, "ended", why="All goals reached") is None
    new = start_plan(desk, ids.family, {"aims_in_family_words": "Keep it going."})

    assert (new.number, new.state.code, new.review_due) == (2, "draft", date(2026, 12, 28))


def test_active_is_the_leaders_word(desk: Desk, leaders_desk: Desk, caseload: Caseload) -> None:
    ids = caseload.families[0]
    for one in (desk, leaders_desk):
        for state in ("under_review",):
            change_plan_state(one, ids.family, ids.plan, state)
        change_plan_state(one, ids.family, ids.plan, "ended", why="Begin again")
    hers, leaders = (start_plan(one, ids.family, {}) for one in (desk, leaders_desk))
    for one, card in ((desk, hers), (leaders_desk, leaders)):
        change_plan_state(one, ids.family, card.id, "shared_with_family")
        agreed = change_plan_state(one, ids.family, card.id, "agreed", why="Dana will say on Friday")
        assert agreed is not None
    waiting = plan(desk, ids.family).plan

    with pytest.raises(BadInput) as refused:
        change_plan_state(desk, ids.family, hers.id, "active")
    active = change_plan_state(leaders_desk, ids.family, leaders.id, "active")

    assert refused.value.title == "That is for your team leader"
    assert waiting is not None
    assert waiting.state_note == "Your team leader makes an agreed plan active"
    assert active is not None
    assert active.state.code == "active"


def test_agreed_needs_somebody_who_agrees_or_why_nobody_does(desk: Desk, caseload: Caseload) -> None:
    ids = caseload.families[0]
    change_plan_state(desk, ids.family, ids.plan, "under_review")
    change_plan_state(desk, ids.family, ids.plan, "ended", why="Begin again")
    new = start_plan(desk, ids.family, {})
    change_plan_state(desk, ids.family, new.id, "shared_with_family")
    with pytest.raises(BadInput):
        change_plan_state(desk, ids.family, new.id, "agreed")
    change_plan(desk, ids.family, new.id, {"agreed_with": [{"person_id": ids.parent, "agreed": True}]})

    found = change_plan_state(desk, ids.family, new.id, "agreed")

    assert found is not None
    assert found.state.code == "agreed"


def test_a_promise_is_hers_unless_somebody_else_is_named(desk: Desk, caseload: Caseload) -> None:
    family = caseload.families[0].family
    action = add_action(desk, family, {"what": "Send the letter", "due": date(2026, 11, 20)})

    assert (action.owner_name, action.due_words, action.state.code) == ("A. Bright", "by 20 Nov", "open")


def test_a_promise_is_overdue_only_while_it_is_open(desk: Desk, caseload: Caseload, clock: FakeClock) -> None:
    ids = caseload.families[0]
    clock.advance(days=10)
    late = plan(desk, ids.family).goals[0].actions[0]

    done = finish_action(desk, ids.family, ids.action)

    assert (late.overdue, late.due_words) == (True, "was due 20 Nov")
    assert (done.overdue, done.done_on, done.state.words) == (False, date(2026, 11, 26), "Done")


def test_not_done_asks_why(desk: Desk, caseload: Caseload) -> None:
    ids = caseload.families[0]
    with pytest.raises(BadInput) as refused:
        finish_action(desk, ids.family, ids.action, "not_done")

    assert refused.value.field == "why"
    assert finish_action(desk, ids.family, ids.action, "not_done", why="No signal").state.words == "Not done"


def test_a_plan_of_another_family_is_not_here(desk: Desk, caseload: Caseload) -> None:
    with pytest.raises(NotHere):
        add_goal(desk, caseload.families[0].family, caseload.families[1].plan, {"statement": "x"})
