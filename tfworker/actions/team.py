"""The Team page: caseloads beside capacity, what is late, what waits. Facts, never a ranking."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, func, select

from tfworker.actions import tray
from tfworker.actions.caseload import ENDED, PLANS_AT_WORK, Allocated, allocated_today
from tfworker.actions.concerns import concerns
from tfworker.actions.desk import Desk
from tfworker.actions.fields import Reading
from tfworker.actions.phrases import age_in_days, count, local, say, working_days
from tfworker.actions.problems import NotYours
from tfworker.actions.receipts import OPEN
from tfworker.actions.review_shown import DAYS_TO_SETTLE
from tfworker.actions.rows import Record
from tfworker.actions.values import Chip, Concern, FamilyOfWorker, TeamPage, Tone, TrayItem, WorkerRow
from tfworker.actions.wording import standard, word
from tfworker.records import Family, Plan, Visit, VisitNote, Worker
from tfworker.records.words import (
    AllocationRole,
    FamilyStatus,
    Intensity,
    PlanState,
    VisitState,
    WorkerRole,
)

# A leader's team may hold other trades; these carry families.
CARRIERS = (WorkerRole.FSW, WorkerRole.FIP, WorkerRole.DV_SPECIALIST, WorkerRole.TEAM_LEADER)


def team_page(desk: Desk) -> TeamPage:
    """The leader's own team, from what is on her laptop. Raises NotYours for anybody else."""
    if not desk.me.leads:
        raise NotYours
    with desk.vault.read() as connection:
        return _page(desk, connection)


def _page(desk: Desk, connection: Connection) -> TeamPage:
    today = desk.today()
    families = {
        row["id"]: dict(row)
        for row in connection.execute(
            select(
                Family.id,
                Family.label,
                Family.status,
                Family.intensity,
                Family.supported_on,
                Family.attached_on,
                Family.team_id,
            )
        ).mappings()
    }
    team = [f for f in families.values() if f["team_id"] == desk.me.team_id and f["status"] not in ENDED]
    raised = concerns(desk, connection)
    opened = _opened(desk, connection)
    oldest = min(opened, default=None)
    late = sum(working_days(local(at).date(), DAYS_TO_SETTLE) < today for at in opened)
    held = [
        item for item in tray.items(desk, Reading(connection, desk.schema, desk.now())) if item.may_decide
    ]
    waiting = _waiting(connection, families)
    return TeamPage(
        team_name=desk.me.team_name,
        supported=sum(f["status"] in (FamilyStatus.SUPPORTED, FamilyStatus.STEPPING_DOWN) for f in team),
        attached=sum(f["attached_on"] is not None for f in team),
        concerns=tuple(raised),
        to_acknowledge=sum(_is_hers(concern) for concern in raised),
        to_settle=len(opened),
        oldest_to_settle_at=oldest,
        oldest_words=say("team.oldest", days=age_in_days(oldest, desk.now())) if oldest else "",
        workers=_workers(desk, connection, families, today),
        waiting=waiting,
        settle_words=count("team.settle", len(opened)) if opened else "",
        late_words=_late_words(late),
        tray=_tray(held),
        to_decide=len(waiting) + len(held),
        unsent_words=say("team.unsent_unknown"),
    )


def _is_hers(concern: Concern) -> bool:
    return concern.may_acknowledge


def _opened(desk: Desk, connection: Connection) -> list[datetime]:
    """When each card that is open was opened."""
    card = desk.schema.own("conflict")
    found = connection.execute(select(card.c.opened_at).where(card.c.state == OPEN)).scalars()
    return [datetime.fromtimestamp(at / 1000, UTC) for at in found]


def _tray(held: Sequence[TrayItem]) -> tuple[tuple[str, str], ...]:
    """What waits in the tray for the leader, a kind at a time: (a sentence, how many wait too long)."""
    requests = say("tray.requests")
    kinds = (
        ("team.requests", [i for i in held if i.heading == requests]),
        ("team.previous", [i for i in held if i.heading != requests and not i.to_read]),
        ("team.to_read", [i for i in held if i.to_read]),
    )
    found = [(key, some) for key, some in kinds if some]
    return tuple((count(key, len(some)), _late_words(sum(i.overdue for i in some))) for key, some in found)


def _late_words(n: int) -> str:
    return count("team.late", n) if n else ""


def _workers(
    desk: Desk, connection: Connection, families: Mapping[str, Record], today: date
) -> tuple[WorkerRow, ...]:
    allocated = allocated_today(connection, today)
    carried: dict[str, list[tuple[str, Allocated]]] = defaultdict(list)
    for family_id, who in allocated.items():
        if family_id in families:
            for one in who:
                carried[one.worker_id].append((family_id, one))
    late, reviews = _late_notes(desk, connection), _late_reviews(connection, today)
    workers = connection.execute(
        select(Worker.id, Worker.display_name, Worker.roles, Worker.fte_percent, Worker.active_to)
        .where(Worker.team_id == desk.me.team_id)
        .order_by(Worker.display_name)
    )
    return tuple(
        _worker(dict(worker), carried.get(worker["id"], []), families, late, reviews)
        for worker in workers.mappings()
        if (worker["active_to"] is None or worker["active_to"] >= today)
        and (carried.get(worker["id"]) or set(CARRIERS[:3]).intersection(worker["roles"] or ()))
    )


def _worker(
    worker: Record,
    carried: Sequence[tuple[str, Allocated]],
    families: Mapping[str, Record],
    late: Counter[str],
    reviews: Mapping[str, int],
) -> WorkerRow:
    leads = [family_id for family_id, who in carried if who.role == AllocationRole.LEAD]
    capacity = _capacity(worker["fte_percent"], [families[f]["intensity"] for f in leads])
    over = capacity is not None and len(leads) > capacity
    late_reviews = sum(reviews.get(family_id, 0) for family_id in leads)
    chips = [Chip(count("team.plan_reviews", late_reviews), Tone.WARN)] if late_reviews else []
    if over:
        chips.append(Chip(say("team.over", n=len(leads) - (capacity or 0)), Tone.DANGER))
    elif len(leads) == capacity:
        chips.append(Chip(say("team.full"), Tone.WARN))
    role = next((r for r in CARRIERS if r in (worker["roles"] or ())), "")
    return WorkerRow(
        worker_id=worker["id"],
        name=worker["display_name"],
        role=word(WorkerRole, role),
        caseload=len(leads),
        capacity=capacity,
        caseload_words=_caseload_words(len(leads), capacity),
        over=over,
        late_notes=late[worker["id"]],
        last_synced_at=None,  # the council keeps it with the laptops, which no leader's laptop holds
        last_synced_words=say("team.not_known"),
        chips=tuple(chips),
        families=tuple(
            FamilyOfWorker(
                family_id,
                families[family_id]["label"],
                word(FamilyStatus, families[family_id]["status"]),
                word(AllocationRole, who.role),
            )
            for family_id, who in sorted(carried, key=lambda c: families[c[0]]["label"].casefold())
        ),
    )


def _caseload_words(n: int, capacity: int | None) -> str:
    return say("team.of", n=n, capacity=capacity) if capacity is not None else say("team.no_capacity", n=n)


def _capacity(fte_percent: int | None, intensities: Sequence[str | None]) -> int:
    """Families a worker should carry at most, by the standards and her hours.

    Somebody most of whose families are intensive is measured by the intensive standard.
    """
    intensive = sum(i == Intensity.INTENSIVE for i in intensities)
    mostly = bool(intensities) and intensive * 2 > len(intensities)
    full = standard("caseload_intensive" if mostly else "caseload_standard")
    return max(1, round(full * (fte_percent or 100) / 100))


def _late_notes(desk: Desk, connection: Connection) -> Counter[str]:
    """{worker id: visits past the standard that no finished note tells}."""
    limit = desk.now() - timedelta(hours=standard("note_finalised"))
    told = select(VisitNote.visit_id).where(
        VisitNote.finalised_at.is_not(None), VisitNote.visit_id.is_not(None)
    )
    at = func.coalesce(Visit.started_at, Visit.planned_at)
    states = [VisitState.PLANNED, VisitState.PREPARED, VisitState.UNDER_WAY, VisitState.COMPLETED]
    found = connection.execute(
        select(Visit.worker_ids).where(at < limit, Visit.state.in_(states), Visit.id.not_in(told))
    ).scalars()
    return Counter(worker for workers in found for worker in workers or ())


def _late_reviews(connection: Connection, today: date) -> Mapping[str, int]:
    """{family id: plans whose review is overdue}."""
    found = connection.execute(
        select(Plan.family_id, func.count())
        .where(Plan.review_due < today, Plan.state.in_(PLANS_AT_WORK))
        .group_by(Plan.family_id)
    )
    return dict(found.all())


def _waiting(connection: Connection, families: Mapping[str, Record]) -> tuple[str, ...]:
    """What waits for the leader's word: plans the family has agreed."""
    agreed = connection.execute(
        select(Plan.family_id, Plan.number).where(Plan.state == PlanState.AGREED).order_by(Plan.state_on)
    )
    return tuple(
        say("team.plan_waits", n=number or 1, family=families[family_id]["label"])
        for family_id, number in agreed
        if family_id in families
    )
