"""How much at once, how soon again, and when a round that says nothing has hung. Pure functions.

Chance comes from outside (`Chance`), so that a simulation can have the same run again.
"""

from typing import Protocol

from sync.errors import (
    Busy,
    Cancelled,
    NotAllowed,
    SignedOut,
    SyncProblem,
    TooNew,
    TooOld,
    UnexplainedRemoval,
)

FIRST_WAIT_S = 5.0  # after one failure, at most; doubled with each further one
LAST_PART = 4  # of a batch is what goes last, of several
LONGEST_WAIT_S = 300.0  # however often it failed
PATIENCE_SPREAD = 0.25  # of the wait the hub asked for, so that not all come back in the same second
STALLED_AFTER_S = 60.0  # a round that has told nothing for so long is taken to have hung

# Trying again changes nothing about these: a person has to do something first.
FOR_A_PERSON = (SignedOut, NotAllowed, TooOld, TooNew, UnexplainedRemoval, Cancelled)


class Chance(Protocol):
    """A source of chance; `random.Random` is one."""

    def random(self) -> float:
        """A number from 0 up to but not including 1."""
        ...


def halved(size: int) -> int:
    """Half as much, at least one."""
    return max(1, size // 2)


def grown(size: int, most: int) -> int:
    """Twice as much after what went well, at most `most`."""
    return min(most, size * 2)


def next_size(size: int, left: int) -> int:
    """How many of those left go up next, at most `size` at once.

    While the receipts of the last are written down nobody else has anything to do: where there are
    several batches anyway, the last is a small one.
    """
    last = size // LAST_PART
    return left - last if last < left <= size else min(size, left)


def backoff_s(failures: int, chance: Chance) -> float:
    """Seconds until the next try after so many failures in a row: anything from nothing to a limit
    that doubles each time ("full jitter"), so that laptops that failed together do not come back
    together.

    Source: Exponential Backoff And Jitter, AWS Architecture Blog, 2015.
    """
    limit = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(max(failures, 1) - 1, 20))
    return chance.random() * limit


def next_try_s(problem: SyncProblem, failures: int, chance: Chance) -> float | None:
    """Seconds until a round is worth trying again; None: not before a person has done something.

    What the hub asked for (Retry-After) is the least there is.
    """
    if isinstance(problem, FOR_A_PERSON):
        return None
    if isinstance(problem, Busy):
        asked = max(0.0, problem.retry_after_s)
        return asked + chance.random() * max(asked * PATIENCE_SPREAD, FIRST_WAIT_S)
    return backoff_s(failures, chance)


def is_stalled(silent_s: float, is_up: bool) -> bool:
    """Whether a round that has told nothing for so many seconds has hung.

    is_up: there is a network. Without one it only waits for an answer that will not come, and gives
    up by itself.
    """
    return is_up and silent_s > STALLED_AFTER_S
