"""What lies in a tray, seen from a laptop and at the council."""

from typing import Any

from sqlalchemy import select

from sync.ops import Act, Reason
from sync.ports import Proposed, Ruling, Verdict
from sync.sql import Change
from tests.sync.conftest import HOLD, Device, World

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


def moved(world: World) -> tuple[str, Device, Device]:
    """A tool that ana had on her laptop and has not any more; bo has its shelf now."""
    tool = world.put("tool", shelf="b", name="spade", colour="red", phone="1")
    ana, bo = world.device("ana", "a", "b"), world.device("bo", "b")
    ana.sync()
    bo.sync()
    world.keeper.allow("ana", "a")
    world.keeper.rulings["ana"] = HOLD
    world.put("price", pence=3)
    return tool, ana, bo
