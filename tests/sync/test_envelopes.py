"""What cannot travel: its envelope is recorded, the text stays with its author, nothing waits behind it."""

import msgspec
import pytest
from sqlalchemy import select, update

from sync.errors import TooLarge, Unreadable
from sync.ops import Act, Outcome, Reason, new_id
from sync.sql import Change
from sync.wire import OP_BYTES, PUSH_BYTES, PushRequest, decode
from tests.sync.conftest import Device, World

LONG = "x" * (OP_BYTES + 1)


def limited(device: Device, size: int) -> None:
    """Something on the way takes no message larger than this."""

    def refuse(step: str, body: bytes) -> None:
        if step == "push" and len(body) > size:
            raise TooLarge("413")

    device.transport.before = refuse


def content_of(device: Device, op_id: str) -> bytes:
    op = device.schema.own("op")
    with device.engine.begin() as connection:
        return bytes(connection.execute(select(op.c.content).where(op.c.op_id == op_id)).scalar_one())


def sent(device: Device) -> list[PushRequest]:
    """Every push this device makes from now on."""
    found: list[PushRequest] = []

    def note(step: str, body: bytes) -> None:
        if step == "push":
            found.append(decode(PushRequest, body))

    device.transport.before = note
    return found


def test_what_is_too_large_is_refused_with_its_text_kept_and_the_chain_goes_on(world: World) -> None:
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    before = ana.edit(tool, colour="red")
    (large,) = ana.edit(tool, name=LONG)
    after = ana.edit(tool, phone="1")
    pushes = sent(ana)

    report = ana.sync()

    assert report.rejoined is None
    assert ana.receipts()[large] == ("refused", Reason.TOO_LARGE)
    assert [ana.receipts()[op][0] for op in (*before, *after)] == ["applied", "applied"]
    assert LONG.encode() in content_of(ana, large)
    assert all(len(bytes(op.content)) < 100 for op in pushes[0].ops)
    assert (world.row(tool)["name"], world.row(tool)["phone"]) == ("spade", "1")
    assert ana.row(tool) == world.row(tool)
    assert ana.sync().mismatched == []


def test_the_proof_in_the_ledger_is_of_the_text_that_did_not_travel(world: World) -> None:
    ana = world.device("ana")
    ana.add("tool", shelf="a", name=LONG)
    pushes = sent(ana)
    ana.sync()
    (row,) = [row for row in world.ledger() if row["outcome"] == "refused"]

    assert row["commitment"] == pushes[0].ops[0].commitment
    assert (row["reason"], row["version"]) == ("too_large", 0)


def test_what_was_saved_with_something_too_large_comes_back_with_it(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    ops = ana.save(
        Change("tool", tool, {"name": "fork"}),
        Change("journal", new_id(), {"shelf": "a", "tool_id": tool, "text": LONG}, Act.INSERT),
    )

    ana.sync()

    assert [ana.receipts()[op] for op in ops] == [
        ("refused", Reason.SAME_ACT),
        ("refused", Reason.TOO_LARGE),
    ]
    assert world.row(tool)["name"] == ana.row(tool)["name"] == "spade"


def test_a_batch_halves_until_the_way_takes_it_and_grows_again(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    for number in range(64):
        ana.add("tool", shelf="a", name=str(number) * 100)
    limited(ana, 8_000)

    report = ana.sync()
    kept = ana.store.place().batch_ops
    ana.transport.before = None
    for _ in range(9):
        ana.add("tool", shelf="a", name="one")
        ana.sync()

    assert report.outcomes == {Outcome.APPLIED: 64}
    assert 8 <= kept <= 32
    assert ana.store.place().batch_ops == 2_000


def test_one_op_that_the_way_never_takes_goes_as_its_envelope(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    good = [ana.add("tool", shelf="a", name="before")]
    bad = ana.add("tool", shelf="a", name="y" * 20_000)
    good.append(ana.add("tool", shelf="a", name="after"))
    limited(ana, 8_000)

    report = ana.sync()

    assert report.outcomes == {Outcome.APPLIED: 2, Outcome.REFUSED: 1}
    assert all(world.row(tool) for tool in good)
    assert world.row(bad) is None
    assert ana.waiting() == 0


def test_an_act_larger_than_any_batch_comes_back_whole(small_world: World) -> None:
    """An act is never split, and no hub takes one of more than a batch."""
    world = small_world
    ana = world.device("ana")
    part = "z" * (OP_BYTES - 1_000)
    changes = [
        Change("tool", new_id(), {"shelf": "a", "name": part}, Act.INSERT)
        for _ in range(PUSH_BYTES // len(part) + 2)
    ]
    ana.save(*changes)
    after = ana.add("tool", shelf="a", name="after")
    limited(ana, PUSH_BYTES)

    report = ana.sync()

    assert report.outcomes == {Outcome.REFUSED: len(changes), Outcome.APPLIED: 1}
    assert {reason for _, reason in ana.receipts().values()} == {Reason.TOO_LARGE, None}
    assert world.row(after)["name"] == "after"


def spoil(device: Device, op_id: str) -> None:
    """As a flipped bit on the disk leaves it: no JSON any more, so the whole message is none."""
    op = device.schema.own("op")
    with device.engine.begin() as connection:
        connection.execute(update(op).where(op.c.op_id == op_id).values(content=b'{"patch":{"name":"ab\x01'))


def test_an_op_that_makes_the_message_unreadable_is_found_and_refused_alone(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    good = [ana.add("tool", shelf="a", name=str(n)) for n in range(5)]
    (bad,) = ana.edit(tool, name="fork")
    good += [ana.add("tool", shelf="a", name=str(n)) for n in range(5)]
    spoil(ana, bad)

    ana.sync()

    assert ana.receipts()[bad] == ("refused", Reason.UNREADABLE)
    assert all(world.row(record) for record in good)
    assert ana.waiting() == 0


def test_something_urgent_goes_first_though_the_act_before_it_is_too_large_for_the_way(
    small_world: World,
) -> None:
    world = small_world
    ana = world.device("ana")
    ana.add("tool", shelf="a", name="y" * 20_000)
    for number in range(5):
        ana.add("tool", shelf="a", name=str(number))
    alarm = ana.add("alarm", shelf="a", text="fire")
    limited(ana, 8_000)

    report = ana.sync()

    assert report.outcomes == {Outcome.REFUSED: 1, Outcome.APPLIED: 6}
    assert world.row(alarm, "alarm")["text"] == "fire"


@pytest.mark.parametrize("problem", [TooLarge("413"), Unreadable("400")], ids=["413", "400"])
def test_a_way_that_takes_nothing_at_all_keeps_the_queue(small_world: World, problem: Exception) -> None:
    ana = small_world.device("ana")
    ana.add("tool", shelf="a", name="spade")

    def refuse(step: str, body: bytes) -> None:
        if step == "push":
            raise problem

    ana.transport.before = refuse
    with pytest.raises(type(problem)):
        ana.sync()

    assert ana.waiting() == 1
    assert ana.receipts() == {}


def test_an_envelope_whose_answer_was_lost_is_answered_the_same(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    ana.add("tool", shelf="a", name=LONG)
    bodies: list[bytes] = []
    ana.transport.before = lambda step, body: bodies.append(body) if step == "push" else None
    ana.sync()
    ledger = len(world.ledger())

    again = msgspec.json.decode(world.hub.push(ana.caller, bodies[0]))

    assert again["receipts"][0][3:5] == ["refused", "too_large"]
    assert len(world.ledger()) == ledger
