"""Parked records: rows of the council's that this version of the app cannot keep.

Their kind is unknown here, a value cannot be read, or the database refuses the row. They are kept as
they came and count with their version, so the cursor moves on and nothing is asked for for ever; once
a newer version can keep them they are put in place from here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, StatementError

from sync.errors import Unreachable
from sync.sql.queue import waiting_records
from sync.sql.schema import Schema, SyncedTable
from sync.wire import Rows

UNKNOWN_KIND = 0  # as the schema version of what was parked: its table was not known at all

_split = msgspec.json.Decoder(list[msgspec.Raw]).decode
_values = msgspec.json.Decoder(list[Any]).decode


def is_poison(error: Exception) -> bool:
    """Whether a row itself, not the disk, made the database refuse a write."""
    if isinstance(error, DBAPIError):
        return isinstance(error, IntegrityError | DataError | InterfaceError)
    # A value that cannot even be handed over: too large a number, a type's own refusal.
    return isinstance(error, StatementError | OverflowError)


class Parking:
    """The parked rows, within the caller's transaction."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self.connection = connection
        self.schema = schema
        self.table = schema.own("parked")
        self.is_empty = connection.exec_driver_sql("SELECT 1 FROM parked LIMIT 1").first() is None

    def park(self, page: Rows, rows: Iterable[msgspec.Raw], schema_version: int) -> list[str]:
        """Keep rows as they came; gives their scopes."""
        values = []
        for row in rows:
            record, version, scope = envelope(page, row)
            values.append(
                {
                    "table_name": page.table, "record": record, "version": version, "scope": scope,
                    "columns": page.columns, "row": bytes(row), "schema_version": schema_version,
                }
            )  # fmt: skip
        if values:
            statement = upsert(self.table)
            set_ = {
                c: statement.excluded[c] for c in ("version", "scope", "columns", "row", "schema_version")
            }
            where = self.table.c.version <= statement.excluded.version
            key = ["table_name", "record"]
            self.connection.execute(
                statement.on_conflict_do_update(index_elements=key, set_=set_, where=where), values
            )
            self.is_empty = False
        return [str(row["scope"]) for row in values]

    def park_one(self, table: SyncedTable, row: Mapping[str, Any], schema_version: int) -> None:
        """Keep a row that was read and that the database refused."""
        columns = list(row)
        raw = msgspec.Raw(msgspec.json.encode([row[c] for c in columns]))
        self.park(Rows(table.name, columns, msgspec.Raw(b"[]")), [raw], schema_version)

    def leave(self, table: str, records: Sequence[str]) -> None:
        """These are in their place now, or gone."""
        if not self.is_empty and records:
            here = (self.table.c.table_name == table, self.table.c.record.in_(records))
            self.connection.execute(delete(self.table).where(*here))

    def leave_where(self, where: ColumnElement[bool]) -> None:
        if not self.is_empty:
            self.connection.execute(delete(self.table).where(where))

    def ready(self) -> list[Rows]:
        """What another version parked, or whose table is known now, as pages of one row each."""
        c = self.table.c
        known = [table.name for table in self.schema]
        older = c.schema_version.not_in((self.schema.version, UNKNOWN_KIND))
        unknown = (c.schema_version == UNKNOWN_KIND) & c.table_name.in_(known)
        found = self.connection.execute(select(self.table).where(older & c.table_name.in_(known) | unknown))
        return [Rows(row.table_name, row.columns, msgspec.Raw(b"[" + bytes(row.row) + b"]")) for row in found]


def envelope(page: Rows, row: msgspec.Raw) -> tuple[str, int, str]:
    """(id, version, scope) of a row. Raises Unreachable for what is no row of these columns."""
    try:
        said = dict(zip(page.columns, _values(row), strict=True))
        return msgspec.convert((said["id"], said["version"], said["scope"]), tuple[str, int, str])
    except (ValueError, KeyError) as error:  # msgspec's own are ValueErrors
        raise Unreachable("the answer was not the hub's") from error


def split(page: Rows) -> list[msgspec.Raw]:
    """A page's rows, each as it came. Raises Unreachable for what are no rows."""
    try:
        return _split(page.rows)
    except msgspec.DecodeError as error:
        raise Unreachable("the answer was not the hub's") from error


Rebuild = Callable[[Connection, Schema, SyncedTable, str], None]


def lift(connection: Connection, schema: Schema, rebuild: Rebuild) -> int:
    """Put into their columns what `extra` kept for them while this app did not know them yet; gives
    how many rows. The record's version stays: the council has them in their columns already.

    rebuild: shows the council's row with the waiting changes over it: what was written since the
        update stays over what is lifted.
    """
    lifted = 0
    busy = waiting_records(connection, schema)
    shadow = schema.own("shadow")
    for table in schema:
        target = table.table
        rows = connection.execute(select(target).where(target.c.extra.is_not(None))).mappings().all()
        for row in rows:
            values = known(table, row["extra"])
            if values and row["id"] not in busy:
                rest = {n: v for n, v in row["extra"].items() if n not in values} or None
                connection.execute(
                    update(target).where(target.c.id == row["id"]).values(**values, extra=rest)
                )
                lifted += 1
        beside = connection.execute(select(shadow).where(shadow.c.table_name == table.name)).all()
        for kept in beside:
            names = known(table, kept.row.get("extra") or {}).keys()
            if names:
                extra = kept.row["extra"]
                rest = {n: v for n, v in extra.items() if n not in names} or None
                whole = {**kept.row, **{n: extra[n] for n in names}, "extra": rest}
                here = (shadow.c.table_name == table.name, shadow.c.record == kept.record)
                connection.execute(update(shadow).where(*here).values(row=whole))
                rebuild(connection, schema, table, kept.record)
                lifted += 1
    return lifted


def known(table: SyncedTable, extra: Mapping[str, Any]) -> dict[str, Any]:
    """What of it belongs into columns of this table now, as they store it."""
    ours = {name: value for name, value in extra.items() if name in table.to_stored}
    return _stored(table.stored, ours) if ours else {}


def _stored(
    convert: Callable[[Mapping[str, Any]], tuple[dict[str, Any], dict[str, Any]]], known: Mapping[str, Any]
) -> dict[str, Any]:
    """Those of the values that are of their column's type; the others stay where they are."""
    values: dict[str, Any] = {}
    for name, value in known.items():
        try:
            values.update(convert({name: value})[0])
        except msgspec.ValidationError:
            continue
    return values


__all__ = ["UNKNOWN_KIND", "Parking", "is_poison", "known", "lift", "split"]
