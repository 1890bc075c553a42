"""Facts of this laptop, inside the vault: {name: JSON value}. User id, device id, council, tokens.

What must be known before unlock (the council's name) lies in store.json instead: see `vault`.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from tfworker.store.tables import fact as table

Transaction = Callable[[], AbstractContextManager[Connection]]


class Facts:
    """The facts of an open vault, each call a transaction of its own (`vault.facts`)."""

    def __init__(self, write: Transaction, read: Transaction) -> None:
        self._write = write
        self._read = read

    def get(self, name: str, default: Any = None) -> Any:
        """The fact, or `default` when there is none."""
        with self._read() as connection:
            return get(connection, name, default)

    def everything(self) -> dict[str, Any]:
        """{name: value} of all facts."""
        with self._read() as connection:
            return everything(connection)

    def put(self, values: Mapping[str, Any]) -> None:
        """Set several facts at once: all or none."""
        with self._write() as connection:
            put(connection, values)

    def drop(self, name: str) -> None:
        """Forget a fact."""
        with self._write() as connection:
            drop(connection, name)


def get(connection: Connection, name: str, default: Any = None) -> Any:
    """The fact, or `default` when there is none."""
    found = connection.execute(select(table.c.value).where(table.c.name == name)).one_or_none()
    return default if found is None else found[0]


def everything(connection: Connection) -> dict[str, Any]:
    """{name: value} of all facts."""
    return {row.name: row.value for row in connection.execute(select(table).order_by(table.c.name))}


def put(connection: Connection, values: Mapping[str, Any]) -> None:
    """Set several facts at once."""
    for name, value in values.items():
        done = connection.execute(update(table).where(table.c.name == name).values(value=value))
        if done.rowcount == 0:
            connection.execute(insert(table).values(name=name, value=value))


def drop(connection: Connection, name: str) -> None:
    """Forget a fact; one that is not there is forgotten already."""
    connection.execute(delete(table).where(table.c.name == name))
