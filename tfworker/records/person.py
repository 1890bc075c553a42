"""People, the families they belong to, and how to reach them safely (domain 4.3)."""

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from sync.policy import central, field, group, review, safer
from tfworker.records import scope
from tfworker.records.base import Id, Record, Synced, Word, column, of_family, synced


class Person(Synced, Record):
    """One human being, in however many families, born or expected.

    person_ref: the council's reference; None until the council has given one.
    dob_estimated: the year is known or guessed, day and month are not.
    expected_date: for an unborn child, who has no dob yet.
    """

    __tablename__ = "person"
    __table_args__ = synced(scope.of_person)

    person_ref: Mapped[str | None] = column(central(), 2, unique=True)
    forenames: Mapped[str | None] = column(field(), 2)
    family_name: Mapped[str | None] = column(field(), 2)
    known_as: Mapped[str | None] = column(field(), 2)
    other_names: Mapped[str | None] = column(field(), 2)
    dob: Mapped[date | None] = column(review("dob"), 2)
    dob_estimated: Mapped[bool] = column(review("dob"), 2, default=False, server_default="0")
    expected_date: Mapped[date | None] = column(review("dob"), 2)
    gender: Mapped[str | None] = column(field(), 2)
    pronouns: Mapped[str | None] = column(field(), 2)
    ethnicity_code: Mapped[Word | None] = column(field(), 3)
    first_language: Mapped[str | None] = column(field(), 2)
    interpreter_needed: Mapped[bool] = column(field(), 2, default=False, server_default="0")
    communication_needs: Mapped[str | None] = column(field(), 2)
    nhs_number: Mapped[str | None] = column(review(), 3)
    upn: Mapped[str | None] = column(review(), 2)
    ni_number: Mapped[str | None] = column(review(), 3)
    disability: Mapped[str | None] = column(field(), 3)
    health_note: Mapped[str | None] = column(field(), 3)
    school: Mapped[str | None] = column(field(), 2)
    year_group: Mapped[str | None] = column(field(), 2)
    legal_status: Mapped[Word | None] = column(review("legal_status"), 3)
    legal_status_on: Mapped[date | None] = column(review("legal_status"), 3)
    legal_status_source: Mapped[str | None] = column(review("legal_status"), 3)


class Membership(Synced, Record):
    """A person belongs to a family, in a role, for a time; a move is a second membership."""

    __tablename__ = "membership"
    __table_args__ = (
        Index("ix_membership_family_id", "family_id"),
        Index("ix_membership_person_id", "person_id"),
        synced(scope.of_family_record),
    )

    family_id: Mapped[Id] = of_family()
    person_id: Mapped[Id] = column(field(), 2, refers="person", fixed=True)
    role: Mapped[Word] = column(field(), 2)
    parental_responsibility: Mapped[Word | None] = column(field(), 2)
    lives_here: Mapped[Word | None] = column(field(), 2)
    from_on: Mapped[date | None] = column(field(), 2)
    to_on: Mapped[date | None] = column(field(), 2)


class ContactPoint(Synced, Record):
    """A number or address by which a person can be reached, and whether that is safe.

    The number and what makes it safe are one group: at a clash the stricter safe-to-call stands
    at once, whoever was first.
    """

    __tablename__ = "contact_point"
    __table_args__ = (Index("ix_contact_point_person_id", "person_id"), synced(scope.of_person_record))

    person_id: Mapped[Id] = column(field(), 2, refers="person", fixed=True)
    kind: Mapped[Word | None] = column(group("calling"), 4)
    value: Mapped[str | None] = column(group("calling"), 4)
    safe_to_call: Mapped[Word | None] = column(safer(("yes", "only_when", "no"), "calling"), 4)
    safe_note: Mapped[str | None] = column(group("calling"), 4)
    do_not_leave_message: Mapped[bool | None] = column(safer((False, True), "calling"), 4)
    valid_from: Mapped[date | None] = column(group("calling"), 4)
    valid_to: Mapped[date | None] = column(group("calling"), 4)
