"""The family plan (domain 4.5): aims, goals, and who does what by when."""

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from sync.policy import field, group, review
from tfworker.records import scope
from tfworker.records.base import Id, List, Record, Synced, Word, Written, column, of_family, synced


class Plan(Written, Synced, Record):
    """A plan of the family; one is active at a time.

    number: 1 for the family's first plan.
    members_covered: ids of the people with a line in it. agreed_with: list of words.Agreed.
    state and what belongs to it: one act, so one group (domain 4.8.4).
    """

    __tablename__ = "plan"
    __table_args__ = (Index("ix_plan_family_id", "family_id"), synced(scope.of_family_record))

    family_id: Mapped[Id] = of_family()
    number: Mapped[int | None] = column(field(), 2)
    period_from: Mapped[date | None] = column(group("period"), 2)
    period_to: Mapped[date | None] = column(group("period"), 2)
    aims_in_family_words: Mapped[str | None] = column(field(), 3)
    members_covered: Mapped[List | None] = column(field(), 3)
    agreed_with: Mapped[List | None] = column(field(), 3)
    aligned_outcomes: Mapped[List | None] = column(field(), 3)
    state: Mapped[Word | None] = column(review("state"), 3)
    state_on: Mapped[date | None] = column(review("state"), 3)
    state_reason: Mapped[str | None] = column(review("state"), 3)
    superseded_by: Mapped[Id | None] = column(review("state"), 3, refers="plan")
    review_due: Mapped[date | None] = column(field(), 3)


class Goal(Written, Synced, Record):
    """Something the family wants to be different, in its own words.

    need_ids: the needs it answers. person_ids: whom it is for; empty means the whole family.
    baseline_0_10, target_0_10, current_0_10: our own plain question, 0 worst, 10 best.
    """

    __tablename__ = "goal"
    __table_args__ = (Index("ix_goal_family_id", "family_id"), synced(scope.of_family_record))

    family_id: Mapped[Id] = of_family()
    plan_id: Mapped[Id | None] = column(field(), 2, refers="plan")
    need_ids: Mapped[List | None] = column(field(), 3)
    person_ids: Mapped[List | None] = column(field(), 3)
    statement: Mapped[str | None] = column(field(), 3)
    measure: Mapped[str | None] = column(field(), 3)
    baseline_0_10: Mapped[int | None] = column(field(), 3)
    target_0_10: Mapped[int | None] = column(field(), 3)
    current_0_10: Mapped[int | None] = column(field(), 3)
    due: Mapped[date | None] = column(field(), 3)
    state: Mapped[Word | None] = column(group("state"), 3)
    state_on: Mapped[date | None] = column(group("state"), 3)
    state_reason: Mapped[str | None] = column(group("state"), 3)


class Action(Written, Synced, Record):
    """What somebody does by a day. Overdue is computed, never stored.

    goal_id: the goal it serves, if any; note_id: the note in which it was promised, if any.
    owner_kind says which of owner_person_id, owner_worker_id, agency_id is set; owner_name is
        what the family calls that owner.
    """

    __tablename__ = "action"
    __table_args__ = (
        Index("ix_action_family_id", "family_id"),
        Index("ix_action_goal_id", "goal_id"),
        synced(scope.of_family_record),
    )

    family_id: Mapped[Id] = of_family()
    goal_id: Mapped[Id | None] = column(field(), 2, refers="goal")
    note_id: Mapped[Id | None] = column(field(), 2, refers="visit_note")
    what: Mapped[str | None] = column(field(), 3)
    owner_kind: Mapped[Word | None] = column(group("owner"), 3)
    owner_name: Mapped[str | None] = column(group("owner"), 3)
    owner_person_id: Mapped[Id | None] = column(group("owner"), 3, refers="person")
    owner_worker_id: Mapped[Id | None] = column(group("owner"), 3, refers="worker")
    agency_id: Mapped[Id | None] = column(group("owner"), 3, refers="agency")
    due: Mapped[date | None] = column(field(), 3)
    state: Mapped[Word | None] = column(group("state"), 3)
    done_on: Mapped[date | None] = column(group("state"), 3)
    state_reason: Mapped[str | None] = column(group("state"), 3)
    visible_to_family: Mapped[bool | None] = column(field(), 3)
