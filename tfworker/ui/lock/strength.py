"""How hard a new passphrase is to guess, in words, while it is typed."""

from collections.abc import Sequence
from dataclasses import dataclass

from tfworker.rules.passphrase import judge

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
    """
    if not passphrase:
        return Strength(False, "")
    judged = judge(passphrase, known)
    if judged.is_strong and judged.left:
        more = "character" if judged.left == 1 else "characters"
        return Strength(False, f"Good so far; {judged.left} more {more}")
    return Strength(judged.is_enough, WORDS[judged.score])
