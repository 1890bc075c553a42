"""What comes out of the trays: an op that is let in is in the ledger as what its author meant (I1), under
her name (I7), and counts from then on like any other of hers (I8)."""

import json

from tests.simulation import reading
from tests.simulation.ghost import Violation
from tests.simulation.reading import Item, LedgerRow
from tests.simulation.world import World


def admitted(world: World, new: list[LedgerRow]) -> set[tuple[str, str]]:
    """Note which new rows are ops that were let in; gives the (author, line) of those."""
    found: set[tuple[str, str]] = set()
    for place, row in enumerate(new):
        intent = world.ghost.intents.get(row.op_id)
        if row.table != "held" or row.kind != "decide" or row.outcome != "applied" or intent is None:
            continue
        for item in reading.decided_with(world.hub_disk.raw, row.record):
            # Not those that were decided before with it, or came to follow it since.
            if item.state == "admitted" and intent.patch["choice"] == "admit":
                found |= _let_in(world, item, new[place + 1 :])
            elif item.state == "waiting":
                raise Violation("I1", f"item {item.id} waits behind one that is decided")
    return found


def _let_in(world: World, item: Item, behind: list[LedgerRow]) -> set[tuple[str, str]]:
    meant = world.ghost.intents.get(item.id)
    if meant is None:
        return {(item.author, item.line)}  # saved before a restore, and offered again by nobody we know
    for row in behind:
        same = (row.table, row.record, row.kind) == (item.table, item.record, item.kind)
        if not same or row.op_id in world.ghost.admitted or row.content is None:
            continue
        if json.loads(row.content)["patch"] == json.loads(meant.content)["patch"]:
            world.ghost.admitted[row.op_id] = meant
            return {(item.author, item.line)}
    raise Violation("I1", f"item {item.id} was let in and is not in the ledger")
