"""What lies in a tray, seen from a laptop and at the council."""

from typing import Any

from sqlalchemy import select

from sync.ops import Act, Reason
from sync.ports import Proposed, Ruling, Verdict
from sync.sql import Change
from tests.sync.conftest import Device, World

TO_READ = Verdict(to_read=True)
REQUEST = Verdict(Ruling.HOLD, Reason.REQUEST)


def tray(device: Device) -> list[dict[str, Any]]:
    """What lies in the tray of a laptop, in the order it was saved."""
    table = device.schema["held"].table
    with device.engine.begin() as connection:
        return [dict(row) for row in connection.execute(select(table).order_by(table.c.id)).mappings()]


def at_hub(world: World, op_id: str) -> dict[str, Any]:
    row = world.row(op_id, "held")
    assert row is not None
    return row


def say(device: Device, item: str, choice: str, why: str | None = None) -> list[str]:
    return device.save(Change("held", item, {"choice": choice, "why": why}, Act.DECIDE))


def is_new(proposal: Proposed, name: str) -> bool:
    return proposal.before is None and proposal.row.get("name") == name
