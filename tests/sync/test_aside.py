"""Records here that the council does not have and nothing explains: the round stops and asks."""

import pytest
from sqlalchemy import delete, update

from sync.errors import UnexplainedRemoval
from sync.ops import record_digest
from sync.sql.aside import kept_aside, noticed, set_aside
from tests.sync.conftest import Device, World


def vanish(world: World, tool: str, *, digest: bool = True) -> None:
    """The council loses a record without a word, as a fault of its own would."""
    table, tally = world.schema["tool"].table, world.schema.own("tally")
    version = world.row(tool)["version"]
    with world.engine.begin() as connection:
        connection.execute(delete(table).where(table.c.id == tool))
        if digest:
            row = connection.execute(tally.select().where(tally.c.kind == "tool")).one()
            left = (int(row.digest, 16) - record_digest(tool, version)) % (1 << 128)
            connection.execute(
                update(tally).where(tally.c.kind == "tool").values(
                    records=row.records - 1, digest=f"{left:032x}"
                )
            )  # fmt: skip


def agree_to(device: Device) -> int:
    with device.writing() as connection:
        return set_aside(connection, device.schema, 7)


def extras(device: Device) -> tuple[list[str], list[str]]:
    with device.writing() as connection:
        asked, aside = noticed(connection, device.schema), kept_aside(connection, device.schema)
    return [one.record for one in asked], [one.record for one in aside]


def test_nothing_is_taken_away_before_a_person_agrees(small_world: World) -> None:
    world = small_world
    tool, other = (world.put("tool", shelf="a", name=name) for name in ("spade", "axe"))
    ana = world.device("ana")
    ana.sync()
    vanish(world, tool)
    new = ana.add("tool", shelf="a", name="mine")
    for _ in range(2):
        with pytest.raises(UnexplainedRemoval):
            ana.sync()
    shown = ana.row(tool)["name"]
    asked = extras(ana)
    done = agree_to(ana)
    report = ana.sync()
    after = extras(ana)

    assert world.row(new)["name"] == "mine"  # the work went up all the same
    assert (shown, asked) == ("spade", ([tool], []))
    assert (done, after) == (1, ([], [tool]))
    assert report.mismatched == []
    assert ana.row(tool) is None
    assert ana.row(other)["name"] == "axe"


def test_what_was_set_aside_is_whole(small_world: World) -> None:
    world = small_world
    tool = world.put("tool", shelf="a", name="spade", phone="1")
    ana = world.device("ana")
    ana.sync()
    vanish(world, tool)
    with pytest.raises(UnexplainedRemoval):
        ana.sync()
    agree_to(ana)
    with ana.writing() as connection:
        (kept,) = kept_aside(connection, ana.schema)

    assert (kept.table, kept.scope, kept.agreed_at) == ("tool", "shelf:a", 7)
    assert (kept.row["name"], kept.row["phone"], kept.row["version"]) == ("spade", "1", 1)


def test_a_record_with_work_that_waits_is_not_set_aside(small_world: World) -> None:
    world = small_world
    tool = world.put("tool", shelf="a", name="spade")
    ana = world.device("ana")
    ana.sync()
    vanish(world, tool)
    with pytest.raises(UnexplainedRemoval):
        ana.sync()
    (edit,) = ana.edit(tool, name="axe")

    assert agree_to(ana) == 0
    with pytest.raises(UnexplainedRemoval):
        ana.sync()
    assert ana.receipts()[edit] == ("refused", "unknown_record")
    assert agree_to(ana) == 1
    assert ana.sync().mismatched == []


def test_a_record_that_came_back_is_asked_about_no_more(small_world: World) -> None:
    world = small_world
    tool = world.put("tool", shelf="a", name="spade")
    ana = world.device("ana")
    ana.sync()
    table, tally = world.schema["tool"].table, world.schema.own("tally")
    with world.engine.begin() as connection:
        row = dict(connection.execute(table.select()).mappings().one())
        counted = dict(connection.execute(tally.select().where(tally.c.kind == "tool")).mappings().one())
    vanish(world, tool)
    with pytest.raises(UnexplainedRemoval):
        ana.sync()
    with world.engine.begin() as connection:
        connection.execute(table.insert(), row)
        connection.execute(update(tally).where(tally.c.kind == "tool").values(counted))

    ana.sync()

    assert extras(ana) == ([], [])
    assert ana.row(tool)["name"] == "spade"


def test_a_wrong_count_of_the_councils_takes_nothing_away_and_stops_nobody(small_world: World) -> None:
    world = small_world
    tool = world.put("tool", shelf="a", name="spade")
    ana = world.device("ana")
    ana.sync()
    tally = world.schema.own("tally")
    with world.engine.begin() as connection:
        connection.execute(update(tally).where(tally.c.kind == "tool").values(records=9))

    report = ana.sync()

    assert report.mismatched == ["shelf:a"]
    assert ana.row(tool)["name"] == "spade"
    assert extras(ana) == ([], [])
