"""The device's store over SQLAlchemy (SQLCipher or SQLite): each method one short transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, and_, bindparam, delete, exists, func, insert, select, update

from sync.device.store import Applied, Counted, Waiting
from sync.ops import CHAIN_START, DIGEST_MODULUS, Act, Outcome, chain, commit, new_id, record_digest
from sync.sql.applying import PageWriter, rebuild
from sync.sql.saving import MAIN, device_state, from_shadow, put_shadow
from sync.sql.schema import Schema
from sync.sql.triggers import open_gate, shut_gate
from sync.wire import CursorAt, PullReply, Receipt, WireOp

Transaction = Callable[[], AbstractContextManager[Connection]]


class SqlDevice:
    """See `sync.device.store.DeviceStore`.

    write, read: the host's own context managers; each gives a connection inside a transaction.
    """

    def __init__(self, write: Transaction, read: Transaction, schema: Schema) -> None:
        self.write = write
        self.read = read
        self.schema = schema

    def generation(self) -> str:
        with self.read() as connection:
            found = connection.execute(select(self.schema.own("device_state").c.generation)).scalar()
        if found is not None:
            return str(found)
        with self.write() as connection:
            return str(device_state(connection, self.schema)["generation"])

    # -- push ------------------------------------------------------------------------------------

    def waiting(self, max_ops: int, max_bytes: int) -> Waiting:
        op = self.schema.own("op")
        with self.read() as connection:
            query = select(op).where(op.c.waiting).order_by(op.c.pos).limit(max_ops + 1)
            rows = connection.execute(query).all()
            if not rows:
                return Waiting((), (), 0, CHAIN_START, 0)
            total = connection.execute(select(func.count()).select_from(op).where(op.c.waiting)).scalar_one()
            first = rows[0]
            before = connection.execute(
                select(op.c.n, op.c.chain).where(op.c.pos < first.pos).order_by(op.c.pos.desc()).limit(1)
            ).one_or_none()
            ops = _page([_wire(row) for row in rows], max_ops, max_bytes)
            urgent: list[WireOp] = []
            if total > len(ops):
                hurry = select(op).where(op.c.waiting, op.c.urgent).order_by(op.c.pos).limit(max_ops)
                sent = {o.op_id for o in ops}
                urgent = [_wire(r) for r in connection.execute(hurry) if r.op_id not in sent]
        # A new generation starts its own chain at n = 1; before that nothing counts.
        after = (0, CHAIN_START) if first.n == 1 or before is None else (before.n, before.chain)
        return Waiting(ops, urgent, *after, total)

    def take_receipts(self, epoch: str, receipts: Sequence[Receipt], now_ms: int) -> set[str]:
        with self.write() as connection:
            open_gate(connection)
            scopes = _Receiving(connection, self.schema).take(epoch, receipts, now_ms)
            shut_gate(connection)
            return scopes

    # -- pull ------------------------------------------------------------------------------------

    def cursor(self) -> Mapping[str, CursorAt]:
        table = self.schema.own("cursor")
        with self.read() as connection:
            return {
                row.head: CursorAt(row.epoch, row.seq, row.hash, row.schema_version)
                for row in connection.execute(select(table))
            }

    def scopes_to_fill(self, limit: int) -> list[str]:
        table = self.schema.own("held_scope")
        query = select(table.c.scope).where(~table.c.filled, ~table.c.lost).order_by(table.c.scope)
        with self.read() as connection:
            return list(connection.execute(query.limit(limit)).scalars())

    def scope_to_check(self) -> str | None:
        table = self.schema.own("held_scope")
        query = select(table.c.scope).where(table.c.filled, ~table.c.lost)
        with self.read() as connection:
            return connection.execute(query.order_by(table.c.checked_at, table.c.scope).limit(1)).scalar()

    def apply_page(self, reply: PullReply, filled: Sequence[str]) -> Applied:
        if not (reply.rows or reply.gained or reply.lost or filled) and reply.cursor == self.cursor():
            return Applied(0, frozenset())
        with self.write() as connection:
            open_gate(connection)
            applied = PageWriter(connection, self.schema).apply(reply, filled)
            shut_gate(connection)
            return applied

    # -- scopes ----------------------------------------------------------------------------------

    def purge_lost(self) -> list[str]:
        """Remove the rows of scopes that were taken away, once nothing in them waits to be sent."""
        scope, op = self.schema.own("held_scope"), self.schema.own("op")
        waiting = exists().where(and_(op.c.scope == scope.c.scope, op.c.waiting))
        with self.read() as connection:
            gone = list(connection.execute(select(scope.c.scope).where(scope.c.lost, ~waiting)).scalars())
        if gone:
            with self.write() as connection:
                open_gate(connection)
                for table in self.schema:
                    connection.execute(delete(table.table).where(table.table.c.scope.in_(gone)))
                connection.execute(delete(scope).where(scope.c.scope.in_(gone)))
                shut_gate(connection)
        return gone

    # -- check -----------------------------------------------------------------------------------

    def still_held(self, scopes: Iterable[str]) -> list[str]:
        table = self.schema.own("held_scope")
        with self.read() as connection:
            query = select(table.c.scope).where(table.c.filled, ~table.c.lost, table.c.scope.in_(list(scopes)))
            return sorted(connection.execute(query).scalars())

    def counts(self, scopes: Sequence[str]) -> Counted:
        found: dict[tuple[str, str], tuple[int, int]] = {}
        with self.read() as connection:
            for table in self.schema if scopes else ():
                c = table.table.c
                query = select(c.scope, c.id, c.version).where(c.scope.in_(scopes), c.version > 0)
                for scope, record, version in connection.execute(query):
                    records, digest = found.get((scope, table.name), (0, 0))
                    found[scope, table.name] = (records + 1, digest + record_digest(record, version))
        return {key: (records, f"{digest % DIGEST_MODULUS:032x}") for key, (records, digest) in found.items()}

    def refill(self, scopes: Sequence[str]) -> None:
        table = self.schema.own("held_scope")
        with self.write() as connection:
            connection.execute(update(table).where(table.c.scope.in_(scopes)).values(filled=False))

    def rejoin(self) -> None:
        """Begin again with the council: a new generation, an empty cursor, everything that waits
        under new numbers. Op ids and contents stay as they were saved."""
        op = self.schema.own("op")
        with self.write() as connection:
            waiting = connection.execute(
                select(op.c.pos, op.c.op_id, op.c.salt, op.c.content).where(op.c.waiting).order_by(op.c.pos)
            ).all()
            n, head = 0, CHAIN_START
            for row in waiting:
                n, head = n + 1, chain(head, row.op_id, commit(row.salt, bytes(row.content)))
                connection.execute(update(op).where(op.c.pos == row.pos).values(n=n, chain=head))
            device_state(connection, self.schema)
            connection.execute(
                update(self.schema.own("device_state")).values(generation=new_id(), n=n, chain=head)
            )
            connection.execute(delete(self.schema.own("cursor")))
            connection.execute(update(self.schema.own("held_scope")).values(filled=False))

    def finish(self, now_ms: int, skew_ms: int, checked: Sequence[str]) -> None:
        scope = self.schema.own("held_scope")
        with self.write() as connection:
            device_state(connection, self.schema)
            connection.execute(
                update(self.schema.own("device_state")).values(last_round_at=now_ms, skew_ms=skew_ms)
            )
            if checked:
                connection.execute(update(scope).where(scope.c.scope.in_(checked)).values(checked_at=now_ms))


class _Receiving:
    """Writes receipts down and brings the records they are about up to date."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self.connection = connection
        self.schema = schema

    def take(self, epoch: str, receipts: Sequence[Receipt], now_ms: int) -> set[str]:
        op = self.schema.own("op")
        by_id = {r.op_id: r for r in receipts}
        ops = {}
        ids = list(by_id)
        for start in range(0, len(ids), 1000):
            query = select(op.c.op_id, op.c.kind, op.c.table_name, op.c.record, op.c.scope, op.c.content)
            part = ids[start : start + 1000]
            for row in self.connection.execute(query.where(op.c.op_id.in_(part), op.c.waiting)):
                ops[row.op_id] = row
        if not ops:
            return set()
        self.connection.execute(
            insert(self.schema.own("receipt")),
            [self._row(epoch, by_id[op_id], now_ms) for op_id in ops],
        )
        self.connection.execute(
            update(op).where(op.c.op_id == bindparam("done")).values(waiting=False),
            [{"done": op_id} for op_id in ops],
        )
        self._stamp([(row, by_id[op_id]) for op_id, row in ops.items()])
        return {row.scope for row in ops.values()}

    def _row(self, epoch: str, receipt: Receipt, now_ms: int) -> dict[str, object]:
        return {
            "op_id": receipt.op_id,
            "epoch": epoch,
            "seq": receipt.seq,
            "version": receipt.version,
            "outcome": receipt.outcome.value,
            "reason": receipt.reason.value if receipt.reason else None,
            "fields": {c: o.value for c, o in receipt.fields.items()} if receipt.fields else None,
            "received_at": now_ms,
        }

    def _stamp(self, taken: Sequence[tuple[Row[Any], Receipt]]) -> None:
        """`applied` stamps the version; a refused or held insert leaves the laptop's tables (its text
        stays in the op, to be read and sent anew); the pull of the same round brings the rest."""
        stamps: dict[str, list[dict[str, object]]] = {}
        gone: dict[str, list[str]] = {}
        applied: list[tuple[str, str, int, bytes]] = []
        for row, receipt in taken:
            table, record = row.table_name, row.record
            if receipt.outcome is Outcome.APPLIED:
                stamps.setdefault(table, []).append({"key": record, "stamp": receipt.version})
                applied.append((table, record, receipt.version, bytes(row.content)))
            elif receipt.version == 0 and row.kind == Act.INSERT:
                gone.setdefault(table, []).append(record)
        for table, rows in stamps.items():
            target = self.schema[table].table
            self.connection.execute(
                update(target).where(target.c.id == bindparam("key")).values(version=bindparam("stamp")), rows
            )
        for table, records in gone.items():
            target = self.schema[table].table
            self.connection.execute(delete(target).where(target.c.id.in_(records)))
        self._move_shadows(applied)

    def _move_shadows(self, applied: Sequence[tuple[str, str, int, bytes]]) -> None:
        """The shadow is the council's row: an applied patch moves it on; with nothing left waiting
        it is not needed any more."""
        shadow, op = self.schema.own("shadow"), self.schema.own("op")
        if not applied or self.connection.execute(select(shadow.c.record).limit(1)).first() is None:
            return
        still = set(self.connection.execute(select(op.c.record).where(op.c.waiting).distinct()).scalars())
        for table, record, version, content in applied:
            where = and_(shadow.c.table_name == table, shadow.c.record == record)
            if record not in still:
                self.connection.execute(delete(shadow).where(where))
                continue
            kept = self.connection.execute(select(shadow.c.row).where(where)).scalar()
            if kept is not None:
                patch = msgspec.json.decode(content)["patch"]
                row = from_shadow(self.schema[table], {**kept, **patch, "version": version})
                put_shadow(self.connection, self.schema, self.schema[table], row)
        for table, record in {(t, r) for t, r, _, _ in applied if r in still}:
            rebuild(self.connection, self.schema, self.schema[table], record)


def _wire(row: Row[Any]) -> WireOp:
    return WireOp(
        n=row.n,
        chain=row.chain,
        op_id=row.op_id,
        kind=row.kind,
        table=row.table_name,
        record=row.record,
        base_epoch=row.base_epoch,
        base_version=row.base_version,
        made_at=row.made_at,
        act_id=row.act_id,
        salt=row.salt,
        content=msgspec.Raw(row.content),
        knows=row.knows,
    )


def _page(ops: Sequence[WireOp], max_ops: int, max_bytes: int) -> list[WireOp]:
    """As many ops as fit, whole acts only (one act larger than a page goes alone, whole)."""
    page: list[WireOp] = []
    size = 0
    for op in ops:
        size += len(bytes(op.content))
        if page and (len(page) >= max_ops or size > max_bytes):
            break
        page.append(op)
    if len(page) < len(ops):
        nxt = ops[len(page)].act_id
        whole = [o for o in page if o.act_id != nxt]
        page = whole or page
    return page
