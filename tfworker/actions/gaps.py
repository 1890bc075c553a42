"""What a family's plan and visits leave out, in sentences: facts for a person to weigh."""

from collections.abc import Mapping, Sequence
from typing import Any

from tfworker.actions.members import Member
from tfworker.actions.phrases import say
from tfworker.actions.wording import gap
from tfworker.records.words import FamilyStatus, MemberRole, PlanState
from tfworker.rules.coverage import members_without_line, needs_without_goal

Record = Mapping[str, Any]

PLAN_EXPECTED = frozenset({FamilyStatus.SUPPORTED, FamilyStatus.STEPPING_DOWN, FamilyStatus.ASSESSMENT})
OVER = frozenset({PlanState.SUPERSEDED, PlanState.ENDED})


def present_plan(plans: Sequence[Record]) -> Record | None:
    """The plan that is worked on: the newest that is neither replaced nor ended."""
    alive = [plan for plan in plans if plan["state"] not in OVER]
    return max(alive, key=lambda plan: (plan["number"] or 0, plan["id"]), default=None)


def of_plan(
    plan: Record | None, needs: Sequence[Record], goals: Sequence[Record], members: Sequence[Member]
) -> tuple[str, ...]:
    """What the plan leaves out. plan: None for a family without one."""
    here = goals_of(plan, goals)
    found = []
    open_needs = needs_without_goal(needs, here)
    if open_needs:
        which = "one" if len(open_needs) == 1 else "many"
        found.append(gap("need_without_goal", which, n=len(open_needs)))
    if plan is not None:
        name_of = {m.person_id: m.name for m in members if m.role != MemberRole.UNBORN}
        left_out = members_without_line(name_of, plan, here, needs)
        if left_out:
            which = "one" if len(left_out) == 1 else "many"
            name = name_of[left_out[0]]
            found.append(gap("member_without_line", which, n=len(left_out), name=name))
    return tuple(found)


def of_texts(family: Record, plan: Record | None) -> tuple[str, ...]:
    """What a new worker would miss first."""
    found = []
    if not family["story_so_far"]:
        found.append(say("gap.no_story"))
    if plan is None and family["status"] in PLAN_EXPECTED:
        found.append(say("gap.no_plan"))
    return tuple(found)


def goals_of(plan: Record | None, goals: Sequence[Record]) -> list[Record]:
    """The goals of a plan; without a plan, those that are in none."""
    plan_id = None if plan is None else plan["id"]
    return [goal for goal in goals if goal["plan_id"] == plan_id]
