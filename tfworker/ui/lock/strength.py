"""How hard a new passphrase is to guess, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

import zxcvbn

LEAST_CHARACTERS = 15  # ICO guidance on encryption: length before symbols
LEAST_SCORE = 3  # of zxcvbn's 0 to 4: "safely unguessable", more than 10^8 guesses
LOOKED_AT = 48  # characters; zxcvbn's time grows with the square, and more add nothing to the score
WORDS = (
    "Far too easy to guess",
    "Easy to guess",
    "Still too easy to guess",
    "Good",
    "Very good",
)


@dataclass(frozen=True)
class Strength:
    """is_enough: it may be used. words: what to say about it."""

    is_enough: bool
    words: str


def strength(passphrase: str, known: Sequence[str] = ()) -> Strength:
    """How good a passphrase is. "" gives no words.

    known: what somebody would try first: the staff number, the council's name.
    Source: zxcvbn (Wheeler, USENIX Security 2016); length: ICO.
    """
    if not passphrase:
        return Strength(False, "")
    score = zxcvbn.zxcvbn(passphrase[:LOOKED_AT], user_inputs=[word for word in known if word])["score"]
    if score >= LEAST_SCORE and len(passphrase) < LEAST_CHARACTERS:
        left = LEAST_CHARACTERS - len(passphrase)
        return Strength(False, f"Good so far; {left} more character{'s' if left > 1 else ''}")
    return Strength(score >= LEAST_SCORE, WORDS[score])
