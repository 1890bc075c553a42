"""One round between real devices and a real hub."""

import itertools
from datetime import date

import pytest

from sync.errors import Unreachable
from sync.ops import Act, Outcome, new_id
from sync.sql import Change
from sync.standing import digest
from tests.sync.conftest import HOLD, KINDS, REFUSE, Device, World


def in_turn(column: str, *values: str) -> str:
    """The one of equals that stands until a person decides: no clock and no order has a say."""
    return min(values, key=lambda value: digest({column: value}))


def pull_only(device: Device) -> None:
    """A round whose push never leaves and whose pull does: the pull half of an interrupted round."""
    waiting = device.waiting()
    real = device.store.waiting
    device.store.waiting = lambda *a: type(real(*a))((), (), 0, "0" * 64, 0, 0)  # type: ignore[method-assign]
    try:
        device.sync()
    finally:
        del device.store.waiting
    assert device.waiting() == waiting


def agree(world: World, *devices: Device) -> None:
    """Every device holds, record for record, what the council holds in its scopes."""
    for device in (*devices, *devices):
        device.sync()
    for device in devices:
        for name in ("tool", "journal", "alarm", "price", "conflict"):
            with world.engine.begin() as connection:
                rows = connection.execute(world.schema[name].table.select()).mappings().all()
            mine = world.keeper.shelves[device.user]
            for row in rows:
                if row["scope"] in mine:
                    assert device.row(row["id"], name) == dict(row)


def test_a_new_record_reaches_the_other_device(world: World) -> None:
    ana, ben = world.device("ana"), world.device("ben")
    spade = ana.add("tool", shelf="a", name="spade", state="in", state_on=date(2026, 11, 2))

    report = ana.sync()
    ben.sync()

    assert report.outcomes == {Outcome.APPLIED: 1}
    assert ana.waiting() == 0
    assert ben.row(spade) == ana.row(spade) == world.row(spade)
    assert ben.row(spade)["version"] == 1


def test_a_round_with_nothing_new_is_one_request(world: World) -> None:
    ana = world.device("ana")
    ana.sync()

    report = ana.sync()

    assert report.requests == 1
    assert report.received == 0


def test_one_record_each_way_is_two_requests(world: World) -> None:
    ana, ben = world.device("ana"), world.device("ben")
    ana.sync(), ben.sync()
    ben.add("tool", shelf="a", name="rake")
    ben.sync()
    ana.add("tool", shelf="a", name="spade")

    assert ana.sync().requests == 2


def test_different_fields_of_one_record_both_stand(world: World) -> None:
    ana, ben = world.device("ana"), world.device("ben")
    tool = world.put("tool", shelf="a", name="spade", colour="red")
    ana.sync(), ben.sync()
    ana.edit(tool, name="big spade")
    ben.edit(tool, colour="blue")
    ana.sync()

    report = ben.sync()
    agree(world, ana, ben)

    assert report.outcomes == {Outcome.MERGED: 1}
    assert (world.row(tool)["name"], world.row(tool)["colour"]) == ("big spade", "blue")
    assert world.cards() == []


def test_same_field_queues_both_values_and_one_stands_whoever_was_first(world: World) -> None:
    ana, ben = world.device("ana"), world.device("ben")
    tool = world.put("tool", shelf="a", phone="0")
    ana.sync(), ben.sync()
    ana.edit(tool, phone="1")
    ben.edit(tool, phone="2")
    ana.sync()

    report = ben.sync()
    agree(world, ana, ben)
    (card,) = ben.cards()

    assert report.outcomes == {Outcome.CONFLICT: 1}
    assert world.row(tool)["phone"] == in_turn("phone", "1", "2")
    assert card["base"] == {"phone": "0"}
    assert {line: side["values"] for line, side in card["sides"].items()} == {
        "laptop-ana": {"phone": "1"},
        "laptop-ben": {"phone": "2"},
    }


def test_the_same_new_value_on_both_sides_is_nothing_to_decide(world: World) -> None:
    ana, ben = world.device("ana"), world.device("ben")
    tool = world.put("tool", shelf="a", phone="0")
    ana.sync(), ben.sync()
    ana.edit(tool, phone="1")
    ben.edit(tool, phone="1")
    ana.sync(), ben.sync()

    assert world.cards() == []


def test_a_pull_between_two_saves_does_not_move_the_base(world: World) -> None:
    """Save phone=3, pull the leader's X, save phone=4, push: one card with 4 and X."""
    ana, lead = world.device("ana"), world.device("lead")
    tool = world.put("tool", shelf="a", phone="0")
    ana.sync(), lead.sync()
    ana.edit(tool, phone="3")
    lead.edit(tool, phone="X")
    lead.sync()
    pull_only(ana)
    assert ana.row(tool)["phone"] == "3"
    ana.edit(tool, phone="4")

    ana.sync()
    agree(world, ana, lead)
    (card,) = world.cards()

    assert world.row(tool)["phone"] == in_turn("phone", "X", "4")
    assert card["sides"]["laptop-ana"]["values"] == {"phone": "4"}
    assert card["sides"]["laptop-lead"]["values"] == {"phone": "X"}


ORDERS = list(itertools.permutations(["ana", "lead", "co"]))


def three_way(
    world: World, order: tuple[str, ...], edits: dict[str, list[dict[str, str]]], **start: str
) -> str:
    """Three laptops change one record at once; ana pulls between her two saves if the leader's is
    already there. They arrive in `order`."""
    devices = {user: world.device(user) for user in edits}
    tool = world.put("tool", shelf="a", **start)
    for device in devices.values():
        device.sync()
    for user, device in devices.items():
        device.edit(tool, **edits[user][0])
    before_ana = order[: order.index("ana")]
    for user in before_ana:
        devices[user].sync()
    pull_only(devices["ana"])
    for edit in edits["ana"][1:]:
        devices["ana"].edit(tool, **edit)
    for user in order[order.index("ana") :]:
        devices[user].sync()
    agree(world, *devices.values())
    return tool


@pytest.mark.parametrize("order", ORDERS, ids=["-".join(o) for o in ORDERS])
def test_three_laptops_in_any_order_make_the_same_card(world: World, order: tuple[str, ...]) -> None:
    edits = {"ana": [{"phone": "3"}, {"phone": "4"}], "lead": [{"phone": "X"}], "co": [{"phone": "Y"}]}

    tool = three_way(world, order, edits, phone="0")
    (card,) = world.cards()

    assert {line: side["values"]["phone"] for line, side in card["sides"].items()} == {
        "laptop-ana": "4",
        "laptop-lead": "X",
        "laptop-co": "Y",
    }
    assert card["base"] == {"phone": "0"}
    assert world.row(tool)["phone"] == in_turn("phone", "4", "X", "Y")


@pytest.mark.parametrize("order", ORDERS, ids=["-".join(o) for o in ORDERS])
def test_the_safest_of_three_stands_in_any_order(world: World, order: tuple[str, ...]) -> None:
    edits = {
        "ana": [{"number": "3"}, {"number": "4"}],
        "lead": [{"number": "X", "safe": "only_when"}],
        "co": [{"number": "Y", "safe": "no"}],
    }

    tool = three_way(world, order, edits, number="0", safe="yes")
    row = world.row(tool)
    (card,) = world.cards()

    assert (row["number"], row["safe"]) == ("Y", "no")
    assert {line: side["values"] for line, side in card["sides"].items()} == {
        "laptop-ana": {"number": "4", "safe": "yes"},
        "laptop-lead": {"number": "X", "safe": "only_when"},
        "laptop-co": {"number": "Y", "safe": "no"},
    }
    assert card["kind"] == "safer"


@pytest.mark.parametrize("first", ["ana", "ben"])
def test_a_review_field_asks_for_a_person_whoever_arrives_first(world: World, first: str) -> None:
    ana, ben = world.device("ana"), world.device("ben")
    tool = world.put("tool", shelf="a", name="spade", state="in")
    ana.sync(), ben.sync()
    ana.edit(tool, state="lent", state_on=date(2026, 11, 3))
    ben.edit(tool, name="fork")
    for device in (ana, ben) if first == "ana" else (ben, ana):
        device.sync()
    agree(world, ana, ben)
    (card,) = world.cards()
    row = world.row(tool)

    assert (row["state"], row["name"]) == ("lent", "fork")
    assert card["kind"] == "review"
    assert card["sides"]["laptop-ana"]["values"] == {"state": "lent", "state_on": "2026-11-03"}
    assert card["sides"]["laptop-ben"]["values"] == {"name": "fork"}


def clash(world: World) -> tuple[Device, Device, str]:
    ana, ben = world.device("ana"), world.device("ben")
    tool = world.put("tool", shelf="a", phone="0")
    ana.sync(), ben.sync()
    ana.edit(tool, phone="1")
    ben.edit(tool, phone="2")
    agree(world, ana, ben)
    return ana, ben, tool


def test_a_decision_writes_the_chosen_value_and_settles_the_card(world: World) -> None:
    ana, ben, tool = clash(world)
    (card,) = ben.cards()
    ben.decide(card["id"], "edited", phone="5")

    ben.sync()
    agree(world, ana, ben)
    settled = ana.row(card["id"], "conflict")
    last = world.ledger()[-2:]

    assert world.row(tool)["phone"] == ana.row(tool)["phone"] == "5"
    assert settled["state"] == "decided"
    assert settled["decided_by"] == "ben"
    assert settled["sides"]["laptop-ana"]["values"] == {"phone": "1"}
    assert [(row["kind"], row["author"]) for row in last] == [("decide", "ben"), ("update", "ben")]


def test_keeping_what_stands_settles_the_card_without_a_new_version(world: World) -> None:
    ana, ben, tool = clash(world)
    version = world.row(tool)["version"]
    (card,) = ana.cards()
    ana.decide(card["id"], "stands", phone="1")
    agree(world, ana, ben)

    assert world.cards() == []
    assert world.row(tool)["version"] == version


def test_of_two_who_decide_at_once_one_settles_and_the_other_text_stays(world: World) -> None:
    ana, ben, tool = clash(world)
    (card,) = ana.cards()
    ana.decide(card["id"], "edited", phone="7")
    ben.decide(card["id"], "edited", phone="8")

    first, second = ana.sync(), ben.sync()
    agree(world, ana, ben)
    (reopened,) = world.cards()

    assert first.outcomes == {Outcome.APPLIED: 1}
    assert second.outcomes == {Outcome.CONFLICT: 1}
    assert world.row(tool)["phone"] == "7"
    assert reopened["sides"]["laptop-ben"]["values"] == {"phone": "8"}


def test_an_edit_made_knowing_the_card_decides_it(world: World) -> None:
    ana, ben, tool = clash(world)
    ben.edit(tool, phone="9")

    report = ben.sync()
    agree(world, ana, ben)

    assert report.outcomes == {Outcome.APPLIED: 1}
    assert world.cards() == []
    assert ana.row(tool)["phone"] == "9"


def test_a_device_edit_of_a_central_field_is_held_as_a_request(world: World) -> None:
    ana = world.device("ana")
    price = world.put("price", pence=100)
    world.keeper.allow("ana", "a", "common")
    world.put("price", pence=2)
    ana.sync()
    ana.edit(price, "price", pence=50)

    report = ana.sync()

    assert report.outcomes == {Outcome.HELD: 1}
    assert world.row(price, "price")["pence"] == ana.row(price, "price")["pence"] == 100


def test_what_the_authority_refuses_goes_back_with_its_reason_and_leaves_the_record(world: World) -> None:
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    world.keeper.rulings["ana"] = REFUSE
    (op,) = ana.edit(tool, name="axe")

    ana.sync()

    assert ana.receipts()[op] == ("refused", "not_allowed")
    assert ana.row(tool)["name"] == world.row(tool)["name"] == "spade"
    assert ana.waiting() == 0


def test_a_refused_insert_leaves_the_table_and_its_text_stays_in_the_op(world: World) -> None:
    ana = world.device("ana")
    ana.sync()
    world.keeper.rulings["ana"] = REFUSE
    tool = ana.add("tool", shelf="a", name="a text worth keeping")
    ana.sync()
    op = ana.schema.own("op")
    with ana.engine.begin() as connection:
        (content,) = connection.execute(op.select().with_only_columns(op.c.content)).scalars()

    assert ana.row(tool) is None
    assert b"a text worth keeping" in bytes(content)


def test_an_op_that_needs_one_that_was_held_waits_with_it(world: World) -> None:
    ana = world.device("ana")
    ana.sync()
    world.keeper.rulings["ana"] = HOLD
    tool = ana.add("tool", shelf="a", name="spade")
    ana.sync()
    del world.keeper.rulings["ana"]
    journal = ana.add("journal", tool_id=tool, shelf="a", text="on loan")
    ana.sync()

    reasons = {reason for _, reason in ana.receipts().values()}

    assert "follows" in reasons
    assert ana.row(journal, "journal") is None


def test_what_is_urgent_never_waits_for_anything_else(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    alarm = new_id()
    ana.save(
        Change("tool", tool, {"shelf": "b"}),  # central: held
        Change("alarm", alarm, {"shelf": "a", "text": "the shed is on fire"}, Act.INSERT),
    )

    report = ana.sync()

    assert report.outcomes == {Outcome.HELD: 1, Outcome.APPLIED: 1}
    assert world.row(alarm, "alarm")["text"] == "the shed is on fire"


def test_changes_saved_together_stand_or_fall_together(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    ana.save(
        Change("tool", tool, {"name": "fork"}),
        Change("tool", tool, {"shelf": "b"}),  # central: held
    )

    report = ana.sync()

    assert report.outcomes == {Outcome.HELD: 2}
    assert ana.row(tool)["name"] == "spade"


def test_a_row_written_once_takes_no_second_author_and_no_change_once_closed(world: World) -> None:
    ana, ben = world.device("ana"), world.device("ben")
    note = ana.add("journal", shelf="a", text="lent")
    ana.sync(), ben.sync()
    (mine,) = ana.edit(note, "journal", text="lent to Bo")
    (theirs,) = ben.edit(note, "journal", text="not so")
    ana.sync(), ben.sync()
    ana.edit(note, "journal", closed_on=date(2026, 11, 16))
    ana.sync()
    (late,) = ana.edit(note, "journal", text="changed afterwards")
    agree(world, ana, ben)

    assert ana.receipts()[mine][0] == "applied"
    assert ben.receipts()[theirs] == ("refused", "not_author")
    assert ana.receipts()[late] == ("refused", "final")
    assert world.row(note, "journal")["text"] == "lent to Bo"


def test_a_row_written_once_is_still_its_authors_before_its_first_push(world: World) -> None:
    ana = world.device("ana")
    ana.sync()
    note = ana.add("journal", shelf="a", text="lent")
    ana.edit(note, "journal", text="lent to Bo")
    ana.edit(note, "journal", closed_on=date(2026, 11, 16))
    (late,) = ana.edit(note, "journal", text="changed afterwards")
    report = ana.sync()

    assert report.outcomes == {Outcome.APPLIED: 3, Outcome.REFUSED: 1}
    assert ana.receipts()[late] == ("refused", "final")
    assert world.row(note, "journal")["text"] == "lent to Bo"


def test_a_lost_answer_is_asked_again_and_takes_effect_once(world: World) -> None:
    ana = world.device("ana")
    ana.sync()
    tool = ana.add("tool", shelf="a", name="spade")

    def lose(step: str, reply: bytes) -> bytes | None:
        if step == "push":
            raise Unreachable("the answer was lost")
        return None

    ana.transport.after = lose
    with pytest.raises(Unreachable):
        ana.sync()
    ana.transport.after = None
    report = ana.sync()

    assert report.outcomes == {Outcome.APPLIED: 1}
    assert world.row(tool)["version"] == 1
    assert len([row for row in world.ledger() if row["record"] == tool]) == 1


@pytest.mark.parametrize("answer", [b"<html>Welcome to CoffeeNet</html>", b'{"epoch":"1', b""])
def test_an_answer_that_is_not_the_hubs_keeps_the_queue(small_world: World, answer: bytes) -> None:
    ana = small_world.device("ana")
    ana.add("tool", shelf="a", name="spade")
    ana.transport.after = lambda step, reply: answer or b" "

    with pytest.raises(Unreachable):
        ana.sync()

    assert ana.waiting() == 1


def test_a_device_receives_exactly_its_scopes(world: World) -> None:
    for shelf in "abc":
        for _ in range(5):
            world.put("tool", shelf=shelf, name=shelf)
    ana = world.device("ana", "a", "c")

    ana.sync()

    assert ana.count("tool") == 10


def test_a_lost_scope_leaves_the_device_after_its_work_went_up(world: World) -> None:
    tool = world.put("tool", shelf="b", name="spade")
    ana = world.device("ana", "a", "b")
    ana.sync()
    ana.edit(tool, name="last words")
    world.keeper.allow("ana", "a")
    world.put("price", pence=3)

    report = ana.sync()

    assert report.lost == 1
    assert world.row(tool)["name"] == "last words"
    assert ana.count("tool") == 0


def test_withheld_columns_stay_at_the_council_by_name(world: World) -> None:
    world.keeper.allow("clerk", "a", kinds=KINDS - {"journal", "conflict"}, level=3)
    tool = world.put(
        "tool", shelf="a", name="spade", number="0", safe="no", hidden_place=True, place_note="attic"
    )
    world.put("journal", shelf="a", text="private")
    clerk = world.device("clerk")

    clerk.sync()
    row = clerk.row(tool)

    assert clerk.count("journal") == 0
    assert (row["name"], row["number"], row["safe"], row["place_note"]) == ("spade", None, None, None)
    assert row["extra"]["~withheld"] == ["number", "place_note", "safe"]


def test_a_cursor_from_another_past_reads_everything_again_and_keeps_what_waits(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    ana.edit(tool, name="fork")
    head = world.schema.own("ledger_head")
    with world.engine.begin() as connection:
        connection.execute(head.update().values(epoch=new_id()))

    report = ana.sync()

    assert report.rejoined is not None
    assert report.outcomes == {Outcome.MERGED: 1}  # and read again
    assert world.row(tool)["name"] == ana.row(tool)["name"] == "fork"


def test_a_second_push_of_a_gap_is_not_taken(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    ana.sync()
    ana.add("tool", shelf="a", name="spade")
    ana.sync()
    peer = world.schema.own("peer")
    with world.engine.begin() as connection:
        connection.execute(peer.update().values(n=0, chain="0" * 64))
    ana.add("tool", shelf="a", name="fork")

    report = ana.sync()

    assert report.rejoined == "gap"
    assert ana.waiting() == 0
    assert len([row for row in world.ledger() if row["table_name"] == "tool"]) == 2


def test_a_count_that_differs_is_read_again(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    tool = world.put("tool", shelf="a", name="spade")
    ana.sync()
    table = ana.schema["tool"].table
    with ana.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO sync_gate (record) VALUES ('*')")
        connection.execute(table.delete())
        connection.exec_driver_sql("DELETE FROM sync_gate")

    report = ana.sync()

    assert report.mismatched == ["shelf:a"]
    assert ana.row(tool)["name"] == "spade"


def test_urgent_records_travel_before_older_work(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    ana.sync()
    for number in range(30):
        ana.add("tool", shelf="a", name=str(number))
    note = ana.add("alarm", shelf="a", text="the shed is on fire")
    ana.store.waiting, whole = (lambda ops, size: whole(10, size)), ana.store.waiting  # type: ignore[method-assign]
    ana.sync()
    tools = [row for row in world.ledger() if row["table_name"] in ("tool", "alarm")]

    assert tools[0]["record"] == note
    assert len(tools) == 31
    ana.add("tool", shelf="a", name="one more")
    assert ana.sync().rejoined is None


def test_the_gate_stays_shut_for_a_change_without_an_op(small_world: World) -> None:
    ana = small_world.device("ana")
    tool = ana.add("tool", shelf="a", name="spade")
    table = ana.schema["tool"].table

    with pytest.raises(Exception, match="only change together with its op"), ana.engine.begin() as connection:
        connection.execute(table.update().where(table.c.id == tool).values(name="axe"))

    assert ana.row(tool)["name"] == "spade"


def test_poison_the_database_will_not_take_is_refused_alone(world: World) -> None:
    ana = world.device("ana")
    ana.sync()
    good = [ana.add("tool", shelf="a", name=str(n)) for n in range(5)]
    bad = ana.add("tool", shelf="a" * 200, name="too long a shelf")
    more = [ana.add("tool", shelf="a", name=str(n)) for n in range(5)]
    ana.sync()

    assert all(world.row(tool) for tool in (*good, *more))
    if "postgresql" in str(world.engine.url):
        assert world.row(bad) is None
