"""Reference data (domain 4.1): what the council sets and every laptop reads."""

from datetime import date

from sqlalchemy.orm import Mapped

from sync.policy import central
from tfworker.records import scope
from tfworker.records.base import Id, List, Pairs, Record, Synced, Word, column, synced


class Programme(Synced, Record):
    """The local programme: its own name, and the numbers a worker needs when nothing else works.

    emergency_numbers: [{"name", "phone"}], shown on the lock screen; no personal data in it.
    settings: {name: value} that the council sets for all laptops (board_approval, ...).
    """

    __tablename__ = "programme"
    __table_args__ = synced(scope.of_reference)

    name_local: Mapped[str] = column(central(), 0)
    council_name: Mapped[str | None] = column(central(), 0)
    accountable_body: Mapped[str | None] = column(central(), 0)
    phase_label: Mapped[str | None] = column(central(), 0)
    funding_mode: Mapped[Word | None] = column(central(), 0)
    from_on: Mapped[date | None] = column(central(), 0)
    to_on: Mapped[date | None] = column(central(), 0)
    emergency_numbers: Mapped[List | None] = column(central(), 0)
    settings: Mapped[Pairs | None] = column(central(), 0)


class Locality(Synced, Record):
    """A district. target_years: {year: {"n": families, "status": "firm" or "indicative"}}."""

    __tablename__ = "locality"
    __table_args__ = synced(scope.of_reference)

    code: Mapped[str] = column(central(), 0, unique=True)
    name: Mapped[str] = column(central(), 0)
    district: Mapped[str | None] = column(central(), 0)
    target_years: Mapped[Pairs | None] = column(central(), 0)


class Agency(Synced, Record):
    """An employer or partner, and the ground on which data is shared with it."""

    __tablename__ = "agency"
    __table_args__ = synced(scope.of_reference)

    name: Mapped[str] = column(central(), 0, unique=True)
    type: Mapped[Word | None] = column(central(), 0)
    sharing_basis: Mapped[Word | None] = column(central(), 0)
    agreement_ref: Mapped[str | None] = column(central(), 0)
    agreement_expires: Mapped[date | None] = column(central(), 0)


class Team(Synced, Record):
    """A team of one locality; its leader sees every family of the team."""

    __tablename__ = "team"
    __table_args__ = synced(scope.of_reference)

    code: Mapped[str] = column(central(), 1, unique=True)
    name: Mapped[str] = column(central(), 1)
    locality_id: Mapped[Id | None] = column(central(), 1, refers="locality")
    leader_id: Mapped[Id | None] = column(central(), 1, refers="worker")
    employing_agency_id: Mapped[Id | None] = column(central(), 1, refers="agency")


class HeadlineProblem(Synced, Record):
    """A headline problem of a rule set. indicators: [{"code", "text"}] in the order to show."""

    __tablename__ = "headline_problem"
    __table_args__ = synced(scope.of_reference)

    rule_set: Mapped[Word] = column(central(), 0)
    code: Mapped[Word] = column(central(), 0)
    title: Mapped[str] = column(central(), 0)
    position: Mapped[int] = column(central(), 0, default=0, server_default="0")
    active: Mapped[bool] = column(central(), 0, default=True, server_default="1")
    indicators: Mapped[List | None] = column(central(), 0)


class LocalNeedType(Synced, Record):
    """A need that is no headline problem (debt, housing conditions), unless it maps to one."""

    __tablename__ = "local_need_type"
    __table_args__ = synced(scope.of_reference)

    code: Mapped[Word] = column(central(), 0, unique=True)
    title: Mapped[str] = column(central(), 0)
    maps_to_headline: Mapped[Word | None] = column(central(), 0)
    active: Mapped[bool] = column(central(), 0, default=True, server_default="1")


class PracticeStandard(Synced, Record):
    """A checkable rule of practice ("note finalised within 48 hours").

    n, unit: the number and what it counts (hours, working_days, weeks, months, families);
        None: not set.
    source: where the number comes from; empty means unsourced. set_by, set_on: who chose it here.
    """

    __tablename__ = "practice_standard"
    __table_args__ = synced(scope.of_reference)

    code: Mapped[Word] = column(central(), 0)
    text: Mapped[str] = column(central(), 0)
    measure: Mapped[str | None] = column(central(), 0)
    n: Mapped[int | None] = column(central(), 0)
    unit: Mapped[Word | None] = column(central(), 0)
    applies_to: Mapped[Word | None] = column(central(), 0)
    source: Mapped[str | None] = column(central(), 0)
    set_by: Mapped[str | None] = column(central(), 0)
    set_on: Mapped[date | None] = column(central(), 0)
