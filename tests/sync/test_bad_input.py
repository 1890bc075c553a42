"""Each kind of bad input has its named outcome, and delays nothing else by more than a round."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import update

from sync.errors import TooNew, TooOld, Unreachable
from sync.hub.past import BadMessage
from sync.ops import Act, Outcome, Reason, new_id
from sync.ports import ADMIT
from sync.sql import Change
from sync.wire import MAIN, OP_BYTES, PROTOCOL, SERVED, encode
from tests.sync.agreeing import agree
from tests.sync.conftest import HOLD, REFUSE, Device, World
from tests.sync.forging import GOOD, Forger
from tests.sync.old_copies import copy_of, second


def answer(device: Device, step: str, **changed: Any) -> None:
    """The hub's next answers to this step say something else."""

    def change(asked: str, reply: bytes) -> bytes | None:
        return encode({**msgspec.json.decode(reply), **changed}) if asked == step else None

    device.transport.after = change


def request(device: Device, **changed: Any) -> bytes:
    said: dict[str, Any] = {
        "protocol": PROTOCOL, "generation": new_id(), "after_n": 0, "after_chain": "0" * 64, "ops": [],
    }  # fmt: skip
    return encode({**said, **changed})


@pytest.mark.parametrize(
    "step, changed",
    {
        "receipts that are a number": ("push", {"receipts": 7}),
        "an outcome there is none of": ("push", {"receipts": [["x", 1, 1, "perhaps"]]}),
        "a cursor that is text": ("pull", {"cursor": "here"}),
        "a cursor of another shape": ("pull", {"cursor": {MAIN: ["x", "y"]}}),
        "rows of no table": ("pull", {"rows": [[1, 2, 3]]}),
        "counts that are words": ("pull", {"counts": [["shelf:a", "tool", "many", ""]]}),
    }.values(),
)
def test_a_message_of_the_hub_with_a_wrong_type_is_no_answer(
    small_world: World, step: str, changed: dict[str, Any]
) -> None:
    ana = small_world.device("ana")
    ana.sync()
    before = ana.store.cursor()
    tool = ana.add("tool", shelf="a", name="spade")
    answer(ana, step, **changed)
    with pytest.raises(Unreachable):
        ana.sync()
    kept = (ana.row(tool)["name"], ana.store.cursor())
    ana.transport.after = None
    ana.sync()

    assert kept == ("spade", before)
    assert ana.row(tool)["version"] == 1


def test_a_row_that_is_no_row_is_no_answer(small_world: World) -> None:
    ana = small_world.device("ana")
    answer(ana, "pull", rows=[["tool", ["id", "version", "scope", "extra"], [["short"]]]])

    with pytest.raises(Unreachable):
        ana.sync()


def test_a_message_of_a_device_with_a_wrong_type_is_no_message(small_world: World) -> None:
    ana = small_world.device("ana")
    for body in (b"", b"[]", b"{", b'{"protocol":"two"}', request(ana, ops=[[1, 2, 3]])):
        with pytest.raises(BadMessage):
            small_world.hub.push(ana.caller, body)

    assert all(row["device"] != ana.caller.device for row in small_world.ledger())


def test_a_version_from_the_future_is_told_so_whatever_it_says(small_world: World) -> None:
    ana = small_world.device("ana")
    for body in (
        request(ana, protocol=PROTOCOL + 1),
        encode({"protocol": 99, "quite": ["another", "shape"]}),
    ):
        with pytest.raises(TooNew):
            small_world.hub.push(ana.caller, body)
        with pytest.raises(TooNew):
            small_world.hub.pull(ana.caller, body)


def test_a_version_no_longer_served_is_told_so_before_anything_is_taken(small_world: World) -> None:
    ana = small_world.device("ana")
    with pytest.raises(TooOld):
        small_world.hub.push(ana.caller, request(ana, protocol=min(SERVED) - 1))

    assert all(row["device"] != ana.caller.device for row in small_world.ledger())


def in_protocol_1(step: str, body: bytes) -> bytes:
    """A request as version 1 said it."""
    said = msgspec.json.decode(body)
    for name in ("cursor", "past") if step == "push" else ("sent_n", "sent_chain", "made_n", "listed"):
        said.pop(name, None)
    return encode({**said, "protocol": 1})


def test_the_version_before_is_served(small_world: World) -> None:
    """A device that knows nothing of envelopes, lists and its own past."""
    world = small_world
    ana = world.device("ana")
    ana.transport.before = in_protocol_1
    tool = ana.add("tool", shelf="a", name="spade")
    ana.sync()
    ana.edit(tool, name="axe")

    report = ana.sync()

    assert report.rejoined is None
    assert world.row(tool)["name"] == "axe"


def test_one_of_the_version_before_that_was_put_back_is_given_its_own_again(
    small_world: World, tmp_path: Path
) -> None:
    """It does not say what it has sent: at once, for a round may be cut before the check."""
    world = small_world
    ana = world.device("ana")
    ana.transport.before = in_protocol_1
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    copy = copy_of(ana.engine, tmp_path / "copy.db")
    ana.edit(tool, name="axe")
    ana.sync()
    before = second(ana, copy)
    before.transport.before = in_protocol_1

    report = before.sync()

    assert report.mismatched == []
    assert before.row(tool) == world.row(tool)


def test_fields_of_a_newer_hub_are_passed_over(small_world: World) -> None:
    ana = small_world.device("ana")
    tool = ana.add("tool", shelf="a", name="spade")

    def newer(step: str, reply: bytes) -> bytes:
        said = msgspec.json.decode(reply)
        for receipt in said.get("receipts", ()):
            receipt[4:] = ["a reason of next year", None, "and a field"]
        return encode({**said, "weather": "fine"})

    ana.transport.after = newer
    ana.sync()

    assert ana.row(tool)["version"] == 1
    assert [reason for _, reason in ana.receipts().values()] == ["a reason of next year"]


def test_an_unknown_kind_of_op_is_refused_and_recorded(small_world: World) -> None:
    bad, fine = Forger(small_world.device("ana")).push({"kind": "burn"}, dict(GOOD))

    assert (bad.outcome, bad.reason) == (Outcome.REFUSED, Reason.UNREADABLE)
    assert fine.outcome is Outcome.APPLIED


def test_an_op_of_thirty_mebibytes_comes_back_and_holds_nobody_up(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    (large,) = ana.save(Change("tool", new_id(), {"shelf": "a", "name": "x" * (30 << 20)}, Act.INSERT))
    after = ana.add("tool", shelf="a", name="after")

    ana.sync()

    assert ana.receipts()[large] == ("refused", Reason.TOO_LARGE)
    assert world.row(after)["name"] == "after"
    assert max(up for _, up, _ in ana.transport.sent) < 10_000


def test_an_op_of_thirty_mebibytes_from_something_else_is_refused_alone(small_world: World) -> None:
    content = b'{"patch":{"shelf":"a","name":"' + b"x" * (30 << 20) + b'"}}'

    bad, fine = Forger(small_world.device("ana")).push({"kind": "insert", "content": content}, dict(GOOD))

    assert (bad.outcome, bad.reason) == (Outcome.REFUSED, Reason.TOO_LARGE)
    assert fine.outcome is Outcome.APPLIED


def test_a_nul_is_kept_exactly_or_refused_by_name(world: World) -> None:
    ana, ben = world.device("ana"), world.device("ben")
    tool = ana.add("tool", shelf="a", name="a\0b")
    other = ana.add("tool", shelf="a", name="after")
    ana.sync(), ben.sync()
    outcome = next(iter(ana.receipts().values()))

    assert ben.row(other)["name"] == "after"
    if outcome[0] == "applied":
        assert ben.row(tool)["name"] == world.row(tool)["name"] == "a\0b"
    else:
        assert outcome == ("refused", Reason.BAD_VALUE)
        assert world.row(tool) is None


def test_half_a_character_is_refused_before_it_is_saved(small_world: World) -> None:
    ana = small_world.device("ana")
    with pytest.raises(ValueError, match="half of a character"):
        ana.add("tool", shelf="a", name="\ud83d")

    assert (ana.waiting(), ana.count("tool")) == (0, 0)


def test_a_number_larger_than_its_column_is_refused_before_it_is_saved(small_world: World) -> None:
    """No laptop could read it back, this one neither: every round that puts it together would end there."""
    ana = small_world.device("ana")
    with pytest.raises(ValueError, match="what its column does not take"):
        ana.add("tool", shelf="a", name="axe", ceiling=1 << 31)

    assert (ana.waiting(), ana.count("tool")) == (0, 0)


def test_half_a_character_from_something_else_is_found_and_refused_by_name(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    (bad,) = ana.save(Change("tool", new_id(), {"shelf": "a", "name": "axe"}, Act.INSERT))
    fine = ana.add("tool", shelf="a", name="fine")
    op = ana.schema.own("op")
    broken = b'{"patch":{"shelf":"a","name":"\\ud83d"}}'
    with ana.engine.begin() as connection:
        connection.execute(update(op).where(op.c.op_id == bad).values(content=broken))

    ana.sync()

    assert ana.receipts()[bad] == ("refused", Reason.UNREADABLE)
    assert world.row(fine)["name"] == "fine"


def test_a_long_line_travels_whole_up_to_the_limit_and_comes_back_beyond(small_world: World) -> None:
    world = small_world
    ana, ben = world.device("ana"), world.device("ben")
    line = "é" * (OP_BYTES // 2 - 100)
    fits, not_so = ana.add("tool", shelf="a", name=line), ana.add("tool", shelf="a", name="e" * 1_000_000)

    agree(world, ana, ben)

    assert ben.row(fits)["name"] == line
    assert world.row(not_so) is None
    assert ("refused", Reason.TOO_LARGE) in ana.receipts().values()


@pytest.mark.parametrize(
    "ruling, outcome, reason",
    [(REFUSE, "refused", Reason.NOT_ALLOWED), (HOLD, "held", Reason.NOT_YOURS_NOW)],
    ids=["a record that breaks a rule", "somebody else's family"],
)
def test_what_the_host_does_not_admit_comes_back_by_name(
    small_world: World, ruling: Any, outcome: str, reason: Reason
) -> None:
    world = small_world
    tool = world.put("tool", shelf="a", name="spade")
    ana = world.device("ana")
    ana.sync()
    world.keeper.judges["ana"] = lambda proposal: ruling if proposal.record == tool else ADMIT
    (bad,) = ana.edit(tool, name="axe")
    fine = ana.add("tool", shelf="a", name="mine")

    ana.sync()

    assert ana.receipts()[bad] == (outcome, reason)
    assert ana.row(tool)["name"] == world.row(tool)["name"] == "spade"
    assert world.row(fine)["name"] == "mine"
