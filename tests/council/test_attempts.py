"""Failed sign-ins slow the next one down, and nobody locks out anybody else."""

import pytest
from sqlalchemy import Engine

from sync.memory import FakeClock
from tests.council.laptop import ADDRESS
from tfworker.council import attempts
from tfworker.council.clock import milliseconds
from tfworker.council.refusals import TooManyTries
from tfworker.council.service import Council

ELSEWHERE = "198.51.100.9"


class Door:
    """Tries at the council's door, each failing unless said otherwise."""

    def __init__(self, engine: Engine, clock: FakeClock) -> None:
        self.engine = engine
        self.clock = clock

    def fail(self, times: int = 1, address: str = ADDRESS, login: str = "W001") -> None:
        for _ in range(times):
            with self.engine.begin() as connection:
                attempts.take(connection, login, address, milliseconds(self.clock))

    def succeed(self, address: str = ADDRESS, login: str = "W001") -> None:
        self.fail(1, address, login)
        with self.engine.begin() as connection:
            attempts.forgive(connection, login, address, milliseconds(self.clock))

    def wait_asked(self, address: str = ADDRESS, login: str = "W001") -> float:
        with pytest.raises(TooManyTries) as refused:
            self.fail(1, address, login)
        assert refused.value.retry_after_s is not None
        return refused.value.retry_after_s


@pytest.fixture
def door(council: Council, clock: FakeClock) -> Door:
    return Door(council.engine, clock)


def test_each_failure_after_the_third_doubles_the_wait(door: Door, clock: FakeClock) -> None:
    door.fail(3)
    waits = []
    for _ in range(12):
        door.fail()
        waits.append(door.wait_asked())
        clock.advance(seconds=waits[-1])

    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


def test_asking_while_waiting_does_not_make_it_longer(door: Door) -> None:
    door.fail(4)

    assert [door.wait_asked() for _ in range(3)] == [2, 2, 2]


def test_an_unknown_login_slows_down_in_the_same_way(door: Door) -> None:
    door.fail(4, login="W999")

    assert door.wait_asked(login="W999") == 2
    assert door.wait_asked(login=" w999") == 2


def test_one_login_does_not_slow_another(door: Door) -> None:
    door.fail(4)
    door.fail(3, login="W002")


def test_a_right_try_wipes_the_slate(door: Door) -> None:
    for _ in range(3):
        door.fail(2)
        door.succeed()
    door.fail(3)


def test_others_failing_in_her_name_cannot_lock_her_out(door: Door, clock: FakeClock) -> None:
    """From a new address she waits half a minute at most; where she signed in before, not at all."""
    door.succeed()
    for number in range(40):
        clock.advance(seconds=30)
        door.fail(1, f"203.0.113.{number}")

    assert door.wait_asked(ELSEWHERE) <= 30
    door.succeed()


def test_one_address_that_tries_many_logins_slows_down(door: Door) -> None:
    for number in range(51):
        door.fail(1, login=f"W{number}")

    assert door.wait_asked(login="W999") == 2


def test_a_day_without_failures_wipes_the_slate(door: Door, clock: FakeClock) -> None:
    door.fail(3)
    clock.advance(days=1, seconds=1)
    door.fail(3)


def test_what_was_typed_as_login_is_nowhere_in_the_tables(door: Door, council: Council) -> None:
    door.fail(1, login="a password typed into the wrong box")
    with council.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT who FROM attempt").scalars().all()

    assert sorted(len(who) for who in rows) == [0, 64, 64]
