"""The hub's decide step on a working copy, with no database below it: what is written where.

`tests.sync.council` is one record at a real `WorkingCopy`; here its ledger rows, cards and history
are looked at one by one.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from sync.hub.ledger import Ledger
from sync.hub.reading import Reading
from sync.hub.settling import WorkingCopy
from sync.hub.store import Entry, Head, Row
from sync.ops import (
    Act,
    Outcome,
    Reason,
    decode_content,
    decode_effect,
    encode_content,
    new_id,
    new_salt,
    record_digest,
)
from sync.ports import Caller
from sync.standing import digest
from sync.wire import Receipt, WireOp
from tests.sync.council import EPOCH, NOW, START, THING, Council, Line, Scenario, begun, ops_of

RECORD = "1" * 32


class Desk:
    """A working copy and the ops that come to it, one caller after the other."""

    def __init__(self) -> None:
        self.council = Council(Scenario(()))
        self.entries: list[Entry] = []
        self.copy = self._copy("ana")

    def _copy(self, user: str, *, central: bool = False) -> WorkingCopy:
        caller = Caller(f"user-{user}", f"laptop-{user}", user, central)
        copy = WorkingCopy(Ledger(Head(EPOCH, len(self.entries), ""), caller, NOW), caller)
        copy.tables = self.council.schema.synced
        copy.rows = self.council.rows
        return copy

    def comes(self, user: str, *, central: bool = False) -> None:
        """Somebody else pushes now, to the same working copy."""
        fresh = self._copy(user, central=central)
        self.entries += self.copy.ledger.entries
        fresh.past, fresh.cards, fresh.agreed = self.copy.past, self.copy.cards, self.copy.agreed
        self.copy = fresh

    def take(self, patch: Mapping[str, Any], kind: Act = Act.UPDATE, **envelope: Any) -> Receipt:
        """One op, on base 1 unless it says otherwise. was: what its author saw; else what began."""
        table = envelope.pop("table", THING)
        was = envelope.pop("was", {c: START.get(c) for c in patch} if kind is Act.UPDATE else {})
        given = {"base_version": 1, "record": RECORD, "base_epoch": EPOCH, "op_id": new_id()} | envelope
        rival, extra = given.pop("rival", None), given.pop("extra", {})
        knows = given.pop("knows", {})
        op = WireOp(
            n=7, chain="", kind=kind.value, table=table, made_at=NOW - 5, act_id=new_id(), salt=new_salt(),
            content=msgspec.Raw(encode_content(patch, was)), knows=knows, **given,
        )  # fmt: skip
        reading = Reading(op, kind, self.council.schema[table], dict(knows))
        reading.patch, reading.was = dict(patch), dict(was)
        reading.rival, reading.extra = rival, extra
        return self.copy.take(reading, EPOCH)

    def decide(self, card: Row, values: Mapping[str, Any], **seen: Any) -> Receipt:
        """A decision made on the card as it is, unless it says otherwise."""
        standing = seen.get("standing", {c: self.row[c] for c in card["columns"]})
        patch = {"choice": "edited", "values": dict(values), "why": "because"}
        return self.take(
            patch, Act.DECIDE, table="conflict", record=card["id"], was={"standing": standing},
            base_version=seen.get("version", card["version"]),
        )  # fmt: skip

    @property
    def row(self) -> Row:
        return self.council.row

    @property
    def card(self) -> Row:
        (card,) = self.council.cards()
        return card

    @property
    def last(self) -> Entry:
        return self.copy.ledger.entries[-1]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def clash(desk: Desk) -> Row:
    """Ana's 1 and Ben's 2 on one field."""
    desk.take({"name": "1"})
    desk.comes("ben")
    desk.take({"name": "2"})
    return desk.card


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
    stands = desk.row["name"]
    desk.comes("lead")
    receipt = desk.decide(card, {"name": "5"}, version=9)

    assert (receipt.outcome, receipt.reason, receipt.version) == (Outcome.CONFLICT, Reason.CARD_MOVED, 2)
    assert (card["state"], card["version"]) == ("open", 2)
    assert card["sides"]["lead"]["values"] == {"name": "5"}
    assert card["sides"]["lead"]["at"] == 2
    assert set(card["sides"]) == {"ana", "ben", "lead"}
    assert desk.row["name"] == stands
    assert desk.copy.cards[THING, RECORD, "name"] is card
    assert desk.last.ledger["outcome"] == "conflict"


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
    assert desk.row["name"] == "1"


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
