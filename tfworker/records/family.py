"""The family and where it lives (domain 4.3)."""

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from sync.policy import central, field, group, review, safer
from tfworker.records import scope
from tfworker.records.base import Id, Record, Synced, Word, column, of_family, synced


class Family(Synced, Record):
    """A family. Supported and attached are two facts, never one (A7).

    family_ref: the council's reference; None until the council has given one.
    label: how the family is listed; never taken from an address.
    status, status_on, status_reason, status_review_on: one act, so one group. A move to accepted,
        closed or re_opened is a request until the council allows it (domain 4.8.1).
    """

    __tablename__ = "family"
    __table_args__ = (Index("ix_family_team_id", "team_id"), synced(scope.of_family))

    family_ref: Mapped[str | None] = column(central(), 2, unique=True)
    label: Mapped[str] = column(field(), 2)
    status: Mapped[Word] = column(review("status"), 2)
    status_on: Mapped[date | None] = column(review("status"), 2)
    status_reason: Mapped[str | None] = column(review("status"), 2)
    status_review_on: Mapped[date | None] = column(review("status"), 2)
    intensity: Mapped[Word | None] = column(review(), 2)
    locality_id: Mapped[Id | None] = column(central(), 2, refers="locality")
    team_id: Mapped[Id | None] = column(central(), 2, refers="team")
    opened_on: Mapped[date | None] = column(central(), 2)
    supported_on: Mapped[date | None] = column(central(), 2)
    attached_on: Mapped[date | None] = column(central(), 2)
    attach_year: Mapped[str | None] = column(central(), 2)
    delivery_agency_id: Mapped[Id | None] = column(central(), 2, refers="agency")
    story_so_far: Mapped[str | None] = column(group("story"), 3)
    story_on: Mapped[date | None] = column(group("story"), 3)
    story_by: Mapped[Id | None] = column(group("story"), 3, refers="worker")
    priority_now: Mapped[str | None] = column(field(), 3)


class Household(Synced, Record):
    """An address of the family, with the years it held.

    confidential: true makes everything that tells where they live life-safety (4). It stands in
        one group with the address, so that a secret address is never shown because somebody
        corrected its postcode at the same time.
    address_lines: the lines of the address, with line breaks, without the postcode.
    from_on, to_on: None in to_on is where they live now.
    """

    __tablename__ = "household"
    __table_args__ = (Index("ix_household_family_id", "family_id"), synced(scope.of_family_record))

    family_id: Mapped[Id] = of_family()
    address_lines: Mapped[str | None] = column(group("address"), 2, sealed_by="confidential")
    postcode: Mapped[str | None] = column(group("address"), 2, sealed_by="confidential")
    uprn: Mapped[str | None] = column(group("address"), 2, sealed_by="confidential")
    confidential: Mapped[bool | None] = column(safer((False, True), "address"), 2)
    tenure: Mapped[Word | None] = column(field(), 2, sealed_by="confidential")
    access_note: Mapped[str | None] = column(field(), 2, sealed_by="confidential")
    from_on: Mapped[date | None] = column(field(), 2)
    to_on: Mapped[date | None] = column(field(), 2)
