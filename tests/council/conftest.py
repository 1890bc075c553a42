"""A real council on a real database, SQLite and PostgreSQL in turn, with a small invented county in it."""

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import insert, make_url

from sync.memory import FakeClock
from tests.council.central_files import write
from tests.council.county import PASSWORD, County
from tests.council.laptop import Laptop
from tests.council.neighbourhood import Neighbourhood
from tfworker.council.database import metadata
from tfworker.council.serve import serving
from tfworker.council.service import Council
from tfworker.council.setting_up import ProgrammeFacts, set_up

FACTS = ProgrammeFacts(
    programme_name="Families Matter",
    council_name="Ashcombe County Council",
    emergency_numbers=({"name": "Duty team", "phone": "01632 960001"},),
)


@pytest.fixture
def clock() -> FakeClock:
    """Monday 16 November 2026, 09:00; moves only when told to."""
    return FakeClock()


@pytest.fixture(scope="session")
def county() -> County:
    """The ids of the invented county's records."""
    return County()


@pytest.fixture(scope="session")
def sqlite_model(county: County, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the county in it, made once and copied for each test."""
    file = tmp_path_factory.mktemp("council") / "model.db"
    _make(f"sqlite:///{file}", county)
    return file


@pytest.fixture(scope="session")
def postgres_model(county: County, postgres_server: str) -> str:
    """The name of a PostgreSQL database with the county in it, copied for each test."""
    name = f"model_{uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy")
    _make(_address(postgres_server, name), county)
    return name


def _make(url: str, county: County) -> None:
    with set_up(url, FACTS, FakeClock()) as council:
        county.settle(council)


def _address(server: str, name: str) -> str:
    url = make_url(server).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def council_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a council's database of this test's own, with the county in it."""
    if request.param == "sqlite":
        file = tmp_path / "council.db"
        shutil.copy(request.getfixturevalue("sqlite_model"), file)
        yield f"sqlite:///{file}"
        return
    server, name = request.getfixturevalue("postgres_server"), f"council_{uuid4().hex}"
    model = request.getfixturevalue("postgres_model")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {model} STRATEGY file_copy")
        yield _address(server, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def council(council_url: str, clock: FakeClock) -> Iterator[Council]:
    """A council with the county in it. Nobody has an account yet."""
    with Council.open(council_url, clock) as council:
        yield council


@pytest.fixture
def with_account(council: Council, county: County) -> Council:
    """The council once W001 and W002 have accounts, with PASSWORD."""
    made = {"password": quick(PASSWORD), "disabled": False, "made_at": 0, "password_set_at": 0}
    with council.engine.begin() as connection:
        for staff_no in ("W001", "W002"):
            new = insert(metadata().tables["account"]).values(worker=county.worker[staff_no], **made)
            connection.execute(new)
    return council


@cache
def quick(password: str) -> str:
    """A kept password that is checked in a blink: the cost of a check stands in what is kept."""
    kdf = Argon2id(salt=b"salt" * 4, length=32, iterations=1, lanes=1, memory_cost=8)
    return kdf.derive_phc_encoded(password.encode())


@pytest.fixture
def laptop(clock: FakeClock) -> Laptop:
    return Laptop(clock)


@pytest.fixture
def address(with_account: Council) -> Iterator[str]:
    """The council's address on loopback, served for real."""
    with serving(with_account) as url:
        yield url


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Neighbourhood]:
    """A council with teams, workers and families who have them, on SQLite."""
    with set_up(f"sqlite:///{tmp_path / 'council.db'}", ProgrammeFacts(), FakeClock()) as council:
        yield Neighbourhood(council).settle()


@pytest.fixture
def on_both(database_url: str) -> Iterator[Neighbourhood]:
    """The same on SQLite and PostgreSQL in turn, for what leans on the database's own comparing."""
    with set_up(database_url, ProgrammeFacts(), FakeClock()) as council:
        yield Neighbourhood(council).settle()


@pytest.fixture
def empty(database_url: str) -> Iterator[Council]:
    """A council with nobody in it, on SQLite and PostgreSQL in turn."""
    with set_up(database_url, ProgrammeFacts(), FakeClock()) as council:
        yield council


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Council]:
    """The same on SQLite alone."""
    with set_up(f"sqlite:///{tmp_path / 'council.db'}", ProgrammeFacts(), FakeClock()) as council:
        yield council


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Central records to import."""
    return write(tmp_path / "central")
