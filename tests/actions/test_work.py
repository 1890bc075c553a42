"""Where the work is: exactly what the status line counts, from receipts only."""

import re

import msgspec
import pytest
from sqlalchemy import update

from sync.errors import Cancelled, Unreachable
from sync.memory import MemoryTransport
from tests.actions.caseload_of import BRIGHT, FIRTH
from tests.actions.desks import Office
from tests.actions.test_notes import written
from tfworker.actions.concerns import raise_concern
from tfworker.actions.desk import Desk
from tfworker.actions.notes import finish_note
from tfworker.actions.people import change_contact_point
from tfworker.actions.plan import add_need
from tfworker.actions.story import set_priority
from tfworker.actions.syncing import SyncTrouble, status, sync_now
from tfworker.actions.values import Connection, Progress, Whereabouts
from tfworker.actions.work import safe_to_close, work


@pytest.fixture
def worker(office: Office) -> Desk:
    return office.desk(BRIGHT)


def cut(desk: Desk) -> None:
    assert isinstance(desk.transport, MemoryTransport)

    def fail(step: str, body: bytes) -> bytes:
        raise Unreachable("the cable is cut")

    desk.transport.before = fail


def test_what_is_saved_here_is_listed_by_what_it_is_about(office: Office, worker: Desk) -> None:
    first, second = office.caseload.families
    finish_note(worker, written(worker, first.family))
    change_contact_point(worker, first.family, first.mobile, {"value": "07700 900381"})
    set_priority(worker, second.family, "The hearing.")
    add_need(worker, second.family, {"type": "h:education", "described_in_family_words": "Mornings."})

    found = work(worker).laptop

    assert [item.what for item in found] == [
        "Note: Home visit, 50 minutes",
        "Dana’s mobile number",
        "what matters now",
        "the need “Mornings.”",
    ]
    assert [item.family_label for item in found] == ["Reed family"] * 2 + ["Oakes family"] * 2
    assert {item.since_words for item in found} == {"since today 09:00"}
    assert len(found) == status(worker).on_this_laptop_only


def test_after_the_receipt_it_is_the_councils(office: Office, worker: Desk) -> None:
    finish_note(worker, written(worker, office.caseload.families[0].family))
    sync_now(worker)

    found = work(worker)

    assert found.laptop == ()
    (item,) = found.received
    assert (item.where, item.what) == (Whereabouts.COUNCIL, "Note: Home visit, 50 minutes")
    assert item.since_words.startswith("received today 09:00 · receipt ")
    assert found.received_total == 1


def test_a_concern_comes_first_and_says_whom_to_ring(office: Office, worker: Desk) -> None:
    family = office.caseload.families[0].family
    set_priority(worker, family, "The hearing.")
    office.clock.advance(minutes=5)
    raise_concern(worker, family, "A bruise on his arm.")

    concern, other = work(worker).laptop

    assert (concern.what, other.what) == ("A concern", "what matters now")
    assert "01632 960999" in concern.to_do
    assert "bruise" not in concern.what + concern.why + concern.to_do
    assert (concern.hers, other.hers) == (True, False)  # nobody else can ring about it


def clash(office: Office) -> tuple[Desk, Desk]:
    worker, leader = office.desk(BRIGHT), office.desk(FIRTH)
    ids = office.caseload.families[0]
    change_contact_point(leader, ids.family, ids.mobile, {"value": "07700 900318"})
    change_contact_point(worker, ids.family, ids.mobile, {"value": "07700 900381"})
    sync_now(leader)
    sync_now(worker)
    return worker, leader


def test_a_clash_needs_a_person_and_both_are_named(office: Office) -> None:
    worker, _ = clash(office)
    (item,) = work(worker).person

    assert item.hers
    assert (item.what, item.family_label) == ("Two versions of Dana’s mobile number", "Reed family")
    assert (
        item.why == "You and E. Firth wrote different things at the same time, without knowing of each other."
    )
    assert item.to_do == "Decide it in Review."
    assert status(worker).needs_you == 1


def test_safe_to_close_once_the_council_has_everything(office: Office, worker: Desk) -> None:
    set_priority(worker, office.caseload.families[0].family, "The hearing.")
    before = safe_to_close(worker)
    sync_now(worker)
    after = safe_to_close(worker)

    assert (before.safe, before.unsent) == (False, 1)
    assert before.title == "Not yet safe to close: 1 thing is on this laptop only"
    assert before.advice.startswith("They were saved after the last sync. Sync now.")
    assert (after.safe, after.title, after.items) == (True, "Safe to close: the council has everything", ())


def test_not_safe_to_close_says_why_and_what_to_do(office: Office, worker: Desk) -> None:
    raise_concern(worker, office.caseload.families[0].family, "A bruise.")
    cut(worker)
    with pytest.raises(SyncTrouble):
        sync_now(worker)
    found = safe_to_close(worker)

    assert found.concerns == 1
    assert found.advice.startswith("One of them is a concern: ring 01632 960999 now.")
    assert "could not be reached" in found.advice


def test_why_a_round_stopped_stays_in_the_status_until_one_ends_well(office: Office, worker: Desk) -> None:
    assert isinstance(worker.transport, MemoryTransport)
    cut(worker)
    with pytest.raises(SyncTrouble):
        sync_now(worker)
    stopped = status(worker)
    worker.transport.before = lambda step, body: body
    sync_now(worker)

    assert stopped.trouble == "The council cannot be reached"
    assert (status(worker).trouble, status(worker).again_words) == ("", "")


def test_a_first_sync_that_is_stopped_keeps_what_came_and_says_what_is_to_come(office: Office) -> None:
    desk = office.desk(BRIGHT, synced=False)
    told: list[Progress] = []

    def stop_after_a_page() -> bool:
        return any(progress.detail for progress in told)

    with pytest.raises(SyncTrouble) as stopped:
        sync_now(desk, told.append, stop_after_a_page)
    half = status(desk)
    sync_now(desk)

    assert isinstance(stopped.value.__cause__, Cancelled)
    assert half.trouble == ""
    assert half.come_words == "0 of 2 families are here so far"
    assert half.connection is not Connection.REFUSED
    assert status(desk).come_words == ""


def test_a_first_sync_tells_families_and_records(office: Office) -> None:
    desk = office.desk(BRIGHT, synced=False)
    told: list[Progress] = []
    sync_now(desk, told.append)

    assert any(progress.detail.startswith("Families 0 of 2 · ") for progress in told)
    again: list[Progress] = []
    sync_now(desk, again.append)
    assert {progress.detail for progress in again} == {""}


def test_a_clock_that_is_wrong_is_said_and_nothing_else_happens(office: Office, worker: Desk) -> None:
    state = worker.schema.own("device_state")
    for skew_ms, words in (
        (90_000, ""),
        (12 * 60_000, "This laptop’s clock is 12 minutes fast"),
        (-26 * 3_600_000, "This laptop’s clock is 26 hours slow"),
    ):
        with worker.vault.write() as connection:
            connection.execute(update(state).values(skew_ms=skew_ms))
        assert status(worker).clock_words == words


def test_in_pages_a_first_sync_says_how_many_records_there_will_be(office: Office) -> None:
    desk = office.desk(BRIGHT, synced=False)
    assert isinstance(desk.transport, MemoryTransport)

    def small(step: str, body: bytes) -> bytes:
        asked = msgspec.json.decode(body)
        return msgspec.json.encode({**asked, "page_rows": 20}) if step == "pull" else body

    desk.transport.before = small
    told: list[Progress] = []
    report = sync_now(desk, told.append)
    totals = [(p.done or 0, p.total) for p in told if p.detail and p.total]

    assert len(totals) > 2
    assert all(done <= total for done, total in totals)
    assert totals[-1][1] == report.received
    assert re.fullmatch(r"Families \d of 2 · \d+ of \d+ records", told[-3].detail)
