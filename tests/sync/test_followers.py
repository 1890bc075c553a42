"""What needs something that waits, waits with it, and is decided with it."""

from sync.ops import Act, Outcome, new_id
from sync.ports import ADMIT
from sync.sql import Change
from tests.sync.conftest import REFUSE, Device, World, in_pages
from tests.sync.trays import REQUEST, is_new, say, tray


def asked_for(world: World) -> tuple[Device, Device, list[str], dict[str, str]]:
    """ana asks for a tool (its insert waits) and writes on it, in two acts and a third one later."""
    ana, bo = world.device("ana"), world.device("bo")
    other = world.put("tool", shelf="a", name="other")
    ana.sync()
    bo.sync()
    world.keeper.judges["ana"] = lambda p: REQUEST if is_new(p, "asked") else ADMIT
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
    world.keeper.judges["ana"] = lambda p: REQUEST if is_new(p, "asked") else ADMIT
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
    world.keeper.judges["ana"] = lambda p: REQUEST if is_new(p, "asked") else ADMIT
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
