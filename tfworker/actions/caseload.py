"""The caseload: a line a family, from a few questions to the vault whatever the number of families."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, func, or_, select

from tfworker.actions import phrases, receipts
from tfworker.actions.desk import Desk, colleagues, named
from tfworker.actions.members import Member, members_of, summary
from tfworker.actions.phrases import say
from tfworker.actions.seen import LOOK_BACK_WEEKS, children_seen, days_seen
from tfworker.actions.values import CaseRow, Chip, Choice, Tone
from tfworker.actions.wording import said, word
from tfworker.records import Allocation, Family, Household, Locality, Plan, RiskMarker, Visit, scope
from tfworker.records.words import (
    AllocationRole,
    FamilyStatus,
    Intensity,
    PlanState,
    VisitState,
)
from tfworker.rules.caution import Caution, cautions
from tfworker.rules.coverage import Seen

# Families whose work has ended: in nobody's caseload unless they are allocated to her still.
ENDED = frozenset(
    {FamilyStatus.CLOSED, FamilyStatus.DECLINED, FamilyStatus.NOT_ACCEPTED, FamilyStatus.MOVED_AWAY}
)
PLANS_AT_WORK = frozenset(PlanState) - {PlanState.SUPERSEDED, PlanState.ENDED}
VISITS_AHEAD = (VisitState.PLANNED, VisitState.PREPARED, VisitState.UNDER_WAY)


@dataclass(frozen=True, slots=True)
class Allocated:
    """Who has a family today."""

    worker_id: str
    role: str


@dataclass(frozen=True, slots=True)
class _Found:
    """What was read for all families at once, by family id."""

    members: Mapping[str, list[Member]]
    allocated: Mapping[str, list[Allocated]]
    visits: Mapping[str, datetime]
    reviews: Mapping[str, date]
    cautions: Mapping[str, tuple[Chip, ...]]
    seen: Mapping[str, Seen]
    unsent: Mapping[str, frozenset[str]]
    disputed: Mapping[str, int]
    names: Mapping[str, str]


def caseload(desk: Desk) -> list[CaseRow]:
    """Every family at work on this laptop: the worker's own first, then by name."""
    with desk.vault.read() as connection:
        families = connection.execute(
            select(
                Family.id,
                Family.family_ref,
                Family.label,
                Family.status,
                Family.intensity,
                Locality.name.label("locality"),
            ).outerjoin(Locality, Locality.id == Family.locality_id)
        ).all()
        found = _find(desk, connection)
    rows = [_row(desk, family, found) for family in families]
    kept = [row for row in rows if row.my_role.code or row.status.code not in ENDED]
    return sorted(kept, key=lambda row: (not row.my_role.code, row.label.casefold(), row.family_ref))


def _find(desk: Desk, connection: Connection) -> _Found:
    today = desk.today()
    members = members_of(connection, None, today)
    back_to = desk.now() - timedelta(weeks=LOOK_BACK_WEEKS)
    return _Found(
        members=members,
        allocated=allocated_today(connection, today),
        visits=next_visits(connection, today),
        reviews=_plan_reviews(connection),
        cautions=cautions_by_family(connection, members, today),
        seen=days_seen(connection, (m for people in members.values() for m in people), None, back_to),
        unsent=receipts.unsent_by_scope(connection, desk.schema),
        disputed=receipts.open_cards_by_scope(connection, desk.schema),
        names=colleagues(connection),
    )


def _row(desk: Desk, family: Any, found: _Found) -> CaseRow:
    today = desk.today()
    members = found.members.get(family.id, [])
    allocated = found.allocated.get(family.id, [])
    visit, review = found.visits.get(family.id), found.reviews.get(family.id)
    scopes = [scope.family(family.id), *(scope.person(m.person_id) for m in members)]
    return CaseRow(
        family_id=family.id,
        family_ref=family.family_ref or "",
        label=family.label,
        initials=phrases.initials(family.label),
        status=word(FamilyStatus, family.status),
        intensity=word(Intensity, family.intensity),
        my_role=_my_role(allocated, desk.me.worker_id),
        lead_worker=lead_name(allocated, found.names),
        locality=family.locality or "",
        people=summary(members),
        next_visit_at=visit,
        next_visit_words=visit_words(visit, desk.now()),
        children_seen=children_seen(
            members, found.seen, family.intensity or "", today, weeks=LOOK_BACK_WEEKS
        ),
        plan_review_due=review,
        plan_review_late=review is not None and review < today,
        cautions=found.cautions.get(family.id, ()),
        unsent=receipts.unsent_in(found.unsent, scopes),
        disputed=sum(found.disputed.get(s, 0) for s in scopes),
    )


def _my_role(allocated: Sequence[Allocated], worker_id: str) -> Choice:
    mine = [a.role for a in allocated if a.worker_id == worker_id]
    # Lead before co-worker, as the roles are listed.
    order = list(AllocationRole)
    known = sorted((r for r in mine if r in order), key=lambda r: order.index(AllocationRole(r)))
    return word(AllocationRole, (known or mine or [""])[0])


def lead_name(allocated: Sequence[Allocated], names: Mapping[str, str]) -> str:
    """The lead worker's name, "No lead worker" when there is none today."""
    lead = next((a for a in allocated if a.role == AllocationRole.LEAD), None)
    return say("case.nobody_leads") if lead is None else named(lead.worker_id, names)


def visit_words(at: datetime | None, now: datetime) -> str:
    """When the next visit is, or that none is planned."""
    return say("case.no_visit") if at is None else phrases.moment(at, now)


def allocated_today(connection: Connection, today: date) -> Mapping[str, list[Allocated]]:
    """{family id: who has it today}."""
    found: dict[str, list[Allocated]] = defaultdict(list)
    for row in connection.execute(
        select(Allocation.family_id, Allocation.worker_id, Allocation.role)
        .where(Allocation.from_on <= today, or_(Allocation.to_on.is_(None), Allocation.to_on >= today))
        .order_by(Allocation.from_on, Allocation.id)
    ):
        found[row.family_id].append(Allocated(row.worker_id, row.role))
    return found


def next_visits(connection: Connection, today: date, family_id: str | None = None) -> Mapping[str, datetime]:
    """{family id: its next planned visit}, today's included until it is written up."""
    morning = datetime.combine(today, time(), phrases.HERE)
    query = select(Visit.family_id, func.min(Visit.planned_at)).where(
        Visit.planned_at >= morning, Visit.state.in_(VISITS_AHEAD)
    )
    if family_id is not None:
        query = query.where(Visit.family_id == family_id)
    found = connection.execute(query.group_by(Visit.family_id))
    return {family_id: at for family_id, at in found if at is not None}


def _plan_reviews(connection: Connection) -> Mapping[str, date]:
    found = connection.execute(
        select(Plan.family_id, func.min(Plan.review_due))
        .where(Plan.review_due.is_not(None), Plan.state.in_(PLANS_AT_WORK))
        .group_by(Plan.family_id)
    )
    return {family_id: due for family_id, due in found if due is not None}


def cautions_by_family(
    connection: Connection, members: Mapping[str, Sequence[Member]], today: date
) -> Mapping[str, tuple[Chip, ...]]:
    """{family id: caution chips}, the gravest first: its markers, its members', and a secret address."""
    families_of: dict[str, list[str]] = defaultdict(list)
    for family_id, people in members.items():
        for member in people:
            families_of[member.person_id].append(family_id)
    markers: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    query = select(
        RiskMarker.family_id, RiskMarker.person_id, RiskMarker.kind, RiskMarker.state, RiskMarker.review_on
    )
    for marker in connection.execute(query).mappings():
        about = [marker["family_id"]] if marker["family_id"] else families_of.get(marker["person_id"], [])
        for family_id in about:
            markers[family_id].append(dict(marker))
    homes: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    where = select(Household.family_id, Household.confidential, Household.from_on, Household.to_on)
    for home in connection.execute(where).mappings():
        homes[home["family_id"]].append(dict(home))
    return {
        family_id: caution_chips(cautions(markers[family_id], (), homes[family_id], today))
        for family_id in markers.keys() | homes.keys()
    }


def caution_chips(found: Iterable[Caution]) -> tuple[Chip, ...]:
    """Cautions as chips."""
    return tuple(Chip(said("caution_chip", caution.code), Tone.DANGER) for caution in found)
