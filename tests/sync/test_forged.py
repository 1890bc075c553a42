"""What somebody forged, sent again or changed on the way: batches, ids, receipts."""

from typing import Any

import msgspec
import pytest

from sync.errors import Unreachable, Unreadable
from sync.ops import Act, Outcome, Reason, new_id
from sync.sql import Change
from sync.wire import PushReply, PushRequest, Rejoin, decode, encode
from tests.sync.conftest import Device, World
from tests.sync.forging import GOOD, Forger


def forged(device: Device, change: Any) -> list[PushReply]:
    """What the hub says to a push that somebody changed on the way."""
    found: list[PushReply] = []

    def alter(step: str, body: bytes) -> bytes | None:
        return encode(change(decode(PushRequest, body))) if step == "push" else None

    def note(step: str, reply: bytes) -> None:
        if step == "push":
            found.append(decode(PushReply, reply))
            raise Unreachable("cut")

    device.transport.before, device.transport.after = alter, note
    with pytest.raises(Unreachable):
        device.sync()
    device.transport.before = device.transport.after = None
    return found


def with_op(pushed: PushRequest, **changed: Any) -> PushRequest:
    op = msgspec.structs.replace(pushed.ops[0], **changed)
    return msgspec.structs.replace(pushed, ops=[op, *pushed.ops[1:]])


@pytest.mark.parametrize(
    "change",
    {
        "another content": lambda p: with_op(p, content=msgspec.Raw(b'{"patch":{"name":"forged"}}')),
        "another salt": lambda p: with_op(p, salt="0" * 32),
        "another id": lambda p: with_op(p, op_id="0" * 32),
        "another number": lambda p: with_op(p, n=5),
        "its commitment, without its content": lambda p: with_op(
            p, content=msgspec.Raw(b"null"), commitment="0" * 64
        ),
        "one left out": lambda p: msgspec.structs.replace(p, ops=p.ops[1:]),
        "in another order": lambda p: msgspec.structs.replace(p, ops=p.ops[::-1]),
    }.values(),
)
def test_a_batch_changed_on_the_way_is_not_taken_and_the_true_one_is(small_world: World, change: Any) -> None:
    world = small_world
    ana = world.device("ana")
    ana.sync()
    tools = [ana.add("tool", shelf="a", name=name) for name in ("spade", "axe")]
    (said,) = forged(ana, change)
    before = [world.row(tool) for tool in tools]
    report = ana.sync()

    assert said.rejoin in (Rejoin.CHAIN, Rejoin.GAP)
    assert said.receipts == []
    assert before == [None, None]
    assert report.rejoined is None
    assert [world.row(tool)["name"] for tool in tools] == ["spade", "axe"]


def test_an_id_used_again_with_other_content_is_never_answered_with_the_first_receipt(world: World) -> None:
    forger = Forger(world.device("ana"))
    (first,) = forger.push(dict(GOOD))
    ledger = len(world.ledger())

    (again,) = forger.push(
        {"kind": "insert", "op_id": first.op_id, "content": b'{"patch":{"shelf":"a","name":"forged"}}'}
    )
    fine, *_ = forger.push(dict(GOOD))

    assert (again.outcome, again.reason) == (Outcome.REFUSED, Reason.ID_USED)
    assert len(world.ledger()) == ledger + 1
    assert fine.outcome is Outcome.APPLIED


def test_an_id_used_twice_in_one_batch_is_taken_once(small_world: World) -> None:
    op_id = new_id()

    first, again = Forger(small_world.device("ana")).push(
        {**GOOD, "op_id": op_id},
        {"kind": "insert", "op_id": op_id, "content": b'{"patch":{"shelf":"a","name":"forged"}}'},
    )

    assert first.outcome is Outcome.APPLIED
    assert (again.outcome, again.reason) == (Outcome.REFUSED, Reason.ID_USED)
    assert [row["op_id"] for row in small_world.ledger()].count(op_id) == 1


def test_another_laptop_learns_nothing_by_naming_somebodys_op(small_world: World) -> None:
    world = small_world
    ana, ben = world.device("ana"), world.device("ben")
    (first,) = Forger(ana).push(dict(GOOD))

    (again,) = Forger(ben).push({"kind": "insert", "op_id": first.op_id, "content": b'{"patch":{}}'})

    assert (again.outcome, again.reason, again.version) == (Outcome.REFUSED, Reason.ID_USED, 0)


def test_a_receipt_for_an_op_never_sent_changes_nothing(small_world: World) -> None:
    ana = small_world.device("ana")
    ana.sync()
    tool = ana.add("tool", shelf="a", name="spade")

    def add(step: str, reply: bytes) -> bytes | None:
        if step != "push":
            return None
        said = msgspec.json.decode(reply)
        return encode({**said, "receipts": [*said["receipts"], [new_id(), 9, 9, "applied"]]})

    ana.transport.after = add
    report = ana.sync()

    assert len(ana.receipts()) == 1
    assert ana.row(tool)["version"] == 1
    assert report.mismatched == []


def test_a_receipt_for_an_op_that_was_not_sent_yet_is_no_receipt(small_world: World) -> None:
    """Saved while the push was on its way; whoever answers, its own receipt is still to come."""
    ana = small_world.device("ana")
    ana.sync()
    ana.add("tool", shelf="a", name="sent")
    late: list[str] = []

    def add(step: str, reply: bytes) -> bytes | None:
        if step == "push" and not late:
            late.extend(ana.save(Change("tool", new_id(), {"shelf": "a", "name": "late"}, Act.INSERT)))
            said = msgspec.json.decode(reply)
            return encode({**said, "receipts": [*said["receipts"], [late[0], 9, 9, "refused"]]})
        if late:
            raise Unreachable("cut")
        return None

    ana.transport.after = add
    with pytest.raises(Unreachable):
        ana.sync()
    kept = (ana.waiting(), late[0] in ana.receipts())
    ana.transport.after = None
    ana.sync()

    assert kept == (1, False)
    assert ana.receipts()[late[0]] == ("applied", None)


def test_a_hub_that_cannot_read_one_op_says_which_by_halves(small_world: World) -> None:
    """Whatever it is about it: found by halving, recorded as its envelope, the rest goes on."""
    world = small_world
    ana = world.device("ana")
    good = [ana.add("tool", shelf="a", name=str(n)) for n in range(7)]
    bad = ana.add("tool", shelf="a", name="unspeakable")
    good += [ana.add("tool", shelf="a", name=str(n)) for n in range(7)]

    def refuse(step: str, body: bytes) -> None:
        if b"unspeakable" in body:
            raise Unreadable("400")

    ana.transport.before = refuse
    report = ana.sync()

    assert report.outcomes == {Outcome.APPLIED: 14, Outcome.REFUSED: 1}
    assert all(world.row(tool) for tool in good)
    assert world.row(bad) is None
