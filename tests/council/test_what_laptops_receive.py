"""What really lies on a laptop after its first round, counted in its own encrypted database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sync.device import run_round
from sync.memory import FakeClock, MemoryTransport
from sync.ports import Caller
from sync.sql import SqlDevice
from tfworker.council import database
from tfworker.council.importing import import_central
from tfworker.council.service import Council
from tfworker.council.setting_up import ProgrammeFacts, set_up
from tfworker.paths import resource
from tfworker.records import Allocation, Family, Team, VisitNote, Worker
from tfworker.store import Vault
from tfworker.store.keys import FLOOR


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    """The whole invented county in a council on SQLite."""
    folder = tmp_path_factory.mktemp("county")
    with set_up(
        f"sqlite:///{folder / 'council.db'}", ProgrammeFacts("Families Matter"), FakeClock()
    ) as council:
        import_central(council, resource("sample", "ashcombe"))
        yield council


def laptop_of(council: Council, place: Path, staff_no: str) -> tuple[Vault, str]:
    """A new laptop of this person after its first round, and her id."""
    with database.reading(council.engine) as connection:
        user = connection.execute(select(Worker.id).where(Worker.staff_no == staff_no)).scalar_one()
    vault = Vault.create(place, "kettle violet harbour 52", cost=FLOOR)
    transport = MemoryTransport(council.hub, Caller(user, f"device-{staff_no}", f"device-{staff_no}"))
    run_round(SqlDevice(vault.write, vault.read, vault.schema), transport, council.clock)
    return vault, user


def first(council: Council, role: str) -> str:
    """The first person with this role."""
    with database.reading(council.engine) as connection:
        everybody = connection.execute(select(Worker.staff_no, Worker.roles).order_by(Worker.staff_no)).all()
    return next(str(row.staff_no) for row in everybody if role in row.roles)


def families_on(vault: Vault) -> set[str]:
    with vault.read() as connection:
        return set(connection.execute(select(Family.id)).scalars())


def notes_on(vault: Vault) -> int:
    with vault.read() as connection:
        return connection.execute(select(func.count()).select_from(VisitNote)).scalar_one()


@pytest.mark.parametrize("role", ["fsw", "fip"])
def test_a_worker_receives_exactly_the_families_allocated_to_her(
    county: Council, tmp_path: Path, role: str
) -> None:
    vault, user = laptop_of(county, tmp_path / "laptop", first(county, role))
    with database.reading(county.engine) as connection:
        hers = set(
            connection.execute(
                select(Allocation.family_id).where(Allocation.worker_id == user, Allocation.to_on.is_(None))
            ).scalars()
        )
        notes = connection.execute(
            select(func.count()).select_from(VisitNote).where(VisitNote.family_id.in_(hers))
        ).scalar_one()

    assert hers
    assert families_on(vault) == hers
    assert notes_on(vault) == notes
    vault.close()


def test_a_leader_receives_exactly_her_teams_families(county: Council, tmp_path: Path) -> None:
    vault, user = laptop_of(county, tmp_path / "laptop", first(county, "team_leader"))
    with database.reading(county.engine) as connection:
        query = select(Family.id).join(Team, Team.id == Family.team_id).where(Team.leader_id == user)
        hers = set(connection.execute(query).scalars())

    assert len(hers) > 50
    assert families_on(vault) == hers
    vault.close()


def test_a_claims_officer_receives_the_county_and_none_of_the_notes(county: Council, tmp_path: Path) -> None:
    vault, _ = laptop_of(county, tmp_path / "laptop", first(county, "claims_officer"))
    hidden = (
        "visit_note",
        "note_amendment",
        "chronology_entry",
        "document",
        "safeguarding_concern",
        "risk_marker",
    )
    with vault.read() as connection:
        counted = {
            name: connection.execute(select(func.count()).select_from(vault.schema[name].table)).scalar_one()
            for name in hidden
        }

    assert len(families_on(vault)) == 1660
    assert counted == dict.fromkeys(hidden, 0)
    vault.close()
