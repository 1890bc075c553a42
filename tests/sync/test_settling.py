"""The hub's decide step on a working copy, with no database below it: what is written where.

`tests.sync.council` is one record at a real `WorkingCopy`; here its ledger rows, cards and history
are looked at one by one.
"""

from typing import Any

import pytest

from sync.hub.reading import Reading
from sync.ops import Act, Outcome, Reason, decode_content, decode_effect, record_digest
from tests.sync.council import NOW, THING, Line, Scenario, begun, ops_of
from tests.sync.desk import RECORD, Desk, clash


@pytest.fixture
def desk() -> Desk:
    return Desk()


# -- changing records -----------------------------------------------------------------------------


def test_an_op_that_nobody_meets_is_written_as_it_came(desk: Desk) -> None:
    receipt = desk.take({"name": "1", "colour": "2"})

    assert (receipt.outcome, receipt.version, receipt.reason, receipt.fields) == (
        Outcome.APPLIED,
        2,
        None,
        None,
    )
    assert (desk.row["name"], desk.row["colour"], desk.row["version"]) == ("1", "2", 2)
    assert desk.last.effect is None
    assert desk.last.ledger["n"] == 7
    assert desk.last.ledger["made_at"] == NOW - 5
    assert desk.last.ledger["device"] == "laptop-ana"
    assert decode_content(desk.last.content).patch == {"name": "1", "colour": "2"}
    assert desk.copy.changed == {(THING, RECORD): {"name", "colour"}}
    ((version, past),) = desk.copy.past[RECORD]
    assert (version, past.version, past.base) == (2, 2, 1)
    assert (past.line, past.user, past.device, past.made_at) == ("ana", "user-ana", "laptop-ana", NOW - 5)
    assert (past.patch, past.was, past.said) == (
        {"name": "1", "colour": "2"},
        {"name": "0", "colour": "0"},
        past.patch,
    )


def test_the_councils_own_line_leaves_its_mark_in_the_ledger(desk: Desk) -> None:
    desk.comes("desk", central=True)
    desk.take({"name": "1"})
    effect = decode_effect(desk.last.effect or b"")

    assert (effect.central, effect.base, effect.patch, effect.was) == (True, 1, {"name": "1"}, {"name": "0"})
    assert desk.copy.past[RECORD][0][1].central


def test_what_took_effect_is_kept_where_it_is_not_what_was_said(desk: Desk) -> None:
    desk.take({"name": "1"})
    desk.comes("ben")
    receipt = desk.take({"name": "1", "colour": "2"})
    effect = decode_effect(desk.last.effect or b"")

    assert receipt.outcome is Outcome.MERGED
    assert (effect.patch, effect.was, effect.base, effect.central) == (
        {"colour": "2"},
        {"colour": "0"},
        1,
        False,
    )
    assert desk.copy.past[RECORD][-1][1].said == {"name": "1", "colour": "2"}


def test_an_op_that_writes_nothing_raises_no_version(desk: Desk) -> None:
    desk.take({"name": "1"})
    desk.comes("ben")
    receipt = desk.take({"name": "1"})

    assert receipt.version == desk.row["version"] == 2


def test_fields_of_a_later_version_are_kept_beside_the_known_ones(desk: Desk) -> None:
    desk.take({"name": "1"}, extra={"hue": "red"})
    assert desk.row["extra"] == {"hue": "red"}
    assert desk.copy.changed[THING, RECORD] == {"name", "extra"}

    receipt = desk.take({}, extra={"shade": "dark"}, base_version=2)
    assert desk.row["extra"] == {"hue": "red", "shade": "dark"}
    assert receipt.version == desk.row["version"] == 3

    again = desk.take({}, extra={"shade": "dark"}, base_version=3)
    assert again.version == desk.row["version"] == 3

    desk.take({}, extra={"shade": "light"}, base_version=3)
    assert desk.row["extra"] == {"hue": "red", "shade": "light"}


def test_a_new_record_begins_at_version_one_in_its_scope(desk: Desk) -> None:
    record = "2" * 32
    receipt = desk.take({"name": "1"}, Act.INSERT, record=record, base_version=0, extra={"hue": "red"})
    row = desk.copy.rows[THING, record]

    assert (receipt.outcome, receipt.version) == (Outcome.APPLIED, 1)
    assert (row["id"], row["version"], row["scope"], row["extra"]) == (record, 1, "shelf:a", {"hue": "red"})
    assert (row["name"], row["colour"]) == ("1", None)
    assert (THING, record) in desk.copy.inserted
    ((version, past),) = desk.copy.past[record]
    assert (version, past.base, past.patch, past.was) == (1, 0, {"name": "1"}, {})
    assert desk.copy.tally["shelf:a", THING] == (1, record_digest(record, 1))

    desk.take({"name": "2"}, record=record, was={"name": "1"})
    assert desk.copy.tally["shelf:a", THING] == (1, record_digest(record, 2))
    assert not desk.copy.changed  # it is inserted as it ends


def test_the_tally_of_a_changed_record_moves_from_one_version_to_the_next(desk: Desk) -> None:
    desk.take({"name": "1"})
    records, digest = desk.copy.tally["shelf:a", THING]

    assert records == 0
    assert digest == (record_digest(RECORD, 2) - record_digest(RECORD, 1)) % (1 << 128)


def test_an_update_of_what_is_not_there_is_refused(desk: Desk) -> None:
    receipt = desk.take({"name": "1"}, record="9" * 32)

    assert (receipt.outcome, receipt.reason, receipt.version) == (Outcome.REFUSED, Reason.UNKNOWN_RECORD, 0)
    assert desk.last.ledger["scope"] == ""


def test_a_refused_op_leaves_the_record_and_is_written_down_in_its_scope(desk: Desk) -> None:
    reading = Reading(ops_of(Line("ana", ({"name": "1"},)), desk.row, None)[0], Act.UPDATE)
    receipt = desk.copy.refuse(reading, Reason.REQUEST, Outcome.HELD)

    assert (receipt.outcome, receipt.reason, receipt.version) == (Outcome.HELD, Reason.REQUEST, 1)
    assert desk.last.ledger["scope"] == "shelf:a"
    assert desk.row["name"] == "0"


def test_a_read_without_a_network_is_written_down_and_changes_nothing(desk: Desk) -> None:
    receipt = desk.take({}, Act.SEEN)

    assert (receipt.outcome, receipt.version, desk.row["version"]) == (Outcome.APPLIED, 1, 1)
    assert (desk.last.ledger["kind"], desk.last.ledger["scope"]) == ("seen", "shelf:a")


# -- bases ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("envelope", [{"base_epoch": "f" * 32}, {"base_version": 9}])
def test_a_base_the_ledger_never_had_is_settled_by_value(desk: Desk, envelope: dict[str, Any]) -> None:
    desk.take({"name": "1"})
    desk.comes("ben")
    receipt = desk.take({"name": "2"}, **envelope)

    assert receipt.outcome is Outcome.CONFLICT
    assert {line: side["values"] for line, side in desk.card["sides"].items()} == {
        "": {"name": "1"},
        "ben": {"name": "2"},
    }
    assert desk.copy.past[RECORD][-1][1].base == 0  # it has seen nothing of what stood
    later = desk.take({"name": "3"}, was={"name": desk.row["name"]}, base_epoch="f" * 32)
    assert later.outcome is Outcome.CONFLICT


def test_a_change_settled_by_value_without_a_clash_has_seen_what_stands(desk: Desk) -> None:
    desk.take({"colour": "1"})
    desk.comes("ben")
    desk.take({"name": "2"}, base_epoch="f" * 32)

    assert desk.row["name"] == "2"
    assert desk.copy.past[RECORD][-1][1].base == 2


def test_nor_has_she_seen_the_rest_of_a_group_of_which_she_says_one_field(desk: Desk) -> None:
    """Her later word on the street would pass Ana's over, and no card would have it."""
    desk.take({"street": "1"})
    desk.comes("ben")
    desk.take({"town": "2"}, base_epoch="f" * 32)

    receipt = desk.take({"street": "3"})

    assert desk.copy.past[RECORD][1][1].base == 0
    assert receipt.outcome is Outcome.CONFLICT
    assert {side["values"]["street"] for side in desk.card["sides"].values()} == {"1", "3"}


def test_history_counts_from_the_base_and_not_before(desk: Desk) -> None:
    desk.take({"name": "1"})
    desk.comes("ben")
    receipt = desk.take({"name": "2"}, was={"name": "1"}, base_version=2)

    assert receipt.outcome is Outcome.APPLIED
    assert desk.row["name"] == "2"
    assert desk.council.cards() == []


# -- cards ----------------------------------------------------------------------------------------


def test_a_card_is_a_record_of_the_hubs_own_in_the_same_scope(desk: Desk) -> None:
    card = clash(desk)
    written, noted = desk.copy.ledger.entries

    assert (card["version"], card["state"], card["kind"], card["opened_at"]) == (1, "open", "same_field", NOW)
    assert (card["table_name"], card["record"], card["group_name"]) == (THING, RECORD, "name")
    assert (card["columns"], card["base"], card["scope"]) == (["name"], {"name": "0"}, "shelf:a")
    assert card["decided_at"] is card["decided_by"] is card["decision"] is card["extra"] is None
    assert {line: (side["user"], side["device"], side["at"]) for line, side in card["sides"].items()} == {
        "ana": ("user-ana", "laptop-ana", 1),
        "ben": ("user-ben", "laptop-ben", 1),
    }
    assert written.ledger["outcome"] == "conflict"
    assert (noted.ledger["table_name"], noted.ledger["kind"], noted.ledger["n"]) == ("conflict", "insert", 0)
    assert (noted.ledger["author"], noted.ledger["device"], noted.ledger["made_at"]) == ("user-ben", "", NOW)
    assert (noted.ledger["scope"], noted.ledger["version"], noted.ledger["outcome"]) == (
        "shelf:a",
        1,
        "applied",
    )
    assert decode_content(noted.content).patch["group_name"] == "name"


def test_a_third_line_joins_the_card_and_says_when(desk: Desk) -> None:
    first = clash(desk)["id"]
    desk.comes("co")
    desk.take({"name": "3"})
    card = desk.card
    noted = desk.last

    assert (card["id"], card["version"]) == (first, 2)
    assert {line: side["at"] for line, side in card["sides"].items()} == {"ana": 1, "ben": 1, "co": 2}
    assert (noted.ledger["kind"], noted.ledger["version"]) == ("update", 2)
    assert set(decode_content(noted.content).patch) == {"sides"}


def test_a_value_found_standing_and_changed_leaves_the_card(desk: Desk) -> None:
    """Co fetched the record before there was a card, and goes on from what stood."""
    card = clash(desk)
    stood = desk.row["name"]
    desk.comes("co")
    desk.take({"name": "3"}, was={"name": stood}, base_version=desk.row["version"])

    assert set(card["sides"]) == {"co", "ana" if stood == "2" else "ben"}


def test_an_edit_made_knowing_the_card_decides_it(desk: Desk) -> None:
    card = clash(desk)
    desk.comes("co")
    receipt = desk.take(
        {"name": "3"}, was={"name": desk.row["name"]}, base_version=desk.row["version"], knows={card["id"]: 1}
    )
    (decided,) = desk.council.cards("decided")

    assert receipt.outcome is Outcome.APPLIED
    assert desk.row["name"] == "3"
    assert (decided["decided_by"], decided["decided_at"]) == ("user-co", NOW)
    assert decided["decision"] == {"choice": "edited", "values": {"name": "3"}, "why": None, "at": 2}
    assert decided["version"] == 2
    assert set(decided["sides"]) == {"ana", "ben", "co"}
    assert desk.copy.cards == desk.copy.agreed == {}
    assert set(decode_content(desk.last.content).patch) == {
        "sides", "state", "decided_at", "decided_by", "decision",
    }  # fmt: skip


def test_a_card_that_agreed_says_what_and_when_and_nobodys_name(desk: Desk) -> None:
    card = clash(desk)["id"]
    desk.take({"name": "1"}, was={"name": "2"})  # Ben comes round to it
    (closed,) = desk.council.cards("decided")

    assert (closed["id"], closed["decided_by"], closed["decided_at"]) == (card, None, NOW)
    assert closed["decision"] == {
        "choice": "agreed", "values": {"name": "1"}, "why": None, "version": desk.row["version"],
    }  # fmt: skip
    assert desk.row["name"] == "1"
    assert desk.copy.cards == {}
    assert desk.copy.agreed == {(THING, RECORD, "name"): closed}


def test_a_card_of_another_record_is_no_card_of_this_one(desk: Desk) -> None:
    other = "2" * 32
    desk.take({"name": "0"}, Act.INSERT, record=other, base_version=0)
    desk.take({"name": "5"}, record=other, base_version=1)
    clash(desk)
    receipt = desk.take({"name": "6"}, record=other, was={"name": "5"}, base_version=2)

    assert receipt.outcome is Outcome.APPLIED
    assert desk.copy.rows[THING, other]["name"] == "6"
    assert desk.card["version"] == 1


def test_a_card_that_agreed_already_is_not_written_again_for_nothing(desk: Desk) -> None:
    clash(desk)
    desk.take({"name": "1"}, was={"name": "2"})
    (closed,) = desk.council.cards("decided")
    version = closed["version"]
    desk.take({"colour": "1"})

    assert closed["version"] == version


def test_two_cards_of_one_record_are_kept_apart(desk: Desk) -> None:
    desk.take({"name": "1", "colour": "1"})
    desk.comes("ben")
    desk.take({"name": "2", "colour": "2"})

    assert sorted(card["group_name"] for card in desk.council.cards()) == ["colour", "name"]
    assert sorted(group for _, _, group in desk.copy.cards) == ["colour", "name"]


def test_a_side_from_before_cards_counted_versions_is_as_old_as_its_card(desk: Desk) -> None:
    card = clash(desk)
    card["sides"] = {
        line: {k: v for k, v in side.items() if k != "at"} for line, side in card["sides"].items()
    }
    desk.comes("co")
    desk.take(
        {"name": "3"}, was={"name": desk.row["name"]}, base_version=desk.row["version"], knows={card["id"]: 1}
    )

    assert desk.council.cards() == []


def test_the_model_of_the_council_reads_its_ledger_as_the_driver_does() -> None:
    """What `Council` gives the next push is what was remembered within the last."""
    lines = (
        Line("a", ({"name": "1"}, {"name": "2", "colour": "1"})),
        Line("b", ({"name": "3"},), central=True),
    )
    council, ops = begun(Scenario(lines))
    together = council.fork()
    for line, chain in ops.items():
        council.push(line, chain)
        for op in chain:
            together.push(line, [op])

    assert [past for _, past in council.past] == [past for _, past in together.past]
    assert council.row == together.row
