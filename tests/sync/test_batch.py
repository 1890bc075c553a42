"""What a batch answers at its edges: the desk's decisions, what is central or there already, poison."""

from typing import Any

import msgspec
import pytest

from sync.errors import Unreachable
from sync.hub.batch import Batch
from sync.hub.hub import BadMessage
from sync.hub.reading import read
from sync.ops import Act, Outcome, Reason, encode_content, new_id, new_salt
from sync.sql import Change
from sync.wire import PushReply, WireOp, decode_reply
from tests.sync.agreeing import agree, clash
from tests.sync.conftest import World


def test_the_desk_decides_a_card_about_what_it_finds_standing(small_world: World) -> None:
    world = small_world
    ana, ben, tool = clash(world)
    (card,) = world.cards()
    chosen = {"choice": "edited", "values": {"phone": "5"}, "why": "rang them"}
    (receipt,) = world.hub.apply(world.desk, [Change("conflict", card["id"], chosen, Act.DECIDE)])
    agree(world, ana, ben)

    assert receipt.outcome is Outcome.APPLIED
    assert (world.row(tool)["phone"], world.cards()) == ("5", [])


def test_the_desk_decides_no_card_that_is_not_there(small_world: World) -> None:
    chosen = {"choice": "stands", "values": None, "why": None}
    (receipt,) = small_world.hub.apply(small_world.desk, [Change("conflict", new_id(), chosen, Act.DECIDE)])

    assert (receipt.outcome, receipt.reason) == (Outcome.REFUSED, Reason.UNKNOWN_RECORD)


def test_a_record_that_only_the_council_writes_is_asked_for(small_world: World) -> None:
    ana = small_world.device("ana")
    ana.sync()
    price = new_id()
    (op,) = ana.save(Change("price", price, {"pence": 7}, Act.INSERT))
    ana.sync()

    assert ana.receipts()[op] == ("held", "request")
    assert small_world.row(price, "price") is None


def test_what_is_written_once_is_not_written_over_by_another_of_the_same_id(small_world: World) -> None:
    world = small_world
    ana, ben = world.device("ana"), world.device("ben")
    ana.sync(), ben.sync()
    note = new_id()
    ana.save(Change("journal", note, {"shelf": "a", "text": "hers"}, Act.INSERT))
    (op,) = ben.save(Change("journal", note, {"shelf": "a", "text": "his"}, Act.INSERT))
    ana.sync(), ben.sync()

    assert ben.receipts()[op] == ("refused", "already_there")
    assert world.row(note, "journal")["text"] == "hers"


def op_of(content: bytes, **fields: Any) -> WireOp:
    given = {"kind": "update", "table": "tool", "record": new_id()} | fields
    return WireOp(
        n=1, chain="", op_id=new_id(), base_epoch="", base_version=0, made_at=1, act_id=new_id(),
        salt=new_salt(), content=msgspec.Raw(content), **given,
    )  # fmt: skip


def test_an_op_refused_as_poison_is_answered_the_same_when_it_comes_again(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    op = op_of(encode_content({"name": "fork"}, {"name": "spade"}), record=tool)
    other = msgspec.structs.replace(op, content=msgspec.Raw(encode_content({"name": "axe"}, {})))

    def refuse(op: WireOp) -> tuple[Outcome, str | None, int]:
        with world.hub.store.writing() as transaction:
            batch = Batch(transaction, world.hub.store.tables, world.keeper, ana.caller, 1)
            receipt = batch.refuse_poison(op)
            batch.write()
        return receipt.outcome, receipt.reason, receipt.seq

    first = refuse(op)
    rows = len(world.ledger())

    assert first[:2] == (Outcome.REFUSED, Reason.BAD_VALUE)
    assert refuse(op) == first
    assert refuse(other)[:2] == (Outcome.REFUSED, Reason.ID_USED)
    assert len(world.ledger()) == rows
    assert world.row(tool)["name"] == "spade"


def test_a_message_that_is_no_text_is_no_message(small_world: World) -> None:
    """Not an error of the hub's, nor on a laptop anything but no answer."""
    with pytest.raises(BadMessage):
        small_world.hub.pull(small_world.desk, b'{"protocol":2,"epoch":"\xff"}')
    with pytest.raises(Unreachable):
        decode_reply(PushReply, b'{"epoch":"\xff"}')


@pytest.mark.parametrize("content", [b'{"patch":{"name":"\xff"},"was":{}}', b"{"])
def test_a_content_that_is_no_text_is_refused_as_unreadable(small_world: World, content: bytes) -> None:
    reading = read(op_of(content), small_world.hub.store.tables)

    assert (reading.refusal, reading.patch) == (Reason.UNREADABLE, {})
