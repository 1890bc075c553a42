"""Where the bytes of files stand on a device: `sync.device.files.DeviceFiles` over SQLAlchemy.

A row of `file_state` names the bytes on the shelf and holds their key, so that whatever ends the row
(a purge, a scope lost) ends the bytes in the same transaction; what is left on the shelf cannot be
read by anybody and is swept.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from sync.device.files import Carried
from sync.ops import Outcome
from sync.ports import Blob, FileDamaged, Sealer, Shelf
from sync.sql.files_here import FileHere, file_tables, files_here, unsent_files
from sync.sql.schema import Schema, SyncedTable
from sync.wire import FILE_BYTES, PART_BYTES, parts_of

Transaction = Callable[[], AbstractContextManager[Connection]]


class TooBig(ValueError):
    """The file is larger than any that may travel."""


def lay(shelf: Shelf, data: bytes) -> Blob:
    """Put the bytes of a new file on the shelf. Until `note_file` they belong to nobody.

    Raises TooBig, and what the shelf raises.
    """
    if len(data) > FILE_BYTES:
        raise TooBig(f"{len(data)} bytes, {FILE_BYTES} allowed")
    blob = shelf.new()
    count = parts_of(len(data))
    for part in range(count):
        piece = data[part * PART_BYTES : (part + 1) * PART_BYTES]
        shelf.put(blob, part, piece, last=part == count - 1)
    return blob


def note_file(connection: Connection, schema: Schema, table: str, record: str, blob: Blob) -> None:
    """Say that these bytes are the file of a record saved in the same transaction."""
    described = schema[table]
    said = described.synced.file
    if said is None:
        raise ValueError(f"records of {table} carry no file")
    c = described.table.c
    row = connection.execute(select(c.scope, c[said.size], c[said.sha256]).where(c.id == record)).one()
    connection.execute(
        insert(schema.own("file_state")), _new_row(table, record, blob, row[0], row[1], row[2], whole=True)
    )


def scopes_with_bytes(connection: Connection, schema: Schema) -> set[str]:
    """Scopes that may not be purged yet: bytes in them still wait to go up. Bytes that the council
    refused do not hold a purge up."""
    return {file.scope for file in unsent_files(connection, schema) if file.refused is None}


def drop_files(
    connection: Connection, schema: Schema, scopes: Collection[str], seal: Sealer | None = None
) -> int:
    """Part of a purge: end the files of these scopes, their keys and state, in the caller's
    transaction. Gives how many there were. The shelf is swept by the next `SqlFiles.tidy`.

    A file the council refused is nowhere else. Its key is sealed to the council's recovery key, and
    its bytes stay, unreadable here; without a sealer it stays until somebody can seal it.
    """
    state = schema.own("file_state")
    only_here = [
        file.record
        for file in files_here(connection, schema, scopes).values()
        if file.is_unsent and not file.damaged
    ]
    going = state.c.scope.in_(scopes) & state.c.record.not_in(only_here) & ~state.c.sealed
    gone = connection.execute(delete(state).where(going)).rowcount
    for record in only_here if seal is not None else ():
        where = state.c.record == record
        key = bytes(connection.execute(select(state.c.blob_key).where(where)).scalar_one())
        assert seal is not None
        connection.execute(update(state).where(where).values(blob_key=seal(key), sealed=True))
    return gone + len(only_here)


def drop_file(connection: Connection, schema: Schema, record: str) -> None:
    """As `drop_files`, for one record."""
    state = schema.own("file_state")
    connection.execute(delete(state).where(state.c.record == record))


class SqlFiles:
    """See `sync.device.files.DeviceFiles`.

    write, read: as for `SqlDevice`. fetch_below: larger files come only when asked for, in bytes.
    """

    def __init__(
        self,
        write: Transaction,
        read: Transaction,
        schema: Schema,
        shelf: Shelf,
        *,
        fetch_below: int = FILE_BYTES,
    ) -> None:
        self._write = write
        self._read = read
        self.schema = schema
        self.shelf = shelf
        self.fetch_below = fetch_below
        self.state = schema.own("file_state")
        self._is_tidy = False  # since this was made

    # -- what is to travel -----------------------------------------------------------------------

    def to_send(self) -> list[Carried]:
        """What a lost scope waits for goes first; then small before large, new before old. A record
        the council has not got yet does not send its bytes ahead.

        To be asked when a round has read all news: a council that said it has a file, and whose record
        does not say so by now, was put back meanwhile. It is asked, and sent what it has not got."""
        with self._read() as connection:
            files = files_here(connection, self.schema).values()
            unsent = [f for f in files if f.whole and not f.damaged and (f.is_unsent or f.by_word)]
            held = self.schema.own("held_scope")
            lost = set(connection.execute(select(held.c.scope).where(held.c.lost)).scalars())
            early = self._not_taken(connection)
            sent = dict(connection.execute(select(self.state.c.record, self.state.c.sent)).all())
        going = sorted(unsent, key=lambda file: file.record, reverse=True)
        going.sort(key=lambda file: (file.scope not in lost, parts_of(file.size)))
        return [
            Carried(f.table, f.record, f.size, sent[f.record], asks=f.refused is not None or f.received)
            for f in going
            if f.record not in early
        ]

    def _not_taken(self, connection: Connection) -> set[str]:
        found: set[str] = set()
        for table in file_tables(self.schema):
            c = table.table.c
            found.update(connection.execute(select(c.id).where(c.version == 0)).scalars())
        return found

    def to_fetch(self) -> list[Carried]:
        """Files of filled scopes that the council has, newest first, up to `fetch_below`."""
        found: list[Carried] = []
        held = self.schema.own("held_scope")
        with self._read() as connection:
            for table in file_tables(self.schema):
                c, said = table.table.c, table.synced.file
                assert said is not None
                query = self._fetchable(table).join(held, held.c.scope == c.scope)
                query = query.where(held.c.filled, ~held.c.lost, c[said.size] <= self.fetch_below)
                found += [_carried(table.name, row) for row in connection.execute(query)]
        return sorted(found, key=lambda file: file.record, reverse=True)

    def wanted(self, table: str, record: str) -> Carried | None:
        """One file to fetch now; None if it is here, or the council has not got it."""
        described = self.schema[table]
        with self._read() as connection:
            query = self._fetchable(described).where(described.table.c.id == record)
            row = connection.execute(query).one_or_none()
        return None if row is None else _carried(table, row)

    def _fetchable(self, table: SyncedTable) -> Any:
        """(id, size, parts here) of records whose file the council has and this device has not whole."""
        c, said = table.table.c, table.synced.file
        assert said is not None
        return (
            select(c.id, c[said.size], self.state.c.have)
            .join(self.state, self.state.c.record == c.id, isouter=True)
            .where(
                c[said.received].is_not(None),
                c[said.size].is_not(None),
                c[said.sha256].is_not(None),
                self.state.c.whole.is_(None)
                | ~self.state.c.whole
                | self.state.c.damaged
                | self.state.c.sealed,
            )
        )

    # -- bytes -----------------------------------------------------------------------------------

    def read(self, record: str) -> bytes:
        """The whole file, in memory. Raises FileDamaged; LookupError when it is not here whole."""
        row = self._row(record)
        if row is None or not row.whole:
            raise LookupError("this file is not on this device")
        return b"".join(self._parts(row))

    def read_part(self, record: str, part: int) -> bytes:
        row = self._row(record)
        if row is None:
            raise FileDamaged("nothing is known of this file any more")
        return self._part(row, part)

    def is_whole(self, record: str) -> bool:
        row = self._row(record)
        try:
            return row is not None and _digest(self._parts(row)) == row.sha256
        except FileDamaged:
            return False

    def _parts(self, row: Row[*tuple[Any, ...]]) -> Iterator[bytes]:
        return (self._part(row, part) for part in range(parts_of(row.size)))

    def _part(self, row: Row[*tuple[Any, ...]], part: int) -> bytes:
        last = part == parts_of(row.size) - 1
        return self.shelf.read(Blob(row.blob, bytes(row.blob_key)), part, last=last)

    def _row(self, record: str) -> Row[*tuple[Any, ...]] | None:
        with self._read() as connection:
            query = select(self.state).where(self.state.c.record == record, ~self.state.c.sealed)
            return connection.execute(query).one_or_none()

    # -- going up --------------------------------------------------------------------------------

    def note_sent(self, record: str, parts: int) -> None:
        self._note(record, sent=parts, refused=None)

    def note_received(self, record: str, epoch: str, version: int) -> None:
        self._note(record, received_epoch=epoch, received_version=version, refused=None)

    def note_refused(self, record: str, reason: str) -> None:
        self._note(record, refused=str(reason))

    def note_damaged(self, record: str) -> None:
        self._note(record, damaged=True)

    def _note(self, record: str, **values: object) -> None:
        with self._write() as connection:
            connection.execute(update(self.state).where(self.state.c.record == record).values(values))

    # -- coming down -----------------------------------------------------------------------------

    def keep_part(self, file: Carried, part: int, data: bytes) -> None:
        row = self._row(file.record)
        fresh = row is None or row.damaged or part == 0
        blob = self.shelf.new() if fresh or row is None else Blob(row.blob, bytes(row.blob_key))
        self.shelf.put(blob, part, data, last=part == file.parts - 1)
        with self._write() as connection:
            if fresh:
                self._begin(connection, file, blob)
            where = self.state.c.record == file.record
            connection.execute(update(self.state).where(where).values(have=part + 1, refused=None))

    def _begin(self, connection: Connection, file: Carried, blob: Blob) -> None:
        table = self.schema[file.table]
        c, said = table.table.c, table.synced.file
        assert said is not None
        query = select(c.scope, c[said.size], c[said.sha256]).where(c.id == file.record)
        row = connection.execute(query).one_or_none()
        drop_file(connection, self.schema, file.record)
        if row is not None:  # else it has left meanwhile, and its bytes with it
            connection.execute(
                insert(self.state),
                _new_row(file.table, file.record, blob, row[0], row[1], row[2], whole=False),
            )

    def finish(self, record: str) -> bool:
        if not self.is_whole(record):
            with self._write() as connection:
                drop_file(connection, self.schema, record)
            return False
        row = self._row(record)
        assert row is not None
        self._note(record, whole=True, sent=parts_of(row.size))
        return True

    # -- tidying ---------------------------------------------------------------------------------

    @cached_property
    def _bears(self) -> str:
        """Asks whether there is a file, or a record that may have one."""
        some = [self.state, *(table.table for table in file_tables(self.schema))]
        return "SELECT " + " OR ".join(f'EXISTS (SELECT 1 FROM "{table.name}")' for table in some)

    def is_idle(self, *, since: bool) -> bool:
        with self._read() as connection:
            is_bare = not connection.exec_driver_sql(self._bears).scalar()
        if is_bare:
            self.shelf.keep_only([])
            return True
        return self._is_tidy and not since and not self.to_send() and not self.to_fetch()

    def tidy(self) -> None:
        """A file stays as long as its record is here, or an op about it that a person has yet to deal
        with, or its scope is being read again or about to be purged; and what was put away because
        the council has not got it stays too."""
        with self._read() as connection:
            gone = self._without_record(connection)
        if gone:
            with self._write() as connection:
                # Asked again: somebody may have added one in between.
                for record in self._without_record(connection):
                    drop_file(connection, self.schema, record)
        with self._read() as connection:
            names = list(connection.execute(select(self.state.c.blob)).scalars())
        self.shelf.keep_only(names)
        self._is_tidy = True

    def _without_record(self, connection: Connection) -> list[str]:
        held, op, receipt = (self.schema.own(name) for name in ("held_scope", "op", "receipt"))
        present: set[str] = set()
        for table in file_tables(self.schema):
            present.update(connection.execute(select(table.table.c.id)).scalars())
        files = files_here(connection, self.schema)
        absent = {record: file for record, file in files.items() if record not in present}
        if not absent:
            return []
        query = select(held.c.scope, (held.c.lost | ~held.c.filled).label("moving"))
        scopes = {row.scope: bool(row.moving) for row in connection.execute(query)}
        open_still = (
            select(op.c.record, op.c.content != b"")
            .join(receipt, receipt.c.op_id == op.c.op_id)
            .where(op.c.record.in_(list(absent)), (op.c.content != b"") | op.c.commitment.is_not(None))
            .where(receipt.c.outcome.in_((Outcome.HELD.value, Outcome.REFUSED.value)))
        )
        said: dict[str, bool] = {}  # {record: an op about it is there to be read, and not put away}
        for record, is_read in connection.execute(open_still):
            said[record] = said.get(record, False) or is_read
        return [r for r, file in absent.items() if not _stays(file, said.get(r), scopes.get(file.scope))]


def _stays(file: FileHere, is_read: bool | None, is_moving: bool | None) -> bool:
    """Whether a file without its record stays. is_read: an op about it is there to be read; None: there is
    none that a person has yet to deal with. is_moving: its scope comes or goes; None: it is not here."""
    only_here = file.is_unsent and not file.damaged
    if is_read is not None and (is_read or only_here):
        return True  # what was put away with its scope stays put away when the scope comes back
    return only_here if is_moving is None else is_moving


def _new_row(
    table: str, record: str, blob: Blob, scope: str, size: int, sha256: str, *, whole: bool
) -> Mapping[str, object]:
    return {
        "record": record, "table_name": table, "scope": scope, "blob": blob.name, "blob_key": blob.key,
        "size": size, "sha256": sha256, "have": parts_of(size) if whole else 0, "whole": whole, "sent": 0,
        "damaged": False, "sealed": False,
    }  # fmt: skip


def _carried(table: str, row: Sequence[Any]) -> Carried:
    return Carried(table, row[0], row[1], row[2] or 0)


def _digest(parts: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
