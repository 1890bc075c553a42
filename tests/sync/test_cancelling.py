"""A round stops where it is asked to, between any two pages, and the next one goes on from there."""

import pytest

from sync.device import Step, run_round
from sync.errors import Cancelled
from tests.sync.agreeing import agree
from tests.sync.conftest import Device, World, in_pages


def stopped_after(device: Device, calls: int) -> list[Step]:
    """Run a round that is cancelled the n-th time it asks; gives what it was doing, each time."""
    told: list[Step] = []
    device.store.begin()
    device.store.keep_sizes(3, 4)
    with pytest.raises(Cancelled):
        run_round(
            device.store,
            device.transport,
            device.world.clock,
            progress=lambda step, done, total: told.append(step),
            cancelled=lambda: len(told) >= calls,
        )
    return told


def test_a_long_first_sync_stops_between_its_pages_and_goes_on_later(small_world: World) -> None:
    world = small_world
    tools = {world.put("tool", shelf="a", name=str(number)) for number in range(60)}
    ana = world.device("ana")
    told = stopped_after(ana, 4)
    part = ana.count("tool")

    report = ana.sync()

    assert told == [Step.RECEIVING] * 4
    assert 0 < part < len(tools)
    assert report.rejoined is None
    assert ana.count("tool") == len(tools)


@pytest.mark.parametrize("calls", range(1, 9))
def test_stopped_anywhere_nothing_is_lost_and_nothing_twice(small_world: World, calls: int) -> None:
    world = small_world
    for number in range(20):
        world.put("tool", shelf="a", name=f"council {number}")
    ana = world.device("ana")
    mine = [ana.add("tool", shelf="a", name=f"ana {number}") for number in range(9)]
    in_pages(ana, 3)

    stopped_after(ana, calls)
    agree(world, ana)

    assert ana.waiting() == 0
    assert all(world.row(tool)["version"] == 1 for tool in mine)
    assert ana.count("tool") == 29


def test_reading_scopes_again_can_be_stopped_too(small_world: World) -> None:
    world = small_world
    for number in range(20):
        world.put("tool", shelf="a", name=str(number))
    ana = world.device("ana")
    ana.sync()
    table = ana.schema["tool"].table
    with ana.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO sync_gate (record) VALUES ('*')")
        connection.execute(table.delete())
        connection.exec_driver_sql("DELETE FROM sync_gate")

    told = stopped_after(ana, 4)
    agree(world, ana)

    assert Step.CHECKING in told
    assert ana.count("tool") == 20
