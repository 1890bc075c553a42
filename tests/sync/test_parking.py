"""What this version of the app cannot keep is parked, counts, and is in its place after an update."""

from typing import Any

from sqlalchemy import Integer, MetaData, select, text

from sync.device import Report
from sync.sql import Schema
from tests.sync.conftest import Device, World, shed


def older(without: str = "", column: str = "", **types: Any) -> MetaData:
    """The shed as an app knew it that had no such table or column, or other types of columns."""
    made = shed()
    if without:
        made.remove(made.tables[without])
    if column:
        table = made.tables["tool"]
        table._columns.remove(table.c[column])
    for name, kind in types.items():
        made.tables["tool"].c[name].type = kind
    return made


def laptop(world: World, metadata: MetaData, *, version: int = 1) -> Device:
    world.keeper.allow("ana", "a")
    world.put("price", pence=1)
    device = Device(world, "ana", world.folder / "old.db", schema=Schema(metadata, version=version))
    world.devices.append(device)
    return device


def updated(device: Device, *, version: int = 2, add: str = "") -> Device:
    """The same laptop after an update of the app."""
    if add:
        with device.engine.begin() as connection:
            connection.execute(text(add))
    device.engine.dispose()
    new = Device(
        device.world, device.user, device.world.folder / "old.db", schema=Schema(shed(), version=version)
    )
    device.world.devices.append(new)
    return new


def parked(device: Device) -> list[tuple[str, int]]:
    table = device.schema.own("parked")
    with device.engine.begin() as connection:
        return [(row.table_name, row.version) for row in connection.execute(select(table))]


def calm(*reports: Report) -> bool:
    return all(report.mismatched == [] and report.rejoined is None for report in reports)


def test_a_kind_the_app_does_not_know_waits_for_an_update(small_world: World) -> None:
    world = small_world
    alarm = world.put("alarm", shelf="a", text="fire")
    ana = laptop(world, older(without="alarm"))

    first = ana.sync()
    second = ana.sync()
    before = parked(ana)
    ana = updated(ana)
    healed = ana.sync()

    assert calm(first, second, healed)
    assert first.parked == 1
    assert before == [("alarm", 1)]
    assert ana.row(alarm, "alarm")["text"] == "fire"
    assert parked(ana) == []


def test_a_kind_that_is_known_now_is_put_in_place_though_nobody_raised_a_number(small_world: World) -> None:
    world = small_world
    alarm = world.put("alarm", shelf="a", text="fire")
    ana = laptop(world, older(without="alarm"))
    ana.sync()

    ana = updated(ana, version=1)
    ana.sync()

    assert ana.row(alarm, "alarm")["text"] == "fire"


def test_a_value_the_app_cannot_read_parks_its_row_alone(small_world: World) -> None:
    world = small_world
    tools = [world.put("tool", shelf="a", name=name, phone="0") for name in ("1", "2", "spade")]
    ana = laptop(world, older(phone=Integer()))
    world.put("tool", tools[2], phone="not a number")

    first = ana.sync()
    before = parked(ana)
    ana = updated(ana)
    again = ana.sync()

    assert calm(first, again)
    assert (len(before), first.parked) == (3, 3)
    assert ana.row(tools[2])["phone"] == "not a number"
    assert parked(ana) == []


def test_a_row_the_database_refuses_is_parked_and_the_others_are_kept(small_world: World) -> None:
    world = small_world
    good = world.put("tool", shelf="a", name="spade", phone="1")
    bad = world.put("tool", shelf="a", name="axe")
    metadata = shed()
    metadata.tables["tool"].c.phone.nullable = False
    ana = laptop(world, metadata)

    report = ana.sync()
    again = ana.sync()

    assert calm(report, again)
    assert ana.row(good)["name"] == "spade"
    assert ana.row(bad) is None
    assert parked(ana) == [("tool", 1)]


def test_a_number_beyond_the_database_is_parked(small_world: World) -> None:
    world = small_world
    price = world.put("price", pence=77)
    world.keeper.allow("ana", "common")
    ana = world.device("ana")
    ana.transport.after = lambda step, reply: reply.replace(b",77]", b",1" + b"0" * 30 + b"]")

    report = ana.sync()

    assert calm(report)
    assert parked(ana) == [("price", 1)]
    assert ana.row(price, "price") is None
    assert ana.count("price") > 0


def test_a_later_version_takes_the_place_of_a_parked_one(small_world: World) -> None:
    world = small_world
    tool = world.put("tool", shelf="a", name="spade", phone="x")
    ana = laptop(world, older(phone=Integer()))
    ana.sync()
    world.put("tool", tool, phone=None)

    report = ana.sync()

    assert calm(report)
    assert parked(ana) == []
    assert (ana.row(tool)["name"], ana.row(tool)["version"]) == ("spade", 2)


def test_what_is_parked_leaves_with_its_scope(small_world: World) -> None:
    world = small_world
    world.put("alarm", shelf="a", text="fire")
    ana = laptop(world, older(without="alarm"))
    ana.sync()
    world.keeper.allow("ana", "b")
    world.put("price", pence=2)

    report = ana.sync()

    assert report.lost == 1
    assert parked(ana) == []


def test_a_field_the_app_did_not_know_is_kept_sent_back_and_put_in_its_column(small_world: World) -> None:
    world = small_world
    tool = world.put("tool", shelf="a", name="spade", maker="smith")
    ana = laptop(world, older(column="maker"))
    ana.sync()
    kept = ana.row(tool)["extra"]
    ana.edit(tool, name="axe")
    ana.sync()

    ana = updated(ana, add="ALTER TABLE tool ADD COLUMN maker TEXT")
    report = ana.sync()

    assert kept == {"maker": "smith"}
    assert calm(report)
    assert (ana.row(tool)["maker"], ana.row(tool)["extra"]) == ("smith", None)
    assert (world.row(tool)["name"], world.row(tool)["maker"]) == ("axe", "smith")


def test_work_that_waits_goes_up_though_what_the_council_has_is_parked(small_world: World) -> None:
    world = small_world
    tool = world.put("tool", shelf="a", name="spade", phone="1")
    ana = laptop(world, older(phone=Integer()))
    ana.sync()
    first = parked(ana)
    new = ana.add("tool", shelf="a", name="mine")
    ana.sync()

    assert first == [("tool", 1)]
    assert world.row(new)["name"] == "mine"
    assert world.row(tool)["name"] == "spade"


def test_what_was_written_between_the_update_and_the_next_round_stays_on_screen(small_world: World) -> None:
    world = small_world
    tool = world.put("tool", shelf="a", name="spade", colour="red", phone="1")
    ana = laptop(world, older(column="colour"))
    ana.sync()
    ana = updated(ana, add="ALTER TABLE tool ADD COLUMN colour TEXT")
    ana.edit(tool, colour="blue")

    ana.store.begin()

    assert (ana.row(tool)["colour"], ana.row(tool)["extra"]) == ("blue", None)


def test_a_laptop_that_heals_when_it_is_opened_writes_knowing_what_was_there(small_world: World) -> None:
    world = small_world
    tool = world.put("tool", shelf="a", name="spade", colour="red", phone="1")
    ana = laptop(world, older(column="colour"))
    ana.sync()
    ana = updated(ana, add="ALTER TABLE tool ADD COLUMN colour TEXT")
    ana.store.begin()
    ana.edit(tool, colour="blue")

    report = ana.sync()

    assert calm(report)
    assert ana.row(tool)["colour"] == world.row(tool)["colour"] == "blue"
