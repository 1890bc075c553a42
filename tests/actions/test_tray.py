"""The tray: what waits for a person's word, decided at the real council, and nothing of it lost."""

import pytest

from sync.ops import Change
from tests.actions.caseload_of import BRIGHT, DALE, FIRTH
from tests.actions.desks import Office, asked_to_close, save
from tests.actions.test_notes import written
from tfworker.actions.desk import Desk
from tfworker.actions.notes import amend, finish_note
from tfworker.actions.problems import BadInput, NotYours
from tfworker.actions.returned import let_go, returned
from tfworker.actions.settled import settled
from tfworker.actions.story import set_priority, story
from tfworker.actions.syncing import status, sync_now
from tfworker.actions.tray import decide_held, tray
from tfworker.actions.values import ADMIT, DECLINE, READ
from tfworker.actions.work import work
from tfworker.council.service import DESK as COUNCILS_DESK


def move(office: Office, staff_no: str) -> str:
    """The council gives the first family to this worker. Gives the family's id."""
    family = office.caseload.families[0].family
    with office.council.engine.connect() as connection:
        table = office.council.schema["allocation"].table
        held = connection.execute(table.select().where(table.c.family_id == family)).mappings().one()
    moved = Change("allocation", held["id"], {"worker_id": office.caseload.worker[staff_no]})
    office.council.hub.apply(COUNCILS_DESK, [moved])
    return family


@pytest.fixture
def moved(office: Office) -> tuple[Desk, Desk, str]:
    """(the worker who had it and wrote while out, the one who has it now, the family)."""
    before = office.desk(BRIGHT)
    family = office.caseload.families[0].family
    finish_note(before, written(before, family, visit_id=None))
    set_priority(before, family, "The hearing.")
    move(office, DALE)
    sync_now(before)
    return before, office.desk(DALE), family


def test_what_a_previous_worker_wrote_is_named_with_who_and_why(moved: tuple[Desk, Desk, str]) -> None:
    _, now, _ = moved
    items = {item.what: item for item in tray(now)}

    waits = items["what matters now"]
    assert (waits.heading, waits.who, waits.may_decide) == ("From previous worker", "A. Bright", True)
    assert [value.words for value in waits.values] == ["The hearing."]
    assert [value.words for value in waits.was] == ["The tenancy hearing on 20 November."]
    assert waits.reason.startswith("It was written by somebody who did not have the family any more.")
    note = items["Note: Home visit, 50 minutes"]
    assert note.to_read  # a note of what happened is on the record at once, whatever was saved with it
    assert status(now).needs_you == len([item for item in work(now).person if item.hers])


def test_admitted_it_stands_and_its_author_is_named(moved: tuple[Desk, Desk, str]) -> None:
    _, now, family = moved
    waits = next(item for item in tray(now) if item.what == "what matters now")
    decide_held(now, waits.held_id, ADMIT)
    sync_now(now)

    assert story(now, family).priority == "The hearing."
    assert "what matters now" not in [item.what for item in tray(now)]
    assert ("what matters now", "You admitted it") in [(one.what, one.how) for one in settled(now)]


def test_declining_needs_a_why(moved: tuple[Desk, Desk, str]) -> None:
    _, now, family = moved
    waits = next(item for item in tray(now) if item.what == "what matters now")
    with pytest.raises(BadInput) as refused:
        decide_held(now, waits.held_id, DECLINE)
    decide_held(now, waits.held_id, DECLINE, "The hearing is over")
    sync_now(now)

    assert refused.value.field == "why"
    assert story(now, family).priority == "The tenancy hearing on 20 November."
    assert ("You declined it", "The hearing is over") in [(one.how, one.why) for one in settled(now)]


def test_what_is_on_the_record_is_marked_as_read(office: Office) -> None:
    before = office.desk(BRIGHT)
    family = office.caseload.families[0]
    amend(before, family.notes[0], "addendum", "She rang back.")
    move(office, DALE)
    sync_now(before)
    now = office.desk(DALE)
    (item,) = tray(now)
    decide_held(now, item.held_id, READ)
    sync_now(now)

    assert item.to_read
    assert item.reason == "It is on the record already; you have not read it yet."
    assert tray(now) == []


def test_an_answer_that_does_not_fit_is_refused(moved: tuple[Desk, Desk, str]) -> None:
    _, now, _ = moved
    waits = next(item for item in tray(now) if item.what == "what matters now")
    with pytest.raises(BadInput):
        decide_held(now, waits.held_id, READ)
    decide_held(now, waits.held_id, ADMIT)
    with pytest.raises(BadInput):
        decide_held(now, waits.held_id, ADMIT)


@pytest.fixture
def asked(office: Office) -> tuple[Desk, Desk]:
    return asked_to_close(office)


def test_a_request_is_the_leaders_to_answer(asked: tuple[Desk, Desk]) -> None:
    worker, leader = asked
    (hers,) = returned(worker)
    (item,) = [item for item in tray(leader) if item.heading == "Requests"]

    assert hers.waits
    assert (item.who, item.may_decide) == ("A. Bright", True)
    assert tray(worker) == []
    with pytest.raises(NotYours):
        decide_held(worker, item.held_id, ADMIT)


def test_a_request_that_is_admitted_is_no_longer_waiting_for_its_author(asked: tuple[Desk, Desk]) -> None:
    worker, leader = asked
    (item,) = [item for item in tray(leader) if item.heading == "Requests"]
    decide_held(leader, item.held_id, ADMIT)
    sync_now(leader)
    sync_now(worker)

    assert returned(worker) == []


def test_a_request_that_is_declined_comes_back_with_the_leaders_words(asked: tuple[Desk, Desk]) -> None:
    worker, leader = asked
    (item,) = [item for item in tray(leader) if item.heading == "Requests"]
    decide_held(leader, item.held_id, DECLINE, "Not before the review")
    sync_now(leader)
    sync_now(worker)
    (back,) = returned(worker)

    assert not back.waits
    assert back.reason == "E. Firth declined it: “Not before the review”"
    let_go(worker, back.op_id, "She is right")
    assert returned(worker) == []
    assert ("You let it go", "She is right") in [(one.how, one.why) for one in settled(worker)]


def test_what_was_saved_together_about_another_family_is_read_and_let_in_by_whoever_has_both(
    office: Office,
) -> None:
    before = office.desk(BRIGHT)
    stays = office.caseload.families[1].family
    goes = office.caseload.families[0].family
    save(
        before,
        Change("family", goes, {"priority_now": "The hearing."}),
        Change("family", stays, {"priority_now": "The plums."}),
    )
    move(office, DALE)
    sync_now(before)
    now, leader = office.desk(DALE), office.desk(FIRTH)
    with now.vault.read() as connection:
        here = connection.exec_driver_sql("SELECT count(*) FROM held WHERE patch LIKE '%plums%'").scalar()
    [item] = tray(now)
    decide_held(now, item.held_id, ADMIT)
    sync_now(now)
    sync_now(leader)
    kept_out = story(leader, stays).priority
    [theirs] = tray(leader)
    decide_held(leader, theirs.held_id, ADMIT)
    sync_now(leader)

    assert (here, item.with_it, theirs.with_it) == (0, 0, 1)
    assert kept_out != "The plums."
    assert [story(leader, family).priority for family in (goes, stays)] == ["The hearing.", "The plums."]
