"""How much at once, how soon again: pure, with chance from outside."""

from random import Random

import pytest

from sync.device.pacing import (
    FIRST_WAIT_S,
    LONGEST_WAIT_S,
    STALLED_AFTER_S,
    backoff_s,
    grown,
    halved,
    is_stalled,
    next_size,
    next_try_s,
)
from sync.errors import (
    Busy,
    Cancelled,
    NotAllowed,
    Overlong,
    RejoinNeeded,
    SignedOut,
    SyncProblem,
    TimedOut,
    TooLarge,
    TooNew,
    TooOld,
    UnexplainedRemoval,
    Unreachable,
)
from tests.sync.conftest import World


class Always:
    """Chance that comes out the same each time."""

    def __init__(self, number: float) -> None:
        self.number = number

    def random(self) -> float:
        return self.number


def test_a_size_never_leaves_its_bounds() -> None:
    assert [halved(n) for n in (2000, 3, 1)] == [1000, 1, 1]
    assert [grown(n, 2000) for n in (1, 900, 1500)] == [2, 1800, 2000]


def test_the_limit_doubles_with_each_failure_up_to_the_longest_wait() -> None:
    limits = [backoff_s(failures, Always(1.0)) for failures in range(1, 12)]

    assert limits[:4] == [FIRST_WAIT_S, FIRST_WAIT_S * 2, FIRST_WAIT_S * 4, FIRST_WAIT_S * 8]
    assert limits[-1] == LONGEST_WAIT_S
    assert backoff_s(10_000, Always(1.0)) == LONGEST_WAIT_S


def test_the_jitter_is_full_so_that_laptops_do_not_come_back_together() -> None:
    chance = Random(7)
    waits = [backoff_s(6, chance) for _ in range(1_000)]
    limit = FIRST_WAIT_S * 32

    assert all(0 <= wait < limit for wait in waits)
    buckets = [sum(limit * n / 10 <= wait < limit * (n + 1) / 10 for wait in waits) for n in range(10)]
    assert min(buckets) > 60


def test_the_same_chance_gives_the_same_waits() -> None:
    first, again = ([backoff_s(n, chance) for n in range(9)] for chance in (Random(3), Random(3)))

    assert first == again


def test_what_the_hub_asked_for_is_the_least() -> None:
    waits = [next_try_s(Busy(120.0), 1, Random(seed)) for seed in range(200)]

    assert min(waits) >= 120.0
    assert max(waits) <= 150.0
    assert len(set(waits)) > 100


@pytest.mark.parametrize(
    "problem", [SignedOut(), NotAllowed(), TooOld(), TooNew(), UnexplainedRemoval(), Cancelled()],
    ids=lambda problem: type(problem).__name__,
)  # fmt: skip
def test_what_a_person_has_to_settle_is_not_tried_again_by_itself(problem: SyncProblem) -> None:
    assert next_try_s(problem, 1, Always(0.5)) is None


@pytest.mark.parametrize(
    "problem", [Unreachable(), TimedOut(), TooLarge(), RejoinNeeded("gap")],
    ids=lambda problem: type(problem).__name__,
)  # fmt: skip
def test_what_may_pass_is_tried_again(problem: SyncProblem) -> None:
    assert next_try_s(problem, 3, Always(0.5)) == FIRST_WAIT_S * 2


@pytest.mark.parametrize(
    "silent_s, is_up, stalled",
    [(STALLED_AFTER_S, True, False), (STALLED_AFTER_S + 1, True, True), (STALLED_AFTER_S + 1, False, False)],
)
def test_a_silent_round_has_hung_only_where_there_is_a_network(
    silent_s: float, is_up: bool, stalled: bool
) -> None:
    assert is_stalled(silent_s, is_up) is stalled


def test_after_a_time_out_less_is_sent_and_asked_for(small_world: World) -> None:
    world = small_world
    ana = world.device("ana")
    ana.sync()
    for number in range(40):
        ana.add("tool", shelf="a", name=str(number))

    def late(step: str, reply: bytes) -> None:
        raise TimedOut("too late")

    ana.transport.after = late
    sizes = []
    for _ in range(7):
        with pytest.raises(TimedOut):
            ana.sync()
        sizes.append(ana.store.place().batch_ops)
    ana.transport.after = None
    report = ana.sync()

    assert sizes == [1000, 500, 250, 125, 62, 31, 15]
    assert report.sent == 40
    assert len([row for row in world.ledger() if row["device"] == "laptop-ana"]) == 40
    assert ana.store.place().batch_ops > 15


def test_a_page_too_large_to_hold_is_asked_for_in_parts(small_world: World) -> None:
    world = small_world
    for number in range(30):
        world.put("tool", shelf="a", name=str(number) * 50)
    ana = world.device("ana")

    def overlong(step: str, reply: bytes) -> None:
        if len(reply) > 3_000:
            raise Overlong("too large")

    ana.transport.after = overlong
    report = ana.sync()

    assert ana.count("tool") == 30
    assert report.mismatched == []
    assert ana.store.place().page_rows < 30


def test_the_last_of_several_batches_is_a_small_one() -> None:
    sizes, left = [], 5_000
    while left:
        sizes.append(next_size(2_000, left))
        left -= sizes[-1]

    assert sizes == [2_000, 2_000, 500, 500]


def test_what_is_little_or_more_than_a_batch_goes_as_it_is() -> None:
    assert next_size(2_000, 500) == 500
    assert next_size(2_000, 2_001) == 2_000
    assert next_size(1, 1) == 1
