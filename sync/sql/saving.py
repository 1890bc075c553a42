"""The one way a device writes a record: the row and its op, in the host's own transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, insert, select, update

from sync.ops import (
    CHAIN_START,
    STATE_AFTER,
    Act,
    Change,
    as_travelled,
    chain,
    commit,
    decode_content,
    encode_content,
    new_id,
    new_salt,
)
from sync.ports import Clock
from sync.sql.queue import waiting
from sync.sql.schema import ENVELOPE, Schema, SyncedTable
from sync.sql.tables import CARD, HELD
from sync.sql.triggers import shut_gate

MAIN = "main"  # the only ledger head there is yet; the cursor is a map from day one


class NothingThere(LookupError):
    """A change names a record this laptop does not have: a mistake in the calling code."""


def save(
    connection: Connection,
    schema: Schema,
    changes: Sequence[Change],
    *,
    clock: Clock,
    act_id: str | None = None,
) -> list[str]:
    """Write rows and ops together; gives the op ids in order.

    Runs inside the caller's transaction and never commits. Changes saved in one call are one act:
    if the council refuses or holds one, it does so with all. A patch field that already has the
    value is dropped; an update that changes nothing writes no op.
    Raises NothingThere; ValueError for a value that cannot be written.
    """
    writer = _Writer(connection, schema, clock.now(), act_id or new_id())
    op_ids = [op_id for change in changes if (op_id := writer.write(change)) is not None]
    writer.finish()
    return op_ids


class _Writer:
    """One act being written. Statements are built once a table and column set and reused."""

    def __init__(self, connection: Connection, schema: Schema, now: datetime, act_id: str) -> None:
        self.connection = connection
        self.schema = schema
        self.now_ms = int(now.timestamp() * 1000)
        self.act_id = act_id
        state = device_state(connection, schema)
        self.n, self.chain = state["n"], state["chain"]
        self.epoch: str = state["epoch"]

    def write(self, change: Change) -> str | None:
        table = self.schema[change.table]
        if change.kind is Act.INSERT:
            return self._insert(table, change)
        if change.kind is Act.DECIDE:
            return self._decide(change)
        if change.kind is Act.SEEN:
            return self._seen(table, change)
        return self._update(table, change)

    def finish(self) -> None:
        state = self.schema.own("device_state")
        self.connection.execute(update(state).values(n=self.n, chain=self.chain))
        shut_gate(self.connection)

    def _insert(self, table: SyncedTable, change: Change) -> str:
        row = dict(change.patch)
        scope = table.synced.scope({**dict.fromkeys(table.columns), **row, "id": change.record})
        op_id = self._note_op(change, scope, {}, ("", 0), table.synced.urgent)
        self.connection.execute(
            insert(table.table), {**row, "id": change.record, "version": 0, "scope": scope}
        )
        return op_id

    def _update(self, table: SyncedTable, change: Change) -> str | None:
        present = self._row(table, change.record)
        patch = {name: value for name, value in change.patch.items() if present[name] != value}
        if not patch:
            return None
        was = {name: present[name] for name in patch}
        base = self._base(change.record) or self._keep_shadow(table, present)
        op_id = self._note_op(
            Change(change.table, change.record, patch), present["scope"], was, base, table.synced.urgent
        )
        self.connection.execute(update(table.table).where(table.table.c.id == change.record), patch)
        return op_id

    def _seen(self, table: SyncedTable, change: Change) -> str:
        """A read without a network, for the council's audit trail: the record stays as it is."""
        row = self._row(table, change.record)
        said = Change(change.table, change.record, {}, Act.SEEN)
        return self._note_op(said, row["scope"], {}, (self.epoch, row["version"]), False)

    def _decide(self, change: Change) -> str:
        """A decision is an op on the card or the tray item. What it saw standing travels as `was`; the
        record itself changes when the council has written it."""
        if change.table == HELD:
            return self._decide_held(change)
        cards = self.schema[CARD]
        card = self._row(cards, change.record)
        about = self.schema[card["table_name"]]
        record = self._row(about, card["record"])
        was = {"standing": {name: record[name] for name in card["columns"]}}
        base = self._base(change.record) or self._keep_shadow(cards, card)
        op_id = self._note_op(change, card["scope"], was, base, False)
        self.connection.execute(
            update(cards.table).where(cards.table.c.id == change.record),
            {**as_decided(CARD, as_travelled(change.patch)), "decided_at": self.now_ms},
        )
        return op_id

    def _decide_held(self, change: Change) -> str:
        table = self.schema[HELD]
        item = self._row(table, change.record)
        base = self._base(change.record) or self._keep_shadow(table, item)
        op_id = self._note_op(change, item["scope"], {}, base, False)
        self.connection.execute(
            update(table.table).where(table.table.c.id == change.record),
            {**as_decided(HELD, change.patch), "decided_at": self.now_ms},
        )
        return op_id

    def _row(self, table: SyncedTable, record: str) -> dict[str, Any]:
        found = self.connection.execute(select(table.table).where(table.table.c.id == record)).mappings()
        row = found.one_or_none()
        if row is None:
            raise NothingThere(f"no {table.name} with this id on this laptop")
        return dict(row)

    def _base(self, record: str) -> tuple[str, int] | None:
        """The base of the record's oldest waiting op: a pull never moves it under waiting work."""
        op, queue = self.schema.own("op"), self.schema.own("queue")
        found = self.connection.execute(
            select(op.c.base_epoch, op.c.base_version)
            .select_from(waiting(self.schema))
            .where(queue.c.record == record)
            .order_by(queue.c.pos)
            .limit(1)
        ).one_or_none()
        return None if found is None else (found[0], found[1])

    def _keep_shadow(self, table: SyncedTable, present: Mapping[str, Any]) -> tuple[str, int]:
        """Keep the council's row beside the one about to change."""
        version = present["version"]
        if version == 0:
            return "", 0
        put_shadow(self.connection, self.schema, table, present)
        return ("" if self._is_filling(present["scope"]) else self.epoch), version

    def _is_filling(self, scope: str) -> bool:
        """Whether rows of this scope may still be those of an earlier epoch."""
        held = self.schema.own("held_scope")
        filled = self.connection.execute(select(held.c.filled).where(held.c.scope == scope)).scalar()
        return filled is False

    def _check(self, table: SyncedTable, content: bytes) -> None:
        """What nobody could read back, this laptop neither, is not saved."""
        try:
            table.stored(decode_content(content).patch)
        except msgspec.ValidationError as error:
            raise ValueError(f"a field of {table.name} holds what its column does not take") from error

    def _note_op(
        self,
        change: Change,
        scope: str,
        was: Mapping[str, Any],
        base: tuple[str, int],
        urgent: bool,
    ) -> str:
        content = encode_content(change.patch, was)
        if change.kind in (Act.INSERT, Act.UPDATE):
            self._check(self.schema[change.table], content)
        op_id, salt = new_id(), new_salt()
        self.n += 1
        self.chain = chain(self.chain, op_id, commit(salt, content))
        noted = self.connection.execute(
            insert(self.schema.own("op")),
            {
                "op_id": op_id,
                "n": self.n,
                "chain": self.chain,
                "kind": change.kind,
                "table_name": change.table,
                "record": change.record,
                "scope": scope,
                "base_epoch": base[0],
                "base_version": base[1],
                "made_at": self.now_ms,
                "act_id": self.act_id,
                "salt": salt,
                "content": content,
                "knows": None if change.kind is Act.INSERT else self._known_cards(change.record),
                "urgent": urgent,
            },
        )
        # A read changes nothing: its record does not count as one with work that waits.
        record = "" if change.kind is Act.SEEN else change.record
        place = {"pos": noted.lastrowid, "record": record, "scope": scope}
        self.connection.execute(insert(self.schema.own("queue")), place)
        return op_id

    def _known_cards(self, record: str) -> dict[str, int] | None:
        cards = self.schema[CARD].table
        found = self.connection.execute(
            select(cards.c.id, cards.c.version).where(cards.c.record == record, cards.c.state == "open")
        ).all()
        return {row.id: row.version for row in found} or None


def device_state(connection: Connection, schema: Schema) -> dict[str, Any]:
    """The device's own place: generation, n, chain, and the epoch of its rows ("" before any pull).

    Makes the state row at the first call, with a random generation.
    """
    state, cursor = schema.own("device_state"), schema.own("cursor")
    found = connection.execute(
        select(state, cursor.c.epoch).select_from(state.outerjoin(cursor, cursor.c.head == MAIN))
    ).mappings()
    row = found.one_or_none()
    if row is None:
        first = {"id": 1, "generation": new_id(), "n": 0, "chain": CHAIN_START}
        connection.execute(insert(state), first)
        return {**first, "epoch": "", "last_round_at": None, "skew_ms": None}
    return {**row, "epoch": row["epoch"] or ""}


def as_decided(table: str, decision: Mapping[str, Any]) -> dict[str, Any]:
    """What a decision that waits shows on its card or tray item. decision: as it travels."""
    if table == HELD:
        return {"state": STATE_AFTER[decision["choice"]], "why": decision.get("why")}
    return {"state": "decided", "decision": dict(decision)}


def put_shadow(connection: Connection, schema: Schema, table: SyncedTable, row: Mapping[str, Any]) -> None:
    """Keep the council's row (whole, as it would travel) beside the one with waiting changes."""
    shadow = schema.own("shadow")
    key = {"table_name": table.name, "record": row["id"]}
    values = {"version": row["version"], "row": travelled(table, row)}
    done = connection.execute(
        update(shadow).where(shadow.c.table_name == bindparam("t"), shadow.c.record == bindparam("r")),
        {"t": table.name, "r": row["id"], **values},
    )
    if done.rowcount == 0:
        connection.execute(insert(shadow), {**key, **values})


def travelled(table: SyncedTable, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row, or what there is of it, as it would travel."""
    return {name: _as_text(row[name]) for name in table.all_columns if name in row}


def _as_text(value: Any) -> Any:
    """Dates and times as they travel; JSON holds the rest as it is."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def from_shadow(table: SyncedTable, row: Mapping[str, Any]) -> dict[str, Any]:
    """A shadow's row as values to store."""
    known, _ = table.stored({n: v for n, v in row.items() if n not in ENVELOPE})
    return {**known, **{n: row[n] for n in ENVELOPE if n in row}}
