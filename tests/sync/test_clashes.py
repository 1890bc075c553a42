"""Two or three who change the same thing at once: what stands, what is queued, and who decides."""

import itertools
from datetime import date

import pytest

from sync.ops import Outcome
from tests.sync.agreeing import agree, clash, in_turn, pull_only
from tests.sync.conftest import World


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
