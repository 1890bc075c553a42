"""All that the simulation reads past the product's own functions: a handful of plain SQL queries.

When sync's tables change, this is the one file to bring after them.
"""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from sync.sql import Schema


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A row of the ledger with the content beside it (None: removed by a purge)."""

    seq: int
    op_id: str
    kind: str
    table: str
    record: str
    version: int
    scope: str
    author: str
    device: str
    line: str
    n: int
    made_at: int
    received_at: int
    outcome: str
    reason: str | None
    commitment: str
    hash: str
    salt: str | None
    content: bytes | None
    effect: bytes | None


_LEDGER = (
    "SELECT l.seq, op_id, kind, table_name, record, version, scope, author, device, line, n, made_at, "
    "received_at, outcome, reason, commitment, hash, salt, content, effect FROM ledger l "
    "LEFT JOIN ledger_content c ON c.seq = l.seq WHERE l.seq > ? ORDER BY l.seq"
)


def ledger(raw: sqlite3.Connection, after: int) -> list[LedgerRow]:
    return [LedgerRow(*row) for row in raw.execute(_LEDGER, (after,))]


def head(raw: sqlite3.Connection) -> tuple[str, int, str]:
    """(epoch, seq, hash)."""
    found: tuple[str, int, str] = raw.execute("SELECT epoch, seq, hash FROM ledger_head").fetchone()
    return found


def set_epoch(raw: sqlite3.Connection, epoch: str) -> None:
    raw.execute("UPDATE ledger_head SET epoch = ?", (epoch,))


def has_table(raw: sqlite3.Connection, name: str) -> bool:
    return raw.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone() is not None


def waiting(raw: sqlite3.Connection) -> set[str]:
    """The op ids that have no receipt yet."""
    return {op_id for (op_id,) in raw.execute("SELECT op_id FROM op JOIN queue ON queue.pos = op.pos")}


def in_trays(raw: sqlite3.Connection) -> set[str]:
    """The records that something waits about at the hub."""
    return {record for (record,) in raw.execute("SELECT record FROM held WHERE state = 'waiting'")}


def op(raw: sqlite3.Connection, op_id: str) -> tuple[Any, ...] | None:
    """(kind, table, record, scope, base_epoch, base_version, act_id, content, knows)."""
    query = (
        "SELECT kind, table_name, record, scope, base_epoch, base_version, act_id, content, knows FROM op "
        "WHERE op_id = ?"
    )
    found: tuple[Any, ...] | None = raw.execute(query, (op_id,)).fetchone()
    return found


def has_one_base(raw: sqlite3.Connection, record: str) -> bool:
    """Whether everything that waits on a record was written on the same version of it."""
    query = (
        "SELECT count(DISTINCT base_epoch || ':' || base_version) FROM op JOIN queue ON queue.pos = op.pos "
        "WHERE queue.record = ?"
    )
    return bool(raw.execute(query, (record,)).fetchone()[0] <= 1)


def all_ops(raw: sqlite3.Connection) -> list[str]:
    """The op ids of everything kept here, received or not."""
    return [op_id for (op_id,) in raw.execute("SELECT op_id FROM op")]


def receipt(raw: sqlite3.Connection, op_id: str) -> tuple[str, int, int, str] | None:
    """(epoch, seq, version, outcome)."""
    query = "SELECT epoch, seq, version, outcome FROM receipt WHERE op_id = ?"
    found: tuple[str, int, int, str] | None = raw.execute(query, (op_id,)).fetchone()
    return found


def cursor(raw: sqlite3.Connection) -> tuple[str, int]:
    """(epoch, seq); ("", 0) before the first pull."""
    found = raw.execute("SELECT epoch, seq FROM cursor WHERE head = 'main'").fetchone()
    return ("", 0) if found is None else (found[0], found[1])


def generation(raw: sqlite3.Connection) -> str:
    found = raw.execute("SELECT generation FROM device_state").fetchone()
    return "" if found is None else str(found[0])


def held_scopes(raw: sqlite3.Connection) -> dict[str, tuple[frozenset[str], int, bool, bool]]:
    """{scope: (kinds, level, filled, lost)}."""
    rows = raw.execute("SELECT scope, kinds, level, filled, lost FROM held_scope")
    return {s: (frozenset(json.loads(k)), level, bool(f), bool(lost)) for s, k, level, f, lost in rows}


def versions(raw: sqlite3.Connection, schema: Schema) -> dict[tuple[str, str], tuple[int, str]]:
    """{(table, record): (version, scope)} of every synced record here."""
    found: dict[tuple[str, str], tuple[int, str]] = {}
    for table in schema:
        for record, version, scope in raw.execute(f"SELECT id, version, scope FROM {table.name}"):
            found[table.name, record] = (version, scope)
    return found


def shadows(raw: sqlite3.Connection) -> dict[tuple[str, str], int]:
    """{(table, record): version of the council's row kept beside it}."""
    return {(t, r): v for t, r, v in raw.execute("SELECT table_name, record, version FROM shadow")}


def parked(raw: sqlite3.Connection) -> dict[tuple[str, str], int]:
    """{(table, record): version} of what came and cannot be shown by this version."""
    return {(t, r): v for t, r, v in raw.execute("SELECT table_name, record, version FROM parked")}


def asked_about(raw: sqlite3.Connection) -> int:
    """How many records lie here of which a person is asked whether they may go."""
    found: int = raw.execute("SELECT count(*) FROM set_aside WHERE agreed_at IS NULL").fetchone()[0]
    return found


def rows(raw: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    names = ", ".join(f'"{c}"' for c in columns)
    found = raw.execute(f"SELECT {names} FROM {table}")
    return {row[0]: dict(zip(columns, row, strict=True)) for row in found}


def row(raw: sqlite3.Connection, table: str, columns: tuple[str, ...], record: str) -> dict[str, Any] | None:
    names = ", ".join(f'"{c}"' for c in columns)
    found = raw.execute(f"SELECT {names} FROM {table} WHERE id = ?", (record,)).fetchone()
    return None if found is None else dict(zip(columns, found, strict=True))


def withheld(raw: sqlite3.Connection, table: str, record: str) -> frozenset[str]:
    """The columns of a record that this laptop was not given."""
    found = raw.execute(f"SELECT extra FROM {table} WHERE id = ?", (record,)).fetchone()
    return frozenset((json.loads(found[0]) or {}).get("~withheld", ())) if found and found[0] else frozenset()


def ids(raw: sqlite3.Connection, table: str, where: str = "1", values: tuple[Any, ...] = ()) -> list[str]:
    return [i for (i,) in raw.execute(f"SELECT id FROM {table} WHERE {where} ORDER BY id", values)]


def tally(raw: sqlite3.Connection) -> dict[tuple[str, str], tuple[int, str]]:
    return {(s, k): (n, d) for s, k, n, d in raw.execute("SELECT scope, kind, records, digest FROM tally")}


def live_grants(raw: sqlite3.Connection, user: str) -> dict[str, tuple[frozenset[str], int]]:
    """{scope: (kinds, level)}."""
    query = "SELECT scope, kinds, level FROM scope_grant WHERE user_id = ? AND to_seq IS NULL"
    return {scope: (frozenset(kinds.split()), level) for scope, kinds, level in raw.execute(query, (user,))}


def undecided(raw: sqlite3.Connection) -> list[tuple[str, str]]:
    """(id, state) of what a person is asked about in the trays here."""
    query = "SELECT id, state FROM held WHERE state IN ('waiting', 'to_read') AND follows IS NULL ORDER BY id"
    found: list[tuple[str, str]] = raw.execute(query).fetchall()
    return found


@dataclass(frozen=True, slots=True)
class Item:
    """An op in a tray. patch: what it says; None once it is decided and gone from there."""

    id: str
    table: str
    record: str
    kind: str
    author: str
    line: str
    patch: dict[str, Any] | None
    state: str


def decided_with(raw: sqlite3.Connection, item: str) -> list[Item]:
    """An item and those that follow it."""
    query = (
        "SELECT id, table_name, record, kind, author, line, patch, state FROM held "
        "WHERE id = ? OR follows = ? ORDER BY id"
    )
    return [Item(*r[:6], json.loads(r[6] or "null"), r[7]) for r in raw.execute(query, (item, item))]


@dataclass(frozen=True, slots=True)
class Card:
    """An entry of the queue. sides: {line: {"op_id", "values", ...}}; {} where withheld."""

    id: str
    version: int
    table: str
    record: str
    group: str
    kind: str
    columns: list[str]
    base: dict[str, Any]
    sides: dict[str, dict[str, Any]]
    state: str
    settled: int  # version of the card at which a person decided it last; 0: nobody did


_CARD = (
    "SELECT id, version, table_name, record, group_name, kind, columns, base, sides, state, decision "
    "FROM conflict "
)


def card(raw: sqlite3.Connection, card_id: str) -> Card:
    return _card(raw.execute(_CARD + "WHERE id = ?", (card_id,)).fetchone())


def cards_about(raw: sqlite3.Connection, record: str) -> list[Card]:
    return [_card(row) for row in raw.execute(_CARD + "WHERE record = ?", (record,))]


def _card(row: tuple[Any, ...]) -> Card:
    base, sides = json.loads(row[7] or "{}"), json.loads(row[8] or "{}")
    settled = (json.loads(row[10] or "{}") or {}).get("at", 0)
    return Card(*row[:6], json.loads(row[6]), base or {}, sides or {}, row[9], settled)
