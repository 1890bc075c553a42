"""What a device sends that no healthy device would: nothing gets in, and nothing behind it waits."""

from typing import Any

import pytest

from sync.hub.past import BadMessage
from sync.ops import Act, Outcome, Reason, new_id, new_salt
from sync.ports import ADMIT
from sync.sql import Change
from tests.sync.agreeing import clash
from tests.sync.conftest import HOLD, KINDS, World
from tests.sync.forging import Forger

POISON: dict[str, dict[str, Any]] = {
    "an unknown table with an endless name": {"table": "t" * 300},
    "a table name no database takes": {"table": "to\0ol"},
    "an unknown kind with an endless name": {"kind": "k" * 300},
    "a card made by a device": {"kind": "insert", "table": "conflict"},
    "a change of a card": {"table": "conflict"},
    "a decision on a tool": {"kind": "decide"},
    "a purge": {"kind": "purge"},
    "a record that is no id": {"record": "x" * 200},
    "an act that is no id": {"act_id": ""},
    "a time beyond all clocks": {"made_at": 1 << 70},
    "a version beyond all counting": {"base_version": 1 << 70},
    "content that is no content": {"content": b"[1]"},
    "content of another type": {"content": b'{"patch":{"hidden_place":"perhaps"}}', "kind": "insert"},
    "content larger than allowed": {"content": b'{"patch":{"name":"' + b"x" * 300_000 + b'"}}'},
    "a text with a zero byte": {"kind": "insert", "content": b'{"patch":{"shelf":"a","name":"\\u0000"}}'},
    "a number beyond its column": {
        "kind": "insert",
        "content": b'{"patch":{"shelf":"a","ceiling":99999999999}}',
    },
    "a number beyond all counting": {
        "kind": "insert",
        "content": b'{"patch":{"shelf":"a","ceiling":1180591620717411303424}}',
    },
    "a moment before all calendars": {
        "kind": "insert",
        "content": b'{"patch":{"shelf":"a","due_at":"0001-01-01T00:00:00+14:00"}}',
    },
    "a moment after all calendars": {
        "kind": "insert",
        "content": b'{"patch":{"shelf":"a","due_at":"9999-12-31T23:59:59-14:00"}}',
    },
    "a moment that nobody can place": {
        "kind": "insert",
        "content": b'{"patch":{"shelf":"a","due_at":"2026-11-16T09:00:00"}}',
    },
    "content nested deeper than others can read": {
        "kind": "insert",
        "content": b'{"patch":{"shelf":"a","unheard_of":' + b"[" * 900 + b"]" * 900 + b"}}",
    },
    "a scope with a zero byte": {"kind": "insert", "content": b'{"patch":{"shelf":"\\u0000"}}'},
    "a decision about nothing": {"kind": "decide", "table": "conflict"},
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON.keys())
def test_poison_is_recorded_and_what_lies_behind_it_goes_on(world: World, poison: dict[str, Any]) -> None:
    ana = world.device("ana")
    good = {"kind": "insert", "content": b'{"patch":{"shelf":"a","name":"spade"}}'}

    bad, fine = Forger(ana).push(dict(poison), dict(good))

    on_sqlite = world.engine.dialect.name == "sqlite"
    if not (on_sqlite and b"\\u0000" in poison.get("content", b"")):
        assert bad.outcome is Outcome.REFUSED
    assert fine.outcome is Outcome.APPLIED
    assert ana.sync().mismatched == []


def test_what_comes_behind_the_waiting_part_of_its_act_waits_with_it_until_that_is_decided(
    small_world: World,
) -> None:
    """No laptop of ours sends an act in two parts."""
    world = small_world
    ana, bo = world.device("ana"), world.device("bo", "a")
    world.keeper.judges["ana"] = lambda p: HOLD if p.row.get("name") == "held" else ADMIT
    forger, act = Forger(ana), new_id()

    def insert(name: str) -> dict[str, Any]:
        content = b'{"patch":{"shelf":"a","name":"%s"}}' % name.encode()
        return {"kind": "insert", "act_id": act, "op_id": new_id(), "content": content}

    first, salt = insert("held") | {"record": new_id()}, new_salt()
    before = forger.push(first | {"salt": salt})
    before += forger.push(first | {"salt": salt}, insert("behind"))
    bo.sync()
    bo.save(Change("held", first["op_id"], {"choice": "admit", "why": None}, Act.DECIDE))
    bo.sync()
    after = forger.push(first | {"salt": salt}, insert("later"))

    assert [(r.outcome, r.reason) for r in before[:2]] == [(Outcome.HELD, "not_yours_now")] * 2
    assert (before[2].outcome, before[2].reason) == (Outcome.HELD, "same_act")
    assert after[1].outcome is Outcome.APPLIED


def test_a_message_nested_without_end_is_no_message(small_world: World) -> None:
    deep = b'{"patch":{"name":' + b"[" * 50_000 + b"]" * 50_000 + b"}}"

    with pytest.raises(BadMessage):
        Forger(small_world.device("ana")).push({"content": deep})


@pytest.mark.parametrize("generation", ["g" * 33, "\0"])
def test_a_push_of_a_generation_that_no_database_keeps_is_no_message(world: World, generation: str) -> None:
    forger = Forger(world.device("ana"))
    forger.generation = generation
    before = len(world.ledger())

    with pytest.raises(BadMessage):
        forger.push({"kind": "insert", "content": b'{"patch":{"shelf":"a","name":"spade"}}'})

    assert len(world.ledger()) == before


def test_an_envelope_without_an_id_is_no_message(small_world: World) -> None:
    forger = Forger(small_world.device("ana"))

    with pytest.raises(BadMessage):
        forger.push({"op_id": "short"})


def test_a_read_changes_nothing_whatever_it_says(small_world: World) -> None:
    world = small_world
    tool = world.put("tool", shelf="a", name="spade")
    forger = Forger(world.device("ana"))

    (receipt,) = forger.push(
        {"kind": "seen", "record": tool, "base_version": 1, "content": b'{"patch":{"name":"axe"}}'}
    )

    assert receipt.outcome is Outcome.APPLIED
    assert (world.row(tool)["name"], world.row(tool)["version"]) == ("spade", 1)


def test_a_read_of_what_is_finished_is_no_change_of_it(small_world: World) -> None:
    world = small_world
    alarm = world.put("alarm", shelf="a", text="fire")

    (receipt,) = Forger(world.device("ana")).push({"kind": "seen", "table": "alarm", "record": alarm})

    assert receipt.outcome is Outcome.APPLIED


def test_a_field_that_was_not_given_cannot_be_changed(small_world: World) -> None:
    world = small_world
    tool = world.put("tool", shelf="a", number="0", safe="no", hidden_place=True, place_note="attic")
    world.keeper.allow("clerk", "a", kinds=KINDS, level=3)
    clerk = world.device("clerk")
    clerk.sync()
    refused = [*clerk.edit(tool, safe="yes"), *clerk.edit(tool, place_note="cellar")]
    (taken,) = clerk.edit(tool, name="fork")
    clerk.sync()
    row = world.row(tool)

    assert [clerk.receipts()[op] for op in refused] == [("refused", Reason.WITHHELD)] * 2
    assert clerk.receipts()[taken][0] == "applied"
    assert (row["safe"], row["place_note"], row["name"]) == ("no", "attic", "fork")
    assert clerk.row(tool)["safe"] is None


def test_what_is_fixed_at_the_insert_stays(small_world: World) -> None:
    world = small_world
    tool = world.put("tool", shelf="a", maker="smith")
    ana = world.device("ana")
    ana.sync()
    ana.edit(tool, maker="ana")

    report = ana.sync()

    assert report.outcomes == {Outcome.REFUSED: 1}
    assert world.row(tool)["maker"] == ana.row(tool)["maker"] == "smith"


def test_what_was_refused_unread_leaves_the_laptop_too(world: World) -> None:
    """A change the council's database would not take does not stay on screen as if it had."""
    tool = world.put("tool", shelf="a", name="spade")
    ana = world.device("ana")
    ana.sync()
    ana.edit(tool, name="x" * 300_000)
    ana.edit(tool, colour="\0")

    ana.sync()
    ana.sync()

    assert ana.row(tool) == world.row(tool)
    assert ana.row(tool)["name"] == "spade"


def test_a_decision_on_a_card_of_another_record_writes_nothing_there(small_world: World) -> None:
    world = small_world
    ana, _, tool = clash(world)
    (card,) = ana.cards()
    ana.save(Change("conflict", card["id"], {"choice": "x", "values": {"id": "0"}, "why": None}, Act.DECIDE))

    assert ana.sync().outcomes == {Outcome.REFUSED: 1}
    assert len(world.cards()) == 1
    assert world.row(tool)["phone"] == "1"
