"""The council's database: made, brought up to date, refused when it is somebody else's."""

import sqlite3
import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, insert, inspect, select, text
from sqlalchemy.exc import OperationalError

from sync.memory import FakeClock
from tfworker import records
from tfworker.council import database, migrations
from tfworker.council.database import metadata
from tfworker.council.problems import CouncilNotSetUp, CouncilTooNew, CouncilTooOld, CouncilUnreachable
from tfworker.council.service import Council
from tfworker.council.setting_up import ProgrammeFacts, set_up


def test_a_migrated_database_is_what_the_records_say(database_url: str) -> None:
    engine = database.connect(database_url)
    database.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata())
    engine.dispose()

    assert differences == []


def test_laptop_tables_are_not_at_the_council(council: Council) -> None:
    names = set(inspect(council.engine).get_table_names())

    assert {"ledger", "conflict", "worker", "account"} <= names
    assert not names & {"op", "shadow", "receipt", "cursor"}


def test_the_records_themselves_are_left_alone() -> None:
    metadata()

    assert "account" not in records.metadata.tables


def test_a_database_without_a_council_is_refused(database_url: str) -> None:
    engine = database.connect(database_url)
    with pytest.raises(CouncilNotSetUp):
        database.check(engine)
    engine.dispose()


@pytest.mark.parametrize("version, problem", [("9999", CouncilTooNew), ("0001", CouncilTooOld)])
def test_a_database_of_another_version_is_refused(
    council: Council, version: str, problem: type[Exception]
) -> None:
    with council.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})

    with pytest.raises(problem):
        database.check(council.engine)


def test_a_newer_database_is_not_touched_by_init(council: Council) -> None:
    with council.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(CouncilTooNew):
        database.upgrade(council.engine)
    with database.reading(council.engine) as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


def test_four_that_set_up_at_once_make_one_council(database_url: str, clock: FakeClock) -> None:
    problems: list[Exception] = []

    def make() -> None:
        try:
            set_up(database_url, ProgrammeFacts(), clock).close()
        except Exception as error:  # shown by the assert below
            problems.append(error)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    with Council.open(database_url, clock) as council, database.reading(council.engine) as connection:
        heads = connection.scalar(select(func.count()).select_from(metadata().tables["ledger_head"]))
        assert heads == 1


def test_a_line_to_the_server_that_goes_silent_counts_as_gone_after_a_minute(postgres_url: str) -> None:
    engine = database.connect(postgres_url)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        said = driver.info.get_parameters()
    engine.dispose()

    assert int(said["tcp_user_timeout"]) == 60_000
    asked = int(said["keepalives_idle"]) + int(said["keepalives_interval"]) * int(said["keepalives_count"])
    assert asked <= 60
    assert said.get("keepalives", "1") == "1"


UNREACHABLE = {
    "not an address": "council.db",
    "another kind of database": "mysql://localhost/council",
    "a database that goes with the process": "sqlite://",
    "no such folder": "sqlite:////nowhere/at/all/council.db",
    "nobody listens": "postgresql://nobody@127.0.0.1:9/council",
}


@pytest.mark.parametrize("url", UNREACHABLE.values(), ids=UNREACHABLE.keys())
def test_what_cannot_be_reached_is_a_problem(url: str) -> None:
    with pytest.raises(CouncilUnreachable):
        Council.open(url)


def test_a_file_that_is_no_database_is_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "council.db"
    file.write_bytes(b"not a database, but long enough to look like one" * 50)
    with pytest.raises(CouncilUnreachable):
        Council.open(f"sqlite:///{file}")


def test_a_reader_neither_waits_for_a_writer_nor_sees_half_of_it(council: Council) -> None:
    fact = metadata().tables["council_fact"]
    there = select(func.count()).select_from(fact).where(fact.c.name == "x")
    with council.engine.begin() as writer:
        writer.execute(insert(fact).values(name="x", value=1))
        with database.reading(council.engine) as reader:
            assert reader.scalar(there) == 0
    with database.reading(council.engine) as reader:
        assert reader.scalar(there) == 1


def test_a_council_whose_disk_failed_while_it_opened_its_database_writes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the call that opens for writing fails, SQLite opens for reading and does not say so."""
    engine = database.connect(f"sqlite:///{tmp_path / 'c.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (id INTEGER)"))
    engine.dispose()
    connect = sqlite3.dbapi2.connect

    def for_reading(name: str, **options: Any) -> sqlite3.Connection:
        return connect(f"file:{name}?mode=ro", uri=True, **options)

    monkeypatch.setattr(sqlite3.dbapi2, "connect", for_reading)
    with pytest.raises(OperationalError, match="readonly"):
        engine.connect()

    monkeypatch.undo()
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO t VALUES (1)"))
    engine.dispose()


def test_a_new_connection_waits_for_no_writer(council: Council) -> None:
    council.engine.dispose()
    with council.engine.begin(), database.reading(council.engine) as reader:
        assert reader.scalar(text("SELECT 1")) == 1


def test_a_sqlite_council_survives_a_power_cut(tmp_path: Path) -> None:
    """Written through to the disk at each commit, and no freed page keeps what was deleted."""
    engine = database.connect(f"sqlite:///{tmp_path / 'c.db'}")
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    with database.reading(engine) as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
    engine.dispose()

    assert found == ["wal", 2, 1, 1]


def test_every_step_says_which_one_is_before_it() -> None:
    assert migrations.newest() == max(migrations.known())


def test_a_server_that_was_restarted_is_asked_over_new_connections(
    postgres_url: str, postgres_server: str
) -> None:
    engine = database.connect(postgres_url)
    with engine.connect() as one, engine.connect() as other:
        old = {line.scalar(text("SELECT pg_backend_pid()")) for line in (one, other)}
    with psycopg.connect(postgres_server, autocommit=True) as admin:
        for pid in old:  # as a server that is shut down does; waits until it is gone
            admin.execute("SELECT pg_terminate_backend(%s, 30000)", (pid,))

    with database.glance(engine) as one, database.reading(engine) as other:
        new = {line.scalar(text("SELECT pg_backend_pid()")) for line in (one, other)}
    engine.dispose()

    assert len(new) == 2
    assert not old & new
