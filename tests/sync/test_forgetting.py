"""Acknowledged ops are forgotten after 30 days, and nothing saved later suffers from it."""

from sqlalchemy import func, select

from tests.sync.conftest import Device, World


def kept(device: Device) -> int:
    with device.engine.begin() as connection:
        return connection.execute(select(func.count()).select_from(device.schema.own("op"))).scalar_one()


def test_what_is_saved_after_a_long_leave_is_sent_though_all_before_is_forgotten(small_world: World) -> None:
    """SQLite gives the place of the last row again once that is gone."""
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="0")
    ana.sync()
    ana.edit(tool, name="1")
    ana.edit(tool, name="2")
    ana.sync()
    world.clock.advance(days=31)
    ana.sync()
    ana.edit(tool, name="3")

    ana.sync()

    assert world.row(tool)["name"] == "3"
    assert ana.waiting() == 0


def test_a_laptop_whose_clock_is_years_ahead_forgets_nothing_early(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="0")
    ana.sync()
    for name in "12":
        ana.edit(tool, name=name)
    ana.sync()
    hub_time = world.hub.clock
    world.clock = type(hub_time)()
    world.clock.advance(days=3650)

    ana.sync()

    assert kept(ana) == 2


def test_old_ops_are_forgotten_but_for_the_last(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="0")
    ana.sync()
    for name in "123":
        ana.edit(tool, name=name)
    ana.sync()
    world.clock.advance(days=31)

    ana.sync()

    assert kept(ana) == 1
