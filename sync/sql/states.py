"""Where a saved act is, from receipts alone: on this laptop, received by the council, needs a person.

An act needs a person while the council's answer to one of its ops waits for one: a card that is still
open, a tray, or its author who has it back. Nothing here is a guess: without a receipt an act is on
this laptop, whatever was sent.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, Select, func, select

from sync.ops import Outcome
from sync.sql.bulk import chunks
from sync.sql.queue import waiting
from sync.sql.schema import Schema
from sync.sql.tables import CARD, HELD


class State(StrEnum):
    """Ordered from what is nearest to its author to what is done with."""

    HERE = "on_this_laptop"
    PERSON = "needs_a_person"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class States:
    """How many acts are in each state, and the state of each record asked about (its worst one; a
    record of which nothing was saved here is received)."""

    here: int
    person: int
    received: int
    records: Mapping[str, State]


@dataclass(frozen=True, slots=True)
class Closing:
    """What has to be known before a laptop is shut: all of it from receipts.

    waiting: ops without a receipt; waiting_urgent: those of them that must be known at once.
    refused: ops that came back, to be looked at by their author. parked: records that need a newer
    app. noticed: records the council does not have, about which nobody has agreed yet. filling:
    scopes not read whole. last_receipt_at, last_round_at:
    milliseconds UTC; None: never.
    """

    waiting: int
    waiting_urgent: int
    refused: int
    parked: int
    noticed: int
    filling: int
    last_receipt_at: int | None
    last_round_at: int | None

    @property
    def is_all_received(self) -> bool:
        """Whether everything saved here has the council's receipt."""
        return self.waiting == 0


def states(connection: Connection, schema: Schema, records: Collection[str] = ()) -> States:
    """How many acts of this laptop are where, and where these records are."""
    op = schema.own("op")
    here = set(connection.execute(select(op.c.act_id).select_from(waiting(schema)).distinct()).scalars())
    person = _for_a_person(connection, schema) - here
    total = connection.execute(select(func.count(func.distinct(op.c.act_id)))).scalar_one()
    return States(
        here=len(here),
        person=len(person),
        received=total - len(here) - len(person),
        records=_of_records(connection, schema, records, here, person),
    )


def _of_records(
    connection: Connection, schema: Schema, records: Collection[str], here: set[str], person: set[str]
) -> dict[str, State]:
    op = schema.own("op")
    found = dict.fromkeys(records, State.RECEIVED)
    for part in chunks(sorted(found)):
        for record, act in connection.execute(select(op.c.record, op.c.act_id).where(op.c.record.in_(part))):
            if act in here:
                found[record] = State.HERE
            elif act in person and found[record] is not State.HERE:
                found[record] = State.PERSON
    return found


def _for_a_person(connection: Connection, schema: Schema) -> set[str]:
    """Acts whose answer waits for somebody."""
    op, receipt = schema.own("op"), schema.own("receipt")
    query = select(op.c.act_id, op.c.op_id, op.c.record, receipt.c.outcome).join(
        receipt, receipt.c.op_id == op.c.op_id
    )
    asked = (Outcome.CONFLICT.value, Outcome.HELD.value, Outcome.REFUSED.value)
    rows = connection.execute(query.where(receipt.c.outcome.in_(asked))).all()
    if not rows:
        return set()
    cards, held = schema[CARD].table, schema[HELD].table
    disputed = set(connection.execute(select(cards.c.record).where(cards.c.state == "open")).scalars())
    decided = set(connection.execute(select(held.c.id).where(held.c.state != "waiting")).scalars())
    return {
        row.act_id
        for row in rows
        if row.outcome == Outcome.REFUSED.value
        or (row.outcome == Outcome.HELD.value and row.op_id not in decided)
        or (row.outcome == Outcome.CONFLICT.value and row.record in disputed)
    }


def safe_to_close(connection: Connection, schema: Schema) -> Closing:
    """The facts before a laptop is shut."""
    op, receipt, state = schema.own("op"), schema.own("receipt"), schema.own("device_state")
    parked, aside, scope = schema.own("parked"), schema.own("set_aside"), schema.own("held_scope")
    queued = select(func.count()).select_from(waiting(schema))
    came_back = receipt.join(op, op.c.op_id == receipt.c.op_id)
    refused = receipt.c.outcome == Outcome.REFUSED.value

    def count(query: Select[int]) -> int:
        return connection.execute(query).scalar_one()

    return Closing(
        waiting=count(queued),
        waiting_urgent=count(queued.where(op.c.urgent)),
        refused=count(select(func.count()).select_from(came_back).where(refused)),
        parked=count(select(func.count()).select_from(parked)),
        noticed=count(select(func.count()).select_from(aside).where(aside.c.agreed_at.is_(None))),
        filling=count(select(func.count()).select_from(scope).where(~scope.c.filled, ~scope.c.lost)),
        last_receipt_at=connection.execute(select(func.max(receipt.c.received_at))).scalar(),
        last_round_at=connection.execute(select(state.c.last_round_at)).scalar(),
    )
