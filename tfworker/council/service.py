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
from tfworker.council.database import reading
from tfworker.council.devices import Devices
from tfworker.council.enrolment import Enrolment
from tfworker.council.sessions import Sessions
from tfworker.log import Log
from tfworker.settings import FILE_SIZE

MIB = 1024 * 1024
log = Log("council")

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
        self.authority = CouncilAuthority(self.schema, clock)
        self.hub = Hub(SqlHub(engine, self.schema), self.authority, clock, self.authority)
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

    def grants_waiting(self) -> tuple[int, int]:
        """(users, scopes) whose removal is of unusual size and waits for the operator."""
        with reading(self.engine) as connection:
            return self.authority.mass_removal.waits(connection)

    def confirm_grants(self) -> tuple[int, int]:
        """Let what waits go; gives (users, scopes) that did."""
        users, scopes = self.grants_waiting()
        if users:
            with self.engine.begin() as connection:
                self.authority.mass_removal.confirm(connection, self.clock.now())
            self.hub.redraw()
            log.warning("removal of grants confirmed", count=users, rows=scopes)
        return users, scopes

    def limit_removal(self, share: float, users: int) -> None:
        """From now on a removal waits when more than `users` lose `share` (0 to 1) of their scopes."""
        if not (0 < share <= 1 and users >= 0):
            raise ValueError("a share lies between 0 and 1, and users are not negative")
        with self.engine.begin() as connection:
            self.authority.mass_removal.set_limit(connection, share, users)

    def close(self) -> None:
        """Give the database connections back. Nothing is lost by not calling it."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
