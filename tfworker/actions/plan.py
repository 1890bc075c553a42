"""Needs and plan: what the family needs, what it wants to be different, and who does what by when."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, func, select

from sync.ops import Change
from tfworker.actions import gaps
from tfworker.actions.checking import patch_of
from tfworker.actions.desk import Desk
from tfworker.actions.disputes import marks
from tfworker.actions.fields import Reading, need_titles
from tfworker.actions.members import members_of
from tfworker.actions.phrases import say
from tfworker.actions.plan_shown import Shown
from tfworker.actions.problems import BadInput, NotHere
from tfworker.actions.receipts import whereabouts
from tfworker.actions.rows import family_record, row, rows_of, scopes_of
from tfworker.actions.values import ActionLine, Choice, GoalLine, NeedLine, PlanCard, PlanTab
from tfworker.actions.wording import lifecycles, standard, word
from tfworker.records import Plan
from tfworker.records.words import (
    ActionState,
    GoalState,
    NeedSource,
    NeedStatus,
    OwnerKind,
    PlanState,
)
from tfworker.rules.lifecycle import Answer, judge

NEED_FIELDS = frozenset({"described_in_family_words", "person_ids", "severity", "source", "identified_on"})
PLAN_FIELDS = frozenset({"aims_in_family_words", "members_covered", "agreed_with", "review_due"})
GOAL_FIELDS = frozenset({
    "statement", "measure", "baseline_0_10", "target_0_10", "current_0_10", "due", "need_ids", "person_ids",
    "state", "state_reason",
})  # fmt: skip
ACTION_FIELDS = frozenset({
    "what", "owner_kind", "owner_name", "owner_person_id", "owner_worker_id", "agency_id", "due", "goal_id",
    "visible_to_family",
})  # fmt: skip
Line = TypeVar("Line", NeedLine, GoalLine, ActionLine)

REASON_LENGTH = 3  # letters; enough to be a word


def plan(desk: Desk, family_id: str) -> PlanTab:
    """Raises NotHere."""
    with desk.vault.read() as connection:
        return _plan(desk, connection, family_id)


def add_need(desk: Desk, family_id: str, fields: Mapping[str, Any]) -> NeedLine:
    """A new need. fields: NEED_FIELDS, and "type", one of PlanTab.need_types.

    Raises BadInput: the type is needed, the rest can follow.
    """
    given = dict(fields)
    kind = given.pop("type", None)
    patch = patch_of("need", given, NEED_FIELDS)
    with desk.vault.write() as connection:
        row(connection, "family", family_id)
        # What nobody says is said for her: first seen today, by her, and open.
        whole = {
            "identified_on": desk.today(),
            "source": NeedSource.WORKER.value,
            **patch,
            **_need_type(connection, kind),
            "family_id": family_id,
            "status": NeedStatus.OPEN.value,
        }
        need = desk.insert("need", whole)
        desk.save(connection, [need])
    return _found(plan(desk, family_id).needs, need.record)


def start_plan(desk: Desk, family_id: str, fields: Mapping[str, Any]) -> PlanCard:
    """A new plan, as a draft. fields: PLAN_FIELDS. Raises BadInput when a plan is at work already."""
    patch = patch_of("plan", fields, PLAN_FIELDS)
    with desk.vault.write() as connection:
        row(connection, "family", family_id)
        if gaps.present_plan(rows_of(connection, "plan", family_id=family_id)) is not None:
            raise BadInput("", say("plan.there_is_one"), say("plan.there_is_one.advice"))
        newest = select(func.max(Plan.number)).where(Plan.family_id == family_id)
        number = connection.execute(newest).scalar() or 0
        whole = {
            "review_due": desk.today() + timedelta(weeks=standard("plan_review")),
            **patch,
            "family_id": family_id,
            "number": number + 1,
            "state": PlanState.DRAFT.value,
            "state_on": desk.today(),
        }
        desk.save(connection, [desk.insert("plan", whole)])
    return _present(desk, family_id)


def change_plan(desk: Desk, family_id: str, plan_id: str, fields: Mapping[str, Any]) -> PlanCard:
    """Change what a plan says. Raises BadInput; NotHere."""
    patch = patch_of("plan", fields, PLAN_FIELDS)
    with desk.vault.write() as connection:
        family_record(connection, "plan", plan_id, family_id)
        desk.save(connection, [Change("plan", plan_id, patch)])
    return _present(desk, family_id)


def change_plan_state(
    desk: Desk, family_id: str, plan_id: str, state: str, *, why: str = ""
) -> PlanCard | None:
    """Take a plan one step on; None when no plan is at work after it.

    why: the reason, or why nobody of the family is written down as agreeing.
    Raises BadInput("state") when the step does not follow or is another's, ("why") when it is needed.
    """
    with desk.vault.write() as connection:
        present = family_record(connection, "plan", plan_id, family_id)
        _check_step(desk, "plan", present["state"], state, _plan_facts(connection, present, why))
        patch = {"state": state, "state_on": desk.today(), "state_reason": why.strip() or None}
        desk.save(connection, [Change("plan", plan_id, patch)])
    return plan(desk, family_id).plan


def add_goal(desk: Desk, family_id: str, plan_id: str, fields: Mapping[str, Any]) -> GoalLine:
    """A new goal of a plan. fields: GOAL_FIELDS. Raises BadInput: the statement is needed."""
    patch = patch_of("goal", fields, GOAL_FIELDS - {"state", "state_reason"}, needed=["statement"])
    with desk.vault.write() as connection:
        family_record(connection, "plan", plan_id, family_id)
        if patch.get("current_0_10") is None:
            patch["current_0_10"] = patch.get("baseline_0_10")
        state = {"state": GoalState.PROPOSED.value, "state_on": desk.today()}
        goal = desk.insert("goal", {**patch, **state, "plan_id": plan_id, "family_id": family_id})
        desk.save(connection, [goal])
    return _found(plan(desk, family_id).goals, goal.record)


def change_goal(desk: Desk, family_id: str, goal_id: str, fields: Mapping[str, Any]) -> GoalLine:
    """Change a goal, or take it one step on. Raises BadInput; NotHere."""
    patch = patch_of("goal", fields, GOAL_FIELDS)
    if "statement" in patch and patch["statement"] is None:
        raise BadInput("statement", say("plan.no_statement"), say("bad.empty.advice"))
    with desk.vault.write() as connection:
        present = family_record(connection, "goal", goal_id, family_id)
        if "state" in patch and patch["state"] != present["state"]:
            _check_step(desk, "goal", present["state"], patch["state"], {"reason"})
            patch["state_on"] = desk.today()
        desk.save(connection, [Change("goal", goal_id, patch)])
    return _found(plan(desk, family_id).goals, goal_id)


def add_action(desk: Desk, family_id: str, fields: Mapping[str, Any]) -> ActionLine:
    """A promise. fields: ACTION_FIELDS. Raises BadInput: what is to be done is needed."""
    patch = patch_of("action", fields, ACTION_FIELDS, needed=["what"])
    with desk.vault.write() as connection:
        row(connection, "family", family_id)
        action = desk.insert("action", new_action(desk, family_id, patch))
        desk.save(connection, [action])
    return _found(_all_actions(plan(desk, family_id)), action.record)


def new_action(desk: Desk, family_id: str, patch: Mapping[str, Any]) -> dict[str, Any]:
    """The whole row of a promise, open; hers when nobody else is named."""
    whole = {"owner_kind": OwnerKind.WORKER.value, "visible_to_family": True, **patch}
    if whole["owner_kind"] == OwnerKind.WORKER and not whole.get("owner_name"):
        whole |= {"owner_name": desk.me.name, "owner_worker_id": desk.me.worker_id}
    return {**whole, "family_id": family_id, "state": ActionState.OPEN.value}


def finish_action(
    desk: Desk, family_id: str, action_id: str, state: str = ActionState.DONE, *, why: str = ""
) -> ActionLine:
    """Mark a promise done, not done (with a reason), cancelled, or open again."""
    with desk.vault.write() as connection:
        present = family_record(connection, "action", action_id, family_id)
        _check_step(desk, "action", present["state"], state, {"reason"} if why.strip() else set())
        patch = {
            "state": str(state),
            "done_on": desk.today() if state == ActionState.DONE else None,
            "state_reason": why.strip() or None,
        }
        desk.save(connection, [Change("action", action_id, patch)])
    return _found(_all_actions(plan(desk, family_id)), action_id)


def _check_step(desk: Desk, table: str, was: str, to: str, facts: set[str]) -> None:
    """Raises BadInput unless this worker may take this step now."""
    lifecycle = lifecycles()[table]
    judged = judge(lifecycle, was, str(to), desk.me.roles, facts)
    if judged.answer is Answer.YES and not judged.missing:
        return
    if judged.answer is Answer.NO:
        states = {"plan": PlanState, "goal": GoalState, "action": ActionState}[table]
        title = say("bad.state", to=word(states, to).words, now=word(states, was).words)
        raise BadInput("state", title, say("bad.state.advice"))
    if judged.missing:
        raise BadInput("why", say(f"plan.needs.{judged.missing[0]}"))
    raise BadInput("state", say("bad.leader"), say("bad.leader.advice"))


def _plan_facts(connection: Connection, present: Mapping[str, Any], why: str) -> set[str]:
    """What holds about a plan, by the names the lifecycle asks for."""
    others = rows_of(connection, "plan", family_id=present["family_id"])
    active = [p for p in others if p["state"] == PlanState.ACTIVE and p["id"] != present["id"]]
    newer = [p for p in others if (p["number"] or 0) > (present["number"] or 0)]
    agreed = any(one.get("agreed") for one in present["agreed_with"] or ())
    said = len(why.strip()) >= REASON_LENGTH
    facts = {
        "member_agreed_or_why_not": agreed or said,
        "no_other_active_plan": not active,
        "newer_plan": bool(newer),
        "reason": said,
    }
    return {name for name, holds in facts.items() if holds}


def _need_type(connection: Connection, kind: object) -> dict[str, str | None]:
    if not isinstance(kind, str) or kind not in need_titles(connection):
        raise BadInput("type", say("plan.no_type"), say("bad.choice.advice"))
    where, _, code = kind.partition(":")
    return {"headline": code if where == "h" else None, "local_type": code if where == "l" else None}


def _plan(desk: Desk, connection: Connection, family_id: str) -> PlanTab:
    row(connection, "family", family_id)
    members = members_of(connection, [family_id], desk.today()).get(family_id, [])
    scopes = scopes_of(family_id, members)
    titles = need_titles(connection)
    needs = rows_of(connection, "need", family_id=family_id)
    goals = rows_of(connection, "goal", family_id=family_id)
    actions = rows_of(connection, "action", family_id=family_id)
    present = gaps.present_plan(rows_of(connection, "plan", family_id=family_id))
    here = gaps.goals_of(present, goals)
    shown = Shown(
        marks=marks(Reading(connection, desk.schema, desk.now()), desk.line, scopes),
        places=whereabouts(connection, desk.schema, scopes),
        name_of={m.person_id: m.name for m in members},
        titles=titles,
        roles=desk.me.roles,
        today=desk.today(),
    )
    in_goals = {goal["id"] for goal in here}
    return PlanTab(
        family_id=family_id,
        plan=None if present is None else shown.plan(present),
        needs=tuple(shown.need(need, here) for need in needs),
        goals=tuple(shown.goal(goal, actions) for goal in here),
        loose_actions=tuple(shown.action(a) for a in actions if a["goal_id"] not in in_goals),
        need_types=tuple(Choice(code, title) for code, title in titles.items()),
        gaps=gaps.of_plan(present, needs, here, members),
    )


def _found(lines: Sequence[Line], record: str) -> Line:
    return next(line for line in lines if line.id == record)


def _present(desk: Desk, family_id: str) -> PlanCard:
    found = plan(desk, family_id).plan
    if found is None:
        raise NotHere
    return found


def _all_actions(tab: PlanTab) -> tuple[ActionLine, ...]:
    return (*tab.loose_actions, *(action for goal in tab.goals for action in goal.actions))
