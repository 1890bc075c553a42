"""Decisions about cards, and records that cannot both be right, at the hub's decide step."""

import pytest

from sync.history import Side
from sync.hub.cards import as_open, changed
from sync.merge import CardChange
from sync.ops import Act, Outcome, Reason, decode_content, decode_effect
from sync.standing import digest
from tests.sync.council import NOW, THING
from tests.sync.desk import RECORD, Desk, clash


@pytest.fixture
def desk() -> Desk:
    return Desk()


# -- decisions ------------------------------------------------------------------------------------


def test_a_decision_writes_what_it_chose_as_a_row_of_its_author(desk: Desk) -> None:
    card = clash(desk)
    before = desk.row["version"]
    stood = desk.row["name"]
    desk.comes("lead")
    receipt = desk.decide(card, {"name": "5"})
    decided, written = desk.copy.ledger.entries
    effect = decode_effect(written.effect or b"")

    assert (receipt.outcome, receipt.version) == (Outcome.APPLIED, 2)
    assert (card["state"], card["decided_by"], card["decided_at"]) == ("decided", "user-lead", NOW)
    assert card["decision"] == {"choice": "edited", "values": {"name": "5"}, "why": "because", "at": 2}
    assert (desk.row["name"], desk.row["version"]) == ("5", before + 1)
    assert (decided.ledger["kind"], decided.ledger["table_name"], decided.ledger["device"]) == (
        "decide", "conflict", "laptop-lead",
    )  # fmt: skip
    assert (written.ledger["kind"], written.ledger["record"], written.ledger["device"]) == (
        "update",
        RECORD,
        "",
    )
    assert (written.ledger["version"], written.ledger["scope"], written.ledger["n"]) == (
        before + 1,
        "shelf:a",
        0,
    )
    assert (effect.patch, effect.was, effect.base, effect.central) == (
        {"name": "5"},
        {"name": stood},
        before,
        False,
    )
    version, past = desk.copy.past[RECORD][-1]
    assert (version, past.version, past.base, past.device, past.line) == (
        before + 1,
        before + 1,
        before,
        "",
        "lead",
    )
    assert (past.patch, past.was, past.said) == ({"name": "5"}, {"name": stood}, {"name": "5"})
    assert desk.copy.cards == {}


def test_a_decision_for_what_stands_raises_no_version_and_is_history_all_the_same(desk: Desk) -> None:
    card = clash(desk)
    before, stands = desk.row["version"], desk.row["name"]
    desk.comes("lead")
    desk.decide(card, {})
    _, written = desk.copy.ledger.entries
    desk.comes("co")
    receipt = desk.take({"name": "3"})

    assert written.ledger["version"] == before
    assert decode_effect(written.effect or b"").patch == {}
    assert receipt.outcome is Outcome.CONFLICT
    assert {line: side["values"]["name"] for line, side in desk.card["sides"].items()} == {
        "lead": stands,
        "co": "3",
    }


def test_a_decision_about_a_card_that_moved_becomes_a_side_of_it(desk: Desk) -> None:
    card = clash(desk)
    desk.comes("lead")
    receipt = desk.decide(card, {"name": "5"}, version=9)

    assert (receipt.outcome, receipt.reason, receipt.version) == (Outcome.CONFLICT, Reason.CARD_MOVED, 2)
    assert (card["state"], card["version"]) == ("open", 2)
    assert card["sides"]["lead"]["values"] == {"name": "5"}
    assert card["sides"]["lead"]["at"] == 2
    assert set(card["sides"]) == {"ana", "ben", "lead"}
    assert desk.row["name"] == min("125", key=lambda name: digest({"name": name}))
    assert desk.copy.cards[THING, RECORD, "name"] is card


def test_a_decision_that_saw_something_else_standing_becomes_a_side(desk: Desk) -> None:
    card = clash(desk)
    receipt = desk.decide(card, {"name": "5"}, standing={"name": "0"})

    assert receipt.reason is Reason.CARD_MOVED
    assert desk.card["sides"]["ben"]["values"] == {"name": "5"}


def test_the_second_of_two_deciders_opens_the_card_again_beside_what_the_first_chose(desk: Desk) -> None:
    card = clash(desk)
    saw = {"name": desk.row["name"]}
    desk.comes("lead")
    desk.decide(card, {"name": "5"}, version=1, standing=saw)
    desk.comes("co")
    receipt = desk.decide(card, {"name": "6"}, version=1, standing=saw)

    assert (receipt.outcome, receipt.version) == (Outcome.CONFLICT, 3)
    assert (card["state"], desk.row["name"]) == ("open", "5")
    assert card["sides"]["co"]["values"] == {"name": "6"}
    assert card["sides"][""] == {
        "user": "user-lead", "device": "", "op_id": "", "made_at": NOW, "values": {"name": "5"}, "at": 3,
    }  # fmt: skip
    # What the first has settled has no say any more, though it stays to be seen; nor has what dee saw
    # standing and changed.
    desk.comes("dee")
    desk.take({"name": "7"}, was={"name": "5"}, base_version=desk.row["version"])
    assert {line: side["at"] for line, side in card["sides"].items()} == {
        "ana": 1,
        "ben": 1,
        "co": 3,
        "dee": 4,
    }
    assert desk.row["name"] == min("67", key=lambda name: digest({"name": name}))


def test_a_card_that_opened_again_is_there_for_every_op_behind_it(desk: Desk) -> None:
    card = clash(desk)
    saw = {"name": desk.row["name"]}
    for lead in ("5", "6"):
        desk.comes("lead" + lead)
        desk.decide(card, {"name": lead}, version=1, standing=saw)
    desk.comes("dee")
    desk.take({"name": "7"})
    desk.take({"name": "8"}, was={"name": "7"})

    assert desk.copy.cards[THING, RECORD, "name"] is card
    assert card["sides"]["dee"]["values"] == {"name": "8"}


def test_who_decided_for_what_once_was_has_a_voice_on_the_card_that_opened_again(desk: Desk) -> None:
    """Two others say the same later: that is not all there is, for somebody had decided otherwise."""
    card = clash(desk)
    saw = {"name": desk.row["name"]}
    for lead in ("0", "6"):
        desk.comes("lead" + lead)
        desk.decide(card, {"name": lead}, version=1, standing=saw)
    desk.comes("dee")
    receipt = desk.take({"name": "6"})

    assert receipt.outcome is Outcome.CONFLICT
    assert (card["state"], card["sides"]["lead6"]["values"]) == ("open", {"name": "6"})
    assert {side["values"]["name"] for side in card["sides"].values() if side["at"] > 2} == {"0", "6"}
    assert desk.row["name"] == min("06", key=lambda name: digest({"name": name}))


def test_a_late_decision_opens_again_a_card_that_had_agreed(desk: Desk) -> None:
    card = clash(desk)
    desk.take({"name": "1"}, was={"name": "2"})
    desk.comes("lead")
    desk.decide(card, {"name": "5"}, version=1)

    assert desk.card["id"] == card["id"]
    assert {line: side["values"]["name"] for line, side in desk.card["sides"].items()} == {
        "ana": "1",
        "ben": "1",
        "lead": "5",
    }
    assert desk.row["name"] == min("15", key=lambda name: digest({"name": name}))


def test_what_two_deciders_come_to_does_not_depend_on_who_comes_first() -> None:
    ends = []
    for first, second in (("5", "6"), ("6", "5")):
        desk = Desk()
        card = clash(desk)
        saw = {"name": desk.row["name"]}
        for name in (first, second):
            desk.comes("lead" + name)
            desk.decide(card, {"name": name}, version=1, standing=saw)
        ends.append(desk.row["name"])

    assert set(ends) == {min("56", key=lambda name: digest({"name": name}))}


@pytest.mark.parametrize("decided", [("no", "yes"), ("yes", "no"), ("no", "only_when"), ("only_when", "no")])
@pytest.mark.parametrize("began", ["yes", "no"])
def test_the_safer_of_two_decisions_stands_whoever_comes_first(
    desk: Desk, decided: tuple[str, str], began: str
) -> None:
    """Also where the safer one is what the record began with: to decide for that is a wish too."""
    desk.council.row["safe"] = began
    was = {"safe": began}
    desk.take({"safe": "only_when"}, was=was)
    desk.comes("ben")
    desk.take({"number": "2", "safe": "yes" if began == "no" else "no"}, was={"number": "0", **was})
    card = desk.card
    saw = {c: desk.row[c] for c in card["columns"]}
    for word in decided:
        desk.comes("lead-" + word)
        desk.decide(card, {"safe": word}, version=1, standing=saw)

    assert desk.row["safe"] == "no"
    assert desk.card["sides"]["lead-" + decided[1]]["values"]["safe"] == decided[1]


def test_who_decides_too_late_for_what_once_was_has_a_voice(desk: Desk) -> None:
    """Ben decides for the safer answer they began with; that Ana says otherwise is still a dispute."""
    desk.council.row["safe"] = "no"
    desk.take({"safe": "yes"}, was={"safe": "no"})
    desk.comes("ben")
    desk.take({"safe": "only_when"}, was={"safe": "no"})
    card = desk.card
    receipt = desk.decide(card, {"safe": "no"}, standing={"number": "0", "safe": "yes"})

    assert receipt.outcome is Outcome.CONFLICT
    assert {line: side["values"]["safe"] for line, side in desk.card["sides"].items()} == {
        "ana": "yes",
        "ben": "no",
    }
    assert (desk.card["state"], desk.row["safe"]) == ("open", "no")


def test_what_changed_her_mind_about_her_own_value_does_not_stand_any_more(desk: Desk) -> None:
    """Ben's 2 stood or not; he decides for 5 without having seen that Ana has gone on to 3."""
    card = clash(desk)
    saw = {"name": desk.row["name"]}
    desk.comes("ana")
    desk.take({"name": "3"}, was={"name": "1"})
    desk.comes("ben")
    desk.decide(card, {"name": "5"}, version=1, standing=saw)
    written = desk.last

    assert {line: side["values"]["name"] for line, side in desk.card["sides"].items()} == {
        "ana": "3",
        "ben": "5",
    }
    assert desk.row["name"] == min("35", key=lambda name: digest({"name": name}))
    # The row is the hub's own, in her name: it says nothing that the decision did not say.
    assert (written.ledger["record"], written.ledger["device"], written.ledger["line"]) == (RECORD, "", "ben")
    assert decode_content(written.content).patch == {}
    assert decode_effect(written.effect or b"").patch == {"name": desk.row["name"]}


@pytest.mark.parametrize("others", [True, False])
def test_what_one_says_beside_ones_own_late_decision_leaves_it_on_the_card(desk: Desk, others: bool) -> None:
    """Ben's decision about the street came too late; his towns, which waited behind it, are of the same
    group and of a base that knows no such street."""
    desk.take({"street": "1"})
    desk.comes("ben")
    desk.take({"street": "2"})
    card, saw = desk.card, {"street": desk.row["street"], "town": "0"}
    if others:
        desk.comes("ana")
        desk.take({"street": "3"}, was={"street": "1"})
        desk.comes("ben")
    else:
        desk.take(
            {"street": "4"}, was={"street": "2"}, knows={card["id"]: 1}, base_version=desk.row["version"]
        )
    base = 1 if others else desk.row["version"]
    desk.decide(card, {"street": "5"}, version=1, standing=saw)
    desk.take({"town": "6"}, base_version=base)
    desk.take({"town": "7"}, was={"town": "6"}, base_version=base)
    desk.comes("dee")
    desk.take({"town": "8"})

    assert desk.card["sides"]["ben"]["values"] == {"street": "5", "town": "7"}
    assert desk.card["state"] == "open"


def test_what_somebody_made_of_what_had_agreed_is_on_the_card_that_opens_again(desk: Desk) -> None:
    """Dee saw the end of the card; the late decision did not, and neither saw what the other says."""
    card = clash(desk)
    desk.take({"name": "1"}, was={"name": "2"})
    desk.comes("dee")
    desk.take({"name": "7"}, was={"name": "1"}, base_version=desk.row["version"])
    desk.comes("lead")
    desk.decide(card, {"name": "5"}, version=1)

    assert card["sides"][""] == {
        "user": "", "device": "", "op_id": "", "made_at": NOW, "values": {"name": "7"}, "at": card["version"],
    }  # fmt: skip
    assert set(card["sides"]) == {"", "ana", "ben", "lead"}
    assert desk.row["name"] == "7"


def test_only_sides_that_came_after_the_last_decision_have_a_say(desk: Desk) -> None:
    told = {"user": "u", "device": "d", "op_id": "o", "made_at": 1, "values": {"name": "1"}}
    sides = {"old": told, "seen": {**told, "at": 2}, "new": {**told, "at": 3}}
    card = {"id": "c", "version": 3, "base": None, "sides": sides, "state": "open", "decision": {"at": 2}}
    table = desk.council.schema[THING]

    assert set(as_open(card, table).sides) == {"new"}
    assert set(as_open({**card, "decision": None}, table).sides) == {"old", "seen", "new"}
    assert as_open(card, table).closed is None
    assert as_open({**card, "state": "decided"}, table).closed == 0
    assert as_open({**card, "state": "decided", "decision": {"version": 7}}, table).closed == 7


def test_what_was_decided_about_stays_to_be_seen_as_an_op_changes_the_card(desk: Desk) -> None:
    told = {"user": "u", "device": "d", "op_id": "o", "made_at": 1, "values": {"name": "1"}}
    sides = {"old": told, "seen": {**told, "at": 2}, "new": {**told, "at": 3}}
    card = {**clash(desk), "version": 3, "sides": sides}
    side = Side("v", "e", "p", 2, {"name": "2"})
    change = CardChange("c", "name", Reason.SAME_FIELD, ("name",), {"name": "0"}, {"mine": side})

    assert set(changed({**card, "decision": {"at": 2}}, change)["sides"]) == {"old", "seen", "mine"}
    assert set(changed({**card, "decision": {"at": 1}}, change)["sides"]) == {"old", "mine"}
    assert set(changed(card, change)["sides"]) == {"mine"}
    assert changed(card, change)["sides"]["mine"]["at"] == 4


def test_a_decision_about_nothing_is_refused(desk: Desk) -> None:
    ghost = {"id": "8" * 32, "columns": [], "version": 1}
    assert desk.decide(ghost, {}).reason is Reason.UNKNOWN_RECORD

    card = clash(desk)
    del desk.copy.rows[THING, RECORD]
    assert (
        desk.take({"choice": "stands"}, Act.DECIDE, table="conflict", record=card["id"]).outcome
        is Outcome.REFUSED
    )


# -- rivals ---------------------------------------------------------------------------------------


def test_two_records_that_cannot_both_be_right_stand_and_a_card_names_them(desk: Desk) -> None:
    other = "5" * 32
    desk.take({"name": "1"}, rival=other)
    card = desk.card

    assert (card["kind"], card["group_name"], card["columns"]) == ("rival", f"rival:{other}", [])
    assert {line: side["values"] for line, side in card["sides"].items()} == {
        "ana": {"id": RECORD},
        "": {"id": other},
    }
    assert (card["scope"], card["record"]) == ("shelf:a", RECORD)

    desk.comes("ben")
    desk.take({"colour": "1"}, rival=other)
    assert (desk.card["version"], set(desk.card["sides"])) == (2, {"ana", "", "ben"})
    assert len(desk.copy.ledger.entries) == 2


def test_a_new_record_may_have_a_rival_too(desk: Desk) -> None:
    record = "2" * 32
    desk.take({"name": "1"}, Act.INSERT, record=record, base_version=0, rival=RECORD)

    assert (desk.card["record"], desk.card["scope"]) == (record, "shelf:a")


def test_deciding_between_rivals_writes_nothing_on_the_record(desk: Desk) -> None:
    desk.take({"name": "1"}, rival="5" * 32)
    card = desk.card
    desk.comes("lead")
    desk.decide(card, {})

    assert card["state"] == "decided"
    assert len(desk.copy.ledger.entries) == 1
    desk.decide(card, {}, version=1)
    assert set(card["sides"]) == {"ana", "", "lead"}
