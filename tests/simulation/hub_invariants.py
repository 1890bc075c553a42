"""What must hold of the ledger after every step, looking only at its new rows.

I1 (content arrives as saved), I2 (once), I7 (who, judged, when), I9 (versions without a gap), I11 (who
is told `applied` had read the record) and I14 as far as sync answers it (the ledger is the audit
trail: every row is chained to the one before, commits to its content, and the records are exactly
what replaying it gives).
"""

import hashlib
from collections.abc import Collection
from typing import Any

from sync.ports import Ruling
from tests.simulation import reading
from tests.simulation.completeness import look_at_record, look_at_values
from tests.simulation.ghost import Violation, commitment
from tests.simulation.reading import LedgerRow
from tests.simulation.trays import admitted
from tests.simulation.world import World

TOOK = ("applied", "merged")
PURGED = ("tool", "picture", "conflict", "held")


def look_at_hub(world: World) -> None:
    """Check every row the ledger has grown since the last look, and remember it."""
    ghost = world.ghost
    new = reading.ledger(world.hub_disk.raw, ghost.head)
    if not new:
        return
    epoch, seq, head_hash = reading.head(world.hub_disk.raw)
    if epoch != ghost.epoch or seq != new[-1].seq or head_hash != new[-1].hash:
        raise Violation("I9", "the ledger's head is not its last row")
    let_in = admitted(world, new)
    for row in new:
        _check_row(world, row, let_in)
        ghost.add(row)
    ghost.commits.append(seq)
    if any(row.kind == "purge" for row in new):
        _purge(world)
    _check_versions(world, new)
    look_at_values(world, new)
    for key in dict.fromkeys((row.table, row.record) for row in new):
        look_at_record(world, key)


def _check_row(world: World, row: LedgerRow, let_in: Collection[tuple[str, str]]) -> None:
    ghost = world.ghost
    if row.seq != ghost.head + 1:
        raise Violation("I9", f"the ledger jumps from {ghost.head} to {row.seq}")
    if row.op_id in ghost.by_op:
        raise Violation("I2", f"op {row.op_id} is in the ledger twice")
    if row.hash != _link(ghost.ledger[-1].hash if ghost.ledger else "0" * 64, row):
        raise Violation("I14", f"row {row.seq} is not chained to the one before")
    envelope = row.outcome == "refused" and row.reason in ("too_large", "unreadable")
    proved = row.content and row.salt is not None and not envelope
    if proved and commitment(row.salt or "", row.content or b"") != row.commitment:
        raise Violation("I14", f"row {row.seq} does not commit to its content")
    intent = ghost.intents.get(row.op_id)
    if intent is not None:
        if row.content is not None and not envelope and bytes(row.content) != intent.content:
            raise Violation("I1", f"op {row.op_id} arrived with other content than was saved")
        if row.author != intent.user or row.line != intent.line:
            raise Violation("I7", f"op {row.op_id} is in the ledger as somebody else's")
    _check_author(world, row, let_in)
    _check_read(world, row)
    _check_version(world, row)
    _check_parent(world, row)


def _link(before: str, row: LedgerRow) -> str:
    parts = (
        row.seq, row.op_id, row.kind, row.table, row.record, row.version, row.scope, row.author, row.device,
        row.line, row.n, row.made_at, row.received_at, row.outcome, row.reason, row.commitment,
    )  # fmt: skip
    return hashlib.sha256("|".join([before, *map(str, parts)]).encode()).hexdigest()


def _check_author(world: World, row: LedgerRow, let_in: Collection[tuple[str, str]]) -> None:
    """I7: author, device and time are the hub's own; what took effect was admitted just now, its author's
    or, out of a tray, by whoever let it in.

    let_in: (author, line) of what came out of trays in this transaction.
    """
    caller = world.handling
    if row.n == 0 and row.device == "" and row.author == "":
        return  # the hub's own row, by the clock
    by = None if (row.author, row.line) in let_in and not row.device else row.author
    if by is None:
        pass
    elif row.author != caller.user or row.line != caller.line or row.device not in ("", caller.device):
        raise Violation("I7", f"row {row.seq} names another author than the one who sent it")
    if row.received_at != int(world.hub_clock.now().timestamp() * 1000):
        raise Violation("I7", f"row {row.seq} has not the hub's time")
    raised = row.version > world.ghost.version.get((row.table, row.record), 0)
    is_own = bool(row.device) or row.op_id in world.ghost.admitted
    if raised and is_own and row.table != "conflict" and row.kind != "purge":
        rulings = world.keeper.verdicts.get((caller.user, row.table, row.record), set())
        if Ruling.ADMIT not in rulings:
            raise Violation("I7", f"row {row.seq} changed a record though its author was not admitted")


def _check_read(world: World, row: LedgerRow) -> None:
    """I11: an edit is `applied` only if its author had read what it was written over. Her laptop takes the
    version of the receipt for read, so anything else would let her next edit pass over what she never
    saw."""
    ghost, intent = world.ghost, world.ghost.intents.get(row.op_id)
    if intent is None or row.outcome != "applied" or row.kind != "update" or intent.base[1] == 0:
        return
    epoch, version = intent.base
    if epoch != ghost.epoch:
        raise Violation("I11", f"row {row.seq} was applied over a base of another past")
    if ghost.others_since((row.table, row.record), version, row.line):
        raise Violation("I11", f"row {row.seq} was applied over what its author had not read")


def _purge(world: World) -> None:
    """What was purged, with the cards and tray items about it, counts no more."""
    ghost, raw = world.ghost, world.hub_disk.raw
    kinds = [kind for kind in PURGED if world.hub_schema.get(kind) is not None]
    here = {(kind, record) for kind in kinds for record in reading.ids(raw, kind)}
    mine = {key for key in ghost.version if key[0] in kinds}
    gone = mine - here
    ghost.purged |= {record for _, record in gone}
    ghost.forget(gone)


def _check_parent(world: World, row: LedgerRow) -> None:
    """What names a record that was never taken waits or falls with it."""
    intent = world.ghost.intents.get(row.op_id)
    if intent is None or row.kind != "insert" or row.outcome in ("held", "refused"):
        return
    parent = intent.patch.get("tool_id")
    ghost = world.ghost
    if parent and not ghost.version.get(("tool", parent)) and parent not in ghost.purged:
        inserts = [each for each in ghost.ledger if each.record == parent and each.kind == "insert"]
        if ghost.was_restored and not inserts:
            return  # it was taken, the hub that was put back has lost it, and its author offers it again
        raise Violation("follows", f"row {row.seq} was taken though the tool it is about was not")


def _check_version(world: World, row: LedgerRow) -> None:
    before = world.ghost.version.get((row.table, row.record), 0)
    # A purged record has no version; a council put back carries its purges out again by itself.
    if row.kind == "purge" or (row.reason == "purged" and row.version == 0):
        return
    if row.version not in (before, before + 1):
        raise Violation("I9", f"row {row.seq} takes its record from version {before} to {row.version}")
    if row.version > before and row.outcome in ("held", "refused"):
        raise Violation("I9", f"row {row.seq} was {row.outcome} and changed its record")


def _check_versions(world: World, new: list[LedgerRow]) -> None:
    """The records themselves are at the versions the ledger says."""
    raw = world.hub_disk.raw
    for key in dict.fromkeys((row.table, row.record) for row in new):
        expected = world.ghost.version.get(key, 0)
        table, record = key
        found: dict[str, Any] | None = None
        if world.hub_schema.get(table) is not None:
            found = reading.row(raw, table, ("id", "version"), record)
        if record in world.ghost.purged and found is not None and not world.may_differ:
            raise Violation("I12", f"a purged {table} is back")
        if record in world.ghost.purged:
            continue
        if (found["version"] if found else 0) != expected:
            raise Violation("I9", f"a {table} stands at another version than its ledger says ({expected})")
