"""A small invented caseload as changes, for a laptop's vault or for a council's hub. Nobody is real."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sync.ops import Act, Change, new_id

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)  # sync.memory.FakeClock's Monday morning
TODAY = NOW.date()
SURNAMES = ("Reed", "Oakes", "Lark", "Noor", "O’Brien", "Featherstone-Lloyd", "Żak", "Hill", "Moss", "Ng")

BRIGHT, FIRTH, DALE = "W001", "W002", "W003"  # a worker, her leader, her colleague
WORKERS = {
    BRIGHT: ("A. Bright", ["fsw"]),
    FIRTH: ("E. Firth", ["team_leader"]),
    DALE: ("C. Dale", ["fip"]),
}


@dataclass
class FamilyIds:
    """The ids of one family's records. parent, older, younger: people. visits[0] is planned."""

    family: str = field(default_factory=new_id)
    household: str = field(default_factory=new_id)
    parent: str = field(default_factory=new_id)
    older: str = field(default_factory=new_id)
    younger: str = field(default_factory=new_id)
    mobile: str = field(default_factory=new_id)
    need: str = field(default_factory=new_id)
    other_need: str = field(default_factory=new_id)
    plan: str = field(default_factory=new_id)
    goal: str = field(default_factory=new_id)
    action: str = field(default_factory=new_id)
    marker: str = field(default_factory=new_id)
    visit: str = field(default_factory=new_id)
    notes: list[str] = field(default_factory=list)


@dataclass
class Caseload:
    """Ids by what people call them: worker["W001"], families[0].mobile."""

    worker: dict[str, str] = field(default_factory=lambda: {staff_no: new_id() for staff_no in WORKERS})
    team: str = field(default_factory=new_id)
    locality: str = field(default_factory=new_id)
    agency: str = field(default_factory=new_id)
    families: list[FamilyIds] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def caseload_of(n: int, *, notes_each: int = 3, lead: str = BRIGHT) -> Caseload:
    """A team with its workers and n families led by one of them.

    Each family has a parent with a mobile number, two children (11 and 8), an address, two needs of
    which one has a goal, a plan at work, a planned visit and some finished notes. The first family
    has a caution. changes: inserts only, parents first.
    """
    caseload = Caseload()
    caseload.changes += _reference(caseload)
    for place in range(n):
        ids = FamilyIds(notes=[new_id() for _ in range(notes_each)])
        caseload.families.append(ids)
        caseload.changes += _family(caseload, ids, place, lead)
    return caseload


def insert(table: str, record: str, **values: Any) -> Change:
    return Change(table, record, values, Act.INSERT)


def _reference(caseload: Caseload) -> Iterator[Change]:
    yield insert("locality", caseload.locality, code="D1", name="Ashcombe Vale")
    yield insert("agency", caseload.agency, name="Ashcombe County Council", type="county")
    yield insert(
        "team",
        caseload.team,
        code="T01",
        name="Ashcombe Vale A",
        locality_id=caseload.locality,
        leader_id=caseload.worker[FIRTH],
        employing_agency_id=caseload.agency,
    )
    for staff_no, (name, roles) in WORKERS.items():
        yield insert(
            "worker",
            caseload.worker[staff_no],
            staff_no=staff_no,
            display_name=name,
            team_id=caseload.team,
            roles=roles,
            fte_percent=100,
        )


def vault_only_reference(caseload: Caseload) -> list[Change]:
    """What a council's set-up brings by itself, and a vault without a council needs."""
    numbers = (("Emergency services", "999"), ("Front door", "01632 960999"))
    return [
        insert(
            "programme",
            new_id(),
            name_local="Families Matter",
            council_name="Ashcombe County Council",
            emergency_numbers=[{"name": name, "phone": phone} for name, phone in numbers],
        ),
        insert(
            "headline_problem",
            new_id(),
            rule_set="TF2",
            code="education",
            title="Not attending school regularly",
            position=2,
            active=True,
        ),
        insert("local_need_type", new_id(), code="rent_arrears", title="Rent arrears", active=True),
    ]


def _family(caseload: Caseload, ids: FamilyIds, place: int, lead: str) -> Iterator[Change]:
    surname = SURNAMES[place % len(SURNAMES)]
    worker = caseload.worker[lead]
    yield insert(
        "family",
        ids.family,
        family_ref=f"ASH-{place:05}",
        label=f"{surname} family",
        status="supported",
        intensity="standard",
        locality_id=caseload.locality,
        team_id=caseload.team,
        attached_on=date(2026, 6, 1) if place % 2 == 0 else None,
        story_so_far="Two children with their mother since March.",
        story_on=date(2026, 11, 2),
        story_by=worker,
        priority_now="The tenancy hearing on 20 November.",
    )
    yield insert(
        "allocation",
        new_id(),
        family_id=ids.family,
        worker_id=worker,
        role="lead",
        from_on=date(2026, 3, 2),
        reason="new",
    )
    yield insert(
        "household",
        ids.household,
        family_id=ids.family,
        address_lines=f"{place + 1} Mill Lane\nHolm",
        postcode="ZZ28 6YX",
        confidential=False,
        tenure="social_rent",
    )
    yield from _people(ids, surname)
    yield from _plan(ids, worker)
    yield from _visits(ids, worker)
    if place == 0:
        marker = {"kind": "no_lone_visit", "detail": "Two workers since June.", "state": "raised"}
        days = {"set_on": date(2026, 6, 12), "review_on": date(2026, 12, 12)}
        yield insert("risk_marker", ids.marker, family_id=ids.family, **marker, **days)


def _people(ids: FamilyIds, surname: str) -> Iterator[Change]:
    persons = (
        (ids.parent, "Dana", "parent", date(1988, 4, 26)),
        (ids.older, "Kit", "child", date(2015, 5, 1)),
        (ids.younger, "Jay", "child", date(2018, 2, 3)),
    )
    for person, name, role, dob in persons:
        flags = {"dob_estimated": False, "interpreter_needed": False}
        yield insert("person", person, forenames=name, family_name=surname, dob=dob, **flags)
        yield insert(
            "membership",
            new_id(),
            family_id=ids.family,
            person_id=person,
            role=role,
            lives_here="full",
            parental_responsibility="yes" if role == "parent" else "no",
        )
    yield insert(
        "contact_point",
        ids.mobile,
        person_id=ids.parent,
        kind="mobile",
        value="07700 900214",
        safe_to_call="yes",
        do_not_leave_message=False,
    )


def _plan(ids: FamilyIds, worker: str) -> Iterator[Change]:
    signed = {"written_by": worker, "written_at": NOW - timedelta(days=60)}
    yield insert(
        "need",
        ids.need,
        family_id=ids.family,
        person_ids=[ids.younger],
        headline="education",
        described_in_family_words="School mornings are a battle.",
        status="open",
        severity="significant",
        **signed,
    )
    yield insert(
        "need",
        ids.other_need,
        family_id=ids.family,
        person_ids=[ids.parent],
        local_type="rent_arrears",
        status="open",
        **signed,
    )
    yield insert(
        "plan",
        ids.plan,
        family_id=ids.family,
        number=1,
        aims_in_family_words="Calm mornings and a safe home.",
        members_covered=[ids.parent, ids.older, ids.younger],
        state="active",
        review_due=date(2026, 12, 1),
        **signed,
    )
    yield insert(
        "goal",
        ids.goal,
        family_id=ids.family,
        plan_id=ids.plan,
        need_ids=[ids.need],
        statement="Everyone out of the door by half past eight.",
        baseline_0_10=3,
        current_0_10=5,
        target_0_10=8,
        due=date(2026, 12, 18),
        state="working_on",
        **signed,
    )
    yield insert(
        "action",
        ids.action,
        family_id=ids.family,
        goal_id=ids.goal,
        what="Ring the housing officer",
        owner_kind="family",
        owner_name="Dana",
        due=date(2026, 11, 20),
        state="open",
        visible_to_family=True,
        **signed,
    )


def _visits(ids: FamilyIds, worker: str) -> Iterator[Change]:
    yield insert(
        "visit",
        ids.visit,
        family_id=ids.family,
        worker_ids=[worker],
        planned_at=datetime(2026, 11, 19, 15, 30, tzinfo=UTC),
        type="home",
        announced=True,
        state="planned",
        written_by=worker,
        written_at=NOW - timedelta(days=7),
    )
    for back, note in enumerate(ids.notes, 1):
        at = NOW - timedelta(days=7 * back)
        yield insert(
            "visit_note",
            note,
            family_id=ids.family,
            kind="visit",
            visit_type="home",
            happened_at=at,
            ended_at=at + timedelta(minutes=55),
            present=[{"person_id": ids.parent, "role": "parent"}],
            children_seen=[
                {"person_id": ids.older, "seen": True, "alone": True},
                {"person_id": ids.younger, "seen": True, "alone": False},
            ],
            what_happened=f"Mornings are calmer since the chart, week {back}.",
            child_means="Breakfast together on four of five school days.",
            significant=back == 1,
            finalised_at=at + timedelta(hours=3),
            finalised_by=worker,
            written_by=worker,
            written_at=at + timedelta(hours=3),
        )
