"""What the council did not take comes back to its author with a reason, and can be sent again."""

import pytest

from sync.ops import Act, Change, new_id
from tests.actions.caseload_of import BRIGHT, DALE, FIRTH
from tests.actions.desks import Office, asked_to_close, refused, save
from tests.actions.test_handover import moves, texts
from tfworker.actions.desk import Desk
from tfworker.actions.farewell import farewells
from tfworker.actions.problems import BadInput, NotHere
from tfworker.actions.receipts import whereabouts
from tfworker.actions.remarks import mark_read
from tfworker.actions.returned import correct, let_go, returned
from tfworker.actions.story import set_priority, story
from tfworker.actions.syncing import status, sync_now
from tfworker.actions.tray import decide_held, tray
from tfworker.actions.values import ADMIT, Whereabouts
from tfworker.council.service import DESK as COUNCILS_DESK
from tfworker.records import scope

# [(who wrote the note whose id it is, why it came back)]
TAKEN_BY = [
    (BRIGHT, "The council already has this record."),
    (FIRTH, "Only its author can change this before it is finished."),
]


@pytest.fixture
def leader(office: Office) -> Desk:
    return refused(office)


def test_a_refused_edit_says_why_and_what_was_written(leader: Desk) -> None:
    (edit,) = returned(leader)

    assert not edit.waits
    assert (edit.family_label, edit.reason) == ("Reed family", "Your role does not allow this change.")
    assert edit.what == "the need “The rent.”"
    assert "The rent." in [value.words for value in edit.values]
    assert status(leader).needs_you == 1


def test_a_code_is_shown_in_words_and_put_right_from_a_list(office: Office) -> None:
    """Nobody knows that "rent_arrears" or "acute" is what is stored."""
    desk = office.desk(FIRTH)
    need = {
        "family_id": office.caseload.families[0].family,
        "local_type": "rent_arrears",
        "severity": "acute",
        "person_ids": [office.caseload.families[0].parent],
        "identified_on": desk.today(),
    }
    save(desk, desk.insert("need", need))
    sync_now(desk)
    (edit,) = returned(desk)

    words = {value.field: value.words for value in edit.values}
    assert (words["local_type"], words["severity"]) == ("Rent arrears", "Acute")
    offered = {field.field: [choice.words for choice in field.choices] for field in edit.typed_fields}
    assert "Rent arrears" in offered["local_type"]
    assert "Acute" in offered["severity"]
    assert offered["identified_on"] == []
    assert "person_ids" not in offered  # ids are chosen by name, elsewhere


def test_whom_an_edit_is_about_is_not_typed(office: Office) -> None:
    desk, ids = office.desk(FIRTH), office.caseload.families[0]
    action = {"family_id": ids.family, "goal_id": ids.goal, "what": "Ring", "owner_person_id": ids.parent}
    save(desk, desk.insert("action", action))
    sync_now(desk)
    (edit,) = returned(desk)

    assert "Dana" in {value.words for value in edit.values}
    assert [field.field for field in edit.typed_fields] == ["what"]


def test_letting_go_takes_it_off_the_list(leader: Desk) -> None:
    let_go(leader, returned(leader)[0].op_id)

    assert returned(leader) == []
    assert status(leader).needs_you == 0


def test_a_corrected_edit_goes_again_under_its_own_id(office: Office, leader: Desk) -> None:
    edit = returned(leader)[0]
    allocation = {
        "family_id": office.caseload.families[0].family, "worker_id": office.caseload.worker[FIRTH],
        "role": "co_worker", "from_on": leader.today(),
    }  # fmt: skip
    office.council.hub.apply(COUNCILS_DESK, [leader.insert("allocation", allocation)])
    sync_now(leader)

    correct(leader, edit.op_id, {"described_in_family_words": "The rent is behind."})
    sync_now(leader)

    assert returned(leader) == []
    with leader.vault.read() as connection:
        need = leader.schema["need"].table
        row = connection.execute(need.select().where(need.c.id == edit.record)).mappings().one()
    assert (row["described_in_family_words"], row["version"]) == ("The rent is behind.", 1)


def test_a_correction_that_cannot_be_names_its_field(leader: Desk) -> None:
    edit = returned(leader)[0]
    with pytest.raises(BadInput) as refused:
        correct(leader, edit.op_id, {"severity": "awful"})

    assert refused.value.field == "severity"
    with pytest.raises(NotHere):
        correct(leader, "0" * 32, {})


def test_an_edit_of_a_family_that_went_to_a_colleague_waits(office: Office) -> None:
    worker = office.desk(BRIGHT)
    family = office.caseload.families[0].family
    set_priority(worker, family, "The hearing.")
    with office.council.engine.connect() as connection:
        table = office.council.schema["allocation"].table
        held = connection.execute(table.select().where(table.c.family_id == family)).mappings().one()
    moved = Change("allocation", held["id"], {"worker_id": office.caseload.worker[DALE]})
    office.council.hub.apply(COUNCILS_DESK, [moved])
    sync_now(worker)

    # The family is gone from this laptop, and what was written about it with it: its receipt tells.
    assert returned(worker) == []
    (receipt,) = farewells(worker)
    assert receipt.title == "A family you had was moved to another worker on 16/11/2026"
    assert receipt.advice.startswith("1 change waits for the new worker.")
    assert "Reed" not in receipt.title + receipt.advice
    assert (status(worker).needs_you, status(worker).elsewhere) == (0, 0)
    mark_read(worker, receipt.key)
    assert farewells(worker) == []


def test_what_was_taken_does_not_come_back(office: Office) -> None:
    worker = office.desk(BRIGHT)
    family = office.caseload.families[0].family
    set_priority(worker, family, "The hearing.")
    sync_now(worker)

    assert returned(worker) == []
    assert story(worker, family).priority == "The hearing."


def test_what_was_refused_of_a_family_that_left_is_told_by_its_receipt_alone(office: Office) -> None:
    """Its text is the council's now: a line with nothing in it could not be put right."""
    desk, ids = office.desk(BRIGHT), office.caseload.families[0]
    by_another = {"family_id": ids.family, "written_by": office.caseload.worker[DALE], "severity": "acute"}
    save(desk, Change("need", new_id(), by_another, Act.INSERT))
    sync_now(desk)
    (edit,) = returned(desk)
    moves(office)
    sync_now(desk)
    (receipt,) = farewells(desk)

    assert returned(desk) == []
    assert status(desk).needs_you == 0
    assert "1 change was not taken" in receipt.advice
    with pytest.raises(NotHere):
        correct(desk, edit.op_id, {})


def test_an_edit_of_what_is_not_on_this_laptop_any_more_cannot_be_put_right(office: Office) -> None:
    desk, ids = office.desk(BRIGHT), office.caseload.families[0]
    by_another = {"family_id": ids.family, "written_by": office.caseload.worker[DALE], "severity": "acute"}
    need = new_id()
    save(desk, desk.insert("need", {"family_id": ids.family, "severity": "acute"}, record=need))
    sync_now(desk)
    save(desk, Change("need", need, {"written_by": by_another["written_by"], "severity": "low"}))
    sync_now(desk)
    (edit,) = returned(desk)
    office.council.hub.purge(COUNCILS_DESK, [("need", need)])
    sync_now(desk)

    with pytest.raises(NotHere):
        correct(desk, edit.op_id, {})
    let_go(desk, edit.op_id)
    assert returned(desk) == []


def test_what_came_back_and_was_put_right_needs_nobody_any_more(office: Office) -> None:
    desk, ids = office.desk(BRIGHT), office.caseload.families[0]
    need, by_another = new_id(), {"family_id": ids.family, "written_by": office.caseload.worker[DALE]}
    save(desk, Change("need", need, by_another, Act.INSERT))
    sync_now(desk)
    (edit,) = returned(desk)
    before = where(desk, ids.family, need)
    let_go(desk, edit.op_id)
    save(desk, desk.insert("need", {"family_id": ids.family}, record=need))
    sync_now(desk)

    assert (before, where(desk, ids.family, need)) == (Whereabouts.PERSON, None)


def test_an_insert_that_came_back_and_is_there_meanwhile_is_put_right_as_a_change_of_it(
    office: Office,
) -> None:
    desk, ids = office.desk(BRIGHT), office.caseload.families[0]
    need, by_another = new_id(), {"family_id": ids.family, "written_by": office.caseload.worker[DALE]}
    save(desk, Change("need", need, {**by_another, "severity": "acute"}, Act.INSERT))
    sync_now(desk)
    (edit,) = returned(desk)
    save(desk, desk.insert("need", {"family_id": ids.family}, record=need))
    sync_now(desk)

    correct(desk, edit.op_id, {"severity": "emerging"})
    sync_now(desk)

    assert returned(desk) == []
    with office.council.engine.connect() as connection:
        table = office.council.schema["need"].table
        row = connection.execute(table.select().where(table.c.id == need)).mappings().one()
    assert (row["severity"], row["written_by"]) == ("emerging", office.caseload.worker[BRIGHT])


@pytest.mark.parametrize("who, reason", TAKEN_BY)
def test_a_note_whose_id_another_has_taken_is_put_right_as_a_note_of_its_own(
    office: Office, who: str, reason: str
) -> None:
    desk, family = office.desk(BRIGHT), office.caseload.families[0].family
    taken = new_id()
    theirs = {"family_id": family, "kind": "other", "what_happened": "Theirs.", "happened_at": desk.now()}
    mine = {**theirs, "what_happened": "Mine."}
    office.council.hub.apply(COUNCILS_DESK, [office.desk(who).insert("visit_note", theirs, record=taken)])
    save(desk, desk.insert("visit_note", mine, record=taken))
    sync_now(desk)
    (edit,) = returned(desk)

    correct(desk, edit.op_id, {"what_happened": "Mine, and more."})
    sync_now(desk)

    assert edit.reason == reason
    assert returned(desk) == []
    assert texts(office, family) >= {"Theirs.", "Mine, and more."}


def test_what_a_leader_let_in_needs_nobody_any_more(office: Office) -> None:
    worker, leader = asked_to_close(office)
    family = office.caseload.families[0].family
    before = where(worker, family, family)
    (item,) = [item for item in tray(leader) if item.heading == "Requests"]
    decide_held(leader, item.held_id, ADMIT)
    sync_now(leader)
    sync_now(worker)

    assert (before, where(worker, family, family)) == (Whereabouts.PERSON, None)


def where(desk: Desk, family: str, record: str) -> Whereabouts | None:
    with desk.vault.read() as connection:
        return whereabouts(connection, desk.schema, [scope.family(family)]).get(record)
