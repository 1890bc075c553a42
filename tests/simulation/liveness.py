"""Afterwards: everything heals, everybody syncs, and all must agree.

L1 the queues are empty and the cursors at the head within three rounds; L2 each laptop holds exactly
the rows its grants give, column by column; L3 count and digest are the same on both sides; L4 no
round needs more turns than its pages explain (`network.TURNS`). And I1 for the whole run: every
intent is somewhere.
"""

import json
from collections import defaultdict
from datetime import timedelta
from random import Random
from typing import Any

from sync.errors import NotAllowed
from sync.sql.aside import set_aside
from tests.simulation import attachments, reading, versions
from tests.simulation.council import enrol_again, redraw
from tests.simulation.device import Device
from tests.simulation.ghost import Intent, Violation, digest_of
from tests.simulation.network import Network
from tests.simulation.world import World

ROUNDS = 3
JSON_COLUMNS = {"columns", "base", "sides", "decision", "extra", "patch", "was"}
WITHHELD = "~withheld"


def heal(world: World, network: Network) -> None:
    """No more faults: what is under way ends, what was late arrives, the clocks are put right."""
    network.faulty = False
    rng = Random(f"heal {world.plan.seed}")
    while network.turn(rng):
        pass
    updated = versions.heal(world)
    before = world.today()
    world.hub_clock.off = timedelta()
    redraw(world, before)
    for device in world.devices:
        device.net, device.clogged_until, device.clock.off = "up", 0, timedelta()
        if device.session == "revoked":
            enrol_again(world, device)
        device.session = "in"
    _sync_all(world, network, rng)
    attachments.heal(world, network, lambda: _sync_all(world, network, rng))
    if world.may_differ:
        _agree(world, network, rng)
        for device in updated:
            # What the council lost and this one had no list to find: scope by scope, as its turn comes.
            for _ in reading.held_scopes(device.disk.raw):
                before = world.today()
                world.pass_time(timedelta(seconds=1))  # it is the turn of the one counted longest ago
                redraw(world, before)
                _sync(world, network, rng, device)
                _agree(world, network, rng)


def _agree(world: World, network: Network, rng: Random) -> None:
    """What the council lost and nobody could offer again: a person is asked, and agrees."""
    asked = [device for device in world.devices if reading.asked_about(device.disk.raw)]
    for device in asked:
        world.act_as(device)
        with device.disk.engine.begin() as connection:
            set_aside(connection, device.schema, int(device.clock.now().timestamp() * 1000))
    if asked:
        _sync_all(world, network, rng)


def _sync_all(world: World, network: Network, rng: Random) -> None:
    for _ in range(ROUNDS):
        order = list(world.devices)
        rng.shuffle(order)
        for device in order:
            _sync(world, network, rng, device)


def _sync(world: World, network: Network, rng: Random, device: Device) -> None:
    network.start(device, rng)
    network.finish(device)
    if isinstance(device.last, NotAllowed):
        enrol_again(world, device)  # one of two that were the same: a person sees to it


def look_at_all(world: World) -> None:
    """Raises Violation for the first thing that is not as it should be."""
    _check_tally(world)
    for device in world.devices:
        _check_device(world, device)
    for intent in world.ghost.intents.values():
        _check_intent(world, intent)


def _check_tally(world: World) -> None:
    raw = world.hub_disk.raw
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for (table, record), (version, scope) in reading.versions(raw, world.hub_schema).items():
        found[scope, table][record] = version
    told = {key: value for key, value in reading.tally(raw).items() if value[0]}
    counted = {key: (len(v), digest_of(v)) for key, v in found.items()}
    if told != counted:
        wrong = sorted(k for k in told.keys() | counted.keys() if told.get(k) != counted.get(k))
        raise Violation("L3", f"the hub's tally is wrong for {wrong}")


def _check_device(world: World, device: Device) -> None:
    raw, name = device.disk.raw, f"device {device.index}"
    if asked := reading.asked_about(raw):
        raise Violation("L3", f"{name} asks about {asked} records that nothing explains")
    if isinstance(device.last, BaseException):
        raise Violation("L1", f"{name} still ends with {device.last!r}")
    if waiting := reading.waiting(raw):
        raise Violation("L1", f"{name} has {len(waiting)} ops waiting for ever")
    if reading.cursor(raw) != (world.ghost.epoch, world.ghost.head):
        raise Violation("L1", f"{name} stands at {reading.cursor(raw)}, not {world.ghost.head}")
    if reading.shadows(raw):
        raise Violation("L1", f"{name} keeps shadows with nothing waiting")
    grants = reading.live_grants(world.hub_disk.raw, device.caller.user)
    held = reading.held_scopes(raw)
    if {s: (k, lv) for s, (k, lv, _, _) in held.items()} != grants or any(
        lost or not filled for _, _, filled, lost in held.values()
    ):
        raise Violation("L2", f"{name} holds other scopes than its user is given")
    for table in world.hub_schema:
        if device.schema.get(table.name) is not None:
            _check_table(world, device, table.name, grants)


def _check_table(
    world: World, device: Device, table: str, grants: dict[str, tuple[frozenset[str], int]]
) -> None:
    here = device.schema[table]
    columns = here.all_columns
    theirs = reading.rows(world.hub_disk.raw, table, columns)
    wanted = {r: row for r, row in theirs.items() if table in grants.get(row["scope"], ((), 0))[0]}
    mine = reading.rows(device.disk.raw, table, columns)
    if wanted.keys() != mine.keys():
        odd = sorted(wanted.keys() ^ mine.keys())
        raise Violation("L2", f"device {device.index}: a {table} too few or too many: {odd[:3]}")
    described = world.hub_schema[table]
    own = {
        i.record for i in world.ghost.intents.values() if i.line == device.caller.line and i.kind == "insert"
    }
    for record, row in wanted.items():
        level = grants[row["scope"]][1]
        plain = {c: _value(c, v) for c, v in row.items()}
        typed = {c: bool(v) if c == "hidden_place" and v is not None else v for c, v in row.items()}
        hidden = set(described.hidden(typed, level))
        for column in columns:
            got = _value(column, mine[record][column])
            if column == "extra":
                _check_unknown(world, device, table, record, got, hidden)
            expected = None if column in hidden else plain[column]
            if column in hidden and got is not None and record in own:
                expected = plain[column]  # her own words, which she wrote without being given them
            if column != "extra" and got != expected:
                raise Violation(
                    "L2",
                    f"device {device.index}: {table}.{column} of {record} is not what the hub has "
                    f"({got!r:.60}, {expected!r:.60})",
                )


def _check_unknown(
    world: World, device: Device, table: str, record: str, extra: Any, hidden: set[str]
) -> None:
    """What a laptop's version does not know it keeps all the same."""
    newer = [c for c in world.hub_schema[table].columns if c not in device.schema[table].columns]
    if not newer:
        return
    found = reading.row(world.hub_disk.raw, table, ("id", *newer), record)
    assert found is not None
    for column in newer:
        kept = (extra or {}).get(column)
        if kept != found[column] and not (column in hidden and kept is None):
            raise Violation("L2", f"device {device.index} lost {table}.{column}, which it does not know")


def _value(column: str, value: Any) -> Any:
    return json.loads(value) if column in JSON_COLUMNS and isinstance(value, str) else value


def _check_intent(world: World, intent: Intent) -> None:
    """I1: each saved change is in the ledger with its content, or still on a laptop that lives."""
    row = world.ghost.by_op.get(intent.op_id)
    own = world.devices[intent.device]
    if row is not None and row.outcome == "refused" and not own.was_put_back and not world.may_differ:
        kept_here = reading.op(world.devices[intent.device].disk.raw, intent.op_id)
        purged = row.reason == "purged" or intent.record in world.ghost.purged
        if not purged and (kept_here is None or kept_here[7] not in (intent.content, b"")):
            raise Violation("I1", f"op {intent.op_id} was refused and its text is nowhere")
    if row is not None:
        return
    kept = reading.receipt(world.devices[intent.device].disk.raw, intent.op_id)
    if world.ghost.was_restored and kept is not None and kept[3] == "refused":
        return  # its author has it with its reason; it is not offered twice
    if intent.excused is None:
        raise Violation("I1", f"op {intent.op_id} ({intent.kind} {intent.table}) is lost")
