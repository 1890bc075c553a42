"""The council as one object: its database, its ledger, and who may come in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from sqlalchemy import Engine

from sync.clock import SystemClock
from sync.hub import Hub
from sync.ports import Caller, Clock
from sync.sql.hub import SqlHub
from sync.sql.schema import Schema
from tfworker.council import database
from tfworker.council.accounts import Accounts
from tfworker.council.authority import CouncilAuthority
from tfworker.council.devices import Devices
from tfworker.council.enrolment import Enrolment
from tfworker.council.sessions import Sessions
from tfworker.settings import FILE_SIZE

MIB = 1024 * 1024
# The council's own desk: a line like any other, in the ledger under its own name.
DESK = Caller(user="council", device="council", line="council", central=True)


@contextmanager
def closed_on_failure(engine: Engine) -> Iterator[None]:
    """Give the connections back when what comes next fails."""
    try:
        yield
    except BaseException:
        engine.dispose()
        raise


class Council:
    """Everything that serves one council. Safe to use from several threads."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        """engine: a database at this version (`database.check`)."""
        self.engine = engine
        self.clock = clock
        self.schema = Schema(database.metadata())
        self.hub = Hub(SqlHub(engine, self.schema), CouncilAuthority(self.schema, clock), clock)
        self.hub.files.limit = FILE_SIZE.value * MIB
        self.accounts = Accounts(engine, clock)
        self.devices = Devices(engine, clock)
        self.sessions = Sessions(engine, clock)
        self.enrolment = Enrolment(engine, clock, self.accounts, self.devices)

    @classmethod
    def open(cls, database_url: str, clock: Clock | None = None) -> Self:
        """The council in this database.

        Raises CouncilNotSetUp, CouncilTooOld, CouncilTooNew, CouncilUnreachable.
        """
        engine = database.connect(database_url)
        with closed_on_failure(engine):
            database.check(engine)
            return cls(engine, clock or SystemClock())

    def close(self) -> None:
        """Give the database connections back. Nothing is lost by not calling it."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
