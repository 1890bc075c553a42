"""What waits for a person: put into a tray, travelling like a record, admitted or declined once."""

from typing import Any

import pytest
from sqlalchemy import select

from sync.ops import Act, Outcome, Reason, new_id
from sync.ports import ADMIT, Proposed, Ruling, Verdict
from sync.sql import Change
from tests.sync.conftest import HOLD, REFUSE, Device, World, in_pages

TO_READ = Verdict(to_read=True)


def tray(device: Device) -> list[dict[str, Any]]:
    """What lies in the tray of a laptop, in the order it was saved."""
    table = device.schema["held"].table
    with device.engine.begin() as connection:
        return [dict(row) for row in connection.execute(select(table).order_by(table.c.id)).mappings()]


def at_hub(world: World, op_id: str) -> dict[str, Any]:
    row = world.row(op_id, "held")
    assert row is not None
    return row


def say(device: Device, item: str, choice: str, why: str | None = None) -> list[str]:
    return device.save(Change("held", item, {"choice": choice, "why": why}, Act.DECIDE))


def moved(world: World) -> tuple[str, Device, Device]:
    """A tool that ana had on her laptop and has not any more; bo has its shelf now."""
    tool = world.put("tool", shelf="b", name="spade", colour="red", phone="1")
    ana, bo = world.device("ana", "a", "b"), world.device("bo", "b")
    ana.sync()
    bo.sync()
    world.keeper.allow("ana", "a")
    world.keeper.rulings["ana"] = HOLD
    world.put("price", pence=3)
    return tool, ana, bo


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


def asked_for(world: World) -> tuple[Device, Device, list[str], dict[str, str]]:
    """ana asks for a tool (its insert waits) and writes on it, in two acts and a third one later."""
    ana, bo = world.device("ana"), world.device("bo")
    other = world.put("tool", shelf="a", name="other")
    ana.sync()
    bo.sync()
    world.keeper.judges["ana"] = lambda p: REQUEST if _is_new(p, "asked") else ADMIT
    ids = {"tool": new_id(), "journal": new_id(), "other": other}
    ops = ana.save(
        Change("tool", ids["tool"], {"shelf": "a", "name": "asked"}, Act.INSERT),
        Change("tool", other, {"colour": "green"}),
    )
    text = {"shelf": "a", "tool_id": ids["tool"], "text": "of it"}
    ops += ana.save(Change("journal", ids["journal"], text, Act.INSERT))
    ana.sync()
    ops += ana.save(Change("tool", ids["tool"], {"phone": "7"})) if ana.row(ids["tool"]) else []
    return ana, bo, ops, ids


REQUEST = Verdict(Ruling.HOLD, Reason.REQUEST)


def _is_new(proposal: Proposed, name: str) -> bool:
    return proposal.before is None and proposal.row.get("name") == name


def test_what_needs_a_waiting_insert_waits_behind_it_in_the_same_tray(world: World) -> None:
    ana, bo, ops, ids = asked_for(world)

    bo.sync()

    items = {item["id"]: item for item in tray(bo)}
    assert [items[op]["reason"] for op in ops] == ["request", "same_act", "follows"]
    assert [items[op]["follows"] for op in ops] == [None, ops[0], ops[0]]
    assert {item["scope"] for item in items.values()} == {"shelf:a"}
    assert world.row(ids["tool"]) is None
    assert [item["id"] for item in tray(ana)] == [item["id"] for item in tray(bo)]


def test_admitting_the_first_lets_its_followers_in_in_order(world: World) -> None:
    ana, bo, ops, ids = asked_for(world)
    bo.sync()
    say(bo, ops[0], "admit")

    report = bo.sync()
    ana.sync()

    assert report.mismatched == []
    assert (world.row(ids["tool"])["name"], world.row(ids["other"])["colour"]) == ("asked", "green")
    assert world.row(ids["journal"], "journal")["text"] == "of it"
    assert {item["state"] for item in tray(ana)} == {"admitted"}
    let_in = [row["record"] for row in world.ledger()[-6:] if row["table_name"] != "held"]
    assert let_in == [ids["tool"], ids["other"], ids["journal"]]
    assert ana.row(ids["tool"])["name"] == "asked"


def test_once_admitted_later_ops_on_it_apply_plainly(world: World) -> None:
    ana, bo, ops, ids = asked_for(world)
    bo.sync()
    say(bo, ops[0], "admit")
    bo.sync()
    ana.sync()
    ana.edit(ids["tool"], phone="7")

    report = ana.sync()

    assert report.outcomes == {Outcome.APPLIED: 1}
    assert world.row(ids["tool"])["phone"] == "7"


def test_an_op_sent_later_for_a_record_whose_insert_waits_follows_it(small_world: World) -> None:
    world = small_world
    ana, bo = world.device("ana"), world.device("bo")
    ana.sync()
    world.keeper.judges["ana"] = lambda p: REQUEST if _is_new(p, "asked") else ADMIT
    tool = ana.add("tool", shelf="a", name="asked")
    (edit,) = ana.edit(tool, phone="7")
    in_pages(ana, 1)
    ana.sync()
    bo.sync()

    first, second = tray(bo)

    assert (second["id"], second["reason"], second["follows"]) == (edit, "follows", first["id"])
    assert second["scope"] == "shelf:a"


def test_a_change_sent_later_that_names_what_waits_follows_it(world: World) -> None:
    ana, bo = world.device("ana"), world.device("bo")
    note = ana.add("journal", shelf="a", text="of the asked one")
    ana.sync()
    world.keeper.judges["ana"] = lambda p: REQUEST if _is_new(p, "asked") else ADMIT
    tool = ana.add("tool", shelf="a", name="asked")
    ana.edit(note, "journal", tool_id=tool)
    in_pages(ana, 1)
    ana.sync()
    bo.sync()
    first, second = tray(bo)
    say(bo, first["id"], "admit")
    bo.sync()

    assert (second["reason"], second["follows"]) == ("follows", first["id"])
    assert world.row(note, "journal")["tool_id"] == tool


def test_declining_the_first_declines_what_follows_and_what_comes_later_is_refused(world: World) -> None:
    ana, bo, ops, ids = asked_for(world)
    bo.sync()
    say(bo, ops[0], "decline", "no")
    bo.sync()
    text = {"shelf": "a", "tool_id": ids["tool"], "text": "more of it"}
    later = ana.save(Change("journal", new_id(), text, Act.INSERT))

    ana.sync()

    assert [(item["state"], item["why"]) for item in tray(ana)] == [("declined", "no")] * 3
    assert ana.receipts()[later[0]] == ("refused", "follows")
    assert world.row(ids["other"])["colour"] is None


def test_what_follows_is_not_decided_by_itself(small_world: World) -> None:
    _, bo, ops, ids = asked_for(small_world)
    bo.sync()
    (decision,) = say(bo, ops[2], "admit")

    bo.sync()

    assert bo.receipts()[decision] == ("refused", "follows")
    assert [item["state"] for item in tray(bo)] == ["waiting"] * 3
    assert small_world.row(ids["journal"], "journal") is None


def test_an_op_of_its_act_that_cannot_go_in_keeps_all_of_it_waiting(small_world: World) -> None:
    """Ops saved together stand or fall together, out of the tray too."""
    world = small_world
    _, bo, ops, ids = asked_for(world)
    bo.sync()
    world.keeper.judges["bo"] = lambda p: REFUSE if p.record == ids["other"] else ADMIT
    (decision,) = say(bo, ops[0], "admit")

    bo.sync()

    assert bo.receipts()[decision] == ("refused", "not_allowed")
    assert [item["state"] for item in tray(bo)] == ["waiting"] * 3
    assert world.row(ids["tool"]) is None


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
    world.keeper.judges["ana"] = lambda p: there if _is_new(p, "asked") else ADMIT
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
