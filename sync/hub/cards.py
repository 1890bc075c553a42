"""The queue: at most one open card for each field group of a record."""

from collections.abc import Mapping
from typing import Any

import msgspec

from sync.hub.store import Described, Row
from sync.merge import CardChange, OpenCard
from sync.ops import Reason, as_travelled, new_id

CARD_TABLE = "conflict"
KIND_OF = {
    Reason.SAME_FIELD: "same_field",
    Reason.CARD_MOVED: "same_field",
    Reason.SAFER_STANDS: "safer",
    Reason.NEEDS_REVIEW: "review",
    Reason.RIVAL: "rival",
}


class Decision(msgspec.Struct, frozen=True):
    """What a person made of a card. values: by column of the record; None when what stands stays."""

    choice: str
    values: dict[str, Any] | None = None
    why: str | None = None


class Standing(msgspec.Struct, frozen=True):
    """What a person saw standing when she decided."""

    standing: dict[str, Any] = {}


def as_open(card: Mapping[str, Any], table: Described) -> OpenCard:
    """The part of a card row that settling needs, its values as the table stores them."""
    sides = {line: table.stored(side["values"])[0] for line, side in card["sides"].items()}
    return OpenCard(card["id"], card["version"], sides)


def opened(change: CardChange, table: str, record: str, scope: str, now_ms: int) -> Row:
    """A new card row, version 1."""
    return {
        "id": new_id(),
        "version": 1,
        "scope": scope,
        "extra": None,
        "table_name": table,
        "record": record,
        "group_name": change.group,
        "kind": KIND_OF[change.kind],
        "columns": list(change.columns),
        "base": as_travelled(change.base),
        "sides": {line: travel_side(side.as_json()) for line, side in change.sides.items()},
        "state": "open",
        "opened_at": now_ms,
        "decided_at": None,
        "decided_by": None,
        "decision": None,
    }


def added(card: Row, change: CardChange, line: str) -> Row:
    """The card with the line's side in place of its earlier one, one version on.

    Other lines come on it only if they are not there yet: what is there is their latest.
    """
    new = {name: travel_side(side.as_json()) for name, side in change.sides.items()}
    sides = {**new, **card["sides"], **({line: new[line]} if line in new else {})}
    kind = KIND_OF[change.kind] if change.kind is Reason.SAFER_STANDS else card["kind"]
    return {
        **card,
        "version": card["version"] + 1,
        "kind": kind,
        "sides": sides,
        "state": "open",
    }


def decided(card: Row, user: str, now_ms: int, decision: Mapping[str, Any]) -> Row:
    """The card settled; its sides stay on it, so the losing value is always there to see."""
    return {
        **card,
        "version": card["version"] + 1,
        "state": "decided",
        "decided_at": now_ms,
        "decided_by": user,
        "decision": dict(decision),
    }


def travel_side(side: Row) -> Row:
    return {**side, "values": as_travelled(side["values"])}
