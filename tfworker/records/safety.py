"""Caution and concern (domain 4.6, 4.8.11): what protects workers, children and adults."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from sync.policy import append, field, group, safer
from tfworker.records import scope
from tfworker.records.base import (
    Id,
    List,
    Pairs,
    Record,
    Synced,
    Word,
    Written,
    WrittenOnce,
    column,
    of_family_once,
    synced,
)


class RiskMarker(Written, Synced, Record):
    """A warning on a family or on a person; every marker has a day on which it is looked at again.

    family_id or person_id is set; both are when a family's marker is about one of its members.
    state: raised or cleared. When one laptop clears what another raised, it stays raised until
        a person decides.
    do_not_disclose_to: words.Named, from whom this family's whereabouts are kept.
    """

    __tablename__ = "risk_marker"
    __table_args__ = (
        Index("ix_risk_marker_family_id", "family_id"),
        Index("ix_risk_marker_person_id", "person_id"),
        synced(scope.of_marker),
    )

    family_id: Mapped[Id | None] = column(field(), 2, refers="family", fixed=True)
    person_id: Mapped[Id | None] = column(field(), 2, refers="person", fixed=True)
    kind: Mapped[Word | None] = column(field(), 3)
    detail: Mapped[str | None] = column(group("detail"), 4)
    evidence: Mapped[str | None] = column(group("detail"), 4)
    do_not_disclose_to: Mapped[Pairs | None] = column(field(), 4)
    set_on: Mapped[date | None] = column(field(), 3)
    review_on: Mapped[date | None] = column(field(), 3)
    state: Mapped[Word | None] = column(safer(("cleared", "raised"), "state"), 3)
    cleared_on: Mapped[date | None] = column(group("state"), 3)
    cleared_by: Mapped[Id | None] = column(group("state"), 3, refers="worker")
    cleared_why: Mapped[str | None] = column(group("state"), 3)


class SafeguardingConcern(WrittenOnce, Synced, Record):
    """An "I'm worried now": never held, never refused, first in every push, never changed.

    family_id: None when the worker could not or would not name a family.
    about: list of words.Named. seen_or_said: verbatim. told: list of words.Told.
    family_told: words.FamilyTold.
    """

    __tablename__ = "safeguarding_concern"
    __table_args__ = (
        Index("ix_safeguarding_concern_family_id", "family_id"),
        synced(scope.of_concern, urgent=True),
    )

    family_id: Mapped[Id | None] = of_family_once()
    happened_at: Mapped[datetime | None] = column(append(), 2)
    about: Mapped[List | None] = column(append(), 3)
    seen_or_said: Mapped[str | None] = column(append(), 3)
    immediate_danger: Mapped[bool | None] = column(append(), 3)
    told: Mapped[List | None] = column(append(), 3)
    family_told: Mapped[Word | None] = column(append(), 3)
    follow_up_due: Mapped[date | None] = column(append(), 3)


class ConcernStep(WrittenOnce, Synced, Record):
    """What was done about a concern: somebody was told, a leader acknowledged, how it ended.

    family_id, raised_by: copied from the concern, so that the step lives where the concern lives.
    told: list of words.Told.
    """

    __tablename__ = "concern_step"
    __table_args__ = (
        Index("ix_concern_step_concern_id", "concern_id"),
        synced(scope.of_concern_step, urgent=True),
    )

    concern_id: Mapped[Id] = column(append(), 2, refers="safeguarding_concern", fixed=True)
    family_id: Mapped[Id | None] = of_family_once()
    raised_by: Mapped[Id | None] = column(append(), 1, refers="worker", fixed=True)
    step: Mapped[Word] = column(append(), 2)
    happened_at: Mapped[datetime | None] = column(append(), 2)
    told: Mapped[List | None] = column(append(), 3)
    text: Mapped[str | None] = column(append(), 3)
