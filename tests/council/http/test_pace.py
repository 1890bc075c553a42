"""No laptop may drown out the others."""

import pytest

from sync.memory import FakeClock
from tfworker.council.http.pace import Pace
from tfworker.council.refusals import TooManyTries


def wait_asked(pace: Pace, device: str) -> float | None:
    with pytest.raises(TooManyTries) as refused:
        pace.take(device)
    return refused.value.retry_after_s


def test_a_laptop_has_a_burst_and_then_so_many_a_second() -> None:
    clock = FakeClock()
    pace = Pace(clock, burst=3, per_second=2.0)
    for _ in range(3):
        pace.take("a")

    assert wait_asked(pace, "a") == 0.5
    clock.advance(seconds=0.5)
    pace.take("a")
    assert wait_asked(pace, "a") == 0.5


def test_another_laptop_is_not_held_up() -> None:
    pace = Pace(FakeClock(), burst=1)
    pace.take("a")

    pace.take("b")


def test_a_pause_fills_the_bucket_and_no_more() -> None:
    clock = FakeClock()
    pace = Pace(clock, burst=2, per_second=1.0)
    pace.take("a")
    clock.advance(hours=1)
    pace.take("a")
    pace.take("a")

    assert wait_asked(pace, "a") == 1.0


def test_a_clock_put_back_locks_nobody_out() -> None:
    clock = FakeClock()
    pace = Pace(clock, burst=2, per_second=1.0)
    pace.take("a")
    clock.advance(hours=-1)
    pace.take("a")
    clock.advance(seconds=1)

    pace.take("a")


def test_only_laptops_that_still_wait_are_remembered() -> None:
    clock = FakeClock()
    pace = Pace(clock, burst=1, per_second=1.0, remembered=10)
    for number in range(10):
        pace.take(f"old {number}")
    clock.advance(seconds=2)
    pace.take("new")

    assert pace.size == 1
