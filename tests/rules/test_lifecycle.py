"""The tables of domain 4.8, played: who moves a record on, who asks, and what must be so first."""

import json

import pytest

from tfworker.paths import resource
from tfworker.records import words
from tfworker.rules import data
from tfworker.rules.lifecycle import Answer, judge, steps

LIFECYCLES = data.lifecycles(json.loads(resource("rulesets", "lifecycles.json").read_text(encoding="utf-8")))
WORDS = json.loads(resource("wording", "en.json").read_text(encoding="utf-8"))
FAMILY, PLAN, GOAL = LIFECYCLES["family"], LIFECYCLES["plan"], LIFECYCLES["goal"]
STATES = {
    "family": words.FamilyStatus,
    "plan": words.PlanState,
    "goal": words.GoalState,
    "action": words.ActionState,
    "visit": words.VisitState,
}
EVERY_FACT = set(WORDS["lifecycle_need"])


def answer(lifecycle, was, to, *roles, facts=()):
    return judge(LIFECYCLES[lifecycle], was, to, roles, facts)


@pytest.mark.parametrize("name", STATES)
def test_the_table_knows_every_state_and_no_other(name):
    assert set(LIFECYCLES[name].states) == set(STATES[name])


@pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=LIFECYCLES)
def test_every_state_can_be_reached(lifecycle):
    reached = set(lifecycle.first)
    while more := {m.to for m in lifecycle.moves for s in reached if m.leads_from(s)} - reached:
        reached |= more

    assert reached == set(lifecycle.states)


def test_roles_and_needs_are_known():
    roles = {str(role) for role in words.WorkerRole} | {"author"}
    for lifecycle in LIFECYCLES.values():
        for move in lifecycle.moves:
            assert move.by | move.asks <= roles
            assert set(move.needs) <= EVERY_FACT


# What the papers' chain says; each step by whom, with every fact there.
CHAINS = {
    "family": [
        ("candidate", "profiling", "team_leader"),
        ("profiling", "awaiting_decision", "fsw"),
        ("awaiting_decision", "accepted", "programme_manager"),
        ("accepted", "agreement_sought", "fsw"),
        ("agreement_sought", "assessment", "fsw"),
        ("assessment", "supported", "fsw"),
        ("supported", "stepping_down", "fsw"),
        ("stepping_down", "closed", "team_leader"),
        ("closed", "re_opened", "team_leader"),
        ("agreement_sought", "declined", "fsw"),
    ],
    "plan": [
        ("draft", "shared_with_family", "fsw"),
        ("shared_with_family", "agreed", "fsw"),
        ("agreed", "active", "team_leader"),
        ("active", "under_review", "fsw"),
        ("under_review", "superseded", "fsw"),
        ("under_review", "ended", "fsw"),
    ],
    "goal": [
        ("proposed", "working_on", "fsw"),
        ("working_on", "achieved", "fsw"),
        ("working_on", "partly", "fsw"),
        ("working_on", "stopped", "fsw"),
    ],
    "action": [("open", "done", "fsw"), ("open", "not_done", "fsw"), ("open", "cancelled", "fsw")],
    "visit": [
        ("planned", "prepared", "fsw"),
        ("prepared", "under_way", "fsw"),
        ("under_way", "completed", "fsw"),
        ("under_way", "no_reply", "fsw"),
        ("under_way", "refused", "fsw"),
        ("prepared", "cancelled", "fsw"),
    ],
    "visit_note": [("draft", "ready", "author"), ("ready", "finalised", "author")],
}


@pytest.mark.parametrize(
    "name, was, to, role", [(name, *step) for name, chain in CHAINS.items() for step in chain]
)
def test_the_chain_of_the_papers(name, was, to, role):
    assert answer(name, was, to, role, facts=EVERY_FACT).answer is Answer.YES
    assert answer(name, was, to, role, facts=EVERY_FACT).may_go


@pytest.mark.parametrize("to", ["accepted", "closed", "re_opened"])
def test_a_worker_only_ever_asks_for_these(to):
    """Offline: fsw may move to any state except accepted, closed, re_opened (domain 4.8.1)."""
    found = {answer("family", was, to, "fsw", facts=EVERY_FACT).answer for was in FAMILY.states if was != to}

    assert Answer.YES not in found
    assert Answer.ASK in found


def test_nobody_leaves_closed_but_by_the_named_ways():
    """A closed family is re-opened by the leader; the sad and urgent ways stay open to all who have them."""
    ways = {step.to for step in steps(FAMILY, "closed", ["team_leader"])}

    assert ways == {"re_opened", "accepted", "moved_away", "on_hold", "deceased_child_hold"}
    assert not answer("family", "closed", "supported", "team_leader", facts=EVERY_FACT).may_go


@pytest.mark.parametrize(
    "was, to, role, facts, missing",
    [
        ("agreement_sought", "assessment", "fsw", set(), ("agreement",)),
        ("accepted", "agreement_sought", "fsw", set(), ("lead_worker",)),
        ("assessment", "supported", "fsw", {"agreement"}, ("lead_worker", "first_plan")),
        (
            "stepping_down",
            "closed",
            "team_leader",
            {"exit_plan", "nothing_waiting"},
            ("no_open_life_safety_risk",),
        ),
        ("candidate", "profiling", "duty", set(), ("match_confirmed",)),
        ("supported", "on_hold", "team_leader", {"reason"}, ("review_date",)),
    ],
)
def test_what_must_be_so_first(was, to, role, facts, missing):
    """B1: the status cannot move to Assessment while agreement is only offered."""
    judgement = answer("family", was, to, role, facts=facts)

    assert judgement.missing == missing
    assert not judgement.may_go


def test_the_urgent_way_needs_a_reason_and_a_leader():
    assert answer("family", "candidate", "accepted", "duty", facts={"reason"}).may_go
    assert answer("family", "candidate", "accepted", "duty").missing == ("reason",)
    assert (
        answer("family", "candidate", "accepted", "claims_officer", facts={"reason"}).answer
        is Answer.NOT_YOURS
    )
    assert answer("family", "awaiting_decision", "accepted", "team_leader", facts={"board_decision"}).may_go


def test_a_plan_becomes_active_by_the_leader_and_a_worker_asks():
    assert answer("plan", "agreed", "active", "fsw", facts={"no_other_active_plan"}).answer is Answer.ASK
    assert answer("plan", "agreed", "active", "fsw", "team_leader").answer is Answer.YES
    assert answer("plan", "shared_with_family", "agreed", "fsw").missing == ("member_agreed_or_why_not",)


def test_a_new_record_begins_where_it_may():
    assert answer("plan", None, "draft", "fsw").may_go
    assert answer("plan", None, "active", "fsw").answer is Answer.NO
    assert answer("visit", None, "completed", "fsw").may_go


def test_what_stays_may_stay_and_what_does_not_follow_may_not():
    assert answer("goal", "achieved", "achieved", "nobody").may_go
    assert answer("goal", "proposed", "achieved", "fsw").answer is Answer.NO
    assert answer("plan", "a newer state", "draft", "fsw").answer is Answer.NO


@pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=LIFECYCLES)
def test_no_step_leads_to_where_it_is(lifecycle):
    everybody = {role for move in lifecycle.moves for role in move.by}

    assert [s for s in lifecycle.states if s in {step.to for step in steps(lifecycle, s, everybody)}] == []


def test_a_finished_note_has_no_next_state():
    assert steps(LIFECYCLES["visit_note"], "finalised", ["author", "team_leader"]) == ()


def test_the_steps_offered_are_those_that_are_hers():
    assert [(s.to, s.answer) for s in steps(GOAL, "working_on", ["fsw"])] == [
        ("achieved", Answer.YES),
        ("partly", Answer.YES),
        ("stopped", Answer.YES),
    ]
    assert steps(GOAL, "working_on", ["claims_officer"]) == ()
    assert [(s.to, s.needs) for s in steps(PLAN, "under_review", ["fsw"])] == [
        ("active", ("no_other_active_plan",)),
        ("superseded", ("newer_plan",)),
        ("ended", ("reason",)),
    ]
