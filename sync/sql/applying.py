"""Applying one page of a pull: rows in bulk, shadows where work waits, scopes, cursor."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from sync.device.store import Applied
from sync.ops import Act, commit, decode_content
from sync.ports import Sealer
from sync.sql.aside import came_back
from sync.sql.files import drop_file
from sync.sql.parking import UNKNOWN_KIND, Parking, is_poison, known, lift, split
from sync.sql.queue import waiting_ops, waiting_records
from sync.sql.rejoining import put_away
from sync.sql.saving import as_decided, from_shadow, put_shadow, travelled
from sync.sql.schema import ENVELOPE, Schema, SyncedTable
from sync.wire import Gone, PullReply, Rows

UNFILLED = "SELECT scope FROM held_scope WHERE NOT filled"
SHADOWED = "SELECT record FROM shadow WHERE table_name = ?"
ENVELOPE_TYPES = {"id": str, "version": int, "scope": str, "extra": dict[str, Any] | None}


class PageWriter:
    """Applies one page inside the caller's transaction, with the gate open."""

    def __init__(
        self, connection: Connection, schema: Schema, *, careful: bool = False, seal: Sealer | None = None
    ) -> None:
        """careful: write rows one by one and park those that the database refuses. seal: see `put_away`."""
        self.connection = connection
        self.schema = schema
        self.careful = careful
        self.seal = seal
        self.parking = Parking(connection, schema)
        self.parked = 0
        self.is_new = connection.exec_driver_sql("SELECT 1 FROM cursor LIMIT 1").first() is None
        self.waiting = waiting_records(connection, schema)
        self.has_aside = connection.exec_driver_sql("SELECT 1 FROM set_aside LIMIT 1").first() is not None

    def apply(self, reply: PullReply, filled: Sequence[str]) -> Applied:
        """Rows, scopes and cursor together: afterwards all of the page is here, or nothing."""
        self._scopes(reply)
        held = self.schema.own("held_scope")
        self.filling = set(self.connection.exec_driver_sql(UNFILLED).scalars())
        rows = 0
        scopes: set[str] = set()
        for page in reply.rows:
            rows += self._put_page(page, scopes)
        scopes |= self._remove(reply.gone)
        if filled:
            self._leave_kinds(filled)
            self.connection.execute(update(held).where(held.c.scope.in_(filled)).values(filled=True))
        self._move_cursor(reply)
        return Applied(rows, frozenset(scopes), self.parked)

    def heal(self) -> None:
        """Put in place what was parked and can be kept now, and what `extra` kept for columns that
        this app knows now."""
        self.filling = set()
        scopes: set[str] = set()
        for page in self.parking.ready():
            self._put_page(page, scopes)
        lift(self.connection, self.schema, rebuild)
        cursor = self.schema.own("cursor")
        self.connection.execute(update(cursor).values(schema_version=self.schema.version))

    def _put_page(self, page: Rows, scopes: set[str]) -> int:
        """Write a page's rows or park them, adding their scopes; gives how many."""
        table = self.schema.get(page.table)
        if table is None:
            found = self.parking.park(page, split(page), UNKNOWN_KIND)
            self.parked += len(found)
            scopes.update(found)
            return len(found)
        values, bad = read_or_leave(table, page)
        scopes.update(row["scope"] for row in values)
        scopes.update(self.parking.park(page, bad, self.schema.version))
        self.parked += len(bad)
        if self.careful:
            for row in values:
                self._put_or_park(table, row)
        else:
            self._put(table, values)
        return len(values) + len(bad)

    def _put_or_park(self, table: SyncedTable, row: dict[str, Any]) -> None:
        try:
            with self.connection.begin_nested():
                self._put(table, [row])
        except Exception as error:
            if not is_poison(error):
                raise
            self.parking.park_one(table, travelled(table, row), self.schema.version)
            self.parked += 1

    def _put(self, table: SyncedTable, rows: Sequence[dict[str, Any]]) -> None:
        plain = [row for row in rows if row["id"] not in self.waiting]
        # Where a scope is being filled, what lies here may be of a past the council no longer has.
        whole = [row for row in plain if row["scope"] in self.filling]
        newer = [row for row in plain if row["scope"] not in self.filling]
        bulk = self.schema.bulk(table.name, self.connection.dialect)
        # New rows by plain INSERT: one that may turn into an update costs a table with triggers a
        # statement journal for each row, four times the rest (`triggers`).
        here = bulk.present(self.connection, "id", [row["id"] for row in plain])
        bulk.insert(self.connection, [bulk.pick(row) for row in plain if row["id"] not in here])
        if here:
            bulk.update(self.connection, [bulk.pick(row) for row in whole if row["id"] in here])
            newer = [row for row in newer if row["id"] in here]
            bulk.update(self.connection, [bulk.pick(row) for row in newer], unless_newer="version")
        if plain:
            self._drop_shadows(table, plain)
        self.parking.leave(table.name, [row["id"] for row in rows])
        if self.has_aside:
            came_back(self.connection, self.schema, table.name, [row["id"] for row in rows])
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
            self.parking.leave(each.table, [each.record])
            table = self.schema.get(each.table)
            if table is None:
                continue
            if each.record not in self.waiting:
                scopes |= forget(self.connection, self.schema, table, each.record)
            else:  # the laptop's alone now: it counts no more among what the council gave
                here = table.table.c.id == each.record
                self.connection.execute(update(table.table).where(here).values(version=0))
        return scopes

    def _leave_kinds(self, scopes: Sequence[str]) -> None:
        """A scope that has been read whole holds nothing of a kind that is not given there, nor what ops
        said of it, but for work that waits: in the same transaction, for the round may be cut before it
        is checked."""
        held, shadow = self.schema.own("held_scope"), self.schema.own("shadow")
        alike: dict[frozenset[str], list[str]] = {}
        given = select(held.c.scope, held.c.kinds).where(held.c.scope.in_(scopes), ~held.c.lost)
        for scope, kinds in self.connection.execute(given):
            alike.setdefault(frozenset(kinds), []).append(scope)
        for kinds, of in alike.items():
            put_away(self.connection, self.schema, of, self.seal, but_kinds=kinds)
            for table in (table for table in self.schema if table.name not in kinds):
                c = table.table.c
                where = (c.scope.in_(of), c.id.not_in(self.waiting))
                going = self.connection.execute(select(c.id).where(*where)).scalars().all()
                if going:
                    beside = (shadow.c.table_name == table.name, shadow.c.record.in_(going))
                    self.connection.execute(delete(shadow).where(*beside))
                    self.connection.execute(delete(table.table).where(*where))

    def _drop_shadows(self, table: SyncedTable, rows: Sequence[Mapping[str, Any]]) -> None:
        kept = self.connection.exec_driver_sql(SHADOWED, (table.name,)).scalars()
        done = set(kept) & {row["id"] for row in rows}
        if done:
            shadow = self.schema.own("shadow")
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
            self.connection.execute(update(held).where(gone).values(lost=True, lost_at=reply.now))
        elif reply.lost:
            gone = held.c.scope.in_(reply.lost)
            self.connection.execute(update(held).where(gone).values(lost=True, lost_at=reply.now))

    def _clear(self, scopes: Sequence[str]) -> None:
        """A grant that shows less than before is a scope lost and gained: nothing of it stays, but
        for records with work that waits."""
        shadow = self.schema.own("shadow")
        if scopes:
            self.connection.execute(delete(shadow).where(shadow.c.record.not_in(self.waiting)))
            self.parking.leave_where(self.parking.table.c.scope.in_(scopes))
        for table in self.schema if scopes else ():
            c = table.table.c
            self.connection.execute(delete(table.table).where(c.scope.in_(scopes), c.id.not_in(self.waiting)))

    def _move_cursor(self, reply: PullReply) -> None:
        table = self.schema.own("cursor")
        for head, at in reply.cursor.items():
            values: dict[str, Any] = {"epoch": at.epoch, "seq": at.seq, "hash": at.hash}
            # Of the tables here: what they could not keep is put in place once they can.
            values["schema_version"] = self.schema.version
            done = self.connection.execute(update(table).where(table.c.head == head), values)
            if done.rowcount == 0:
                self.connection.execute(insert(table), {"head": head, **values})


def read_rows(table: SyncedTable, page: Rows) -> list[dict[str, Any]]:
    """A page's rows as values to store, by column; columns this version does not know go to `extra`,
    and those that the council does not know come from there."""
    columns = tuple(page.columns)
    decoder = table.row_decoders.get(columns)
    if decoder is None:
        types = tuple(ENVELOPE_TYPES.get(c) or _optional(table.wire_type.get(c, Any)) for c in columns)
        decoder = msgspec.json.Decoder(list[tuple[types]])  # type: ignore[valid-type]
        table.row_decoders[columns] = decoder
    here = set(table.all_columns)
    rows = [dict(zip(columns, values, strict=True)) for values in decoder.decode(page.rows)]
    unknown = [c for c in columns if c not in here]
    if unknown:
        for row in rows:
            row["extra"] = {**(row["extra"] or {}), **{c: row.pop(c) for c in unknown}}
    if absent := [c for c in table.columns if c not in columns]:
        for row in rows:
            _put_in_columns(table, row, absent)
    return rows


def _put_in_columns(table: SyncedTable, row: dict[str, Any], absent: Sequence[str]) -> None:
    """A council of an older version keeps in `extra` what belongs into these columns here."""
    kept = row["extra"] or {}
    values = known(table, {c: kept[c] for c in absent if c in kept})
    row.update({**dict.fromkeys(absent), **values})
    if values:
        row["extra"] = {c: v for c, v in kept.items() if c not in values} or None


def read_or_leave(table: SyncedTable, page: Rows) -> tuple[list[dict[str, Any]], list[msgspec.Raw]]:
    """The rows that can be read here, and those that cannot, as they came."""
    try:
        return read_rows(table, page), []
    except msgspec.ValidationError:
        pass  # one of them; which, is found one by one
    good, bad = [], []
    for row in split(page):
        alone = Rows(page.table, page.columns, msgspec.Raw(b"[" + bytes(row) + b"]"))
        try:
            good += read_rows(table, alone)
        except msgspec.ValidationError:
            bad.append(row)
    return good, bad


def forget(connection: Connection, schema: Schema, table: SyncedTable, record: str) -> set[str]:
    """Remove a record the council purged: row, council's row beside it, and what its ops said; gives
    the scope it lay in, empty if it was not here."""
    shadow, op = schema.own("shadow"), schema.own("op")
    here = table.table.c.id == record
    scope = set(connection.execute(select(table.table.c.scope).where(here)).scalars())
    connection.execute(delete(table.table).where(here))
    drop_file(connection, schema, record)
    connection.execute(delete(shadow).where(shadow.c.table_name == table.name, shadow.c.record == record))
    said = select(op.c.pos, op.c.salt, op.c.content).where(op.c.record == record, op.c.commitment.is_(None))
    proofs = [
        {"at": row.pos, "commitment": commit(row.salt, bytes(row.content)), "content": b""}
        for row in connection.execute(said)
    ]
    if proofs:
        connection.execute(update(op).where(op.c.pos == bindparam("at")), proofs)
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
        row.update(as_decided(table.name, patch) if kind is Act.DECIDE else table.stored(patch)[0])
    statement = upsert(table.table)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["id"], set_={c: statement.excluded[c] for c in row if c != "id"}
        ),
        row,
    )


__all__ = ["ENVELOPE", "PageWriter", "read_rows", "rebuild"]
