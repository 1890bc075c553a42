"""Sync says what happened in a sentence, keeps the queue, and claims only what receipts prove."""

import pytest

from sync import errors
from sync.errors import SyncProblem
from sync.memory import MemoryTransport
from sync.ops import Change
from tests.actions.caseload_of import BRIGHT, DALE, FIRTH, Caseload
from tests.actions.desks import Office
from tests.actions.test_notes import written
from tfworker.actions.caseload import caseload
from tfworker.actions.desk import Desk
from tfworker.actions.notes import finish_note
from tfworker.actions.people import add_person, people
from tfworker.actions.story import set_priority, story
from tfworker.actions.syncing import TROUBLES, SyncTrouble, status, sync_now, trouble_of
from tfworker.actions.values import Connection, Progress, Whereabouts
from tfworker.council.service import DESK as COUNCILS_DESK
from tfworker.errors import Problem
from tfworker.store import public_facts


def cut(desk: Desk, fault: SyncProblem) -> None:
    """From now on the desk's way to the council fails like this."""
    assert isinstance(desk.transport, MemoryTransport)

    def fail(step: str, body: bytes) -> bytes:
        raise fault

    desk.transport.before = fail


def test_the_first_round_brings_her_families_and_who_she_is(office: Office) -> None:
    desk = office.desk(BRIGHT, synced=False)
    report = sync_now(desk)

    assert (report.sent, report.families_gained) == (0, 2)
    assert len(caseload(desk)) == 2
    assert (desk.me.name, desk.me.team_name, desk.me.programme_name) == (
        "A. Bright",
        "Ashcombe Vale A",
        "Families Matter",
    )
    assert (desk.me.leads, desk.me.may_acknowledge) == (False, False)


def test_the_lock_screen_learns_the_councils_numbers(office: Office) -> None:
    desk = office.desk(BRIGHT)
    facts = public_facts(desk.home)

    assert facts["council_name"] == "Ashcombe County Council"
    assert facts["emergency_numbers"][1] == {"name": "Front door", "phone": "01632 960999"}


def test_received_only_once_there_is_a_receipt(office: Office) -> None:
    desk = office.desk(BRIGHT)
    family = office.caseload.families[0].family
    view = finish_note(desk, written(desk, family))
    before = status(desk)

    report = sync_now(desk)

    assert (before.on_this_laptop_only, before.laptop_words) == (1, "1 on this laptop only")
    assert report.sent == 2
    after = status(desk)
    assert (after.on_this_laptop_only, after.laptop_words) == (0, "Everything received by the council")
    assert after.last_synced_words == "Last synced today 09:00"
    line = next(line for line in story(desk, family).chronology if line.note_id == view.note_id)
    assert line.whereabouts is Whereabouts.COUNCIL


def test_an_answer_that_is_lost_proves_nothing(office: Office) -> None:
    desk = office.desk(BRIGHT)
    set_priority(desk, office.caseload.families[0].family, "The hearing.")
    assert isinstance(desk.transport, MemoryTransport)

    def lose(step: str, body: bytes) -> bytes:
        raise errors.Unreachable("half a reply")

    desk.transport.after = lose
    with pytest.raises(SyncTrouble):
        sync_now(desk)
    assert status(desk).on_this_laptop_only == 1
    desk.transport.after = None

    assert sync_now(desk).needs_you == 0
    assert status(desk).on_this_laptop_only == 0


def test_a_new_laptop_says_it_never_synced(desk: Desk, caseload: Caseload) -> None:
    found = status(desk)

    assert (found.connection, found.words) == (Connection.OFFLINE, "Offline")
    assert (found.last_synced_at, found.last_synced_words) == (None, "Never synced")


FAULTS = {
    "no network": (errors.Unreachable("x"), Connection.OFFLINE, "The council cannot be reached"),
    "signed out": (errors.SignedOut("x"), Connection.SIGNED_OUT, "You are signed out of the council"),
    "suspended": (
        errors.NotAllowed("x"), Connection.REFUSED, "The council does not accept this laptop at present",
    ),
    "busy": (errors.Busy(), Connection.ONLINE, "The council is busy"),
    "too old": (errors.TooOld("x"), Connection.REFUSED, "This laptop's program is too old for the council"),
}  # fmt: skip


@pytest.mark.parametrize("fault, connection, title", FAULTS.values(), ids=FAULTS.keys())
def test_trouble_is_a_sentence_and_the_queue_is_kept(
    office: Office, fault: SyncProblem, connection: Connection, title: str
) -> None:
    desk = office.desk(BRIGHT)
    set_priority(desk, office.caseload.families[0].family, "The hearing.")
    cut(desk, fault)

    with pytest.raises(SyncTrouble) as trouble:
        sync_now(desk)

    assert trouble.value.title == title
    assert trouble.value.advice
    found = status(desk)
    assert (found.connection, found.on_this_laptop_only) == (connection, 1)
    assert found.advice == trouble.value.advice


def test_every_trouble_of_sync_has_its_words() -> None:
    kinds = {kind for kind in vars(errors).values() if isinstance(kind, type)}

    assert set(TROUBLES) == {
        kind for kind in kinds if kind is not SyncProblem and issubclass(kind, SyncProblem)
    }
    for kind in TROUBLES:
        problem = trouble_of(kind.__new__(kind))
        assert isinstance(problem, Problem)
        assert problem.title
        assert problem.advice


def test_a_round_can_be_stopped_and_says_how_far_it_is(office: Office) -> None:
    desk = office.desk(BRIGHT, synced=False)
    told: list[Progress] = []

    with pytest.raises(SyncTrouble) as trouble:
        sync_now(desk, told.append, lambda: True)

    assert trouble.value.title == "Sync was stopped"
    assert told
    assert status(desk).connection is Connection.OFFLINE
    assert sync_now(desk).families_gained == 2


def test_a_family_that_leaves_is_counted(office: Office) -> None:
    desk = office.desk(BRIGHT)
    ids = office.caseload.families[0]
    with office.council.engine.connect() as connection:
        table = office.council.schema["allocation"].table
        held = connection.execute(table.select().where(table.c.family_id == ids.family)).mappings().one()
    moved = Change("allocation", held["id"], {"worker_id": office.caseload.worker[DALE]})
    office.council.hub.apply(COUNCILS_DESK, [moved])

    report = sync_now(desk)

    assert report.families_lost == 1
    assert report.words.endswith("1 family has left this laptop.")
    assert [row.family_id for row in caseload(desk)] == [office.caseload.families[1].family]


def test_a_new_person_is_taken_and_reaches_the_leader(office: Office) -> None:
    worker, leader = office.desk(BRIGHT), office.desk(FIRTH)
    family = office.caseload.families[0].family
    add_person(worker, family, {"forenames": "Rory", "role": "child"})
    sync_now(worker)
    sync_now(leader)

    assert status(worker).needs_you == 0
    assert "Rory" in [card.name for card in people(leader, family).people]


def test_a_colleague_of_another_family_gets_nothing(office: Office) -> None:
    dale = office.desk(DALE)

    assert caseload(dale) == []
    assert dale.me.name == "C. Dale"
