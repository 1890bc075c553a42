import pytest

from tfworker.rules.passphrase import SHORTEST
from tfworker.ui.lock.strength import strength


@pytest.mark.parametrize(
    "passphrase, is_enough",
    [
        ("", False),
        ("password", False),
        ("passwordpassword", False),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", False),
        ("kx9#Qv2!", False),  # good, but short
        ("kettle orbit lemon sparrow", True),
    ],
)
def test_what_is_enough(passphrase, is_enough):
    assert strength(passphrase).is_enough is is_enough


def test_nothing_typed_says_nothing():
    assert strength("").words == ""


def test_a_good_short_one_is_told_how_many_characters_are_missing():
    assert strength("kx9#Qv2!zT", ()).words == f"Good so far; {SHORTEST - 10} more characters"


def test_what_others_know_of_you_counts_for_nothing():
    assert strength("staffmember-4711", ("staffmember-4711",)).is_enough is False


def test_a_very_long_one_is_judged_too():
    assert strength("kettle orbit lemon sparrow " * 20).is_enough
