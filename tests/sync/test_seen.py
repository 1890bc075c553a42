"""A read without a network is written down for the council, and changes nothing on either side."""

from sync.ops import Act, Outcome
from sync.sql import Change
from tests.sync.agreeing import agree
from tests.sync.conftest import World


def test_a_read_reaches_the_ledger_under_its_reader(world: World) -> None:
    spade = world.put("tool", shelf="a", name="spade")
    ana = world.device("ana")
    ana.sync()
    [op] = ana.save(Change("tool", spade, {}, Act.SEEN))

    report = ana.sync()

    [row] = [row for row in world.ledger() if row["op_id"] == op]
    assert (row["kind"], row["author"], row["record"]) == ("seen", "ana", spade)
    assert report.outcomes == {Outcome.APPLIED: 1}
    agree(world, ana)


def test_a_read_does_not_hide_what_others_did_meanwhile(world: World) -> None:
    spade = world.put("tool", shelf="a", name="spade")
    ana, ben = world.device("ana"), world.device("ben")
    ana.sync()
    ben.sync()
    ana.save(Change("tool", spade, {}, Act.SEEN))
    ben.edit(spade, name="shovel")
    ben.sync()

    ana.sync()

    row = ana.row(spade)
    assert row is not None
    assert row["name"] == "shovel"
    agree(world, ana, ben)


def test_a_read_is_no_news_to_anybody(world: World) -> None:
    spade = world.put("tool", shelf="a", name="spade")
    ana, ben = world.device("ana"), world.device("ben")
    ana.sync()
    ben.sync()
    ana.save(Change("tool", spade, {}, Act.SEEN))
    ana.sync()

    assert ben.sync().received == 0


def test_an_edit_after_a_read_has_the_base_it_was_made_on(world: World) -> None:
    spade = world.put("tool", shelf="a", name="spade", colour="red")
    ana, ben = world.device("ana"), world.device("ben")
    ana.sync()
    ben.sync()
    ana.save(Change("tool", spade, {}, Act.SEEN))
    ben.edit(spade, colour="blue")
    ben.sync()
    ana.edit(spade, colour="green")

    report = ana.sync()

    assert report.outcomes == {Outcome.APPLIED: 1, Outcome.CONFLICT: 1}
    agree(world, ana, ben)
