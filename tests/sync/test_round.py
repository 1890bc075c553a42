"""One round between real devices and a real hub."""

from datetime import date

import pytest

from sync.errors import Unreachable
from sync.ops import Outcome, new_id
from sync.sql.triggers import open_gate, shut_gate
from tests.sync.agreeing import agree
from tests.sync.conftest import KINDS, World


def test_a_new_record_reaches_the_other_device(world: World) -> None:
    ana, ben = world.device("ana"), world.device("ben")
    spade = ana.add("tool", shelf="a", name="spade", state="in", state_on=date(2026, 11, 2))

    report = ana.sync()
    ben.sync()

    assert report.outcomes == {Outcome.APPLIED: 1}
    assert ana.waiting() == 0
    assert ben.row(spade) == ana.row(spade) == world.row(spade)
    assert ben.row(spade)["version"] == 1


def test_a_round_with_nothing_new_is_one_request(world: World) -> None:
    ana = world.device("ana")
    ana.sync()

    report = ana.sync()

    assert report.requests == 1
    assert report.received == 0


def test_one_record_each_way_is_two_requests(world: World) -> None:
    ana, ben = world.device("ana"), world.device("ben")
    ana.sync(), ben.sync()
    ben.add("tool", shelf="a", name="rake")
    ben.sync()
    ana.add("tool", shelf="a", name="spade")

    assert ana.sync().requests == 2


def test_different_fields_of_one_record_both_stand(world: World) -> None:
    ana, ben = world.device("ana"), world.device("ben")
    tool = world.put("tool", shelf="a", name="spade", colour="red")
    ana.sync(), ben.sync()
    ana.edit(tool, name="big spade")
    ben.edit(tool, colour="blue")
    ana.sync()

    report = ben.sync()
    agree(world, ana, ben)

    assert report.outcomes == {Outcome.MERGED: 1}
    assert (world.row(tool)["name"], world.row(tool)["colour"]) == ("big spade", "blue")
    assert world.cards() == []


def test_a_lost_answer_is_asked_again_and_takes_effect_once(world: World) -> None:
    ana = world.device("ana")
    ana.sync()
    tool = ana.add("tool", shelf="a", name="spade")

    def lose(step: str, reply: bytes) -> bytes | None:
        if step == "push":
            raise Unreachable("the answer was lost")
        return None

    ana.transport.after = lose
    with pytest.raises(Unreachable):
        ana.sync()
    ana.transport.after = None
    report = ana.sync()

    assert report.outcomes == {Outcome.APPLIED: 1}
    assert world.row(tool)["version"] == 1
    assert len([row for row in world.ledger() if row["record"] == tool]) == 1


@pytest.mark.parametrize("answer", [b"<html>Welcome to CoffeeNet</html>", b'{"epoch":"1', b""])
def test_an_answer_that_is_not_the_hubs_keeps_the_queue(small_world: World, answer: bytes) -> None:
    ana = small_world.device("ana")
    ana.add("tool", shelf="a", name="spade")
    ana.transport.after = lambda step, reply: answer or b" "

    with pytest.raises(Unreachable):
        ana.sync()

    assert ana.waiting() == 1


def test_a_device_receives_exactly_its_scopes(world: World) -> None:
    for shelf in "abc":
        for _ in range(5):
            world.put("tool", shelf=shelf, name=shelf)
    ana = world.device("ana", "a", "c")

    ana.sync()

    assert ana.count("tool") == 10


def test_a_lost_scope_leaves_the_device_after_its_work_went_up(world: World) -> None:
    tool = world.put("tool", shelf="b", name="spade")
    ana = world.device("ana", "a", "b")
    ana.sync()
    ana.edit(tool, name="last words")
    world.keeper.allow("ana", "a")
    world.put("price", pence=3)

    report = ana.sync()

    assert report.lost == 1
    assert world.row(tool)["name"] == "last words"
    assert ana.count("tool") == 0


def test_withheld_columns_stay_at_the_council_by_name(world: World) -> None:
    world.keeper.allow("clerk", "a", kinds=KINDS - {"journal", "conflict"}, level=3)
    tool = world.put(
        "tool", shelf="a", name="spade", number="0", safe="no", hidden_place=True, place_note="attic"
    )
    world.put("journal", shelf="a", text="private")
    clerk = world.device("clerk")

    clerk.sync()
    row = clerk.row(tool)

    assert clerk.count("journal") == 0
    assert (row["name"], row["number"], row["safe"], row["place_note"]) == ("spade", None, None, None)
    assert row["extra"]["~withheld"] == ["number", "place_note", "safe"]


def test_a_cursor_from_another_past_reads_everything_again_and_keeps_what_waits(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    ana.edit(tool, name="fork")
    head = world.schema.own("ledger_head")
    with world.engine.begin() as connection:
        connection.execute(head.update().values(epoch=new_id()))

    report = ana.sync()

    assert report.rejoined is not None
    assert report.outcomes == {Outcome.MERGED: 1}  # and read again
    assert world.row(tool)["name"] == ana.row(tool)["name"] == "fork"


def test_a_second_push_of_a_gap_is_not_taken(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    ana.sync()
    ana.add("tool", shelf="a", name="spade")
    ana.sync()
    peer = world.schema.own("peer")
    with world.engine.begin() as connection:
        connection.execute(peer.update().values(n=0, chain="0" * 64))
    ana.add("tool", shelf="a", name="fork")

    report = ana.sync()

    assert report.rejoined == "gap"
    assert ana.waiting() == 0
    assert len([row for row in world.ledger() if row["table_name"] == "tool"]) == 2


def test_a_count_that_differs_is_read_again(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    table = ana.schema["tool"].table
    with ana.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO sync_gate (record) VALUES ('*')")
        connection.execute(table.delete())
        connection.exec_driver_sql("DELETE FROM sync_gate")

    report = ana.sync()

    assert report.mismatched == ["shelf:a"]
    assert ana.row(tool)["name"] == "spade"


def test_a_scope_counted_while_the_clock_was_years_ahead_has_its_turn_all_the_same(
    small_world: World,
) -> None:
    world = small_world
    ana = world.device("ana", "a", "b")
    tool = world.put("tool", shelf="b", name="spade")
    ana.sync()
    world.clock.advance(days=3650)
    for _ in range(4):
        ana.sync()
    world.clock.advance(days=-3650)
    with ana.engine.begin() as connection:
        open_gate(connection)
        connection.execute(ana.schema["tool"].table.delete())
        shut_gate(connection)

    for _ in range(4):
        world.clock.advance(minutes=5)
        ana.sync()

    assert ana.row(tool) == world.row(tool)


def test_urgent_records_travel_before_older_work(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    ana.sync()
    for number in range(30):
        ana.add("tool", shelf="a", name=str(number))
    note = ana.add("alarm", shelf="a", text="the shed is on fire")
    ana.store.waiting, whole = (lambda ops, size: whole(10, size)), ana.store.waiting  # type: ignore[method-assign]
    ana.sync()
    tools = [row for row in world.ledger() if row["table_name"] in ("tool", "alarm")]

    assert tools[0]["record"] == note
    assert len(tools) == 31
    ana.add("tool", shelf="a", name="one more")
    assert ana.sync().rejoined is None


def test_the_gate_stays_shut_for_a_change_without_an_op(small_world: World) -> None:
    ana = small_world.device("ana")
    tool = ana.add("tool", shelf="a", name="spade")
    table = ana.schema["tool"].table

    with pytest.raises(Exception, match="only change together with its op"), ana.engine.begin() as connection:
        connection.execute(table.update().where(table.c.id == tool).values(name="axe"))

    assert ana.row(tool)["name"] == "spade"
