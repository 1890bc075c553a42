"""A field that is withheld, or was when somebody wrote over it."""

import pytest

from sync.device.context import Context
from sync.device.pull import pull
from tests.sync.conftest import World
from tests.sync.granting import redraw


def test_a_field_withheld_when_it_was_written_over_stays_though_it_is_given_now(world: World) -> None:
    """Its author never saw what stands there."""
    tool = world.put("tool", shelf="a", number="0", phone="1")
    world.keeper.allow("ana", "a", level=3)
    ana = world.device("ana")
    ana.sync()
    (over,) = ana.edit(tool, number="9")
    (beside,) = ana.edit(tool, phone="2")
    world.keeper.allow("ana", "a")
    redraw(world)

    ana.sync()

    assert ana.receipts()[over] == ("refused", "withheld")
    assert ana.receipts()[beside][0] in ("applied", "merged")
    assert (world.row(tool)["number"], world.row(tool)["phone"]) == ("0", "2")
    assert ana.row(tool)["number"] == "0"


def test_nor_may_she_write_over_what_somebody_changed_meanwhile_unseen_by_her(world: World) -> None:
    tool = world.put("tool", shelf="a", number="0")
    world.keeper.allow("ana", "a", level=3)
    ana, ben = world.device("ana"), world.device("ben")
    for each in (ana, ben):
        each.sync()
    (over,) = ana.edit(tool, number="9")
    ben.edit(tool, number="5")
    ben.sync()
    world.keeper.allow("ana", "a")
    redraw(world)

    ana.sync()

    assert ana.receipts()[over] == ("refused", "withheld")
    assert world.row(tool)["number"] == "5"


def test_what_she_saw_somebody_empty_she_may_fill_again(world: World) -> None:
    """Work of hers that waits keeps her base where it was, and there the field still held something."""
    tool = world.put("tool", shelf="a", number="0", phone="1")
    ana, ben = world.device("ana"), world.device("ben")
    for each in (ana, ben):
        each.sync()
    ben.edit(tool, number=None)
    ben.sync()
    ana.edit(tool, phone="2")
    pull(Context(ana.store, ana.transport, world.clock, None, None), set())

    (again,) = ana.edit(tool, number="9")
    ana.sync()

    assert ana.receipts()[again][0] == "conflict"  # with what emptied it, for a person to settle


@pytest.mark.parametrize("hides", [True, False])
def test_who_seals_a_record_or_opens_it_reads_what_she_is_shown_of_it_now(world: World, hides: bool) -> None:
    """Her own edit is taken as it is; what it hides or shows beside itself she has not got right."""
    tool = world.put("tool", shelf="a", hidden_place=not hides, place_note="by the door")
    world.keeper.allow("ana", "a", level=3)
    ana = world.device("ana")
    ana.sync()
    (seals,) = ana.edit(tool, hidden_place=hides)
    ana.sync()

    assert ana.receipts()[seals] == ("merged", None)
    assert ana.row(tool)["place_note"] == (None if hides else "by the door")
    (beside,) = ana.edit(tool, phone="3")
    ana.sync()
    assert ana.receipts()[beside] == ("applied", None)
    assert (world.row(tool)["hidden_place"], world.row(tool)["place_note"]) == (hides, "by the door")
