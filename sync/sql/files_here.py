"""Which files lie on a device and where their bytes have got to, for whoever shows or counts them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from sync.sql.saving import MAIN
from sync.sql.schema import Schema, SyncedTable


@dataclass(frozen=True, slots=True)
class FileHere:
    """What this device has of one record's file.

    whole: all of it. received: the council has it all, as far as this device knows. by_word: it knows
    that from an answer to a part alone; the record itself, which is here, does not say so (yet).
    refused: why the council did not take or give it, a Reason or "missing"; None normally.
    damaged: the bytes here cannot be read any more. has_record: the record itself is here.
    """

    record: str
    table: str
    scope: str
    size: int
    whole: bool
    received: bool
    by_word: bool
    refused: str | None
    damaged: bool
    has_record: bool

    @property
    def is_unsent(self) -> bool:
        """The only whole copy known of may be the one here."""
        return self.whole and not self.received


def file_tables(schema: Schema) -> Iterator[SyncedTable]:
    """The tables whose records carry a file."""
    return (table for table in schema if table.synced.file is not None)


def files_here(
    connection: Connection, schema: Schema, scopes: Collection[str] | None = None
) -> dict[str, FileHere]:
    """{record: what is here of its file}; scopes: only of records in these."""
    state, cursor = schema.own("file_state"), schema.own("cursor")
    epoch = connection.execute(select(cursor.c.epoch).where(cursor.c.head == MAIN)).scalar()
    found: dict[str, FileHere] = {}
    for table in file_tables(schema):
        c = table.table.c
        assert table.synced.file is not None
        query = (
            select(state, c[table.synced.file.received].label("received_at"), c.version)
            .join(table.table, c.id == state.c.record, isouter=True)
            .where(state.c.table_name == table.name, ~state.c.sealed)
        )
        if scopes is not None:
            query = query.where(state.c.scope.in_(scopes))
        for row in connection.execute(query):
            found[row.record] = FileHere(
                row.record, row.table_name, row.scope, row.size, row.whole, _is_received(row, epoch),
                row.received_at is None and row.version is not None, row.refused, row.damaged,
                row.version is not None,
            )  # fmt: skip
    return found


def _is_received(row: Row[*tuple[Any, ...]], epoch: str | None) -> bool:
    """The record says so; or the council said so after the last news of the record, in an answer to a
    part. A record with later news that says nothing has lost its bytes there."""
    if row.received_at is not None:
        return True
    told = row.received_version is not None and row.received_epoch == epoch
    return told and (row.version is None or row.version < row.received_version)


def unsent_files(connection: Connection, schema: Schema) -> list[FileHere]:
    """Files whose bytes the council has not got. For the status line, and for `scopes_with_bytes`."""
    return [file for file in files_here(connection, schema).values() if file.is_unsent and not file.damaged]
