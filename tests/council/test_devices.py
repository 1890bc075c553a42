"""One-time codes and laptops."""

import re
import threading

import pytest

from sync.hub.store import Peer
from sync.memory import FakeClock
from tests.council.county import PASSWORD, County
from tests.council.laptop import Laptop
from tfworker.council.devices import DeviceState
from tfworker.council.problems import NoAccount, NoSuchDevice, NoSuchWorker
from tfworker.council.refusals import DeviceRefused, NotRecognised, Refusal
from tfworker.council.service import Council


def test_a_code_can_be_read_over_the_telephone(with_account: Council) -> None:
    code = with_account.devices.make_code("W001")

    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code)


def as_heard(code: str) -> str:
    """Lower case, blanks for dashes, letter O for nought and l for one."""
    return code.lower().replace("-", " ").replace("0", "o").replace("1", "l")


def test_a_code_works_however_it_was_heard(with_account: Council, laptop: Laptop) -> None:
    code = with_account.devices.make_code("W001")

    assert laptop.enrol(with_account, "W001", as_heard(code)).device_id


def test_a_code_is_made_only_for_an_account_that_may_sign_in(with_account: Council) -> None:
    with_account.accounts.disable("W002")

    for login, problem in (("W999", NoSuchWorker), ("W003", NoAccount), ("W002", NoAccount)):
        with pytest.raises(problem):
            with_account.devices.make_code(login)


@pytest.mark.parametrize("minutes", [0, 9, 24 * 60 + 1])
def test_a_code_lives_ten_minutes_to_a_day(with_account: Council, minutes: int) -> None:
    with pytest.raises(ValueError, match="10 to 1440"):
        with_account.devices.make_code("W001", minutes)


def test_a_new_code_ends_the_one_before(with_account: Council, laptop: Laptop) -> None:
    first = with_account.devices.make_code("W001")
    second = with_account.devices.make_code("W001")

    with pytest.raises(NotRecognised):
        laptop.enrol(with_account, "W001", first)
    assert laptop.enrol(with_account, "W001", second).device_id


def test_two_laptops_that_race_for_one_code_leave_one_winner(with_account: Council, clock: FakeClock) -> None:
    code = with_account.devices.make_code("W001")
    start = threading.Barrier(4)
    won: list[str] = []
    lost: list[str] = []

    def race() -> None:
        laptop = Laptop(clock)
        start.wait()
        try:
            won.append(laptop.enrol(with_account, "W001", code).device_id)
        except Refusal as refusal:
            lost.append(refusal.code)

    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 1
    assert len(with_account.devices.list()) == 1
    assert set(lost) <= {"not_recognised", "wait"}


def test_a_laptop_enrolled_again_keeps_its_line(with_account: Council, clock: FakeClock) -> None:
    first = Laptop(clock).enrol(with_account, "W001", with_account.devices.make_code("W001"))
    code = with_account.devices.make_code("W001")
    second = Laptop(clock).enrol(with_account, "W001", code, replaces=first.device_id)
    states = {line.id: line.state for line in with_account.devices.list()}

    assert second.device_id != first.device_id
    assert second.line == first.line == first.device_id
    assert states == {first.device_id: DeviceState.RETIRED, second.device_id: DeviceState.ACTIVE}
    with pytest.raises(DeviceRefused):
        with_account.sessions.caller(first.tokens.access_token)


def test_nobody_takes_over_somebody_elses_line(with_account: Council, clock: FakeClock) -> None:
    hers = Laptop(clock).enrol(with_account, "W001", with_account.devices.make_code("W001"))
    code = with_account.devices.make_code("W002")
    other = Laptop(clock).enrol(with_account, "W002", code, PASSWORD, replaces=hers.device_id)

    assert other.line == other.device_id
    assert with_account.sessions.caller(hers.tokens.access_token).line == hers.line


def test_a_laptop_the_council_does_not_know_any_more_is_let_in(with_account: Council, laptop: Laptop) -> None:
    """A council restored from an older copy."""
    enrolled = laptop.enrol(with_account, "W001", with_account.devices.make_code("W001"), replaces="f" * 32)

    assert enrolled.line == enrolled.device_id


@pytest.mark.parametrize("state", [DeviceState.LOST, DeviceState.SUSPENDED, DeviceState.RETIRED])
def test_a_refused_laptop_is_refused_at_once(
    with_account: Council, laptop: Laptop, county: County, state: DeviceState
) -> None:
    enrolled = laptop.enrol(with_account, "W001", with_account.devices.make_code("W001"))
    assert with_account.sessions.caller(enrolled.tokens.access_token).user == county.worker["W001"]

    with_account.devices.set_state(enrolled.device_id, state)

    with pytest.raises(DeviceRefused):
        with_account.sessions.caller(enrolled.tokens.access_token)
    with pytest.raises(DeviceRefused):
        laptop.refresh(with_account, enrolled.tokens.refresh_token)


def test_an_unknown_laptop_has_no_state(council: Council) -> None:
    with pytest.raises(NoSuchDevice):
        council.devices.set_state("f" * 32, DeviceState.LOST)


def test_a_laptop_of_which_there_are_two_is_listed_until_it_is_made_active_again(
    with_account: Council, laptop: Laptop
) -> None:
    device = laptop.enrol(with_account, "W001", with_account.devices.make_code("W001")).device_id
    with with_account.hub.store.writing() as transaction:
        peer = Peer("a" * 32, 1, "0" * 64, cloned_at=5)
        transaction.set_peer(device, peer, 5)
    before = [line.is_twice for line in with_account.devices.list()]
    with_account.devices.set_state(device, DeviceState.ACTIVE)

    assert before == [True]
    assert [line.is_twice for line in with_account.devices.list()] == [False]
