"""Ops saved together stand or fall together, and what needs something that fell, falls with it."""

import pytest

from sync.errors import TooLarge
from sync.ops import Act, Outcome, new_id
from sync.ports import ADMIT, Verdict
from sync.sql import Change
from tests.sync.conftest import HOLD, REFUSE, World, in_pages


def test_edits_behind_a_refused_insert_are_refused_as_its_followers(world: World) -> None:
    """However the pages fall: in the same batch, or in a later one."""
    ana = world.device("ana")
    ana.sync()
    world.keeper.judges["ana"] = lambda p: REFUSE if p.row.get("name") == "no" else ADMIT
    tool = ana.add("tool", shelf="a", name="no")
    ops = [*ana.edit(tool, colour="red"), *ana.edit(tool, phone="1")]
    note = new_id()
    ops += ana.save(Change("journal", note, {"shelf": "a", "tool_id": tool, "text": "of it"}, Act.INSERT))
    in_pages(ana, 1)
    ana.sync()

    assert [ana.receipts()[op] for op in ops[-1:]] == [("refused", "follows")]
    assert {ana.receipts()[op][0] for op in ops} == {"refused"}
    assert (ana.row(tool), world.row(note, "journal")) == (None, None)
    assert ana.waiting() == 0


def test_what_falls_late_takes_its_whole_act_along(small_world: World) -> None:
    """The insert names a record that was held; the edit saved before it, in the same act, falls too."""
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    world.keeper.judges["ana"] = lambda p: HOLD if p.row.get("name") == "held" else ADMIT
    held = ana.add("tool", shelf="a", name="held")
    ana.save(
        Change("tool", tool, {"colour": "red"}),
        Change("journal", new_id(), {"shelf": "a", "tool_id": held, "text": "of it"}, Act.INSERT),
    )

    report = ana.sync()

    assert report.outcomes == {Outcome.HELD: 3}
    assert world.row(tool)["colour"] is None


@pytest.mark.parametrize("size", [1, 2, 3])
def test_an_act_larger_than_a_page_is_never_split(small_world: World, size: int) -> None:
    world = small_world
    ana = world.device("ana")
    tools = [world.put("tool", shelf="a", name=str(n)) for n in range(4)]
    ana.sync()
    ana.save(
        *(Change("tool", tool, {"name": "all"}) for tool in tools[:3]),
        Change("tool", tools[3], {"shelf": "b"}),  # central: held
    )
    ana.edit(tools[0], colour="red")
    in_pages(ana, size)

    report = ana.sync()

    assert report.outcomes == {Outcome.HELD: 4, Outcome.APPLIED: 1}
    assert {world.row(tool)["name"] for tool in tools} == set("0123")


def test_an_act_too_large_for_the_wire_stops_the_round_and_keeps_the_queue(small_world: World) -> None:
    ana = small_world.device("ana")
    ana.sync()
    ana.save(*(Change("tool", new_id(), {"shelf": "a"}, Act.INSERT) for _ in range(3)))

    def narrow(step: str, body: bytes) -> None:
        if step == "push" and body.count(b"insert") > 2:
            raise TooLarge

    ana.transport.before = narrow
    with pytest.raises(TooLarge):
        ana.sync()

    assert ana.waiting() == 3


def test_a_narrow_wire_takes_everything_in_smaller_batches(small_world: World) -> None:
    ana = small_world.device("ana")
    ana.sync()
    for number in range(20):
        ana.add("tool", shelf="a", name=str(number))

    def narrow(step: str, body: bytes) -> None:
        if step == "push" and body.count(b"insert") > 2:
            raise TooLarge

    ana.transport.before = narrow

    assert ana.sync().outcomes == {Outcome.APPLIED: 20}


def test_what_was_written_once_is_not_held_back_by_the_changes_saved_with_it(world: World) -> None:
    """Somebody who no longer has the scope: her words are taken at once, her change waits."""
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    read = Verdict(to_read=True)
    world.keeper.judges["ana"] = lambda p: read if p.table == "journal" else HOLD
    note, other = new_id(), new_id()
    told = {"shelf": "a", "tool_id": tool, "text": "I lent it to Ben."}
    change, first = ana.save(
        Change("tool", tool, {"colour": "red"}), Change("journal", note, told, Act.INSERT)
    )
    # What needs a record that waits cannot go without it.
    _, second = ana.save(
        Change("tool", other, {"shelf": "a", "name": "axe"}, Act.INSERT),
        Change("journal", new_id(), {**told, "tool_id": other}, Act.INSERT),
    )

    ana.sync()

    assert ana.receipts()[change] == ("held", "not_yours_now")
    assert ana.receipts()[first] == ("applied", "to_read")
    assert world.row(note, "journal") is not None
    assert ana.receipts()[second] == ("held", "same_act")


def test_what_was_saved_with_a_change_of_a_record_the_council_has_not_falls_with_it(
    small_world: World,
) -> None:
    world = small_world
    ana = world.device("ana")
    there, lost = world.put("tool", shelf="a", name="there"), world.put("tool", shelf="a", name="lost")
    ana.sync()
    world.lose(lost)
    beside, gone = ana.save(Change("tool", there, {"phone": "1"}), Change("tool", lost, {"phone": "2"}))

    ana.sync()

    assert ana.receipts()[gone] == ("refused", "unknown_record")
    assert ana.receipts()[beside] == ("refused", "same_act")
    assert world.row(there)["phone"] is None
