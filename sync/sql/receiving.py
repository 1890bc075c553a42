"""Receipts on the laptop: written down, versions stamped, shadows moved on."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import msgspec
from msgspec.json import encode
from sqlalchemy import Connection, Table, and_, delete, insert, select, update

from sync.ops import Act, Outcome, Reason
from sync.sql.applying import rebuild
from sync.sql.bulk import chunks
from sync.sql.counting import given_here
from sync.sql.queue import received, waiting_records
from sync.sql.saving import from_shadow, put_shadow
from sync.sql.schema import Schema
from sync.wire import PushReply, Receipt

# Ids as one JSON text: a kept statement with a thousand marks would take the small memory that all
# others share, and with `cipher_memory_security` each of them would go to the system for it.
ANSWERED = (
    "SELECT op.op_id, op.pos, op.kind, op.table_name, op.record, op.scope FROM op "
    "JOIN queue ON queue.pos = op.pos WHERE op.op_id IN (SELECT value FROM json_each(?))"
)


class Answered(NamedTuple):
    """What is asked of an op that has its receipt. As SQLAlchemy's own row, naming a field took half a
    microsecond, and each op is asked eight times."""

    op_id: str
    pos: int
    kind: str
    table_name: str
    record: str
    scope: str


class Receiving:
    """Writes receipts down and brings the records they are about up to date."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self.connection = connection
        self.schema = schema

    def take(self, reply: PushReply) -> set[str]:
        """Write down the receipts of a push; gives the scopes of the ops they are for."""
        by_id = {r.op_id: r for r in reply.receipts}
        ids = encode(list(by_id)).decode()
        rows = map(Answered._make, self.connection.exec_driver_sql(ANSWERED, (ids,)))
        ops = {row.op_id: row for row in rows}
        again = self._offered_again(reply, by_id.keys() - ops.keys())
        if not ops and not again:
            return set()
        if ops:
            receipts = self.schema.bulk("receipt", self.connection.dialect)
            said = (self._row(reply, by_id[op_id]) for op_id in ops)
            receipts.insert(self.connection, [receipts.pick(row) for row in said])
        received(self.connection, self.schema, [row.pos for row in ops.values()])
        # In the order of the saves, which a clock put back would not give.
        answered = sorted([*ops.values(), *again], key=lambda row: row.pos)
        self._stamp([(row, by_id[row.op_id]) for row in answered])
        there = [row for row in ops.values() if by_id[row.op_id].version > 0]
        self._note_scopes({(row.scope, row.table_name) for row in there})
        return {row.scope for row in ops.values()}

    def _offered_again(self, reply: PushReply, ids: Collection[str]) -> list[Answered]:
        """Ops that had a receipt, of a past the council has lost: the new one takes its place. Gives
        those that were not applied this time; what was, is read again whole with its scope."""
        op, receipt = self.schema.own("op"), self.schema.own("receipt")
        by_id = {r.op_id: r for r in reply.receipts}
        rows: list[Answered] = []
        c = op.c
        query = select(c.op_id, c.pos, c.kind, c.table_name, c.record, c.scope)
        for part in chunks(sorted(ids)):
            rows += map(Answered._make, self.connection.execute(query.where(c.op_id.in_(part))))
        for row in rows:  # few: after a restore, or an urgent op in its place
            values = self._row(reply, by_id[row.op_id])
            self.connection.execute(update(receipt).where(receipt.c.op_id == row.op_id), values)
        return [row for row in rows if by_id[row.op_id].outcome is not Outcome.APPLIED]

    def _note_scopes(self, written: set[tuple[str, str]]) -> None:
        """What was written into a scope that is not given here leaves like one that was lost, unless
        the pull of this round brings it. A scope that is given without that kind is read again, which
        takes it away, in whatever round the pull comes."""
        held = self.schema.own("held_scope")
        scopes = {scope for scope, _ in written}
        known = {scope: given.kinds for scope, given in given_here(self.connection, scopes).items()}
        without = {scope for scope, kind in written if scope in known and kind not in known[scope]}
        if without:
            self.connection.execute(update(held).where(held.c.scope.in_(without)).values(filled=False))
        foreign = [
            {"scope": scope, "kinds": [], "level": 0, "filled": True, "lost": True}
            for scope in sorted(scopes - known.keys())
        ]
        if foreign:
            self.connection.execute(insert(held), foreign)

    def _row(self, reply: PushReply, receipt: Receipt) -> dict[str, object]:
        return {
            "op_id": receipt.op_id,
            "epoch": reply.epoch,
            "seq": receipt.seq,
            "version": receipt.version,
            "outcome": receipt.outcome.value,
            "reason": receipt.reason,
            "fields": {c: o.value for c, o in receipt.fields.items()} if receipt.fields else None,
            "received_at": reply.now,
        }

    def _stamp(self, taken: Sequence[tuple[Answered, Receipt]]) -> None:
        """`applied` stamps the version; a refused or held insert leaves the laptop's tables (its text
        stays in the op, to be read and sent anew); the pull of the same round brings the rest."""
        stamps: dict[str, dict[str, int]] = {}  # {table: {record: its latest version}}
        gone: dict[str, list[str]] = {}
        applied: list[tuple[str, str, int, int]] = []  # (table, record, version, the op's place)
        for row, receipt in taken:
            table, record = row.table_name, row.record
            if row.kind == Act.SEEN:
                continue  # it changed nothing here or there
            if receipt.outcome is Outcome.APPLIED:
                stamps.setdefault(table, {})[record] = receipt.version
                applied.append((table, record, receipt.version, row.pos))
            elif receipt.reason == Reason.PURGED or (receipt.version == 0 and row.kind == Act.INSERT):
                gone.setdefault(table, []).append(record)
        shadow = self.schema.own("shadow")
        for table, versions in stamps.items():
            self._set_versions(self.schema[table].table, versions)
        for table, records in gone.items():
            target = self.schema[table].table
            self.connection.execute(delete(target).where(target.c.id.in_(records)))
            beside = (shadow.c.table_name == table, shadow.c.record.in_(records))
            self.connection.execute(delete(shadow).where(*beside))
        self._move_shadows(applied)

    def _set_versions(self, target: Table, versions: Mapping[str, int]) -> None:
        alike: dict[int, list[str]] = {}
        for record, version in versions.items():
            alike.setdefault(version, []).append(record)
        stamp = f'UPDATE "{target.name}" SET version = ? WHERE id IN (SELECT value FROM json_each(?))'
        for version, records in alike.items():
            self.connection.exec_driver_sql(stamp, (version, encode(records).decode()))

    def _move_shadows(self, applied: Sequence[tuple[str, str, int, int]]) -> None:
        """The shadow is the council's row: an applied patch moves it on; with nothing left waiting
        it is not needed any more."""
        shadow, op = self.schema.own("shadow"), self.schema.own("op")
        if not applied or self.connection.exec_driver_sql("SELECT 1 FROM shadow LIMIT 1").first() is None:
            return
        still = waiting_records(self.connection, self.schema)
        for table, record, version, pos in applied:
            where = and_(shadow.c.table_name == table, shadow.c.record == record)
            if record not in still:
                self.connection.execute(delete(shadow).where(where))
                continue
            kept = self.connection.execute(select(shadow.c.row).where(where)).scalar()
            if kept is not None:
                content = self.connection.execute(select(op.c.content).where(op.c.pos == pos)).scalar_one()
                patch = msgspec.json.decode(content)["patch"]
                row = from_shadow(self.schema[table], {**kept, **patch, "version": version})
                put_shadow(self.connection, self.schema, self.schema[table], row)
        for table, record in {(t, r) for t, r, _, _ in applied if r in still}:
            rebuild(self.connection, self.schema, self.schema[table], record)
