"""Many rows at once, in the driver's own words.

SQLAlchemy says once for each table what its columns are called and how their values are stored; no
statement is built, compiled or bound for single rows after that. On PostgreSQL rows go in by binary
COPY, inside the same transaction as everything else.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from operator import itemgetter
from typing import Any, TypeVar

from msgspec.json import encode
from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.exc import DBAPIError

Convert = Callable[[Any], Any]
# What PostgreSQL calls a type, as psycopg knows it. A table with any other type goes in as text.
BINARY = {
    "VARCHAR": "varchar",
    "TEXT": "text",
    "INTEGER": "int4",
    "BIGINT": "int8",
    "BOOLEAN": "bool",
    "BYTEA": "bytea",
    "JSON": "json",
    "DATE": "date",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}
CHUNK = 1_000  # ids in one IN (...); SQLite and PostgreSQL both take more
FEW = 3  # rows; up to so many, a COPY's three exchanges with PostgreSQL take longer than the rows
T = TypeVar("T")


def chunks(items: Iterable[T]) -> Iterator[list[T]]:
    """The items in lists of at most CHUNK."""
    everything = list(items)
    for start in range(0, len(everything), CHUNK):
        yield everything[start : start + CHUNK]


class Bulk:
    """One table, its columns in one order, in one dialect. Values travel as tuples in that order."""

    def __init__(self, table: Table, names: Sequence[str], dialect: Dialect) -> None:
        self.name = str(table.name)
        self.names = tuple(names)
        types = [table.c[name].type for name in names]
        self._place = {name: place for place, name in enumerate(self.names)}
        self._binders = _converters([t.dialect_impl(dialect).bind_processor(dialect) for t in types])
        self._readers = _converters([t.dialect_impl(dialect).result_processor(dialect, None) for t in types])
        self._must = [table.c[name].server_default is not None for name in names]
        self._is_postgresql = dialect.name == "postgresql"
        self._kinds = {c.name: c.type.compile(dialect).partition("(")[0] for c in table.c}
        compiled = [self._kinds[name] for name in names]
        self._binary = [BINARY[name] for name in compiled] if BINARY.keys() >= set(compiled) else None

    @cached_property
    def columns(self) -> str:
        """The columns as SQL names them."""
        return _named(self.names)

    @cached_property
    def _insert(self) -> str:
        return self._insert_of(self.names)

    def _insert_of(self, names: Sequence[str]) -> str:
        marks = ", ".join([self.mark] * len(names))
        return f'INSERT INTO "{self.name}" ({_named(names)}) VALUES ({marks})'

    @cached_property
    def pick(self) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
        """A row as a mapping, with every column in it, as a tuple."""
        return itemgetter(*self.names)

    @cached_property
    def mark(self) -> str:
        """Where a value goes in a statement in the driver's own words."""
        return "%s" if self._is_postgresql else "?"

    def among(self, name: str, values: Iterable[Any]) -> tuple[str, tuple[Any, ...]]:
        """A condition: the column is one of these; with what it is to be given. One text however many."""
        if not self._is_postgresql:
            return f'"{name}" IN (SELECT value FROM json_each(?))', (encode(list(values)).decode(),)
        return f'"{name}" = ANY(%s)', (_array(values),)

    def insert(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
        """Put rows in."""
        if not rows:
            return
        columns = _columns(rows, self._binders)
        if len(rows) <= FEW:
            for row in zip(*columns, strict=True):
                connection.exec_driver_sql(self._insert, row)
            return
        # Half of a table's columns are empty in every row of a batch: they are left out.
        there = [place for place, column in enumerate(columns) if self._must[place] or not _is_empty(column)]
        names = [self.names[place] for place in there]
        full = list(zip(*(columns[place] for place in there), strict=True))
        if self._is_postgresql:
            types = [self._binary[place] for place in there] if self._binary is not None else None
            self._copy(connection, names, types, full)
        else:
            connection.exec_driver_sql(self._insert_of(names), full)

    def _copy(
        self,
        connection: Connection,
        names: Sequence[str],
        types: Sequence[str] | None,
        rows: Sequence[tuple[Any, ...]],
    ) -> None:
        binary = " (FORMAT BINARY)" if types is not None else ""
        statement = f'COPY "{self.name}" ({_named(names)}) FROM STDIN{binary}'
        with (
            in_driver(connection, statement) as driver,
            driver.cursor() as cursor,
            cursor.copy(statement) as copy,
        ):
            if types is not None:
                copy.set_types(types)
            for row in rows:
                copy.write_row(row)

    def update(
        self, connection: Connection, rows: Sequence[Sequence[Any]], unless_newer: str | None = None
    ) -> None:
        """Put rows in the place of those with the same id (the first column), but for rows whose
        `unless_newer` is higher here. SQLite only."""
        if not rows:
            return
        sets = ", ".join(f'"{name}" = ?' for name in self.names[1:])
        newer = f' AND "{unless_newer}" <= ?' if unless_newer is not None else ""
        at = [self.names.index(unless_newer)] if unless_newer is not None else []
        values = [(*row[1:], row[0], *(row[i] for i in at)) for row in _converted(rows, self._binders)]
        connection.exec_driver_sql(
            f'UPDATE "{self.name}" SET {sets} WHERE "{self.names[0]}" = ?{newer}', values
        )

    def present(self, connection: Connection, name: str, values: Iterable[Any]) -> set[Any]:
        """Those of the values that some row has in this column."""
        among, given = self.among(name, values)
        found = connection.exec_driver_sql(f'SELECT "{name}" FROM "{self.name}" WHERE {among}', given)
        return set(found.scalars())

    def select(self, connection: Connection, rest: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """The rows that the rest of the statement (WHERE ..., in the driver's own words) asks for."""
        found = connection.exec_driver_sql(f'SELECT {self.columns} FROM "{self.name}" {rest}', values)
        return _converted(found.all(), self._readers)

    def look_up(
        self, connection: Connection, name: str, values: Iterable[Any], also: str = "TRUE"
    ) -> list[tuple[Any, ...]]:
        """The rows with one of these values in an indexed column, in no order; also: a condition more.

        PostgreSQL takes a value that is not known to be unique for one in two hundred rows until it has
        looked at the table itself, and reads a new ledger from end to end for every batch. So it is asked
        for one value after another, which leaves it the index only (OFFSET 0 keeps it to that order).
        """
        if not self._is_postgresql:
            among, given = self.among(name, values)
            return self.select(connection, f"WHERE {among} AND {also}", given)
        wanted = f'SELECT {self.columns} FROM "{self.name}" WHERE "{name}" = asked.value AND {also} OFFSET 0'
        asked = f"unnest(%s::{self._kinds[name]}[]) AS asked(value)"
        found = connection.exec_driver_sql(
            f"SELECT found.* FROM {asked} CROSS JOIN LATERAL ({wanted}) AS found",
            (_array(dict.fromkeys(values)),),  # asked for twice, a row would come twice
        )
        return _converted(found.all(), self._readers)


def _array(values: Iterable[Any]) -> list[Any] | str:
    """As PostgreSQL takes a list: its own text for one, where that needs no quoting beyond JSON's; the
    driver would quote value by value, which for 2,000 ids took twenty times as long."""
    listed = list(values)
    text = encode(listed).decode()
    return listed if "\\" in text else f"{{{text[1:-1]}}}"


def _named(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _converters(found: Sequence[Convert | None]) -> list[tuple[int, Convert]]:
    return [(place, convert) for place, convert in enumerate(found) if convert is not None]


def _converted(rows: Sequence[Any], converters: Sequence[tuple[int, Convert]]) -> list[tuple[Any, ...]]:
    """Rows with some columns converted."""
    return list(zip(*_columns(rows, converters), strict=True)) if rows else []


def _columns(rows: Sequence[Any], converters: Sequence[tuple[int, Convert]]) -> list[Sequence[Any]]:
    """The columns of some rows, one or more, a few of them converted; most are empty or need nothing."""
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    for place, convert in converters:
        if not _is_empty(columns[place]):
            columns[place] = [convert(value) for value in columns[place]]
    return columns


def _is_empty(column: Sequence[Any]) -> bool:
    return column[0] is None and column.count(None) == len(column)


@contextmanager
def in_driver(connection: Connection, statement: str) -> Iterator[Any]:
    """The driver's own connection, inside SQLAlchemy's transaction; its errors become SQLAlchemy's."""
    dialect = connection.dialect
    driver = connection.connection.driver_connection
    errors: Any = dialect.loaded_dbapi.Error
    try:
        yield driver
    except errors as error:
        gone = dialect.is_disconnect(error, driver, None)
        if gone:
            connection.invalidate(error)
        raise DBAPIError.instance(
            statement, None, error, errors, hide_parameters=True, connection_invalidated=gone, dialect=dialect
        ) from error
