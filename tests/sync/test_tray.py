"""What waits for a person: put into a tray, travelling like a record, admitted or declined once."""

import pytest

from sync.ops import Act, Outcome, Reason, new_id
from sync.ports import ADMIT, Ruling, Verdict
from sync.sql import Change
from tests.sync.conftest import HOLD, REFUSE, Device, World
from tests.sync.trays import REQUEST, TO_READ, at_hub, is_new, moved, say, tray


def waiting_edit(world: World) -> tuple[str, Device, str]:
    """Such a tool, and an edit of ana's to it that waits in bo's tray."""
    tool, ana, bo = moved(world)
    (op_id,) = ana.edit(tool, name="axe")
    ana.sync()
    bo.sync()
    return tool, bo, op_id


def test_what_its_author_may_not_write_any_more_lies_in_the_tray_of_who_has_it_now(world: World) -> None:
    tool, ana, bo = moved(world)
    (op_id,) = ana.edit(tool, name="axe")

    ana.sync()
    bo.sync()

    (item,) = tray(bo)
    assert (item["id"], item["version"], item["scope"]) == (op_id, 1, "shelf:b")
    assert (item["table_name"], item["record"], item["kind"]) == ("tool", tool, "update")
    assert (item["author"], item["line"]) == ("ana", "laptop-ana")
    assert (item["reason"], item["state"], item["follows"]) == ("not_yours_now", "waiting", None)
    assert (item["patch"], item["was"]) == ({"name": "axe"}, {"name": "spade"})
    assert bo.row(tool)["name"] == world.row(tool)["name"] == "spade"
    assert (tray(ana), ana.count("tool")) == ([], 0)


def test_admitting_applies_it_under_its_author_and_names_who_let_it_in(world: World) -> None:
    tool, bo, op_id = waiting_edit(world)
    (decision,) = say(bo, op_id, "admit", "as she said")
    shown = tray(bo)[0]

    report = bo.sync()

    assert (shown["state"], shown["why"]) == ("admitted", "as she said")
    assert report.outcomes == {Outcome.APPLIED: 1}
    assert world.row(tool)["name"] == bo.row(tool)["name"] == "axe"
    item = at_hub(world, op_id)
    assert (item["state"], item["decided_by"], item["why"]) == ("admitted", "bo", "as she said")
    decided, applied = world.ledger()[-2:]
    assert (decided["op_id"], decided["author"], decided["table_name"]) == (decision, "bo", "held")
    assert (applied["author"], applied["line"], applied["device"]) == ("ana", "laptop-ana", "")
    assert (applied["record"], applied["version"]) == (tool, 2)
    assert applied["outcome"] in ("applied", "merged")


def test_declining_leaves_the_record_and_keeps_what_was_said(world: World) -> None:
    tool, bo, op_id = waiting_edit(world)
    say(bo, op_id, "decline", "it is a spade")

    bo.sync()

    item = at_hub(world, op_id)
    assert (item["state"], item["why"], item["patch"]) == ("declined", "it is a spade", {"name": "axe"})
    assert (world.row(tool)["name"], world.row(tool)["version"]) == ("spade", 1)


def test_an_admitted_edit_is_settled_by_value_against_what_stands_now(world: World) -> None:
    """The new owner changed it meanwhile: one card with both, nothing overwritten."""
    tool, ana, bo = moved(world)
    first, second = *ana.edit(tool, name="axe"), *ana.edit(tool, colour="blue")
    ana.sync()
    bo.sync()
    bo.edit(tool, name="fork")
    bo.sync()
    say(bo, first, "admit")
    say(bo, second, "admit")

    bo.sync()

    row = world.row(tool)
    (card,) = world.cards()
    assert (card["columns"], row["colour"]) == (["name"], "blue")
    assert card["sides"]["laptop-ana"]["values"] == {"name": "axe"}
    assert row["name"] in ("fork", "axe")
    assert at_hub(world, first)["state"] == "admitted"


def test_of_two_who_decide_at_once_the_first_counts(world: World) -> None:
    tool, ana, bo = moved(world)
    col = world.device("col", "b")
    (op_id,) = ana.edit(tool, name="axe")
    ana.sync()
    bo.sync()
    col.sync()
    say(bo, op_id, "decline")
    (late,) = say(col, op_id, "admit")
    bo.sync()

    report = col.sync()

    assert report.outcomes == {Outcome.REFUSED: 1}
    assert col.receipts()[late] == ("refused", "already_decided")
    assert world.row(tool)["name"] == "spade"
    assert [item["state"] for item in tray(col)] == ["declined"]


def test_a_decision_sent_twice_takes_effect_once(small_world: World) -> None:
    world = small_world
    tool, bo, op_id = waiting_edit(world)
    say(bo, op_id, "admit")
    say(bo, op_id, "admit")

    report = bo.sync()

    assert report.outcomes == {Outcome.APPLIED: 1, Outcome.REFUSED: 1}
    assert world.row(tool)["version"] == 2
    assert sum(row["record"] == tool and row["author"] == "ana" for row in world.ledger()) == 2


def test_a_request_for_a_central_field_is_written_once_a_leader_says_so(world: World) -> None:
    ana, bo = world.device("ana"), world.device("bo")
    price = world.put("price", pence=5)
    world.keeper.allow("ana", "a", "common")
    world.keeper.allow("bo", "a", "common")
    world.put("price", pence=6)
    ana.sync()
    bo.sync()
    (op_id,) = ana.edit(price, "price", pence=9)
    ana.sync()
    bo.sync()
    say(bo, op_id, "admit")
    bo.sync()
    refused = bo.receipts()
    world.keeper.rulings["bo"] = Verdict(central=True)
    say(bo, op_id, "admit")
    bo.sync()
    ana.sync()

    assert ("refused", "request") in refused.values()
    assert world.row(price, "price")["pence"] == 9
    assert ana.row(price, "price")["pence"] == 9


def test_who_may_not_decide_is_refused_and_the_item_waits_on(small_world: World) -> None:
    tool, ana, bo = moved(small_world)
    (op_id,) = ana.edit(tool, name="axe")
    ana.sync()
    bo.sync()
    for verdict in (REFUSE, HOLD):
        small_world.keeper.rulings["bo"] = verdict
        say(bo, op_id, "admit")
        report = bo.sync()

        assert report.outcomes == {Outcome.REFUSED: 1}
    assert [item["state"] for item in tray(bo)] == ["waiting"]
    assert len(tray(bo)) == 1


def test_what_was_taken_from_somebody_who_lost_it_is_listed_to_read_without_its_text(world: World) -> None:
    _, ana, bo = moved(world)
    world.keeper.rulings["ana"] = TO_READ
    note = ana.add("journal", shelf="b", text="seen on Monday")

    report = ana.sync()
    bo.sync()

    assert report.outcomes == {Outcome.APPLIED: 1}
    assert bo.row(note, "journal")["text"] == "seen on Monday"
    (item,) = tray(bo)
    assert (item["state"], item["reason"], item["record"]) == ("to_read", "to_read", note)
    assert (item["patch"], item["was"]) == (None, None)

    say(bo, item["id"], "read")
    bo.sync()

    assert (at_hub(world, item["id"])["state"], tray(bo)[0]["state"]) == ("read", "read")


@pytest.mark.parametrize("choice", ["admit", "decline"])
def test_what_is_to_be_read_is_neither_admitted_nor_declined(small_world: World, choice: str) -> None:
    _, ana, bo = moved(small_world)
    small_world.keeper.rulings["ana"] = TO_READ
    ana.add("journal", shelf="b", text="seen on Monday")
    ana.sync()
    bo.sync()
    (decision,) = say(bo, tray(bo)[0]["id"], choice)

    bo.sync()

    assert bo.receipts()[decision] == ("refused", "bad_value")
    assert tray(bo)[0]["state"] == "to_read"


def test_what_waits_is_not_read_away(small_world: World) -> None:
    tool, ana, bo = moved(small_world)
    (op_id,) = ana.edit(tool, name="axe")
    ana.sync()
    bo.sync()
    (decision,) = say(bo, op_id, "read")

    bo.sync()

    assert bo.receipts()[decision] == ("refused", "bad_value")


def test_the_item_waits_somewhere_else_when_the_host_says_so(small_world: World) -> None:
    """A record that is only asked for has a scope that nobody is given yet."""
    world = small_world
    ana, bo = world.device("ana", "a"), world.device("bo", "a")
    ana.sync()
    there = Verdict(Ruling.HOLD, Reason.REQUEST, tray="shelf:a")
    world.keeper.judges["ana"] = lambda p: there if is_new(p, "asked") else ADMIT
    tool = ana.add("tool", shelf="z", name="asked")
    ana.save(Change("journal", new_id(), {"shelf": "z", "tool_id": tool, "text": "of it"}, Act.INSERT))
    ana.sync()
    bo.sync()

    assert [(item["scope"], item["state"]) for item in tray(bo)] == [("shelf:a", "waiting")] * 2

    say(bo, tray(bo)[0]["id"], "admit")
    bo.sync()

    assert world.row(tool)["scope"] == "shelf:z"


def test_a_decision_on_a_card_that_waited_is_carried_out_as_its_authors(small_world: World) -> None:
    world = small_world
    tool = world.put("tool", shelf="a", phone="3")
    ana, bo = world.device("ana"), world.device("bo")
    ana.sync()
    bo.sync()
    ana.edit(tool, phone="4")
    bo.edit(tool, phone="5")
    ana.sync()
    bo.sync()
    ana.sync()
    (card,) = ana.cards()
    world.keeper.judges["ana"] = lambda p: REQUEST if p.kind is Act.DECIDE else ADMIT
    (op_id,) = ana.decide(card["id"], "typed", phone="6")
    ana.sync()
    bo.sync()
    assert [item["kind"] for item in tray(bo)] == ["decide"]

    say(bo, op_id, "admit")
    bo.sync()

    assert (world.row(tool)["phone"], world.cards()) == ("6", [])
    assert world.row(card["id"], "conflict")["decided_by"] == "ana"


def test_nobody_writes_into_a_tray_but_the_hub(small_world: World) -> None:
    world = small_world
    _, bo, op_id = waiting_edit(world)
    (forged,) = bo.save(Change("held", op_id, {"patch": {"name": "mine"}, "state": "admitted"}))

    bo.sync()

    assert bo.receipts()[forged] == ("refused", "unreadable")
    assert (at_hub(world, op_id)["state"], tray(bo)[0]["patch"]) == ("waiting", {"name": "axe"})


def test_what_is_let_in_of_a_record_that_is_not_there_any_more_comes_to_nothing(small_world: World) -> None:
    world = small_world
    tool, bo, op_id = waiting_edit(world)
    world.lose(tool)
    (decision,) = say(bo, op_id, "admit")

    bo.sync()

    assert bo.receipts()[decision] == ("refused", "unknown_record")
    assert at_hub(world, op_id)["state"] == "waiting"
