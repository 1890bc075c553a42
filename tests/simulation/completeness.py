"""I8: nothing is overwritten unseen and nothing is dropped unseen.

Not a second merge: only what any right one must keep. A value that its overwriter had not seen is on
a card; a value that was sent and does not stand is on a card; of flags that protect, what stands
while a card is open is as safe as anything on it. Beside that: acts whole, each laptop's ops in order
(but for the urgent), what is held or to be read in a tray, and the records what their ledger says.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.simulation import reading
from tests.simulation.ghost import Intent, Violation
from tests.simulation.reading import Card, LedgerRow
from tests.simulation.schema import SAFE
from tests.simulation.world import World

LIVING = ("tool", "borrower")
WAITS = ("held", "refused")


@dataclass(frozen=True, slots=True)
class Overwritten:
    """A value that one row replaced."""

    row: LedgerRow
    column: str
    old: Any


def look_at_values(world: World, new: list[LedgerRow]) -> None:
    """Follow the values through the new rows of one transaction, then ask what became of them."""
    lost: list[Overwritten] = []
    _check_decided(world, new)
    for row in new:
        if row.kind == "purge":
            world.ghost.values.pop((row.table, row.record), None)
        elif row.table not in ("conflict", "held"):
            lost += _follow(world, row)
        _check_order(world, row)
        _check_tray(world, row)
    cards: dict[str, list[Card]] = {}
    for gone in lost:
        if not _gone_on_from(world, gone, new):
            _check_overwritten(world, gone, _cards(world, cards, gone.row.record))
    for place, row in enumerate(new):
        intent = world.ghost.meant(row.op_id)
        if intent is not None and row.table in LIVING and row.kind == "update" and row.outcome not in WAITS:
            _check_kept(world, row, intent, new[place + 1 :], _cards(world, cards, row.record))
    for row in new:
        if row.table == "tool":
            _check_safest(world, row.record, _cards(world, cards, row.record))
            _check_stands(world, row.record, _cards(world, cards, row.record))
    _check_acts(world, new)


def remember_values(world: World) -> None:
    """The hub went back: its records are what the rows it kept made them. Without this an op that says
    what stands already would look as if its value were nowhere."""
    for row in world.ghost.ledger:
        if row.kind == "purge":
            world.ghost.values.pop((row.table, row.record), None)
        elif row.table not in ("conflict", "held"):
            list(_follow(world, row))


def _cards(world: World, known: dict[str, list[Card]], record: str) -> list[Card]:
    if record not in known:
        known[record] = reading.cards_about(world.hub_disk.raw, record)
    return known[record]


def _follow(world: World, row: LedgerRow) -> Iterator[Overwritten]:
    """Move the ghost's copy of the record on by one row; gives what that replaced."""
    if row.content is None or row.outcome in WAITS or row.kind not in ("insert", "update"):
        return
    kept = json.loads(row.effect if row.effect is not None else row.content)
    values = world.ghost.values.setdefault((row.table, row.record), {})
    for column, value in kept["patch"].items():
        old = values.get(column)
        values[column] = value
        if row.kind == "update" and old != value and old is not None:
            yield Overwritten(row, column, old)


def _check_decided(world: World, new: list[LedgerRow]) -> None:
    """I8: a decision replaces only what its author saw standing."""
    for decide, row in pairwise(new):
        intent = world.ghost.intents.get(decide.op_id)
        if decide.kind != "decide" or intent is None or decide.table != "conflict" or row.content is None:
            continue
        if decide.outcome == "conflict":
            continue  # it decided nothing: what the row behind it replaced is looked at as any other
        if row.device or row.table == "conflict" or row.kind != "update":
            continue
        standing = json.loads(intent.content)["was"].get("standing", {})
        before = world.ghost.values.get((row.table, row.record), {})
        for column in json.loads(row.content)["patch"]:
            if column in standing and standing[column] != before.get(column) and not world.may_differ:
                raise Violation("I8", f"row {decide.seq} decided about a {column} its author had not seen")


def _check_overwritten(world: World, gone: Overwritten, cards: list[Card]) -> None:
    """I8: what its overwriter had not seen is to be seen on a card."""
    intent = world.ghost.meant(gone.row.op_id)
    if intent is None or intent.table not in LIVING:
        return
    if gone.column not in world.hub_schema[intent.table].columns:
        return  # a council that does not know it keeps the last word beside the record, and all in its ledger
    content = json.loads(intent.content)
    if gone.column in intent.blind or content["was"].get(gone.column) == gone.old:
        return
    if _wrote_before(world, intent, gone, cards) or _took_back(world, gone, cards):
        return
    if not any(gone.column in card.columns and _holds(card, gone.column, gone.old) for card in cards):
        raise Violation(
            "I8",
            f"row {gone.row.seq} overwrote {gone.column} unseen, and no card has it: "
            f"{gone.old!r:.40}, was {content['was'].get(gone.column)!r:.40}",
        )


def _wrote_before(world: World, intent: Intent, gone: Overwritten, cards: list[Card]) -> bool:
    """Whether the value that went was her own line's, which she may change as she likes, or one she had
    seen before what she wrote meanwhile came to nothing. A value she decided a card with is hers too."""
    for other in _intents(world, gone, cards):
        if other.line != intent.line or other.order > intent.order:
            continue
        if _began_with(world, other, gone):
            return True
        was = json.loads(other.content)["was"]
        if other is intent:
            continue
        if other.kind == "decide" and gone.old == (other.patch.get("values") or {}).get(gone.column):
            return True
        if gone.old in (other.patch.get(gone.column), was.get(gone.column)):
            return True
    return False


def _began_with(world: World, intent: Intent, gone: Overwritten) -> bool:
    """Whether the record held the value at the base of an op that changes something else of the same
    group: she saw it, and it is part of what she says, though neither `patch` nor `was` names it."""
    table = world.hub_schema.get(intent.table)
    if table is None or intent.record != gone.row.record or intent.base[0] != world.ghost.epoch:
        return False
    policy = table.policy
    if policy.group_of(gone.column) not in {policy.group_of(column) for column in intent.patch}:
        return False
    held = None
    for row in world.ghost.ledger:
        if row.record != intent.record or row.version > intent.base[1] or row.outcome in WAITS:
            continue
        if row.content is not None and row.kind in ("insert", "update"):
            done = json.loads(row.effect if row.effect is not None else row.content)["patch"]
            held = done.get(gone.column, held)
    return bool(held == gone.old)


def _gone_on_from(world: World, gone: Overwritten, new: list[LedgerRow]) -> bool:
    """Whether somebody who saw the value standing changed it, behind its overwriter in the same
    transaction: then it is over, as it would be had she come first, and the card has hers instead. What
    the card said between the two rows, nobody can look at any more."""
    for row in new:
        intent = world.ghost.meant(row.op_id)
        later = row.seq > gone.row.seq and row.record == gone.row.record and row.outcome not in WAITS
        if intent is None or not later or row.kind != "update" or gone.column not in intent.patch:
            continue
        saw = json.loads(intent.content)["was"].get(gone.column) == gone.old
        before = (each for each in world.ghost.by_record[intent.record] if each.order < intent.order)
        hers = any(e.line == intent.line and e.patch.get(gone.column) == gone.old for e in before)
        if saw and not hers and intent.patch[gone.column] != gone.old:
            return True
    return False


def _took_back(world: World, gone: Overwritten, cards: list[Card]) -> bool:
    """Whether everybody who had said the value has said something else since: the card has that.

    Who said it, not whose row put it there: where several differ, what stands is the hub's choice, and
    the row of one may bring up the words of another. A value that is nobody's last word is lost to
    nobody."""
    last: dict[str, Any] = {}
    said_it = False
    about = {gone.row.record, *(card.id for card in cards)}
    for row in world.ghost.ledger:
        if row.record not in about or row.outcome in WAITS or row.content is None:
            continue
        patch = json.loads(row.content)["patch"]
        if row.kind == "decide":
            patch = patch.get("values") or {}
        elif row.table == "conflict":
            continue
        if gone.column in patch:
            said_it = said_it or patch[gone.column] == gone.old
            last[row.line] = patch[gone.column]
    return said_it and gone.old not in last.values()


def _intents(world: World, gone: Overwritten, cards: list[Card]) -> Iterator[Intent]:
    """What people saved about the record and about its cards."""
    for record in (gone.row.record, *(card.id for card in cards)):
        yield from world.ghost.by_record.get(record, ())


def _holds(card: Card, column: str, value: Any) -> bool:
    sides = [side["values"].get(column) for side in card.sides.values()]
    return value in sides or card.base.get(column) == value


def _check_kept(
    world: World, row: LedgerRow, intent: Intent, later: list[LedgerRow], cards: list[Card]
) -> None:
    """I8: each value that was sent stands, or is on a card, or a later row of this transaction took its
    place (which is looked at by itself)."""
    content = json.loads(intent.content)
    values = world.ghost.values.get((row.table, row.record), {})
    if any(other.kind == "decide" and other.line == row.line for other in later):
        return  # she decided the card in the same breath, which takes the place of what she said before
    touched = {c for other in later if other.record == row.record for c in _columns(world, other)}
    for column, value in content["patch"].items():
        if content["was"].get(column) == value or values.get(column) == value or column in touched:
            continue
        if _went_back(world, intent, column, value):
            continue
        if column in world.hub_schema[row.table].columns and not any(
            column in card.columns and _holds(card, column, value) for card in cards
        ):
            raise Violation("I8", f"row {row.seq} ({row.outcome}) dropped {column}: no card has it")


def _went_back(world: World, intent: Intent, column: str, value: Any) -> bool:
    """Whether she only took back what she had said: the value of her base is nobody's wish."""
    return any(
        other.line == intent.line
        and column in other.patch
        and json.loads(other.content)["was"].get(column) == value
        for other in world.ghost.by_record[intent.record]
    )


def _columns(world: World, row: LedgerRow) -> set[str]:
    if row.content is None:
        return set()
    content = json.loads(row.content)["patch"]
    effect = json.loads(row.effect)["patch"] if row.effect is not None else {}
    return {*content, *effect}


def _check_safest(world: World, record: str, cards: list[Card]) -> None:
    """I8: while it is disputed whether it is safe to call, the safest answer stands."""
    row = reading.row(world.hub_disk.raw, "tool", ("id", "safe"), record)
    stands = row["safe"] if row is not None else None
    for card in cards:
        if card.group != "calling" or card.state != "open":
            continue
        said = [
            side["values"].get("safe") for side in card.sides.values() if side.get("at", 1) > card.settled
        ]
        if said and _rank(stands) < max(map(_rank, said)):
            raise Violation("I8", f"{stands!r} stands while a card says {said}")


def _check_stands(world: World, record: str, cards: list[Card]) -> None:
    """I8: while it is disputed what a field holds, it holds what one of the sides says, or what all of
    them started from: never what nobody says any more."""
    for card in cards:
        if card.state != "open" or not card.columns:
            continue
        row = reading.row(world.hub_disk.raw, card.table, ("id", *card.columns), record)
        live = [side for side in card.sides.values() if side.get("at", 1) > card.settled]
        for column in card.columns if row is not None else ():
            said = [side["values"][column] for side in live if column in side["values"]]
            held = [as_stored(column, value) for value in (*said, card.base.get(column))]
            if row is not None and row[column] not in held:
                raise Violation("I8", f"{column} holds what no side of its open card says")


def _rank(value: Any) -> int:
    return -1 if value is None else SAFE.index(value) if value in SAFE else len(SAFE)


def _check_order(world: World, row: LedgerRow) -> None:
    """Each laptop's ops come in the order of their saves, but for urgent ones."""
    ghost = world.ghost
    intent = ghost.intents.get(row.op_id)
    if intent is None or ghost.was_restored or intent.table == "alarm":
        return
    saved = ghost.saved[intent.device]
    for op_id in saved[ghost.arrived.get(intent.device, 0) : intent.order]:
        before = ghost.intents[op_id]
        expected = before.excused is None and not before.moved and before.table != "alarm"
        if expected and op_id not in ghost.by_op:
            raise Violation("order", f"op {row.op_id} came before {op_id}, which was saved earlier")
    ghost.arrived[intent.device] = max(ghost.arrived.get(intent.device, 0), intent.order)


def _check_tray(world: World, row: LedgerRow) -> None:
    """What is held is in a tray, whole."""
    if row.outcome != "held" or row.op_id not in world.ghost.intents:
        return
    if not reading.ids(world.hub_disk.raw, "held", "id = ?", (row.op_id,)):
        raise Violation("I1", f"op {row.op_id} is held and in no tray")


def _check_acts(world: World, new: list[LedgerRow]) -> None:
    """Ops saved together arrive together, and fall together."""
    ghost = world.ghost
    acts = {ghost.intents[row.op_id].act for row in new if row.op_id in ghost.intents}
    for act in acts:
        of_act = [ghost.intents[op_id] for op_id in ghost.acts[act]]
        plain = [i for i in of_act if i.table != "alarm" and i.excused is None]
        there = [ghost.by_op[i.op_id].outcome for i in plain if i.op_id in ghost.by_op]
        if there and len(there) < len(plain) and not ghost.was_restored:
            raise Violation("act", f"an act of {len(plain)} ops arrived in parts")
        if any(outcome in WAITS for outcome in there) and not all(outcome in WAITS for outcome in there):
            raise Violation("act", f"an act did not fall together: {there}")


def look_at_record(world: World, key: tuple[str, str]) -> None:
    """I9, I11: a record is exactly what replaying its ledger gives."""
    values = world.ghost.values.get(key)
    table = world.hub_schema.get(key[0])
    if values is None or table is None:
        return
    columns = tuple(c for c in table.columns if c in values)
    row = reading.row(world.hub_disk.raw, key[0], ("id", *columns), key[1])
    if row is None:
        return
    for column in columns:
        if as_stored(column, values[column]) != row[column]:
            raise Violation("I9", f"{key[0]}.{column} is not what its ledger says")


def as_stored(column: str, value: Any) -> Any:
    if column in ("due_at", "received_at") and isinstance(value, str):
        return value.replace("T", " ").removesuffix("Z").removesuffix("+00:00") + (
            "" if "." in value else ".000000"
        )
    return int(value) if isinstance(value, bool) else value
