"""The queue under pressure: at most one open card for a field group, and only what it is about."""

from datetime import UTC, datetime

from sync.ops import Act, Outcome
from sync.ports import Proposed, Ruling, Verdict
from sync.sql import Change
from tests.sync.agreeing import agree, clash
from tests.sync.conftest import Device, World

NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)


def decide_raw(device: Device, card: str, patch: dict[str, object]) -> None:
    device.save(Change("conflict", card, patch, Act.DECIDE))


def test_a_card_about_moments_can_be_decided(world: World) -> None:
    ana, ben = world.device("ana"), world.device("ben")
    tool = world.put("tool", shelf="a", due_at=NOON)
    ana.sync(), ben.sync()
    ana.edit(tool, due_at=NOON.replace(hour=13))
    ben.edit(tool, due_at=NOON.replace(hour=14))
    agree(world, ana, ben)
    (card,) = ben.cards()
    ben.decide(card["id"], "edited", due_at=NOON.replace(hour=15), due_to="Bo")

    report = ben.sync()
    agree(world, ana, ben)

    assert report.outcomes == {Outcome.APPLIED: 1}
    assert world.row(tool)["due_at"] == NOON.replace(hour=15)
    assert world.cards() == []


def test_a_late_decision_joins_the_card_that_is_open_now(world: World) -> None:
    """Ben decides a card that was settled long ago, while a new one about the same field is open."""
    ana, ben, tool = clash(world)
    (old,) = ana.cards()
    ben.decide(old["id"], "edited", phone="8")
    ana.decide(old["id"], "edited", phone="7")
    ana.sync()
    co = world.device("co")
    co.sync()
    ana.edit(tool, phone="71")
    co.edit(tool, phone="72")
    ana.sync(), co.sync()

    ben.sync()
    agree(world, ana, ben, co)
    (card,) = world.cards()

    assert card["id"] != old["id"]
    assert card["sides"]["laptop-ben"]["values"] == {"phone": "8"}
    assert world.row(tool)["phone"] == "71"
    assert world.row(old["id"], "conflict")["state"] == "decided"


def test_a_decision_writes_only_what_its_card_is_about(small_world: World) -> None:
    ana, _, tool = clash(small_world)
    (card,) = ana.cards()
    decide_raw(ana, card["id"], {"choice": "edited", "values": {"phone": "1", "shelf": "b"}, "why": None})

    report = ana.sync()

    assert report.outcomes == {Outcome.REFUSED: 1}
    assert small_world.row(tool)["shelf"] == "a"
    assert len(small_world.cards()) == 1


def test_a_decision_that_cannot_be_stored_is_refused_and_blocks_nothing(small_world: World) -> None:
    ana, _, tool = clash(small_world)
    (card,) = ana.cards()
    decide_raw(ana, card["id"], {"choice": "edited", "values": {"phone": ["no", "text"]}, "why": None})
    decide_raw(ana, card["id"], {"choice": "edited", "values": "no map", "why": None})
    ana.edit(tool, name="fork")

    report = ana.sync()

    assert report.outcomes[Outcome.REFUSED] == 2
    assert small_world.row(tool)["name"] == "fork"


def test_decision_and_edit_of_one_batch_see_the_same_card(small_world: World) -> None:
    """An edit that knew the card, made before a decision that did not know of the edit."""
    world = small_world
    ana, ben, tool = clash(world)
    (card,) = ana.cards()
    ana.edit(tool, phone="5")
    ana.decide(card["id"], "edited", phone="6")
    ana.sync()
    agree(world, ana, ben)
    versions = [r["version"] for r in world.ledger() if r["record"] == card["id"]]

    assert versions == sorted(versions)
    assert len(world.cards()) <= 1
    assert world.row(card["id"], "conflict")["sides"]["laptop-ana"]["values"] in (
        {"phone": "5"},
        {"phone": "6"},
    )


def test_an_edit_decides_a_card_only_for_who_may_decide_it(small_world: World) -> None:
    world = small_world
    ana, ben, tool = clash(world)

    def may_not_decide(proposal: Proposed) -> Verdict:
        return Verdict(Ruling.HOLD) if proposal.kind is Act.DECIDE else Verdict()

    world.keeper.judges["ben"] = may_not_decide
    ben.edit(tool, phone="9")
    report = ben.sync()
    agree(world, ana, ben)
    (card,) = world.cards()

    assert report.outcomes == {Outcome.CONFLICT: 1}
    assert world.row(tool)["phone"] == "1"
    assert card["sides"]["laptop-ben"]["values"] == {"phone": "9"}


def test_rivals_of_one_record_have_a_card_each(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    tool, first, second = "0" * 32, "8" * 32, "f" * 32
    world.keeper.rulings["ana"] = Verdict(rival=first)
    ana.save(Change("tool", tool, {"shelf": "a"}, Act.INSERT))
    ana.sync()
    world.keeper.rulings["ana"] = Verdict(rival=second)
    ana.edit(tool, name="spade")
    ana.sync()
    named = {side["values"]["id"] for card in world.cards() for side in card["sides"].values()}

    assert named == {first, second, tool}


def test_a_decision_waiting_on_the_laptop_is_still_shown_after_a_pull(small_world: World) -> None:
    ana, _, tool = clash(small_world)
    co = small_world.device("co")
    co.sync()
    (card,) = ana.cards()
    co.edit(tool, phone="3")  # knows the card: decides it
    co.sync()

    def decide_meanwhile(step: str, reply: bytes) -> None:
        if step == "pull" and ana.cards():
            ana.decide(card["id"], "edited", phone="4")

    ana.transport.after = decide_meanwhile
    ana.sync()
    ana.transport.after = None

    assert ana.waiting() == 1
    assert ana.row(card["id"], "conflict")["decision"]["values"] == {"phone": "4"}
