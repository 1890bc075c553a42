"""Every kind of clash of domain 4.8.9 that today's records can have, on real laptops and a real council.

What waits for its records: consent_clash (agreements), claim_locked (claims), the redaction of
deleted_centrally; a purge has its own tests.
"""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from sync.ops import Act, Change, new_id
from tests.actions.caseload_of import BRIGHT, DALE, FIRTH
from tests.actions.desks import Office, save
from tfworker.actions.desk import Desk
from tfworker.actions.syncing import status, sync_now
from tfworker.council.service import DESK

TODAY = date(2026, 11, 16)


def central(office: Office, *changes: Change) -> None:
    office.council.hub.apply(DESK, list(changes))


def rows(office: Office, table: str, **where: Any) -> list[dict[str, Any]]:
    target = office.council.schema[table].table
    query = select(target).where(*(target.c[name] == value for name, value in where.items()))
    with office.council.engine.begin() as connection:
        return [dict(row) for row in connection.execute(query.order_by(target.c.id)).mappings()]


def cards(office: Office) -> list[tuple[str, str, str]]:
    """(table, group, kind) of the open cards."""
    return sorted(
        (c["table_name"], c["group_name"], c["kind"]) for c in rows(office, "conflict", state="open")
    )


def outcomes(desk: Desk) -> set[tuple[str, str | None]]:
    """(outcome, reason) of everything this laptop has a receipt for."""
    receipt = desk.schema.own("receipt")
    with desk.vault.read() as connection:
        return {(r.outcome, r.reason) for r in connection.execute(select(receipt))}


def note(desk: Desk, family: str, text: str = "She said they are well.") -> Change:
    fields = {"family_id": family, "kind": "visit", "happened_at": desk.now(), "what_happened": text}
    return desk.insert("visit_note", fields)


def test_three_days_offline_while_the_number_changed_and_the_family_was_closed(office: Office) -> None:
    """The acceptance of 4.8.9: two notes on the record, one card, one flag, nothing lost."""
    desk, ids = office.desk(BRIGHT), office.caseload.families[0]
    office.clock.advance(days=3)
    save(desk, Change("contact_point", ids.mobile, {"value": "01632 960011"}))
    first, second = note(desk, ids.family, "First."), note(desk, ids.family, "Second.")
    save(desk, first)
    save(desk, second)
    central(
        office,
        Change("contact_point", ids.mobile, {"value": "01632 960022"}),
        Change("family", ids.family, {"status": "closed"}),
    )

    sync_now(desk)

    assert {first.record, second.record} <= {
        n["id"] for n in rows(office, "visit_note", family_id=ids.family)
    }
    assert cards(office) == [("contact_point", "calling", "safer")]
    (card,) = rows(office, "conflict")
    values = {line: side["values"]["value"] for line, side in card["sides"].items()}
    assert values == {"laptop-1": "01632 960011", "council": "01632 960022"}
    flags = rows(office, "held")
    assert [(f["state"], f["reason"], f["record"]) for f in flags] == [
        ("to_read", "closed", first.record),
        ("to_read", "closed", second.record),
    ]
    ledger = office.council.schema.own("ledger")
    with office.council.engine.begin() as connection:
        about = {first.record, second.record, ids.mobile, ids.family}
        told = set(connection.execute(select(ledger.c.record).where(ledger.c.record.in_(about))).scalars())
    assert told == about


def test_what_a_leader_writes_of_a_closed_family_needs_no_flag(office: Office) -> None:
    leader, ids = office.desk(FIRTH), office.caseload.families[0]
    central(office, Change("family", ids.family, {"status": "closed"}))
    fields = {"family_id": ids.family, "kind": "management_oversight", "happened_at": leader.now()}
    save(leader, leader.insert("visit_note", {**fields, "what_happened": "Closed with thanks."}))

    sync_now(leader)

    assert rows(office, "held") == []


def test_a_plan_agreed_offline_and_superseded_centrally_asks_the_leader(office: Office) -> None:
    desk, ids = office.desk(BRIGHT), office.caseload.families[0]
    save(desk, Change("plan", ids.plan, {"state": "under_review"}))
    central(office, Change("plan", ids.plan, {"state": "superseded"}))

    sync_now(desk)

    assert [(table, group) for table, group, _ in cards(office)] == [("plan", "state")]
    assert rows(office, "plan", id=ids.plan)[0]["state"] == "superseded"


@pytest.mark.parametrize("first", ["laptop", "council"])
def test_a_caution_cleared_and_raised_at_once_stays_raised(office: Office, first: str) -> None:
    desk, leader, ids = office.desk(BRIGHT), office.desk(FIRTH), office.caseload.families[0]
    central(office, Change("risk_marker", ids.marker, {"state": "cleared", "cleared_why": "Moved."}))
    sync_now(desk)
    sync_now(leader)
    save(desk, Change("risk_marker", ids.marker, {"state": "raised", "cleared_why": None}))
    save(leader, Change("risk_marker", ids.marker, {"state": "cleared", "cleared_why": "Gone."}))
    for one in (desk, leader) if first == "laptop" else (leader, desk):
        sync_now(one)

    assert rows(office, "risk_marker", id=ids.marker)[0]["state"] == "raised"
    assert cards(office) == [("risk_marker", "state", "safer")]


def test_the_same_child_registered_twice_stands_twice_and_a_card_names_both(office: Office) -> None:
    desk, ids = office.desk(BRIGHT), office.caseload.families[0]
    child, other = new_id(), new_id()
    names = {"forenames": "Mina", "family_name": "Żak", "dob": date(2019, 2, 3)}
    names |= {"dob_estimated": False, "interpreter_needed": False}
    central(
        office,
        Change("person", other, names, Act.INSERT),
    )
    member = {"family_id": ids.family, "person_id": child, "role": "child"}
    save(
        desk,
        Change("person", child, {**names, "forenames": "MINA"}, Act.INSERT),
        Change("membership", new_id(), member, Act.INSERT),
    )

    sync_now(desk)

    assert {child, other} <= {p["id"] for p in rows(office, "person")}
    assert cards(office) == [("person", f"rival:{other}", "rival")]


def test_the_same_family_registered_twice_stands_twice_and_a_card_names_both(office: Office) -> None:
    leader, ids = office.desk(FIRTH), office.caseload.families[0]
    (label,) = {f["label"] for f in rows(office, "family", id=ids.family)}
    again = leader.insert("family", {"label": label, "status": "candidate", "team_id": office.caseload.team})
    save(leader, again)

    sync_now(leader)

    assert cards(office) == [("family", f"rival:{ids.family}", "rival")]
    assert len(rows(office, "family", label=label)) == 2


def test_a_person_who_moves_into_two_families_on_one_day_asks_a_person(office: Office) -> None:
    desk, leader = office.desk(BRIGHT), office.desk(FIRTH)
    one, two = office.caseload.families
    child = new_id()
    names = {"forenames": "Mina", "family_name": "Ng", "dob_estimated": False, "interpreter_needed": False}
    central(
        office,
        Change("person", child, names, Act.INSERT),
        Change(
            "membership",
            new_id(),
            {"family_id": one.family, "person_id": child, "role": "child", "from_on": date(2026, 1, 1),
             "to_on": date(2026, 2, 1)},
            Act.INSERT,
        ),
    )  # fmt: skip
    sync_now(desk)
    sync_now(leader)
    moved = {"person_id": child, "role": "child", "from_on": TODAY}
    save(desk, desk.insert("membership", {**moved, "family_id": one.family}))
    save(leader, leader.insert("membership", {**moved, "family_id": two.family}))
    sync_now(desk)
    sync_now(leader)

    assert [(table, kind) for table, _, kind in cards(office)] == [("membership", "rival")]
    assert len(rows(office, "membership", person_id=child)) == 3


def test_two_leads_for_the_same_days_stand_and_the_leader_is_asked(office: Office) -> None:
    leader, ids = office.desk(FIRTH), office.caseload.families[0]
    fields = {"family_id": ids.family, "worker_id": office.caseload.worker[DALE], "role": "lead"}
    save(leader, leader.insert("allocation", {**fields, "from_on": TODAY, "reason": "cover"}))

    sync_now(leader)

    assert [(table, kind) for table, _, kind in cards(office)] == [("allocation", "rival")]


def test_work_of_somebody_who_lost_the_family_is_taken_or_waits(office: Office) -> None:
    desk, dale, ids = office.desk(BRIGHT), office.desk(DALE), office.caseload.families[0]
    written = note(desk, ids.family)
    save(desk, written)
    save(desk, Change("family", ids.family, {"story_so_far": "They want to stay."}))
    (allocation,) = rows(office, "allocation", family_id=ids.family)
    who = {"family_id": ids.family, "worker_id": office.caseload.worker[DALE], "role": "lead"}
    central(
        office,
        Change("allocation", allocation["id"], {"to_on": TODAY - timedelta(days=1)}),
        Change("allocation", new_id(), {**who, "from_on": TODAY, "reason": "moved"}, Act.INSERT),
    )

    sync_now(desk)
    sync_now(dale)

    assert outcomes(desk) == {("applied", "to_read"), ("held", "not_yours_now")}
    states = sorted((h["state"], h["record"]) for h in rows(office, "held"))
    assert states == sorted([("to_read", written.record), ("waiting", ids.family)])


def test_a_concern_about_a_family_she_lost_is_taken_at_once_and_waits_for_nobody(office: Office) -> None:
    desk, ids = office.desk(BRIGHT), office.caseload.families[0]
    fields = {"family_id": ids.family, "seen_or_said": "A bruise on the arm.", "seen_at": desk.now()}
    known = {
        name: value for name, value in fields.items() if name in desk.schema["safeguarding_concern"].columns
    }
    concern = desk.insert("safeguarding_concern", known)
    save(desk, concern, Change("family", ids.family, {"status": "closed"}))  # held with its act, she not
    (allocation,) = rows(office, "allocation", family_id=ids.family)
    central(office, Change("allocation", allocation["id"], {"to_on": TODAY - timedelta(days=400)}))

    sync_now(desk)

    assert len(rows(office, "safeguarding_concern", id=concern.record)) == 1
    assert concern.record not in {h["record"] for h in rows(office, "held")}


def test_a_clock_that_is_wrong_refuses_nothing_and_is_shown(office: Office) -> None:
    desk, ids = office.desk(BRIGHT), office.caseload.families[0]
    desk.clock = type(office.clock)()
    desk.clock.advance(minutes=25)
    written = note(desk, ids.family)
    save(desk, written)

    sync_now(desk)

    assert outcomes(desk) == {("applied", None)}
    assert status(desk).clock_words
    assert [n["id"] for n in rows(office, "visit_note", id=written.record)] == [written.record]


def test_a_code_that_was_retired_meanwhile_keeps_its_text(office: Office) -> None:
    desk, ids = office.desk(BRIGHT), office.caseload.families[0]
    words = {"described_in_family_words": "The rent.", "local_type": "retired_code", "status": "open"}
    need = desk.insert("need", {"family_id": ids.family, **words})
    save(desk, need)

    sync_now(desk)

    (stored,) = rows(office, "need", id=need.record)
    assert (stored["described_in_family_words"], stored["local_type"]) == ("The rent.", "retired_code")


def test_what_the_council_refuses_keeps_its_text_on_the_laptop(office: Office) -> None:
    desk = office.desk(DALE)
    save(desk, note(desk, office.caseload.families[0].family, "Not hers to write."))

    sync_now(desk)

    op = desk.schema.own("op")
    with desk.vault.read() as connection:
        kept = [bytes(content) for content in connection.execute(select(op.c.content)).scalars()]
    assert outcomes(desk) == {("refused", "not_allowed")}
    assert any(b"Not hers to write." in content for content in kept)
