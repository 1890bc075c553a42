"""Visits and what was written about them (domain 4.6, 4.8.6, 4.8.7)."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from sync.policy import append, field, group
from tfworker.records import scope
from tfworker.records.base import (
    Id,
    List,
    Record,
    Synced,
    Word,
    Written,
    WrittenOnce,
    column,
    of_family,
    of_family_once,
    synced,
)


class Visit(Written, Synced, Record):
    """One meeting with the family, from the plan of it to how it ended.

    Two workers at a joint visit share the one visit; each writes her own note.
    worker_ids: who goes. planned_at, expected_out: aware UTC.
    """

    __tablename__ = "visit"
    __table_args__ = (
        Index("ix_visit_family_id_planned_at", "family_id", "planned_at"),
        synced(scope.of_family_record),
    )

    family_id: Mapped[Id] = of_family()
    worker_ids: Mapped[List | None] = column(field(), 2)
    planned_at: Mapped[datetime | None] = column(group("planned"), 2)
    expected_out: Mapped[datetime | None] = column(group("planned"), 2)
    type: Mapped[Word | None] = column(field(), 2)
    place: Mapped[str | None] = column(field(), 3)
    purpose: Mapped[str | None] = column(field(), 3)
    risk_level: Mapped[Word | None] = column(field(), 3)
    measures: Mapped[str | None] = column(field(), 3)
    announced: Mapped[bool | None] = column(field(), 2)
    state: Mapped[Word | None] = column(group("state"), 2)
    started_at: Mapped[datetime | None] = column(group("state"), 2)
    ended_at: Mapped[datetime | None] = column(group("state"), 2)
    rooms_seen: Mapped[str | None] = column(field(), 3)
    hazard_note: Mapped[str | None] = column(field(), 3)
    next_date_given: Mapped[date | None] = column(field(), 2)


class VisitNote(WrittenOnce, Synced, Record):
    """What a worker wrote. Its author's line may change it until it is finished; then nobody may.

    note_ref: the council's reference of an imported note.
    visit_id: the visit it is about; None for a phone call, a letter, a manager's note.
    present: list of words.Present. children_seen: list of words.ChildSeen.
    child_means: what it means for the child.
    original_hash: SHA-256 of the canonical text (rules.notes), set with finalised_at.
    """

    __tablename__ = "visit_note"
    __table_args__ = (
        Index("ix_visit_note_family_id_happened_at", "family_id", "happened_at"),
        Index("ix_visit_note_visit_id", "visit_id"),
        synced(scope.of_family_record, final="finalised_at"),
    )

    family_id: Mapped[Id] = of_family_once()
    visit_id: Mapped[Id | None] = column(append(), 2, refers="visit")
    note_ref: Mapped[str | None] = column(append(), 2, unique=True)
    kind: Mapped[Word] = column(append(), 2)
    visit_type: Mapped[Word | None] = column(append(), 2)
    correspondence: Mapped[Word | None] = column(append(), 2)
    happened_at: Mapped[datetime] = column(append(), 2)
    ended_at: Mapped[datetime | None] = column(append(), 2)
    place: Mapped[str | None] = column(append(), 3)
    present: Mapped[List | None] = column(append(), 3)
    children_seen: Mapped[List | None] = column(append(), 3)
    what_happened: Mapped[str | None] = column(append(), 3)
    child_means: Mapped[str | None] = column(append(), 3)
    next_date: Mapped[date | None] = column(append(), 2)
    significant: Mapped[bool | None] = column(append(), 3)
    need_ids: Mapped[List | None] = column(append(), 3)
    goal_ids: Mapped[List | None] = column(append(), 3)
    finalised_at: Mapped[datetime | None] = column(append(), 2)
    finalised_by: Mapped[Id | None] = column(append(), 1, refers="worker")
    device_name: Mapped[str | None] = column(append(), 1)
    original_hash: Mapped[str | None] = column(append(), 2)


class NoteAmendment(WrittenOnce, Synced, Record):
    """Something added to a finished note. The original always stands, and is shown first.

    part: the column of the note a correction is about; None for an addendum.
    old_value: what stood there, for a correction.
    """

    __tablename__ = "note_amendment"
    __table_args__ = (Index("ix_note_amendment_note_id", "note_id"), synced(scope.of_family_record))

    family_id: Mapped[Id] = of_family_once()
    note_id: Mapped[Id] = column(append(), 2, refers="visit_note", fixed=True)
    kind: Mapped[Word] = column(append(), 2)
    part: Mapped[Word | None] = column(append(), 3)
    text: Mapped[str | None] = column(append(), 3)
    old_value: Mapped[str | None] = column(append(), 3)
    reason: Mapped[str | None] = column(append(), 3)
    approved_by: Mapped[Id | None] = column(append(), 1, refers="worker")
