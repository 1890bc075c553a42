"""How hard a laptop's passphrase is to guess. Pure; what is said about it is said by who asks."""

from collections.abc import Iterable
from dataclasses import dataclass

SHORTEST = 15  # characters (ICO guidance on encryption: length before symbols)
STRONG = 3  # of zxcvbn's 0 to 4: more than 10^8 guesses, each of which costs a second
LOOKED_AT = 48  # characters; zxcvbn's time grows with the length, and more add nothing to the score


@dataclass(frozen=True, slots=True)
class Judged:
    """score: zxcvbn's, 0 (guessed at once) to 4. left: characters still missing; 0 when long enough."""

    score: int
    left: int

    @property
    def is_strong(self) -> bool:
        return self.score >= STRONG

    @property
    def is_enough(self) -> bool:
        """Whether it may be used."""
        return self.is_strong and not self.left


def judge(passphrase: str, about: Iterable[str] = ()) -> Judged:
    """How good a passphrase is.

    about: what somebody would try first: the worker's name, the staff number, the council's name.
    Source: zxcvbn (Wheeler, USENIX Security 2016).
    """
    if not passphrase:
        return Judged(0, SHORTEST)
    # Here: its word lists take longer to load than an unlock.
    from zxcvbn import zxcvbn

    found = zxcvbn(passphrase[:LOOKED_AT], user_inputs=[word for word in about if word])
    return Judged(int(found["score"]), max(0, SHORTEST - len(passphrase)))
