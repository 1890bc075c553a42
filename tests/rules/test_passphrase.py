"""One rule for a laptop's passphrase: long, and not what a guesser tries first."""

import pytest

from tfworker.rules.passphrase import SHORTEST, judge


@pytest.mark.parametrize(
    "passphrase, is_enough",
    [
        ("", False),
        ("passwordpassword", False),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", False),
        ("kx9#Qv2!zT", False),  # good, but short
        ("kettle orbit lemon sparrow", True),
        ("kettle orbit lemon sparrow " * 20, True),
    ],
)
def test_what_is_enough(passphrase: str, is_enough: bool) -> None:
    assert judge(passphrase).is_enough is is_enough


def test_a_good_short_one_says_how_many_characters_are_missing() -> None:
    judged = judge("kx9#Qv2!zT")

    assert judged.is_strong
    assert judged.left == SHORTEST - 10


def test_what_others_know_of_the_worker_counts_for_nothing() -> None:
    assert judge("staffmember-4711").score > judge("staffmember-4711", ("staffmember-4711", "")).score
