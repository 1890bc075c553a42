"""Restored, rolled back, cloned: the two find out before anything is taken, and no edit is lost."""

import pytest
from sqlalchemy import select

from sync.device import run_round
from sync.errors import Superseded
from sync.ops import Outcome, new_id
from sync.sql import SqlDevice
from sync.sql.aside import kept_aside
from sync.sql.rejoining import put_away
from sync.wire import PullRequest, PushRequest, Rejoin, decode
from tests.sync.agreeing import agree, cut_before_pull
from tests.sync.conftest import HOLD, Device, World
from tests.sync.old_copies import copy_of, names, place, put_back


@pytest.mark.parametrize("epoch", [None, new_id()], ids=["silently", "with a new epoch"])
def test_what_a_restored_council_lost_is_offered_again(small_world: World, epoch: str | None) -> None:
    world = small_world
    ana, ben = world.device("ana"), world.device("ben")
    tool = world.put("tool", shelf="a", name="spade", phone="0")
    ana.sync(), ben.sync()
    copy = copy_of(world.engine, world.folder / "copy.db")
    (edit,) = ana.edit(tool, phone="1")
    ana.sync()
    new = ana.add("tool", shelf="a", name="ana's")
    ana.edit(new, colour="red")
    ana.sync()
    put_back(world, copy, epoch=epoch)

    report = ana.sync()
    agree(world, ana, ben)

    assert report.rejoined in (Rejoin.EPOCH, Rejoin.AHEAD)
    assert (world.row(tool)["phone"], world.row(new)["colour"]) == ("1", "red")
    assert ana.receipts()[edit][0] in ("applied", "merged")
    assert len([row for row in world.ledger() if row["op_id"] == edit]) == 1
    assert ana.sync().rejoined is None


@pytest.mark.parametrize("epoch", [None, new_id()], ids=["silently", "with a new epoch"])
def test_what_others_wrote_waits_aside_until_they_offer_it_again(
    small_world: World, epoch: str | None
) -> None:
    """Nobody has to be asked: that the council was put back explains why it does not have it."""
    world = small_world
    ana, ben = world.device("ana"), world.device("ben")
    world.put("tool", shelf="a", name="spade")
    ana.sync(), ben.sync()
    copy = copy_of(world.engine, world.folder / "copy.db")
    tool = ben.add("tool", shelf="a", name="ben's")
    ben.sync(), ana.sync()
    put_back(world, copy, epoch=epoch)

    report = ana.sync()
    with ana.writing() as connection:
        aside = [extra.record for extra in kept_aside(connection, ana.schema)]
    gone = ana.row(tool)
    ben.sync()
    agree(world, ana, ben)
    with ana.writing() as connection:
        left = kept_aside(connection, ana.schema)

    assert (report.set_aside, aside, gone) == (1, [tool], None)
    assert ana.row(tool)["name"] == "ben's"
    assert left == []


def test_a_rollback_is_noticed_though_the_ledger_has_grown_past_the_cursor(small_world: World) -> None:
    world = small_world
    ana, ben = world.device("ana"), world.device("ben")
    ana.sync(), ben.sync()
    copy = copy_of(world.engine, world.folder / "copy.db")
    ana.add("tool", shelf="a", name="ana's")
    ana.sync()
    put_back(world, copy)
    for number in range(9):
        world.put("tool", shelf="a", name=str(number))

    report = ana.sync()
    agree(world, ana, ben)

    assert report.rejoined == Rejoin.ROLLED_BACK
    assert "ana's" in names(world)


def test_an_acknowledged_op_is_missed_though_its_round_ended_before_the_pull(small_world: World) -> None:
    """The cursor lies before the restore point; only the device's own count tells."""
    world = small_world
    ana = world.device("ana")
    ana.sync()
    copy = copy_of(world.engine, world.folder / "copy.db")
    ana.add("tool", shelf="a", name="ana's")

    cut_before_pull(ana)
    put_back(world, copy)

    report = ana.sync()

    assert report.rejoined == Rejoin.GAP
    assert "ana's" in names(world)


def test_a_base_of_the_lost_past_is_settled_by_value(small_world: World) -> None:
    """Version 2 here is not version 2 there: nobody's edit is overwritten unseen."""
    world = small_world
    ana, ben = world.device("ana"), world.device("ben")
    tool = world.put("tool", shelf="a", name="spade", phone="0")
    ana.sync(), ben.sync()
    copy = copy_of(world.engine, world.folder / "copy.db")
    world.put("tool", tool, name="axe")
    ana.sync()
    ana.edit(tool, phone="1")
    put_back(world, copy)
    ben.edit(tool, phone="X")
    ben.sync()

    ana.sync()
    (card,) = world.cards()

    assert {"laptop-ana"} <= card["sides"].keys()
    assert card["sides"]["laptop-ana"]["values"] == {"phone": "1"}


def test_what_is_judged_otherwise_the_second_time_says_so(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    copy = copy_of(world.engine, world.folder / "copy.db")
    (edit,) = ana.edit(tool, name="axe")
    ana.sync()
    put_back(world, copy, epoch=new_id())
    world.keeper.rulings["ana"] = HOLD

    report = ana.sync()

    assert report.outcomes == {Outcome.HELD: 1}
    assert ana.receipts()[edit][0] == "held"
    assert ana.row(tool)["name"] == world.row(tool)["name"] == "spade"


def test_acknowledged_ops_are_kept_for_thirty_days(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    ana.edit(tool, name="axe")
    ana.edit(tool, name="x" * 300_000)
    ana.sync()
    op = ana.schema.own("op")

    def kept() -> int:
        with ana.engine.begin() as connection:
            return len(connection.execute(select(op.c.pos)).all())

    world.clock.advance(days=29)
    ana.sync()
    before = kept()
    world.clock.advance(days=2)
    ana.sync()
    after = kept()
    ana.edit(tool, name="fork")
    report = ana.sync()

    assert (before, after) == (2, 1)  # what was refused stays until its author has dealt with it
    assert report.rejoined is None
    assert world.row(tool)["name"] == "fork"


def test_work_after_a_long_silence_is_sent_though_all_before_it_was_forgotten(small_world: World) -> None:
    """The places of new ops must not begin again below what was sent."""
    world = small_world
    ana = world.device("ana")
    for number in range(5):
        ana.add("tool", shelf="a", name=str(number))
    ana.sync()
    for _ in range(2):
        world.clock.advance(days=40)
        ana.sync()
    late = ana.add("tool", shelf="a", name="late")

    report = ana.sync()

    assert report.rejoined is None
    assert ana.waiting() == 0
    assert world.row(late)["name"] == "late"


def test_a_request_of_an_earlier_generation_that_lay_on_the_way_changes_nothing(small_world: World) -> None:
    """It would have made the next round of a healthy laptop begin again."""
    world = small_world
    ana = world.device("ana")
    bodies: list[bytes] = []
    ana.transport.before = lambda step, body: bodies.append(body) if step == "push" else None
    ana.add("tool", shelf="a", name="one")
    ana.sync()
    ana.store.rejoin(Rejoin.FORK)
    ana.add("tool", shelf="a", name="two")
    ana.sync()
    ledger = len(world.ledger())
    for body in bodies:
        world.hub.push(ana.caller, body)
    ana.add("tool", shelf="a", name="three")

    report = ana.sync()

    assert report.rejoined is None
    assert {"one", "two", "three"} <= names(world)
    assert len(world.ledger()) == ledger + 1


def test_a_round_that_was_given_up_writes_nothing_once_another_has_begun(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    tool = ana.add("tool", shelf="a", name="spade")
    late = second_store(ana)

    def meanwhile(step: str, reply: bytes) -> None:
        ana.transport.after = None
        ana.transport.before = None

        run_round(late, ana.transport, world.clock)

    ana.transport.after = meanwhile
    with pytest.raises(Superseded):
        ana.sync()

    assert ana.waiting() == 0
    assert ana.row(tool)["version"] == world.row(tool)["version"] == 1
    assert ana.sync().mismatched == []


def second_store(device: Device) -> SqlDevice:

    return SqlDevice(device.engine.begin, device.engine.begin, device.schema)


@pytest.mark.parametrize(
    "seal", [None, lambda content: b"sealed:" + content[::-1]], ids=["dropped", "sealed"]
)
def test_contents_of_a_lost_scope_are_not_readable_and_the_chain_holds(
    small_world: World, seal: object
) -> None:
    world = small_world
    tool = world.put("tool", shelf="b", name="spade")
    ana = world.device("ana", "a", "b")
    ana.store.seal = seal
    ana.sync()
    (edit,) = ana.edit(tool, name="secret words")
    ana.sync()
    world.keeper.allow("ana", "a")
    world.put("price", pence=3)
    ana.sync()
    op = ana.schema.own("op")
    with ana.engine.begin() as connection:
        row = connection.execute(select(op).where(op.c.op_id == edit)).one()
    ana.store.rejoin(Rejoin.EPOCH)
    ana.add("tool", shelf="a", name="after")

    report = ana.sync()

    assert b"secret words" not in bytes(row.content)
    assert bool(row.content) is (seal is not None)
    assert report.rejoined is None
    assert ana.receipts()[edit][0] == "applied"
    assert world.row(tool)["name"] == "secret words"


def test_the_only_copy_of_a_text_is_not_dropped_with_its_scope(small_world: World) -> None:
    """An envelope's text is nowhere but here; without somebody to seal it for, it stays."""
    world = small_world
    tool = world.put("tool", shelf="b", name="spade")
    ana = world.device("ana", "a", "b")
    ana.sync()
    ana.edit(tool, name="x" * 300_000)
    ana.sync()

    with ana.engine.begin() as connection:
        dropped = put_away(connection, ana.schema, ["shelf:b"], None)
        sealed = put_away(connection, ana.schema, ["shelf:b"], lambda content: b"sealed")

    assert (dropped, sealed) == (0, 1)


def test_what_the_device_says_of_itself(small_world: World) -> None:
    ana = small_world.device("ana")
    ana.sync()
    bodies: dict[str, bytes] = {}
    ana.transport.before = lambda step, body: bodies.__setitem__(step, body)
    ana.add("tool", shelf="a", name="spade")
    ana.sync()
    push, pull = decode(PushRequest, bodies["push"]), decode(PullRequest, bodies["pull"])

    assert push.cursor == {**pull.cursor}
    assert (pull.sent_n, pull.made_n, pull.sent_chain) == (1, 1, push.ops[-1].chain)
    assert (push.generation, push.past) == (place(ana).generation, [])


def test_poison_in_the_first_push_of_a_new_generation_costs_nothing_but_itself(small_world: World) -> None:
    """Taken in halves, and what is taken first lies under the device's own name when the rest comes."""
    world = small_world
    ana = world.device("ana")
    with world.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER no_poison BEFORE INSERT ON tool WHEN NEW.name = 'poison' "
            "BEGIN SELECT RAISE(ABORT, 'not taken'); END"
        )
    ana.add("tool", shelf="a", name="poison")
    ana.sync()
    put_back(world, copy_of(world.engine, world.folder / "copy.db"), epoch=new_id())
    assert ana.sync().rejoined == Rejoin.EPOCH  # nothing goes up: what was refused is not offered again
    good = [ana.add("tool", shelf="a", name=str(number)) for number in range(3)]
    bad = ana.add("tool", shelf="a", name="poison")

    report = ana.sync()

    assert report.rejoined is None
    assert report.outcomes == {Outcome.APPLIED: 3, Outcome.REFUSED: 1}
    assert all(world.row(tool) for tool in good)
    assert world.row(bad) is None
