"""Where each edit is known to be: from ops without a receipt, and from what the receipts said."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from sync.ops import Act, Outcome
from sync.sql import Schema
from sync.sql.files_here import FileHere, unsent_files
from sync.sql.queue import waiting
from tfworker.actions.values import Whereabouts
from tfworker.store import facts

OPEN = "open"  # state of a card nobody has decided
WAITS_FOR_A_PERSON = (Outcome.HELD, Outcome.REFUSED)
ADMITTED = "admitted"  # state of a held op that somebody let in
DONE = "returned_done"  # fact of the vault: what the author has done with, {op id: act}
LET_GO = "returned_let_go"  # as an earlier version wrote it: op ids, no time


def done_with(connection: Connection) -> dict[str, dict[str, Any]]:
    """{op id: what its author did with it once it had come back: gave_up, at, why}."""
    kept: dict[str, dict[str, Any]] = facts.get(connection, DONE, {})
    before: list[str] = facts.get(connection, LET_GO, [])
    return {op_id: {"gave_up": False, "at": "", "why": ""} for op_id in before} | kept


def whereabouts(connection: Connection, schema: Schema, scopes: Collection[str]) -> Mapping[str, Whereabouts]:
    """{record id: LAPTOP or PERSON} in some scopes; a record that is not there is the council's.

    What somebody let in, and what came back and its author has done with, waits for nobody.
    """
    op, receipt, card, tray = (schema.own(name) for name in ("op", "receipt", "conflict", "held"))
    waits = connection.execute(
        select(op.c.record, op.c.op_id)
        .join(receipt, receipt.c.op_id == op.c.op_id)
        .outerjoin(tray, tray.c.id == op.c.op_id)
        .where(receipt.c.outcome.in_(WAITS_FOR_A_PERSON), op.c.scope.in_(scopes))
        .where(func.coalesce(tray.c.state, "") != ADMITTED)
    ).all()
    done = done_with(connection) if waits else {}
    places = {row.record: Whereabouts.PERSON for row in waits if row.op_id not in done}
    disputed = connection.execute(
        select(card.c.record).where(card.c.state == OPEN, card.c.scope.in_(scopes))
    ).scalars()
    places |= dict.fromkeys(disputed, Whereabouts.PERSON)
    queue = schema.own("queue")
    here = connection.execute(select(queue.c.record).where(queue.c.scope.in_(scopes))).scalars()
    return places | dict.fromkeys(here, Whereabouts.LAPTOP)


def unsent_by_scope(connection: Connection, schema: Schema) -> Mapping[str, frozenset[str]]:
    """{scope: ids of the acts that hold an edit without a receipt, and of records whose file has not
    gone up}. One save is one act, however many records it touched."""
    op = schema.own("op")
    found: dict[str, set[str]] = defaultdict(set)
    edits = select(op.c.scope, op.c.act_id).select_from(waiting(schema)).where(op.c.kind != Act.SEEN)
    for in_scope, act in connection.execute(edits):
        found[in_scope].add(act)
    for file in files_waiting(connection, schema):
        found[file.scope].add(file.record)
    return {in_scope: frozenset(acts) for in_scope, acts in found.items()}


def files_waiting(connection: Connection, schema: Schema) -> list[FileHere]:
    """Files whose bytes the council has not got though it has their records, the oldest first. Where
    the record waits too, it counts and its file goes with it; where it came back, so did its file."""
    files = (file for file in unsent_files(connection, schema) if file.has_record)
    waits = [file for file in files if not is_waiting(connection, schema, file.record)]
    return sorted(waits, key=lambda file: file.record)


def unsent_in(unsent: Mapping[str, frozenset[str]], scopes: Collection[str]) -> int:
    """How many acts in some scopes have no receipt."""
    return len(frozenset().union(*(unsent.get(in_scope, frozenset()) for in_scope in scopes)))


def unsent(connection: Connection, schema: Schema) -> int:
    """How many acts on this laptop have no receipt, and files whose bytes have not gone up."""
    counted = select(func.count(schema.own("op").c.act_id.distinct())).select_from(waiting(schema))
    return connection.execute(counted).scalar_one() + len(files_waiting(connection, schema))


def open_cards_by_scope(connection: Connection, schema: Schema) -> Mapping[str, int]:
    """{scope: things in two versions that nobody has decided}."""
    card = schema.own("conflict")
    counted = connection.execute(
        select(card.c.scope, func.count()).where(card.c.state == OPEN).group_by(card.c.scope)
    )
    return dict(counted.all())


def is_waiting(connection: Connection, schema: Schema, record: str) -> bool:
    """Whether this laptop has an edit of the record without a receipt."""
    queue = schema.own("queue")
    return connection.execute(select(queue.c.pos).where(queue.c.record == record)).first() is not None
