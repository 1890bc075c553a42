"""Devices that come to agree, or to a clash of two, by whole rounds and halves of them."""

import pytest

from sync.errors import Unreachable
from sync.standing import digest
from tests.sync.conftest import Device, World


def in_turn(column: str, *values: str) -> str:
    """The one of equals that stands until a person decides: no clock and no order has a say."""
    return min(values, key=lambda value: digest({column: value}))


def pull_only(device: Device) -> None:
    """A round whose push never leaves and whose pull does: the pull half of an interrupted round."""
    waiting = device.waiting()
    real = device.store.waiting
    device.store.waiting = lambda *a: type(real(*a))((), (), 0, "0" * 64, 0, 0)  # type: ignore[method-assign]
    try:
        device.sync()
    finally:
        del device.store.waiting
    assert device.waiting() == waiting


def cut_before_pull(device: Device) -> None:
    """A round whose push has its answer and whose pull never leaves."""

    def cut(step: str, body: bytes) -> None:
        if step == "pull":
            raise Unreachable("cut")

    device.transport.before = cut
    with pytest.raises(Unreachable):
        device.sync()
    device.transport.before = None


def agree(world: World, *devices: Device) -> None:
    """Every device holds, record for record, what the council holds in its scopes."""
    for device in (*devices, *devices):
        device.sync()
    for device in devices:
        for name in ("tool", "journal", "alarm", "price", "conflict"):
            with world.engine.begin() as connection:
                rows = connection.execute(world.schema[name].table.select()).mappings().all()
            mine = world.keeper.shelves[device.user]
            for row in rows:
                if row["scope"] in mine:
                    assert device.row(row["id"], name) == dict(row)


def clash(world: World) -> tuple[Device, Device, str]:
    """Ana and Ben, and a record of which they have changed the same field at once."""
    ana, ben = world.device("ana"), world.device("ben")
    tool = world.put("tool", shelf="a", phone="0")
    ana.sync(), ben.sync()
    ana.edit(tool, phone="1")
    ben.edit(tool, phone="2")
    agree(world, ana, ben)
    return ana, ben, tool
