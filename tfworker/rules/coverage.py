"""What a family's plan and visits leave out, as facts for a person to weigh."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tfworker.rules.dates import day_of

Record = Mapping[str, Any]  # {column: value}

SETTLED_NEEDS = frozenset({"met", "not_met", "not_applicable"})  # nobody is asked to plan for these
DROPPED_GOALS = frozenset({"stopped"})  # a goal given up answers no need


def needs_without_goal(needs: Iterable[Record], goals: Iterable[Record]) -> list[str]:
    """Ids of the open needs that no goal answers, in the order given (B5).

    goals: of the plan that is looked at; an achieved one still answers its need.
    """
    answered = {need for goal in goals if _lives(goal) for need in goal.get("need_ids") or ()}
    return [
        str(need["id"])
        for need in needs
        if need.get("status") not in SETTLED_NEEDS and need["id"] not in answered
    ]


def members_without_line(
    members: Iterable[str], plan: Record | None, goals: Iterable[Record], needs: Iterable[Record]
) -> list[str]:
    """Ids of the members with no line in the plan, in the order given (B13).

    A line is: the plan names them as covered, a goal is for them, or a goal answers a need of
    theirs. A goal for the whole family is nobody's line: it would hide every gap.
    plan: None while there is none; then everybody is without a line.
    """
    if plan is None:
        return list(members)
    covered = set(plan.get("members_covered") or ())
    people_by_need = {need["id"]: need.get("person_ids") or () for need in needs}
    for goal in goals:
        if _lives(goal):
            covered.update(goal.get("person_ids") or ())
            for need in goal.get("need_ids") or ():
                covered.update(people_by_need.get(need, ()))
    return [member for member in members if member not in covered]


def _lives(goal: Record) -> bool:
    return goal.get("state") not in DROPPED_GOALS


@dataclass(frozen=True, slots=True)
class Seen:
    """The last day a child was seen, and seen alone; None for never."""

    on: date | None = None
    alone_on: date | None = None


def last_seen(children: Collection[str], notes: Iterable[Record]) -> dict[str, Seen]:
    """{person id: Seen} for each child, from the notes given, in any order.

    notes: leave out those that were voided or belong to another family. Seen alone is also seen.
    """
    seen = dict.fromkeys(children, Seen())
    for note in notes:
        lines = note.get("children_seen") or ()
        if not lines:
            continue
        on = day_of(note["happened_at"])
        for line in lines:
            child = line.get("person_id")
            if child in seen and (line.get("seen") or line.get("alone")):
                last = seen[child]
                alone_on = _later(last.alone_on, on) if line.get("alone") else last.alone_on
                seen[child] = Seen(_later(last.on, on), alone_on)
    return seen


def _later(last: date | None, on: date) -> date:
    return on if last is None else max(last, on)


@dataclass(frozen=True, slots=True)
class Due:
    """A child who is due to be seen (or, `alone`, to be seen alone). since: None for never."""

    person_id: str
    alone: bool
    since: date | None


def due_to_be_seen(
    seen: Mapping[str, Seen], today: date, *, within_days: int, alone_within_days: int
) -> list[Due]:
    """The children who were not seen, or not seen alone, within so many days; today counts as 0.

    A child who is due to be seen at all is listed once, not for alone as well: one visit does both.
    The days are practice standards, by intensity.
    """
    due = []
    for child, last in seen.items():
        if _is_older(last.on, today, within_days):
            due.append(Due(child, False, last.on))
        elif _is_older(last.alone_on, today, alone_within_days):
            due.append(Due(child, True, last.alone_on))
    return due


def _is_older(on: date | None, today: date, days: int) -> bool:
    return on is None or (today - on).days > days
