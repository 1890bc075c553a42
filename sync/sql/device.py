"""The device's store over SQLAlchemy (SQLCipher or SQLite): each method one short transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, select, update

from sync.device.store import Applied, Counted, Waiting
from sync.ops import CHAIN_START, DIGEST_MODULUS, chain, commit, new_id, record_digest
from sync.sql.applying import PageWriter
from sync.sql.queue import waiting
from sync.sql.receiving import Receiving
from sync.sql.saving import device_state
from sync.sql.schema import Schema, SyncedTable
from sync.sql.triggers import open_gate, shut_gate
from sync.wire import CursorAt, PullReply, PushReply, WireOp

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
        """An urgent op that went ahead has its receipt and comes again in its place, so that the
        chain has no gap; the hub answers it with the same receipt."""
        op, state = self.schema.own("op"), self.schema.own("device_state")
        with self.read() as connection:
            sent = connection.execute(select(state.c.sent_pos)).scalar() or 0
            unsent = and_(op.c.pos > sent, op.c.n > 0)
            query = select(op).where(unsent).order_by(op.c.pos).limit(max_ops + 1)
            rows = connection.execute(query).all()
            if not rows:
                return Waiting((), (), 0, CHAIN_START, 0, sent)
            total = connection.execute(select(func.count()).select_from(op).where(unsent)).scalar_one()
            before = connection.execute(
                select(op.c.n, op.c.chain)
                .where(op.c.pos < rows[0].pos, op.c.n > 0)
                .order_by(op.c.pos.desc())
                .limit(1)
            ).one_or_none()
            if len({row.act_id for row in rows}) == 1:  # larger than a page: it goes alone, whole
                rows = connection.execute(select(op).where(unsent, op.c.act_id == rows[0].act_id)).all()
            page = _page([_wire(row) for row in rows], max_ops, max_bytes)
            last = rows[len(page) - 1].pos
            hurry = select(op).select_from(waiting(self.schema))
            hurry = hurry.where(op.c.pos > last, op.c.urgent).order_by(op.c.pos)
            urgent = (
                [_wire(row) for row in connection.execute(hurry.limit(max_ops))] if total > len(page) else []
            )
        n, head = (0, CHAIN_START) if before is None else (before.n, before.chain)
        return Waiting(page, urgent, n, head, total, last)

    def take_receipts(self, reply: PushReply, last_pos: int) -> set[str]:
        with self.write() as connection:
            open_gate(connection)
            scopes = Receiving(connection, self.schema).take(reply)
            connection.execute(update(self.schema.own("device_state")).values(sent_pos=last_pos))
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
        scope, queue = self.schema.own("held_scope"), self.schema.own("queue")
        query = select(scope.c.scope).where(scope.c.lost, scope.c.scope.not_in(select(queue.c.scope)))
        with self.read() as connection:
            if connection.execute(query.limit(1)).first() is None:
                return []
        with self.write() as connection:
            # Asked again: somebody may have saved in between.
            gone = list(connection.execute(query).scalars())
            open_gate(connection)
            for table in self.schema:
                self._remove(connection, table, table.table.c.scope.in_(gone))
            connection.execute(delete(scope).where(scope.c.scope.in_(gone)))
            shut_gate(connection)
        return gone

    def _remove(self, connection: Connection, table: SyncedTable, where: ColumnElement[bool]) -> None:
        """Remove rows and the council's rows kept beside them."""
        shadow = self.schema.own("shadow")
        going = select(table.table.c.id).where(where)
        beside = (shadow.c.table_name == table.name, shadow.c.record.in_(going))
        connection.execute(delete(shadow).where(*beside))
        connection.execute(delete(table.table).where(where))

    # -- check -----------------------------------------------------------------------------------

    def still_held(self, scopes: Iterable[str]) -> list[str]:
        table = self.schema.own("held_scope")
        with self.read() as connection:
            query = select(table.c.scope).where(
                table.c.filled, ~table.c.lost, table.c.scope.in_(list(scopes))
            )
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
        """Read these scopes again. What is of a kind no longer given, left here for work that waited
        when the grant changed, goes now."""
        held = self.schema.own("held_scope")
        busy = select(self.schema.own("queue").c.record)
        with self.write() as connection:
            open_gate(connection)
            for scope, kinds in connection.execute(
                select(held.c.scope, held.c.kinds).where(held.c.scope.in_(scopes))
            ).all():
                for table in self.schema:
                    if table.name not in kinds:
                        c = table.table.c
                        self._remove(connection, table, and_(c.scope == scope, c.id.not_in(busy)))
            connection.execute(update(held).where(held.c.scope.in_(scopes)).values(filled=False))
            shut_gate(connection)

    def rejoin(self) -> None:
        """Begin again with the council: a new generation, an empty cursor, everything that waits
        under new numbers. Op ids and contents stay as they were saved."""
        op = self.schema.own("op")
        with self.write() as connection:
            unanswered = connection.execute(
                select(op.c.pos, op.c.op_id, op.c.salt, op.c.content)
                .select_from(waiting(self.schema))
                .order_by(op.c.pos)
            ).all()
            # What has its receipt belongs to the old chain and is not sent again.
            connection.execute(update(op).values(n=0))
            n, head = 0, CHAIN_START
            for row in unanswered:
                n, head = n + 1, chain(head, row.op_id, commit(row.salt, bytes(row.content)))
                connection.execute(update(op).where(op.c.pos == row.pos).values(n=n, chain=head))
            device_state(connection, self.schema)
            connection.execute(
                update(self.schema.own("device_state")).values(
                    generation=new_id(), n=n, chain=head, sent_pos=0
                )
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


def _wire(row: Row[*tuple[Any, ...]]) -> WireOp:
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
    """As many ops as fit, whole acts only; the first act whole in any case."""
    size, fits = 0, 0
    for op in ops:
        size += len(bytes(op.content))
        if fits >= max_ops or size > max_bytes:
            break
        fits += 1
    if fits == len(ops):
        return list(ops)
    while fits and ops[fits].act_id == ops[fits - 1].act_id:
        fits -= 1
    return list(ops[:fits]) or [op for op in ops if op.act_id == ops[0].act_id]
