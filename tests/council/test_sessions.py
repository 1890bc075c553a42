"""Tokens: short, traded with the laptop's key, and ended for good when one was copied."""

import pytest
from sqlalchemy import select

from sync.memory import FakeClock
from tests.council.county import PASSWORD, County
from tests.council.laptop import Laptop
from tfworker.council.database import metadata
from tfworker.council.enrolment import Enrolled
from tfworker.council.refusals import AccountDisabled, NotSignedIn
from tfworker.council.service import Council


@pytest.fixture
def enrolled(with_account: Council, laptop: Laptop) -> Enrolled:
    return laptop.enrol(with_account, "W001", with_account.devices.make_code("W001"))


def test_a_token_says_who_calls(with_account: Council, enrolled: Enrolled, county: County) -> None:
    caller = with_account.sessions.caller(enrolled.tokens.access_token)

    assert (caller.user, caller.device) == (county.worker["W001"], enrolled.device_id)
    assert (caller.line, caller.central) == (enrolled.line, False)


def test_tokens_are_kept_only_as_hashes(with_account: Council, enrolled: Enrolled) -> None:
    with with_account.engine.connect() as connection:
        row = connection.execute(select(metadata().tables["session"])).one()

    assert not {enrolled.tokens.access_token, enrolled.tokens.refresh_token} & {*map(str, row)}


@pytest.mark.parametrize("token", ["", "tfa_", "nonsense", "tfa_" + "A" * 43, "x\x00y", "tfr_a_b"])
def test_what_is_no_token_is_nobodys(council: Council, laptop: Laptop, token: str) -> None:
    with pytest.raises(NotSignedIn):
        council.sessions.caller(token)
    with pytest.raises(NotSignedIn):
        laptop.refresh(council, token)


def test_access_ends_after_a_quarter_of_an_hour(
    with_account: Council, enrolled: Enrolled, clock: FakeClock
) -> None:
    clock.advance(seconds=enrolled.tokens.access_expires_s - 1)
    assert with_account.sessions.caller(enrolled.tokens.access_token)

    clock.advance(seconds=1)
    with pytest.raises(NotSignedIn):
        with_account.sessions.caller(enrolled.tokens.access_token)


def test_a_refresh_gives_a_new_pair_and_ends_the_old(
    with_account: Council, enrolled: Enrolled, laptop: Laptop
) -> None:
    new = laptop.refresh(with_account, enrolled.tokens.refresh_token)

    assert with_account.sessions.caller(new.access_token).device == enrolled.device_id
    with pytest.raises(NotSignedIn):
        with_account.sessions.caller(enrolled.tokens.access_token)


def test_a_refresh_whose_answer_was_lost_works_once_more(
    with_account: Council, enrolled: Enrolled, laptop: Laptop
) -> None:
    lost = laptop.refresh(with_account, enrolled.tokens.refresh_token)
    again = laptop.refresh(with_account, enrolled.tokens.refresh_token)

    assert with_account.sessions.caller(again.access_token)
    assert laptop.refresh(with_account, again.refresh_token)
    with pytest.raises(NotSignedIn):
        with_account.sessions.caller(lost.access_token)


def test_but_only_once(with_account: Council, enrolled: Enrolled, laptop: Laptop) -> None:
    laptop.refresh(with_account, enrolled.tokens.refresh_token)
    last = laptop.refresh(with_account, enrolled.tokens.refresh_token)

    with pytest.raises(NotSignedIn):
        laptop.refresh(with_account, enrolled.tokens.refresh_token)
    with pytest.raises(NotSignedIn):
        with_account.sessions.caller(last.access_token)


def test_a_token_used_again_after_its_successor_ends_the_sign_in(
    with_account: Council, enrolled: Enrolled, laptop: Laptop
) -> None:
    new = laptop.refresh(with_account, enrolled.tokens.refresh_token)
    with_account.sessions.caller(new.access_token)

    with pytest.raises(NotSignedIn):
        laptop.refresh(with_account, enrolled.tokens.refresh_token)
    with pytest.raises(NotSignedIn):
        with_account.sessions.caller(new.access_token)
    with pytest.raises(NotSignedIn):
        laptop.refresh(with_account, new.refresh_token)


def test_a_stolen_token_without_the_key_is_worth_nothing_and_ends_nothing(
    with_account: Council, enrolled: Enrolled, laptop: Laptop, clock: FakeClock
) -> None:
    with pytest.raises(NotSignedIn):
        Laptop(clock).refresh(with_account, enrolled.tokens.refresh_token)

    assert laptop.refresh(with_account, enrolled.tokens.refresh_token)


def test_a_guessed_token_of_a_known_sign_in_without_the_key_ends_nothing(
    with_account: Council, enrolled: Enrolled, laptop: Laptop, clock: FakeClock
) -> None:
    prefix = enrolled.tokens.refresh_token.rsplit("_", 1)[0][:36]
    with pytest.raises(NotSignedIn):
        Laptop(clock).refresh(with_account, f"{prefix}_{'A' * 43}")

    assert laptop.refresh(with_account, enrolled.tokens.refresh_token)


@pytest.mark.parametrize("hours, is_taken", [(-23, True), (23, True), (-25, False), (25, False)])
def test_a_laptops_clock_may_be_wrong_by_a_day(
    with_account: Council, enrolled: Enrolled, laptop: Laptop, clock: FakeClock, hours: int, is_taken: bool
) -> None:
    token = enrolled.tokens.refresh_token
    clock.advance(hours=hours)
    time_ms, signature = laptop.now_ms, laptop.signature_of_refresh(token)
    clock.advance(hours=-hours)

    if is_taken:
        assert with_account.sessions.refresh(token, time_ms, signature)
    else:
        with pytest.raises(NotSignedIn):
            with_account.sessions.refresh(token, time_ms, signature)


def test_a_laptop_that_stays_away_for_a_month_signs_in_again(
    with_account: Council, enrolled: Enrolled, laptop: Laptop, clock: FakeClock
) -> None:
    clock.advance(days=30)
    kept = laptop.refresh(with_account, enrolled.tokens.refresh_token)
    clock.advance(days=30, seconds=1)

    with pytest.raises(NotSignedIn):
        laptop.refresh(with_account, kept.refresh_token)


def test_no_sign_in_lasts_for_ever(
    with_account: Council, enrolled: Enrolled, laptop: Laptop, clock: FakeClock
) -> None:
    token = enrolled.tokens.refresh_token
    for _ in range(8):
        clock.advance(days=20)
        token = laptop.refresh(with_account, token).refresh_token
    clock.advance(days=20)

    with pytest.raises(NotSignedIn):
        laptop.refresh(with_account, token)


def test_a_disabled_worker_is_out_at_once_and_in_again_only_by_signing_in(
    with_account: Council, enrolled: Enrolled, laptop: Laptop
) -> None:
    with_account.accounts.disable("W001")
    with pytest.raises(AccountDisabled):
        with_account.sessions.caller(enrolled.tokens.access_token)
    with pytest.raises(AccountDisabled):
        laptop.refresh(with_account, enrolled.tokens.refresh_token)

    with_account.accounts.enable("W001")
    with pytest.raises(NotSignedIn):
        with_account.sessions.caller(enrolled.tokens.access_token)


def test_a_new_password_ends_the_sign_ins(with_account: Council, enrolled: Enrolled) -> None:
    with_account.accounts.set_password("W001", PASSWORD + " and more")

    with pytest.raises(NotSignedIn):
        with_account.sessions.caller(enrolled.tokens.access_token)


def test_the_council_knows_when_a_laptop_was_last_seen(
    with_account: Council, enrolled: Enrolled, clock: FakeClock
) -> None:
    clock.advance(minutes=5)
    with_account.sessions.caller(enrolled.tokens.access_token)

    assert with_account.devices.list()[0].last_seen == clock.now()
