"""I15: what a worker is told of her work is so. "All received" is never said of an op the council has not
got, and what only this laptop has is shown as on this laptop."""

from sync.sql.states import State, safe_to_close, states
from tests.simulation import reading
from tests.simulation.device import Device
from tests.simulation.ghost import Violation
from tests.simulation.world import World


def look_at_what_is_shown(world: World, device: Device) -> None:
    """Ask what the app asks after a round, and compare with the council's own ledger."""
    ghost = world.ghost
    here = set(reading.all_ops(device.disk.raw))
    mine = [ghost.intents[op_id] for op_id in ghost.saved[device.index] if op_id in here]
    # After the council was put back a receipt holds until the laptop hears of it.
    without = [
        intent
        for intent in mine
        if intent.op_id not in ghost.by_op
        and (not ghost.was_restored or reading.receipt(device.disk.raw, intent.op_id) is None)
    ]
    records = {intent.record for intent in without}
    with device.disk.reading() as connection:
        closing = safe_to_close(connection, device.schema)
        shown = states(connection, device.schema, records)
    if closing.is_all_received and without:
        raise Violation("I15", f"device {device.index} says all is received, and {len(without)} ops are not")
    if wrong := [record for record in records if shown.records[record] is not State.HERE]:
        raise Violation("I15", f"device {device.index} shows {len(wrong)} records as received that are not")
    acts = {intent.act for intent in without}
    if shown.here < len(acts):
        raise Violation("I15", f"device {device.index} counts {shown.here} acts on it alone, not {len(acts)}")
