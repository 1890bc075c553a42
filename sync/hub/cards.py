"""The queue: at most one open card for each field group of a record."""

from collections.abc import Mapping
from typing import Any

import msgspec

from sync.history import Side
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
    """The part of a card row that settling needs, its values as the table stores them.

    A side that somebody has decided about has no say any more, though it stays to be seen.
    """
    decision: Mapping[str, Any] = card["decision"] or {}
    decided = decision.get("at", 0)
    sides = {
        line: Side(
            side["user"], side["device"], side["op_id"], side["made_at"],
            table.stored(side["values"])[0], side.get("central", False), side.get("at", 1),
            side.get("decided", False),
        )
        for line, side in (card["sides"] or {}).items()
        if side.get("at", 1) > decided
    }  # fmt: skip
    closed = None if card["state"] == "open" else decision.get("version", 0)
    base = table.stored(card["base"] or {})[0]
    reopened = closed is None and (decided > 0 or any(side.decided for side in sides.values()))
    return OpenCard(card["id"], card["version"], base, sides, closed, reopened)


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
        "sides": {line: travel_side(side, 1) for line, side in change.sides.items()},
        "state": "open",
        "opened_at": now_ms,
        "decided_at": None,
        "decided_by": None,
        "decision": None,
    }


def changed(card: Row, change: CardChange) -> Row:
    """The card as an op leaves it: base and sides as they are now, open (again) or, where nothing is
    left to decide, as it was."""
    decided = (card["decision"] or {}).get("at", 0)
    before = card["sides"] or {}
    sides = {line: side for line, side in before.items() if side.get("at", 1) <= decided}
    for line, side in change.sides.items():
        sides[line] = travel_side(side, side.at or card["version"] + 1)
        if line in before and {**sides[line], "at": 0} == {**before[line], "at": 0}:
            sides[line] = before[line]
    new = {**card, "kind": KIND_OF[change.kind], "base": as_travelled(change.base), "sides": sides}
    if change.ends is None and card["state"] != "open":
        new |= {"state": "open", "decided_at": None, "decided_by": None, "decision": None}
    return new


def joined(card: Row, line: str, side: Side) -> Row:
    """The card, open, with one more side in place of the line's earlier one."""
    sides = {**(card["sides"] or {}), line: travel_side(side, card["version"] + 1)}
    return {**card, "sides": sides, "state": "open"}


def agreed(card: Row, values: Mapping[str, Any], version: int, now_ms: int) -> Row:
    """The card closed by itself: nobody decided, for nothing was left to decide.

    version: of the record now. Who changed it before that has not seen the end of it.
    """
    decision = {"choice": "agreed", "values": as_travelled(values), "why": None, "version": version}
    return {**card, "state": "decided", "decided_at": now_ms, "decided_by": None, "decision": decision}


def decided(card: Row, user: str, now_ms: int, decision: Mapping[str, Any]) -> Row:
    """The card settled by a person; its sides stay on it, so the losing value is always there to see."""
    return {
        **card,
        "state": "decided",
        "decided_at": now_ms,
        "decided_by": user,
        "decision": {**decision, "at": card["version"] + 1},
    }


def travel_side(side: Side, at: int) -> Row:
    """A side as a card keeps it. at: version of the card at which it came on it."""
    kept = side.as_json()
    return {**kept, "values": as_travelled(kept["values"]), "at": at}
