"""What must hold of a laptop after every turn it had.

I1 and I3 (nothing leaves the queue but by a receipt the hub stands by), I4 (no gap behind the
cursor), I5 (the cursor only goes on), I6 (after a round, nothing of a shelf one does not have),
I10 (the cursor stands between transactions of the hub, never within one), I15 (`shown`).
"""

from typing import Any

from sync.device import Report
from tests.simulation import reading
from tests.simulation.completeness import as_stored
from tests.simulation.device import Device
from tests.simulation.ghost import Violation
from tests.simulation.schema import COMMON
from tests.simulation.shown import look_at_what_is_shown
from tests.simulation.world import World

EXPLAINS_REJOIN = {"council put back", "council rolled back", "laptop put back", "profile cloned", "revoked"}


def look_at_device(world: World, device: Device) -> None:
    """Check what changed on this device since the last look."""
    _check_queue(world, device)
    moved = _check_cursor(world, device)
    if moved:
        _check_gap(world, device)
    _check_own_words(world, device)
    if device.flight is None and isinstance(device.last, Report):
        if device.last.rejoined is not None and not EXPLAINS_REJOIN & set(world.faults):
            raise Violation("I5", f"device {device.index} rejoined ({device.last.rejoined}) for no reason")
        device.last = None
        _check_scopes(world, device)
        look_at_what_is_shown(world, device)


def _check_queue(world: World, device: Device) -> None:
    ghost, raw, sight = world.ghost, device.disk.raw, device.sight
    waiting = reading.waiting(raw)
    for op_id in sight.waiting - waiting:
        receipt = reading.receipt(raw, op_id)
        if receipt is None:
            raise Violation("I3", f"op {op_id} left the queue of device {device.index} without a receipt")
        epoch, seq, version, outcome = receipt
        row = ghost.by_op.get(op_id)
        if epoch != ghost.epoch or row is None:
            if epoch == ghost.epoch and not ghost.was_restored:
                raise Violation("I3", f"op {op_id} has a receipt and the hub does not know it")
            continue
        if (row.seq, row.version, row.outcome) != (seq, version, outcome) and not ghost.was_restored:
            raise Violation("I3", f"the receipt of op {op_id} is not what the ledger says")
    sight.waiting = waiting


def _check_cursor(world: World, device: Device) -> bool:
    raw, sight = device.disk.raw, device.sight
    epoch, seq = reading.cursor(raw)
    generation = reading.generation(raw)
    before = sight.cursor
    if (epoch, seq) == before and generation == sight.generation:
        return False
    same = generation == sight.generation and epoch == before[0]
    if same and seq < before[1]:
        raise Violation("I5", f"the cursor of device {device.index} went back from {before[1]} to {seq}")
    if before[0] and epoch and epoch != before[0] and generation == sight.generation:
        raise Violation("I5", f"device {device.index} has another epoch and did not rejoin")
    whole = world.plan.options.page >= 1_000
    if whole and epoch == world.ghost.epoch and seq <= world.ghost.head and seq not in world.ghost.commits:
        raise Violation("I10", f"the cursor of device {device.index} stands within a transaction ({seq})")
    sight.cursor, sight.generation = (epoch, seq), generation
    return True


def _check_gap(world: World, device: Device) -> None:
    ghost, raw = world.ghost, device.disk.raw
    epoch, seq = device.sight.cursor
    if epoch != ghost.epoch or seq > ghost.head or world.may_differ:
        return
    held = reading.held_scopes(raw)
    here = reading.versions(raw, device.schema)
    beside = reading.shadows(raw)
    parked = reading.parked(raw)
    new_here = {ghost.intents[i].record for i in device.sight.waiting if ghost.intents[i].kind == "insert"}
    for key, scope in ghost.scope.items():
        kinds, _, filled, lost = held.get(scope, (frozenset(), 0, False, True))
        if lost or not filled or key[0] not in kinds or device.schema.get(key[0]) is None:
            continue
        if key[1] in new_here:
            continue
        expected = ghost.version_at(key, seq)
        have = max(here.get(key, (0, ""))[0], beside.get(key, 0), parked.get(key, 0))
        if have < expected:
            raise Violation(
                "I4",
                f"device {device.index} stands at {seq} and has {key[0]} {key[1]} at {have}, not {expected}",
            )


def _check_own_words(world: World, device: Device) -> None:
    """I11: what waits to be sent is what its author sees."""
    latest: dict[tuple[str, str], dict[str, Any]] = {}
    for op_id in device.sight.waiting:
        intent = world.ghost.intents[op_id]
        if intent.kind in ("insert", "update"):
            latest.setdefault((intent.table, intent.record), {})[op_id] = intent
    for (table, record), intents in latest.items():
        words: dict[str, Any] = {}
        for intent in sorted(intents.values(), key=lambda each: (each.device, each.order)):
            words |= intent.patch
        columns = tuple(c for c in words if c in device.schema[table].columns)
        row = reading.row(device.disk.raw, table, ("id", *columns), record)
        if row is None:
            continue
        for column in columns:
            if as_stored(column, words[column]) != row[column]:
                raise Violation("I11", f"device {device.index} does not show its own {table}.{column}")


def _check_scopes(world: World, device: Device) -> None:
    """After a finished round everything here is of a scope the hub gave, or waits to be sent. A scope that
    was taken away goes whole, of whatever kind, once nothing in it waits any more, and not before."""
    raw = device.disk.raw
    held = {s: (kinds, lost) for s, (kinds, _, _, lost) in reading.held_scopes(raw).items()}
    waiting = [world.ghost.intents[i] for i in device.sight.waiting if i in world.ghost.intents]
    busy, leaving = {intent.record for intent in waiting}, {intent.scope for intent in waiting}
    for (table, record), (_, scope) in reading.versions(raw, device.schema).items():
        if record in busy:
            continue
        kinds, lost = held.get(scope, (frozenset(), False))
        given = scope in leaving if lost else table in kinds or (scope in held and scope == COMMON)
        if not given:
            raise Violation("I6", f"device {device.index} keeps a {table} of {scope}, which it was not given")
