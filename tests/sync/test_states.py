"""Three truthful states, from receipts alone."""

from sqlalchemy import update

from sync.sql.states import State, safe_to_close, states
from tests.sync.agreeing import agree, clash
from tests.sync.conftest import HOLD, REFUSE, Device, World


def state(device: Device, *records: str) -> tuple[tuple[int, int, int], list[State]]:
    with device.writing() as connection:
        found = states(connection, device.schema, records)
    return (found.here, found.person, found.received), [found.records[record] for record in records]


def closing(device: Device) -> object:
    with device.writing() as connection:
        return safe_to_close(connection, device.schema)


def test_an_act_is_here_until_its_receipt_is(small_world: World) -> None:
    ana = small_world.device("ana")
    tool = ana.add("tool", shelf="a", name="spade")
    before = state(ana, tool)
    ana.sync()

    assert before == ((1, 0, 0), [State.HERE])
    assert state(ana, tool) == ((0, 0, 1), [State.RECEIVED])


def test_a_record_that_nobody_touched_here_is_the_councils(small_world: World) -> None:
    tool = small_world.put("tool", shelf="a", name="spade")
    ana = small_world.device("ana")
    ana.sync()

    assert state(ana, tool) == ((0, 0, 0), [State.RECEIVED])


def test_two_versions_need_a_person_until_one_is_chosen(small_world: World) -> None:
    ana, ben, tool = clash(small_world)
    agree(small_world, ana, ben)
    before = [state(device, tool)[1][0] for device in (ana, ben)]
    (card,) = ben.cards()
    ben.decide(card["id"], "mine", phone="1")
    agree(small_world, ben, ana)
    after = [state(device, tool)[1] for device in (ana, ben)]

    assert State.PERSON in before
    assert after == [[State.RECEIVED], [State.RECEIVED]]


def test_what_is_held_or_came_back_needs_a_person(small_world: World) -> None:
    world = small_world
    tools = [world.put("tool", shelf="a", name=name) for name in ("spade", "axe")]
    ana = world.device("ana")
    ana.sync()
    ana.edit(tools[0], name="held")
    world.keeper.rulings["ana"] = HOLD
    ana.sync()
    ana.edit(tools[1], name="refused")
    world.keeper.rulings["ana"] = REFUSE
    ana.sync()

    assert state(ana, *tools) == ((0, 2, 0), [State.PERSON, State.PERSON])


def test_the_facts_before_a_laptop_is_shut(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    fresh = closing(ana)
    ana.sync()
    ana.add("tool", shelf="a", name="spade")
    ana.add("alarm", shelf="a", text="fire")
    waiting = closing(ana)
    ana.sync()
    done = closing(ana)
    held = ana.schema.own("held_scope")
    with ana.writing() as connection:
        connection.execute(update(held).values(filled=False))
    unread = closing(ana)

    assert (fresh.last_round_at, fresh.last_receipt_at, fresh.is_all_received) == (None, None, True)
    assert (waiting.waiting, waiting.waiting_urgent, waiting.is_all_received) == (2, 1, False)
    assert (done.waiting, done.refused, done.parked, done.noticed, done.filling) == (0, 0, 0, 0, 0)
    assert done.is_all_received
    assert done.last_receipt_at == done.last_round_at
    assert unread.filling == 1
