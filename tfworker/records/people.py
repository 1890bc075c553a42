"""The workforce (domain 4.2): who works here and which families are theirs."""

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from sync.policy import central
from tfworker.records import scope
from tfworker.records.base import Id, List, Record, Synced, Word, column, synced


class Worker(Synced, Record):
    """A person who works in the programme. Her employer is a fact, never a right (C2).

    roles: values of words.WorkerRole. fte_percent: 100 is full time.
    Passwords, devices and sessions are the council's own and lie elsewhere.
    """

    __tablename__ = "worker"
    __table_args__ = synced(scope.of_reference)

    staff_no: Mapped[str | None] = column(central(), 1, unique=True)
    display_name: Mapped[str] = column(central(), 1)
    work_email: Mapped[str | None] = column(central(), 1)
    work_phone: Mapped[str | None] = column(central(), 1)
    employing_agency_id: Mapped[Id | None] = column(central(), 1, refers="agency")
    team_id: Mapped[Id | None] = column(central(), 1, refers="team", index=True)
    roles: Mapped[List | None] = column(central(), 1)
    fte_percent: Mapped[int | None] = column(central(), 1)
    active_from: Mapped[date | None] = column(central(), 1)
    active_to: Mapped[date | None] = column(central(), 1)
    clearance_on: Mapped[date | None] = column(central(), 1)


class Allocation(Synced, Record):
    """A family is a worker's, in a role, from a day to a day (the last day included)."""

    __tablename__ = "allocation"
    __table_args__ = (
        Index("ix_allocation_family_id", "family_id"),
        Index("ix_allocation_worker_id", "worker_id"),
        synced(scope.of_family_record),
    )

    family_id: Mapped[Id] = column(central(), 2, refers="family", fixed=True)
    worker_id: Mapped[Id] = column(central(), 2, refers="worker")
    role: Mapped[Word] = column(central(), 2)
    from_on: Mapped[date] = column(central(), 2)
    to_on: Mapped[date | None] = column(central(), 2)
    reason: Mapped[Word | None] = column(central(), 2)
    decided_by: Mapped[Id | None] = column(central(), 2, refers="worker")
