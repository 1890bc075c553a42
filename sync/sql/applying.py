"""Applying one page of a pull: rows in bulk, shadows where work waits, scopes, cursor."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from sync.device.store import Applied
from sync.ops import Act, decode_content
from sync.sql.queue import waiting_ops, waiting_records
from sync.sql.saving import from_shadow, put_shadow
from sync.sql.schema import ENVELOPE, Schema, SyncedTable
from sync.wire import Gone, PullReply, Rows

ENVELOPE_TYPES = {"id": str, "version": int, "scope": str, "extra": dict[str, Any] | None}
_decoders: dict[tuple[str, tuple[str, ...]], msgspec.json.Decoder[Any]] = {}


class PageWriter:
    """Applies one page inside the caller's transaction, with the gate open."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self.connection = connection
        self.schema = schema
        self.is_new = connection.execute(select(schema.own("cursor").c.head)).first() is None
        self.waiting = waiting_records(connection, schema)

    def apply(self, reply: PullReply, filled: Sequence[str]) -> Applied:
        """Rows, scopes and cursor together: afterwards all of the page is here, or nothing."""
        self._scopes(reply)
        held = self.schema.own("held_scope")
        self.filling = set(self.connection.execute(select(held.c.scope).where(~held.c.filled)).scalars())
        rows = 0
        scopes: set[str] = set()
        for page in reply.rows:
            table = self.schema.get(page.table)
            if table is not None:
                values = read_rows(table, page)
                scopes.update(row["scope"] for row in values)
                self._put(table, values)
                rows += len(values)
        scopes |= self._remove(reply.gone)
        if filled:
            self.connection.execute(update(held).where(held.c.scope.in_(filled)).values(filled=True))
        self._move_cursor(reply)
        return Applied(rows, frozenset(scopes))

    def _put(self, table: SyncedTable, rows: Sequence[dict[str, Any]]) -> None:
        plain = [row for row in rows if row["id"] not in self.waiting]
        # Where a scope is being filled, what lies here may be of a past the council no longer has.
        whole = [row for row in plain if row["scope"] in self.filling]
        newer = [row for row in plain if row["scope"] not in self.filling]
        statement = upsert(table.table)
        excluded = statement.excluded
        set_ = {name: excluded[name] for name in table.all_columns if name != "id"}
        if whole:
            self.connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=set_), whole)
        if newer:
            where = table.table.c.version <= excluded.version
            guarded = statement.on_conflict_do_update(index_elements=["id"], set_=set_, where=where)
            self.connection.execute(guarded, newer)
        if plain:
            self._drop_shadows(table, plain)
        for row in rows:
            if row["id"] in self.waiting:
                # The council's row moves on beside the waiting work; what is shown is both.
                put_shadow(self.connection, self.schema, table, row)
                rebuild(self.connection, self.schema, table, row["id"])

    def _remove(self, gone: Sequence[Gone]) -> set[str]:
        """Take away what the council purged; gives the scopes it lay in. Where work waits the record
        stays until that work has its answer."""
        scopes: set[str] = set()
        for each in gone:
            table = self.schema.get(each.table)
            if table is not None and each.record not in self.waiting:
                scopes |= forget(self.connection, self.schema, table, each.record)
        return scopes

    def _drop_shadows(self, table: SyncedTable, rows: Sequence[Mapping[str, Any]]) -> None:
        shadow = self.schema.own("shadow")
        kept = select(shadow.c.record).where(shadow.c.table_name == table.name)
        done = set(self.connection.execute(kept).scalars()) & {row["id"] for row in rows}
        if done:
            where = (shadow.c.table_name == table.name, shadow.c.record.in_(done))
            self.connection.execute(delete(shadow).where(*where))

    def _scopes(self, reply: PullReply) -> None:
        held = self.schema.own("held_scope")
        if reply.gained:
            names = [g.scope for g in reply.gained]
            before = {
                row.scope: row
                for row in self.connection.execute(select(held))
                if row.scope in set(names)
            }  # fmt: skip
            shrunk = [
                g.scope for g in reply.gained
                if g.scope in before
                and (set(before[g.scope].kinds) - set(g.kinds) or g.level < before[g.scope].level)
            ]  # fmt: skip
            self._clear(shrunk)
            new = [
                {"scope": g.scope, "kinds": g.kinds, "level": g.level, "filled": False, "lost": False}
                for g in reply.gained
            ]
            statement = upsert(held)
            set_ = {c: statement.excluded[c] for c in ("kinds", "level", "filled", "lost")}
            self.connection.execute(statement.on_conflict_do_update(index_elements=["scope"], set_=set_), new)
        if self.is_new:
            # Read from the start, so all there is was gained just now: what is held beside it is lost.
            gone = held.c.scope.not_in([g.scope for g in reply.gained])
            self.connection.execute(update(held).where(gone).values(lost=True))
        elif reply.lost:
            self.connection.execute(update(held).where(held.c.scope.in_(reply.lost)).values(lost=True))

    def _clear(self, scopes: Sequence[str]) -> None:
        """A grant that shows less than before is a scope lost and gained: nothing of it stays, but
        for records with work that waits."""
        shadow = self.schema.own("shadow")
        if scopes:
            self.connection.execute(delete(shadow).where(shadow.c.record.not_in(self.waiting)))
        for table in self.schema if scopes else ():
            c = table.table.c
            self.connection.execute(delete(table.table).where(c.scope.in_(scopes), c.id.not_in(self.waiting)))

    def _move_cursor(self, reply: PullReply) -> None:
        table = self.schema.own("cursor")
        for head, at in reply.cursor.items():
            values = {"epoch": at.epoch, "seq": at.seq, "hash": at.hash, "schema_version": at.schema_version}
            done = self.connection.execute(update(table).where(table.c.head == head), values)
            if done.rowcount == 0:
                self.connection.execute(insert(table), {"head": head, **values})


def read_rows(table: SyncedTable, page: Rows) -> list[dict[str, Any]]:
    """A page's rows as values to store, by column; columns this version does not know go to `extra`."""
    columns = tuple(page.columns)
    decoder = _decoders.get((table.name, columns))
    if decoder is None:
        types = tuple(ENVELOPE_TYPES.get(c) or _optional(table.wire_type.get(c, Any)) for c in columns)
        decoder = msgspec.json.Decoder(list[tuple[types]])  # type: ignore[valid-type]
        _decoders[table.name, columns] = decoder
    known = set(table.all_columns)
    rows = [dict(zip(columns, values, strict=True)) for values in decoder.decode(page.rows)]
    unknown = [c for c in columns if c not in known]
    if unknown:
        for row in rows:
            row["extra"] = {**(row["extra"] or {}), **{c: row.pop(c) for c in unknown}}
    return rows


def forget(connection: Connection, schema: Schema, table: SyncedTable, record: str) -> set[str]:
    """Remove a record the council purged: row, council's row beside it, and what its ops said; gives
    the scope it lay in, empty if it was not here."""
    shadow, op = schema.own("shadow"), schema.own("op")
    here = table.table.c.id == record
    scope = set(connection.execute(select(table.table.c.scope).where(here)).scalars())
    connection.execute(delete(table.table).where(here))
    connection.execute(delete(shadow).where(shadow.c.table_name == table.name, shadow.c.record == record))
    connection.execute(update(op).where(op.c.record == record).values(content=b""))
    return scope


def _optional(kind: Any) -> Any:
    return kind if kind is Any else kind | None


def rebuild(connection: Connection, schema: Schema, table: SyncedTable, record: str) -> None:
    """Show the council's row with the waiting changes over it, in the order they were saved."""
    shadow = schema.own("shadow")
    where = (shadow.c.table_name == table.name, shadow.c.record == record)
    kept = connection.execute(select(shadow.c.row).where(*where)).scalar()
    if kept is None:
        return
    row = from_shadow(table, kept)
    for kind, content in waiting_ops(connection, schema, record):
        patch = decode_content(content).patch
        row.update({"state": "decided", "decision": patch} if kind is Act.DECIDE else table.stored(patch)[0])
    statement = upsert(table.table)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["id"], set_={c: statement.excluded[c] for c in row if c != "id"}
        ),
        row,
    )


__all__ = ["ENVELOPE", "PageWriter", "read_rows", "rebuild"]
