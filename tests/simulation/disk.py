"""Databases in memory that can be copied, put back, and torn from under whoever writes.

All share one SQLAlchemy dialect and one cache of compiled statements, or most of a run would be
spent compiling.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from sync.sql import Schema
from sync.sql.triggers import install
from tests.simulation.schema import shed

Point = Callable[[str], None]
_compiled: dict[Any, Any] = {}


class Crash(BaseException):
    """The process died here. Nothing but the simulation may catch it."""


class Disk:
    """One database. `raw` reads it past SQLAlchemy, which is many times quicker."""

    def __init__(self, image: bytes) -> None:
        self.raw = _connect()
        self.raw.deserialize(image)
        _set_up(self.raw)
        self.engine = _engine(self.raw)
        self.point: Point | None = None  # called at each durable step; may raise Crash

    def image(self) -> bytes:
        """All of it, as a copy somebody made now."""
        return self.raw.serialize()

    def put_back(self, image: bytes) -> None:
        """What lay on the disk is replaced by an older copy."""
        # Not deserialize: statements prepared before it would read freed memory.
        copy = _connect()
        copy.deserialize(image)
        copy.backup(self.raw)
        copy.close()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction with the durable steps marked: before it, before its commit, after it."""
        self._reach("before")
        with self.engine.begin() as connection:
            yield connection
            self._reach("commit")
        self._reach("after")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            yield connection

    def _reach(self, step: str) -> None:
        if self.point is not None:
            self.point(step)

    def close(self) -> None:
        self.engine.dispose()
        self.raw.close()


def _connect() -> sqlite3.Connection:
    # Threads take turns here, never two at once.
    return sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None, cached_statements=400)


def _set_up(raw: sqlite3.Connection) -> None:
    raw.execute("PRAGMA foreign_keys = ON")
    raw.execute("PRAGMA journal_mode = MEMORY")
    raw.execute("PRAGMA synchronous = OFF")


@cache
def _first_engine() -> Engine:
    engine = create_engine("sqlite://")
    engine.connect().close()  # the dialect learns what it needs to know
    return engine


def _engine(raw: sqlite3.Connection) -> Engine:
    first = _first_engine()
    pool = StaticPool(lambda: raw, reset_on_return=None)
    engine = Engine(pool, first.dialect, first.url, execution_options={"compiled_cache": _compiled})
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@cache
def empty(version: int, *, hub: bool = False) -> bytes:
    """A new database of a device, or of the hub, of this schema version."""
    raw = _connect()
    engine = _engine(raw)
    schema: Schema = shed(version)
    schema.metadata.create_all(engine)
    if hub:
        # What the devices' databases would take and this one does not.
        raw.execute(
            "CREATE TRIGGER poison BEFORE INSERT ON tool WHEN NEW.name = 'poison' "
            "BEGIN SELECT RAISE(ABORT, 'constraint failed'); END"
        )
        raw.execute(
            "CREATE TRIGGER poison_later BEFORE UPDATE ON tool WHEN NEW.name = 'poison' "
            "BEGIN SELECT RAISE(ABORT, 'constraint failed'); END"
        )
    else:
        with engine.begin() as connection:
            install(connection, schema)
    image = raw.serialize()
    raw.close()
    return image


def bring_up(raw: sqlite3.Connection, *, hub: bool = False) -> None:
    """The app's own format steps from any version to the newest: new columns, new tables, and a laptop's
    triggers."""
    new = shed()
    engine = _engine(raw)
    with engine.begin() as connection:
        for table in new:
            here = {row[1] for row in raw.execute(f"PRAGMA table_info({table.name})")}
            if not here:
                table.table.create(connection)
                continue
            for name in table.columns:
                if name not in here:
                    kind = table.table.c[name].type.compile(engine.dialect)
                    connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {name} {kind}")
        if not hub:
            install(connection, new)
