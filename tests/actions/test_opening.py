"""Enrol, unlock, lock: against the real council over HTTP on loopback, and one sentence for each trouble."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sync.memory import FakeClock
from tests.actions.caseload_of import BRIGHT
from tests.actions.desks import Office
from tfworker.actions.caseload import caseload
from tfworker.actions.desk import Desk
from tfworker.actions.drafting import drafts, new_note, save_draft
from tfworker.actions.opening import change_passphrase, enrol, lock, look, passphrase_advice, unlock
from tfworker.actions.problems import BadInput
from tfworker.actions.story import set_priority
from tfworker.actions.syncing import SyncTrouble, sign_in, status, sync_now
from tfworker.actions.values import Connection, EnrolRequest, Progress
from tfworker.council.devices import DeviceState
from tfworker.council.serve import serving
from tfworker.errors import Problem
from tfworker.store import WrongPassphrase
from tfworker.store.keys import FLOOR

PASSWORD = "lantern copper meadow 19"
PASSPHRASE = "kettle violet harbour 52"


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    """The council's address, with an account for A. Bright."""
    office.council.accounts.set_password(BRIGHT, PASSWORD)
    with serving(office.council) as url:
        yield url


@pytest.fixture
def request_to_enrol(office: Office, address: str) -> EnrolRequest:
    code = office.council.devices.make_code(BRIGHT)
    return EnrolRequest(address, BRIGHT, PASSWORD, code, PASSPHRASE, "Bright's laptop")


@pytest.fixture
def enrolled(home: Path, clock: FakeClock, request_to_enrol: EnrolRequest) -> Iterator[Desk]:
    desk = enrol(home, request_to_enrol, clock=clock, cost=FLOOR)
    yield desk
    lock(desk)


def test_stopping_before_the_council_has_said_yes_leaves_nothing_behind(
    home: Path, clock: FakeClock, request_to_enrol: EnrolRequest
) -> None:
    with pytest.raises(Problem) as stopped:
        enrol(home, request_to_enrol, cancelled=lambda: True, clock=clock, cost=FLOOR)

    assert stopped.value.title == "Setting up was stopped"
    assert not look(home).enrolled
    # The code was not used: she can start again with it.
    lock(enrol(home, request_to_enrol, clock=clock, cost=FLOOR))


def test_stopping_the_first_sync_opens_with_what_came_and_the_rest_comes_later(
    home: Path, clock: FakeClock, request_to_enrol: EnrolRequest
) -> None:
    told: list[Progress] = []
    desk = enrol(
        home,
        request_to_enrol,
        told.append,
        lambda: any(progress.detail for progress in told),
        clock=clock,
        cost=FLOOR,
    )
    half = status(desk)
    sync_now(desk)

    assert half.come_words == "0 of 2 families are here so far"
    assert (status(desk).come_words, len(caseload(desk))) == ("", 2)
    lock(desk)


def test_a_new_place_shows_the_emergency_number_and_nobodys_name(home: Path) -> None:
    place = look(home)

    assert not place.enrolled
    assert [number.phone for number in place.emergency_numbers] == ["999"]
    assert not home.exists()


def test_enrolment_brings_the_worker_and_her_families(
    home: Path, clock: FakeClock, request_to_enrol: EnrolRequest
) -> None:
    told: list[Progress] = []
    desk = enrol(home, request_to_enrol, told.append, clock=clock, cost=FLOOR)

    assert desk.me.name == "A. Bright"
    assert len(caseload(desk)) == 2
    assert status(desk).connection is Connection.ONLINE
    assert [p.words for p in told[:3]] == ["Making the vault", "Asking the council", "Fetching your families"]
    lock(desk)
    place = look(home)
    assert (place.enrolled, place.council_name, place.programme_name) == (
        True,
        "Ashcombe County Council",
        "Families Matter",
    )
    assert [number.phone for number in place.emergency_numbers] == ["999", "01632 960999"]


def test_secrets_are_in_no_repr(request_to_enrol: EnrolRequest) -> None:
    said = repr(request_to_enrol)

    assert PASSWORD not in said
    assert PASSPHRASE not in said
    assert request_to_enrol.code not in said


WRONG = {
    "a wrong password": {"password": "lantern copper meadow 18"},
    "an unknown worker": {"user": "W999"},
    "a wrong code": {"code": "AAAA-BBBB-CCCC-DDDD"},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_whatever_was_wrong_sounds_alike_and_leaves_nothing(
    home: Path, clock: FakeClock, request_to_enrol: EnrolRequest, wrong: dict[str, str]
) -> None:
    with pytest.raises(Problem) as refused:
        enrol(home, replace(request_to_enrol, **wrong), clock=clock, cost=FLOOR)

    assert refused.value.title == "The laptop could not be enrolled with these details"
    assert not look(home).enrolled

    lock(enrol(home, request_to_enrol, clock=clock, cost=FLOOR))
    assert look(home).enrolled


def test_a_code_works_once(
    home: Path, tmp_path: Path, clock: FakeClock, enrolled: Desk, request_to_enrol: EnrolRequest
) -> None:
    with pytest.raises(Problem):
        enrol(tmp_path / "another", request_to_enrol, clock=clock, cost=FLOOR)


TYPED_WRONG = {
    "an address in the clear": ("council", {"council": "http://council.example.org"}),
    "no address": ("council", {"council": "our council"}),
    "a short passphrase": ("passphrase", {"passphrase": "kettle violet"}),
    "a passphrase everybody has": ("passphrase", {"passphrase": "passwordpassword"}),
}


@pytest.mark.parametrize("field, wrong", TYPED_WRONG.values(), ids=TYPED_WRONG.keys())
def test_what_cannot_be_right_is_named_before_anybody_is_asked(
    home: Path, field: str, wrong: dict[str, str]
) -> None:
    good = EnrolRequest("https://council.example.org", BRIGHT, PASSWORD, "code", PASSPHRASE)
    with pytest.raises(BadInput) as refused:
        enrol(home, replace(good, **wrong))

    assert refused.value.field == field
    assert not home.exists()


def test_a_laptop_is_enrolled_once(
    home: Path, enrolled: Desk, clock: FakeClock, request_to_enrol: EnrolRequest
) -> None:
    with pytest.raises(Problem) as refused:
        enrol(home, request_to_enrol, clock=clock, cost=FLOOR)

    assert refused.value.title == "This laptop is enrolled already"


def test_an_unlock_needs_no_council_and_finds_every_draft(
    home: Path, clock: FakeClock, request_to_enrol: EnrolRequest
) -> None:
    desk = enrol(home, request_to_enrol, clock=clock, cost=FLOOR)
    save_draft(desk, new_note(desk, caseload(desk)[0].family_id))
    lock(desk)

    with pytest.raises(WrongPassphrase):
        unlock(home, "kettle violet harbour 53", clock=clock)
    again = unlock(home, PASSPHRASE, clock=clock)

    assert (len(caseload(again)), len(drafts(again)), again.me.name) == (2, 1, "A. Bright")
    assert status(again).connection is Connection.OFFLINE
    lock(again)


def test_a_new_session_renews_itself_with_the_laptops_key(
    home: Path, clock: FakeClock, address: str, request_to_enrol: EnrolRequest
) -> None:
    lock(enrol(home, request_to_enrol, clock=clock, cost=FLOOR))
    clock.advance(hours=20)
    desk = unlock(home, PASSPHRASE, clock=clock)

    assert sync_now(desk).sent == 0
    clock.advance(hours=20)
    assert sync_now(desk).sent == 0
    lock(desk)


def test_after_a_long_absence_the_password_signs_in_again(enrolled: Desk, clock: FakeClock) -> None:
    set_priority(enrolled, caseload(enrolled)[0].family_id, "The hearing.")
    clock.advance(days=400)

    with pytest.raises(SyncTrouble) as trouble:
        sync_now(enrolled)
    assert trouble.value.title == "You are signed out of the council"
    assert status(enrolled).connection is Connection.SIGNED_OUT
    with pytest.raises(SyncTrouble) as refused:
        sign_in(enrolled, "not the password")
    assert refused.value.title == "The council did not accept that password"
    assert status(enrolled).on_this_laptop_only == 1

    sign_in(enrolled, PASSWORD)
    assert sync_now(enrolled).sent == 1
    assert status(enrolled).on_this_laptop_only == 0


def test_a_suspended_laptop_keeps_its_work(enrolled: Desk, office: Office) -> None:
    set_priority(enrolled, caseload(enrolled)[0].family_id, "The hearing.")
    office.council.devices.set_state(office.council.devices.list()[0].id, DeviceState.SUSPENDED)

    with pytest.raises(SyncTrouble) as trouble:
        sync_now(enrolled)

    assert trouble.value.connection is Connection.REFUSED
    assert status(enrolled).on_this_laptop_only == 1


PORTALS = {
    "a captive portal": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 7\r\n\r\nSign in",
    "a portal that asks for a sign-in": b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
    "half a reply": b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"epo',
    "a restarting council": b"",
}


@pytest.mark.parametrize("reply", PORTALS.values(), ids=PORTALS.keys())
def test_what_is_not_the_council_leaves_the_work_where_it_is(
    home: Path, clock: FakeClock, request_to_enrol: EnrolRequest, reply: bytes
) -> None:
    desk = enrol(home, request_to_enrol, clock=clock, cost=FLOOR)
    set_priority(desk, caseload(desk)[0].family_id, "The hearing.")
    with answering(reply) as url:
        desk.vault.facts.put({"council_url": url})
        lock(desk)
        desk = unlock(home, PASSPHRASE, clock=clock)
        with pytest.raises(SyncTrouble) as trouble:
            sync_now(desk)

    found = status(desk)
    assert trouble.value.title == "The council cannot be reached"
    assert (found.connection, found.on_this_laptop_only) == (Connection.OFFLINE, 1)
    lock(desk)


class answering:
    """A server on loopback that answers everything with the same bytes, and then hangs up."""

    def __init__(self, reply: bytes) -> None:
        self.reply = reply
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._serve)

    def __enter__(self) -> str:
        self.thread.start()
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        # Wakes the thread that waits for the next caller.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.listener.close()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self.listener.accept()
            except OSError:
                return
            with caller:
                caller.recv(65536)
                caller.sendall(self.reply)


def test_a_new_passphrase_must_be_good_and_then_opens(
    home: Path, clock: FakeClock, request_to_enrol: EnrolRequest
) -> None:
    desk = enrol(home, request_to_enrol, clock=clock, cost=FLOOR)
    with pytest.raises(BadInput):
        change_passphrase(desk, PASSPHRASE, "passwordpassword", cost=FLOOR)
    with pytest.raises(WrongPassphrase):
        change_passphrase(desk, "not this one at all", "copper lantern orchard 7", cost=FLOOR)
    change_passphrase(desk, PASSPHRASE, "copper lantern orchard 7", cost=FLOOR)
    lock(desk)

    with pytest.raises(WrongPassphrase):
        unlock(home, PASSPHRASE, clock=clock)
    lock(unlock(home, "copper lantern orchard 7", clock=clock))


def test_unlocking_a_place_nobody_enrolled_says_what_to_do(home: Path) -> None:
    with pytest.raises(Problem) as refused:
        unlock(home, PASSPHRASE)

    assert refused.value.advice


def test_a_good_passphrase_needs_no_advice() -> None:
    assert passphrase_advice(PASSPHRASE) == ""
    assert passphrase_advice("short")
