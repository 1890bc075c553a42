"""Who may sign in, and how failed tries slow the next one down."""

import pytest

from sync.memory import FakeClock
from sync.ops import Change
from tests.council.county import PASSWORD, County
from tests.council.laptop import ADDRESS
from tfworker.council.problems import NoAccount, NoSuchWorker, WeakPassword
from tfworker.council.refusals import TooManyTries
from tfworker.council.service import DESK, Council

ELSEWHERE = "198.51.100.9"


@pytest.mark.parametrize(
    "login", ["W001", "w001", " W001 ", "w001@ashcombe.example.org", "W001@Ashcombe.example.ORG"]
)
def test_a_worker_signs_in_by_staff_number_or_email(
    with_account: Council, county: County, login: str
) -> None:
    assert with_account.accounts.check(login, PASSWORD, ADDRESS) == county.worker["W001"]


def test_nobody_else_does(with_account: Council) -> None:
    for login in ("W003", "W999", "", "W001\x00", "%", "Dana Moss"):
        assert with_account.accounts.check(login, PASSWORD, ADDRESS) is None
    assert with_account.accounts.check("W001", "wrong", ADDRESS) is None


def test_an_account_needs_a_worker_of_the_records(council: Council) -> None:
    with pytest.raises(NoSuchWorker):
        council.accounts.set_password("W999", PASSWORD)


def test_a_weak_password_changes_nothing(with_account: Council, county: County) -> None:
    with pytest.raises(WeakPassword):
        with_account.accounts.set_password("W001", "W001")

    assert with_account.accounts.check("W001", PASSWORD, ADDRESS) == county.worker["W001"]


def test_a_disabled_account_signs_in_no_more_until_enabled(with_account: Council, county: County) -> None:
    with_account.accounts.disable("W001")
    assert with_account.accounts.check("W001", PASSWORD, ADDRESS) is None

    with_account.accounts.enable("W001")
    assert with_account.accounts.check("W001", PASSWORD, ADDRESS) == county.worker["W001"]


def test_only_an_account_can_be_disabled(council: Council) -> None:
    with pytest.raises(NoAccount):
        council.accounts.disable("W003")


def test_a_leaver_signs_in_on_her_last_day_and_not_after(
    with_account: Council, county: County, clock: FakeClock
) -> None:
    worker = county.worker["W001"]
    with_account.hub.apply(DESK, [Change("worker", worker, {"active_to": clock.now().date()})])
    assert with_account.accounts.check("W001", PASSWORD, ADDRESS) == worker

    clock.advance(days=1)
    assert with_account.accounts.check("W001", PASSWORD, ADDRESS) is None


def test_the_list_says_who_may_sign_in(with_account: Council) -> None:
    with_account.accounts.disable("W002")
    lines = {line.staff_no: (line.has_account, line.is_disabled) for line in with_account.accounts.list()}

    assert lines["W001"] == (True, False)
    assert lines["W002"] == (True, True)
    assert lines["W003"] == (False, False)


def test_a_new_password_is_the_only_one(council: Council, county: County) -> None:
    council.accounts.set_password("W003", PASSWORD)
    assert council.accounts.check("W003", PASSWORD, ADDRESS) == county.worker["W003"]

    council.accounts.set_password("w003", PASSWORD + " 2")
    assert council.accounts.check("W003", PASSWORD, ADDRESS) is None
    assert council.accounts.check("W003", PASSWORD + " 2", ADDRESS) == county.worker["W003"]


def test_a_try_counts_before_it_is_judged(council: Council) -> None:
    for _ in range(4):
        council.accounts.check("W001", "wrong", ADDRESS)
    with pytest.raises(TooManyTries):
        council.accounts.check("W001", "wrong", ADDRESS)
