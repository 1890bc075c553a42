"""The council's database by its URL: one place that knows SQLite from PostgreSQL.

Every transaction on SQLite takes the write lock at its start, so that two writers wait for each
other and never meet half-way; one that only reads says so: `reading(engine)`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from alembic.runtime.migration import MigrationContext
from sqlalchemy import URL, Connection, Engine, MetaData, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, DisconnectionError, InterfaceError

from sync.sql.on_sqlite import must_write
from sync.sql.tables import CARD, HELD
from sync.sql.tables import tables as add_sync_tables
from tfworker import records
from tfworker.council import migrations
from tfworker.council.problems import CouncilNotSetUp, CouncilTooNew, CouncilTooOld, CouncilUnreachable
from tfworker.council.tables import add_tables
from tfworker.log import Log

BUSY_TIMEOUT_S = 30  # how long one SQLite writer waits for another
POOL_SIZE = 10
POOL_EXTRA = 20  # PostgreSQL allows 100 connections unless told otherwise
# A line to the server that goes without a goodbye (a cable, a machine gone) would hold a request for as
# long as the operating system likes, many minutes. So it counts as gone when nothing is acknowledged for
# a minute: what was sent (tcp_user_timeout, ms), or, while we only wait, what is asked after 30 s of silence.
GOES_SILENT: Mapping[str, int] = {
    "tcp_user_timeout": 60_000, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3,
}  # fmt: skip
INIT_LOCK = 0x7F40_0001  # any number that nobody else uses as advisory lock
# Sync's tables that only a laptop fills.
LAPTOP_TABLES = (
    "op", "queue", "receipt", "shadow", "held_scope", "cursor", "device_state", "sync_gate", "sync_never",
    "parked", "set_aside",
    "file_state", "farewell",
)  # fmt: skip

WRONG_ADDRESS = "The address must look like sqlite:///FILE or postgresql://USER@HOST/NAME."

log = Log("council")


@cache
def metadata() -> MetaData:
    """Everything a council database holds: records, sync's hub side and the council's own tables.

    A MetaData of its own, so that a laptop in the same process (the demo) never sees these tables.
    """
    whole = MetaData(naming_convention=records.metadata.naming_convention)
    for table in list(records.metadata.tables.values()):
        # Only records: a laptop in the same process has put sync's own tables beside them.
        if "sync" in table.info and table.name not in (CARD, HELD):
            table.to_metadata(whole)
    add_sync_tables(whole)
    for name in LAPTOP_TABLES:
        whole.remove(whole.tables[name])
    add_tables(whole)
    return whole


def connect(database_url: str) -> Engine:
    """An engine for the council's database; nothing is opened yet.

    database_url: `sqlite:///file` or `postgresql://user@host/name`.
    Raises CouncilUnreachable when it is neither.
    """
    try:
        url = make_url(database_url)
    except ArgumentError as error:
        raise CouncilUnreachable(advice=WRONG_ADDRESS) from error
    match url.get_backend_name():
        case "sqlite" if url.database and url.database != ":memory:":
            return _sqlite(url)
        case "postgresql":
            return _postgresql(url)
    raise CouncilUnreachable(advice=WRONG_ADDRESS)


def _sqlite(url: URL) -> Engine:
    # A pool as large as there are threads: a waiting reader must not hold up the writer.
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        hide_parameters=True,
        pool_size=POOL_SIZE,
        max_overflow=POOL_EXTRA,
        connect_args={"timeout": BUSY_TIMEOUT_S},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver leaves BEGIN to us
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        # One opened while the disk failed would stay in the pool, and no push through it succeed.
        must_write(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get("reads", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _postgresql(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,  # parameters are records, and errors reach the log
        pool_size=POOL_SIZE,
        max_overflow=POOL_EXTRA,
        connect_args={"application_name": "tfworker council", "connect_timeout": 10, **GOES_SILENT},
    )

    @event.listens_for(engine, "checkout")
    def look(connection: Any, _record: Any, _proxy: Any) -> None:
        # The server may have been restarted since; it has said goodbye then, and that is here to be
        # read, the end of the line only behind its last words. To ask it (`pool_pre_ping`) would cost
        # every request a way there and back.
        try:
            connection.pgconn.consume_input()
            connection.pgconn.consume_input()
        except psycopg.Error as error:
            raise DisconnectionError from error

    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for reading only, which holds up no writer: one snapshot from the first read on."""
    with engine.connect() as connection:
        level = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
        yield connection.execution_options(reads=True, **level)


@contextmanager
def glance(engine: Engine) -> Iterator[Connection]:
    """A connection for reading with one statement, which on PostgreSQL needs no transaction around it:
    one way there and back instead of three."""
    with engine.connect() as connection:
        level = {"isolation_level": "AUTOCOMMIT"} if engine.dialect.name == "postgresql" else {}
        yield connection.execution_options(reads=True, **level)


def upgrade(engine: Engine) -> bool:
    """Make the tables, or bring those of an older version up to this one, in one transaction.

    Returns whether the database was empty. Two that start at once wait for each other.
    Raises CouncilTooNew, CouncilUnreachable.
    """
    with problems(engine), engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": INIT_LOCK})
        present = _version(connection)
        if present is not None and present not in migrations.known():
            raise CouncilTooNew
        migrations.upgrade(connection)
    log.info("council database upgraded", version=migrations.newest())
    return present is None


def check(engine: Engine) -> None:
    """Refuse a database that this version cannot serve.

    Raises CouncilNotSetUp, CouncilTooOld, CouncilTooNew or CouncilUnreachable.
    """
    with problems(engine), reading(engine) as connection:
        present = _version(connection)
    if present is None:
        raise CouncilNotSetUp
    if present not in migrations.known():
        raise CouncilTooNew
    if present != migrations.newest():
        raise CouncilTooOld


def _version(connection: Connection) -> str | None:
    """The version the database says it has; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


@contextmanager
def problems(engine: Engine) -> Iterator[None]:
    """Turn what the database server or the disk does into a Problem."""
    try:
        yield
    except (DatabaseError, InterfaceError) as error:
        log.error("database does not answer", error, kind=engine.dialect.name)
        raise CouncilUnreachable from error
