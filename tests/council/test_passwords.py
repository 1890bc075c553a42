"""How passwords are kept, and which are refused."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.council.county import PASSWORD
from tfworker.council import passwords
from tfworker.council.problems import WeakPassword

ABOUT = ("Dana Moss", "W001", "w001@ashcombe.example.org", "Ashcombe County Council")


def test_a_password_is_kept_as_argon2id_and_only_itself_opens_it() -> None:
    kept = passwords.keep(PASSWORD)

    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert PASSWORD not in kept
    assert passwords.is_right(PASSWORD, kept)
    assert not passwords.is_right(PASSWORD + " ", kept)
    assert passwords.keep(PASSWORD) != kept


def test_many_are_checked_at_once() -> None:
    kept = passwords.keep(PASSWORD)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda password: passwords.is_right(password, kept), [PASSWORD, "no"] * 4))

    assert found == [True, False] * 4


def test_nobody_has_a_password() -> None:
    assert not passwords.is_right(PASSWORD, None)
    assert not passwords.is_right("", None)


def test_the_same_letters_open_it_however_the_keyboard_made_them() -> None:
    kept = passwords.keep("caf\u00e9 harbour violet 52")

    assert passwords.is_right("cafe\u0301 harbour violet 52", kept)


def test_half_a_character_pair_is_just_wrong() -> None:
    assert not passwords.is_right("\ud800" * 12, None)


WEAK = {
    "short": "Xk9!vQ2m",
    "common": "password1234",
    "a row of keys": "qwertyuiop1234",
    "one letter": "a" * 40,
    "her own name": "DanaMossDanaMoss",
    "her staff number": "W001W001W001",
    "the council": "ashcombecounty1",
    "far too long": "kettle violet harbour " * 10,
}


@pytest.mark.parametrize("password", WEAK.values(), ids=WEAK.keys())
def test_weak_passwords_are_refused_without_being_repeated(password: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        passwords.check_strength(password, ABOUT)

    assert password not in str(refused.value)


@pytest.mark.parametrize("password", [PASSWORD, "llwybr tegell fioled", "x" * 3 + "Vb7%q kP2;wd"])
def test_good_passwords_pass(password: str) -> None:
    passwords.check_strength(password, ABOUT)
