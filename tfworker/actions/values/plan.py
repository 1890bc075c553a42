"""Needs and plan."""

from dataclasses import dataclass
from datetime import date

from tfworker.actions.values.family import Marks
from tfworker.actions.values.marks import Choice, Whereabouts


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A need. title: its headline problem or local type. own_words: as the family says it.

    goal_ids: goals of the present plan that answer it; () is a gap.
    """

    id: str
    title: str
    own_words: str
    people: tuple[str, ...]
    severity: Choice
    status: Choice
    identified_on: date | None
    source: str
    goal_ids: tuple[str, ...]
    whereabouts: Whereabouts
    disputed: Marks


@dataclass(frozen=True, slots=True)
class ActionLine:
    """A promise. goal_id: None for one made outside the plan (at a visit). overdue: due before today."""

    id: str
    goal_id: str | None
    what: str
    owner_kind: Choice
    owner_name: str
    due: date | None
    due_words: str
    overdue: bool
    state: Choice
    done_on: date | None
    visible_to_family: bool
    whereabouts: Whereabouts
    disputed: Marks


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal in the family's words. baseline, current, target: 0 to 10, None when not said.

    next_states: what it may become now, by this worker.
    """

    id: str
    statement: str
    measure: str
    need_ids: tuple[str, ...]
    baseline: int | None
    current: int | None
    target: int | None
    due: date | None
    due_words: str
    state: Choice
    next_states: tuple[Choice, ...]
    actions: tuple[ActionLine, ...]
    whereabouts: Whereabouts
    disputed: Marks


@dataclass(frozen=True, slots=True)
class PlanCard:
    """The family's present plan. state_note: "Active needs your team leader" and the like; ""."""

    id: str
    number: int
    aims: str
    members: tuple[str, ...]
    state: Choice
    state_note: str
    next_states: tuple[Choice, ...]
    review_due: date | None
    review_words: str
    review_late: bool
    whereabouts: Whereabouts
    disputed: Marks


@dataclass(frozen=True, slots=True)
class PlanTab:
    """plan: None when the family has none yet. loose_actions: promises outside any goal.

    need_types: what a new need may be called. gaps: sentences ("1 need has no goal").
    """

    family_id: str
    plan: PlanCard | None
    needs: tuple[NeedLine, ...]
    goals: tuple[GoalLine, ...]
    loose_actions: tuple[ActionLine, ...]
    need_types: tuple[Choice, ...]
    gaps: tuple[str, ...]
