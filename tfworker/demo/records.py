"""Looking at what is really in the databases: the council's and the laptops' own."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from sync.ops import Act, Change, Outcome, decode_content, new_id
from tfworker.council import database
from tfworker.council.service import DESK, Council
from tfworker.records import ContactPoint, Membership, Worker
from tfworker.records.words import GoalState, PlanState
from tfworker.store import Vault

Rows = dict[tuple[str, str], dict[str, object]]


def rows_in(connection: Connection, vault: Vault, scopes: Collection[str]) -> Rows:
    """Every synced record of some scopes, whole: {(table, id): row}."""
    found: Rows = {}
    for table in vault.schema:
        for row in connection.execute(select(table.table)).mappings():
            if row["scope"] in scopes:
                found[table.name, row["id"]] = dict(row)
    return found


def scopes_held(vault: Vault) -> frozenset[str]:
    """The scopes this laptop has been given."""
    held = vault.schema.own("held_scope")
    with vault.read() as connection:
        return frozenset(connection.execute(select(held.c.scope).where(held.c.filled)).scalars())


def differences(vault: Vault, council: Council) -> list[str]:
    """Records of this laptop's scopes that are not the same at the council, by table; [] when they agree."""
    scopes = scopes_held(vault)
    with vault.read() as connection:
        here = rows_in(connection, vault, scopes)
    with database.reading(council.engine) as connection:
        there = rows_in(connection, vault, scopes)
    return sorted({key[0] for key in here.keys() | there.keys() if here.get(key) != there.get(key)})


def families_on(vault: Vault) -> frozenset[str]:
    """Ids of the families in the laptop's own database."""
    family = vault.schema["family"].table
    with vault.read() as connection:
        return frozenset(connection.execute(select(family.c.id)).scalars())


def outcomes_on(vault: Vault) -> dict[str, int]:
    """How many of the laptop's edits came back other than plainly applied: {outcome: edits}."""
    receipt = vault.schema.own("receipt")
    with vault.read() as connection:
        found = connection.execute(select(receipt.c.outcome)).scalars().all()
    return {outcome.value: found.count(outcome.value) for outcome in Outcome}


def phone_of(council: Council, family_id: str) -> tuple[str, str]:
    """(contact point, its number) of the first person of the family who has one."""
    with database.reading(council.engine) as connection:
        row = connection.execute(
            select(ContactPoint.id, ContactPoint.value)
            .join(Membership, Membership.person_id == ContactPoint.person_id)
            .where(Membership.family_id == family_id, ContactPoint.value.is_not(None))
            .order_by(ContactPoint.id)
            .limit(1)
        ).one()
        return row.id, str(row.value)


def begin_plan(council: Council, family_id: str, worker_id: str) -> str:
    """The office records the plan that was agreed last month; gives its goal's id."""
    plan, goal, now = new_id(), new_id(), datetime.now(UTC)
    signed = {"written_by": worker_id, "written_at": now}
    plan_fields = {
        "family_id": family_id,
        "number": 1,
        "aims_in_family_words": "Calmer mornings, and everybody at school on time.",
        "state": PlanState.ACTIVE,
        **signed,
    }
    goal_fields = {
        "family_id": family_id,
        "plan_id": plan,
        "statement": "We eat breakfast together on school days",
        "measure": "Four mornings out of five",
        "baseline_0_10": 3,
        "current_0_10": 4,
        "target_0_10": 8,
        "state": GoalState.WORKING_ON,
        **signed,
    }
    council.hub.apply(
        DESK, [Change("plan", plan, plan_fields, Act.INSERT), Change("goal", goal, goal_fields, Act.INSERT)]
    )
    return goal


def written_by(council: Council, worker_id: str) -> dict[str, int]:
    """How many records of each table have an act of this worker in the ledger: {table: records}."""
    ledger = council.schema.own("ledger")
    query = (
        select(ledger.c.table_name, func.count(ledger.c.record.distinct()))
        .where(ledger.c.author == worker_id)
        .group_by(ledger.c.table_name)
    )
    with database.reading(council.engine) as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def trail(council: Council, record: str, field: str) -> list[str]:
    """What the ledger says of one field of a record, a line each act: who, when, what became of it."""
    ledger, content = council.schema.own("ledger"), council.schema.own("ledger_content")
    query = (
        select(ledger, content.c.content, Worker.staff_no)
        .join(content, content.c.seq == ledger.c.seq)
        .outerjoin(Worker, Worker.id == ledger.c.author)
        .where(ledger.c.record == record)
        .order_by(ledger.c.seq)
    )
    lines = []
    with database.reading(council.engine) as connection:
        for row in connection.execute(query).mappings():
            patch = decode_content(bytes(row["content"])).patch
            if field not in patch:
                continue
            received = datetime.fromtimestamp(row["received_at"] / 1000, UTC)
            lines.append(
                f"{row['seq']:>6}  {received:%d/%m/%Y %H:%M:%S}Z  {row['staff_no'] or 'council':<8} "
                f"{row['kind']:<7} {row['outcome']:<9} version {row['version']}  {field} = {patch[field]!r}"
            )
    return lines
