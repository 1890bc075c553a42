"""The hub's store over SQLAlchemy: PostgreSQL or SQLite, one set of statements."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from sync.hub.store import Described
from sync.ops import CHAIN_START
from sync.sql.hub_statements import MAIN, insert_new
from sync.sql.hub_transaction import SqlHubTransaction
from sync.sql.parking import known
from sync.sql.schema import Schema, SyncedTable

# Said with the BEGIN itself, so that it costs no way to the server and back.
SNAPSHOT: Mapping[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

PASSING = ("40P01", "40001")  # PostgreSQL: deadlock detected, serialization failure


class SqlHub:
    """Opens the hub's transactions on one engine."""

    def __init__(self, engine: Engine, schema: Schema) -> None:
        self.engine = engine
        self.schema = schema

    @property
    def tables(self) -> Mapping[str, Described]:
        return self.schema.synced

    @property
    def schema_version(self) -> int:
        return self.schema.version

    @contextmanager
    def writing(self) -> Iterator[SqlHubTransaction]:
        """A transaction that holds the ledger's head row from its first statement."""
        with self._connect() as connection, connection.begin():
            transaction = SqlHubTransaction(connection, self.schema)
            transaction.head(lock=True)
            yield transaction

    @contextmanager
    def filing(self) -> Iterator[SqlHubTransaction]:
        """A writing transaction that leaves the ledger alone, so that no push waits for bytes."""
        with self._connect() as connection, connection.begin():
            yield SqlHubTransaction(connection, self.schema)

    @contextmanager
    def reading(self) -> Iterator[SqlHubTransaction]:
        """A transaction that sees one snapshot throughout.

        Its connection carries the execution option `reads`, by which a host's engine can tell that
        it needs no write lock (SQLite's BEGIN IMMEDIATE).
        """
        snapshot = SNAPSHOT if self.engine.dialect.name == "postgresql" else {}
        with self._connect() as connection, connection.execution_options(reads=True, **snapshot).begin():
            yield SqlHubTransaction(connection, self.schema)

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            yield connection

    def init(self, epoch: str) -> None:
        """Put the ledger's head in place with this epoch, unless there is one; and into its columns what
        `extra` kept while an older version of the council did not know them."""
        first = {"head": MAIN, "epoch": epoch, "seq": 0, "hash": CHAIN_START}
        with self.engine.begin() as connection:
            # Two processes may start at once: the second waits here, and then finds what the first made.
            connection.execute(insert_new(connection, self.schema.own("ledger_head")).values(first))
            # Held while lifting, as by every push: another process may already take ops about these rows.
            SqlHubTransaction(connection, self.schema).head(lock=True)
            for table in self.schema:
                _lift(connection, table)

    def is_poison(self, error: Exception) -> bool:
        return isinstance(error, DataError | IntegrityError)

    def is_passing(self, error: Exception) -> bool:
        return isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", "") in PASSING


def _lift(connection: Connection, table: SyncedTable) -> None:
    """The records' versions stay: laptops that knew these columns have them in place."""
    c = table.table.c
    for record, extra in connection.execute(select(c.id, c.extra).where(c.extra.is_not(None))).all():
        if values := known(table, extra):
            rest = {name: value for name, value in extra.items() if name not in values} or None
            connection.execute(update(table.table).where(c.id == record).values(**values, extra=rest))
