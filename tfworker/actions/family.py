"""A family's page: what stands above every tab, and the page as it opens."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection

from tfworker.actions import phrases
from tfworker.actions.caseload import (
    Allocated,
    allocated_today,
    caution_chips,
    lead_name,
    next_visits,
    visit_words,
)
from tfworker.actions.desk import Desk, colleagues, named
from tfworker.actions.disputes import NONE, marks
from tfworker.actions.fields import Reading
from tfworker.actions.members import Member, members_of
from tfworker.actions.receipts import unsent_by_scope, unsent_in
from tfworker.actions.rows import row, rows_of, scopes_of
from tfworker.actions.seen import children_seen, days_seen
from tfworker.actions.story import story
from tfworker.actions.values import Chip, FamilyHeader, FamilyPage
from tfworker.actions.wording import word
from tfworker.records.words import AllocationRole, FamilyStatus, Intensity, WorkerRole
from tfworker.rules.caution import cautions

WRITERS = frozenset(
    {WorkerRole.FSW, WorkerRole.FIP, WorkerRole.TEAM_LEADER, WorkerRole.DV_SPECIALIST, WorkerRole.DUTY}
)


def family_page(desk: Desk, family_id: str) -> FamilyPage:
    """The page as it opens: header and Story. Raises NotHere."""
    return FamilyPage(header(desk, family_id), story(desk, family_id))


def header(desk: Desk, family_id: str) -> FamilyHeader:
    """What stands above every tab of a family. Raises NotHere."""
    with desk.vault.read() as connection:
        return _header(desk, connection, family_id)


def _header(desk: Desk, connection: Connection, family_id: str) -> FamilyHeader:
    family = row(connection, "family", family_id)
    today, names = desk.today(), colleagues(connection)
    people = members_of(connection, [family_id], today).get(family_id, [])
    allocated = allocated_today(connection, today).get(family_id, [])
    visit = next_visits(connection, today, family_id).get(family_id)
    scopes = scopes_of(family_id, people)
    seen = days_seen(connection, people, [family_id], None)
    return FamilyHeader(
        family_id=family_id,
        family_ref=family["family_ref"] or "",
        label=family["label"],
        initials=phrases.initials(family["label"]),
        status=word(FamilyStatus, family["status"]),
        intensity=word(Intensity, family["intensity"]),
        chips=_chips(connection, family_id, people, today),
        lead_worker=lead_name(allocated, names),
        other_workers=_others(allocated, names),
        next_visit_at=visit,
        next_visit_words=visit_words(visit, desk.now()),
        children_seen=children_seen(people, seen, family["intensity"] or "", today, weeks=None),
        unsent=unsent_in(unsent_by_scope(connection, desk.schema), scopes),
        may_write=bool(WRITERS.intersection(desk.me.roles)),
        disputed=marks(Reading(connection, desk.schema, desk.now()), desk.line, scopes).get(family_id, NONE),
    )


def _chips(connection: Connection, family_id: str, people: Sequence[Member], today: date) -> tuple[Chip, ...]:
    persons = [m.person_id for m in people]
    own = rows_of(connection, "risk_marker", family_id=family_id)
    of_people = [m for m in rows_of(connection, "risk_marker", person_id=persons) if m["family_id"] is None]
    numbers = rows_of(connection, "contact_point", person_id=persons)
    homes = rows_of(connection, "household", family_id=family_id)
    return caution_chips(cautions([*own, *of_people], numbers, homes, today))


def _others(allocated: Sequence[Allocated], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        f"{named(a.worker_id, names)} ({word(AllocationRole, a.role).words})"
        for a in allocated
        if a.role != AllocationRole.LEAD
    )
