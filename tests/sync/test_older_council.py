"""A laptop whose app was updated before its council: what the council does not know yet."""

from datetime import date

from sqlalchemy import select

from sync.hub import Hub
from sync.memory import MemoryTransport
from sync.sql import Schema, SqlHub
from tests.sync.conftest import World, shed
from tests.sync.test_parking import calm, older


def run_release(world: World, schema: Schema) -> None:
    """The council's service is of the release that has this schema."""
    world.hub = Hub(SqlHub(world.engine, schema), world.keeper, world.clock)
    world.hub.init()
    for device in world.devices:
        device.transport = MemoryTransport(world.hub, device.caller)


def test_a_field_that_the_council_does_not_know_comes_to_others_and_into_its_column_with_the_update(
    world: World,
) -> None:
    ana, ben = world.device("ana"), world.device("ben")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync(), ben.sync()
    run_release(world, Schema(older(column="state_on")))
    ana.edit(tool, state_on=date(2026, 11, 20), name="axe")

    before = [ana.sync(), ben.sync()]
    shown = [(device.row(tool)["state_on"], device.row(tool)["extra"]) for device in (ana, ben)]
    run_release(world, Schema(shed()))
    after = [ana.sync(), ben.sync()]

    assert calm(*before, *after)
    assert shown == [(date(2026, 11, 20), None)] * 2
    assert (world.row(tool)["state_on"], world.row(tool)["extra"]) == (date(2026, 11, 20), None)
    assert [device.row(tool) for device in (ana, ben)] == [world.row(tool)] * 2


def test_a_kind_that_the_council_does_not_know_comes_back_to_its_author_by_name(world: World) -> None:
    ana = world.device("ana")
    ana.sync()
    run_release(world, Schema(older(without="alarm")))
    ana.add("alarm", shelf="a", text="fire")

    report = ana.sync()

    assert calm(report)
    assert [*ana.receipts().values()] == [("refused", "unknown_table")]
    assert ana.waiting() == 0
    with ana.writing() as connection:
        kept = connection.execute(select(ana.schema.own("op").c.content)).scalar_one()
    assert b"fire" in kept


def test_an_edit_beside_one_that_the_council_does_not_know_is_told_that_the_record_moved(
    world: World,
) -> None:
    """Else its author would take for read what she never was sent, and her laptop would never ask for it."""
    ana, ben = world.device("ana"), world.device("ben")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync(), ben.sync()
    run_release(world, Schema(older(column="colour")))
    ana.edit(tool, colour="red")
    ben.edit(tool, name="axe")

    ana.sync(), ben.sync()

    assert [outcome for outcome, _ in ben.receipts().values()] == ["merged"]
    assert (ben.row(tool)["name"], ben.row(tool)["colour"]) == ("axe", "red")


def test_the_ledger_says_of_a_merged_edit_what_the_council_did_not_know_too(world: World) -> None:
    ana, ben = world.device("ana"), world.device("ben")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync(), ben.sync()
    run_release(world, Schema(older(column="colour")))
    ana.edit(tool, name="axe")
    ben.edit(tool, phone="1", colour="red")

    ana.sync(), ben.sync()

    with world.engine.begin() as connection:
        kept = world.schema.own("ledger_content").c
        effects = connection.execute(select(kept.effect).where(kept.effect.is_not(None))).scalars().all()
    assert any(b'"colour":"red"' in bytes(effect) for effect in effects)
