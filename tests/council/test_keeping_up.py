"""The service's timer: draws what the calendar changed, and outlives a database that is away."""

from datetime import date
from pathlib import Path

import pytest

from sync.memory import FakeClock
from sync.ops import Change
from tests.council.neighbourhood import Neighbourhood
from tfworker.council.keeping_up import KeepingUp
from tfworker.council.setting_up import ProgrammeFacts, set_up


def live(there: Neighbourhood, name: str) -> set[str]:
    grant = there.council.schema.own("scope_grant")
    mine = (grant.c.user_id == there.worker[name], grant.c.to_seq.is_(None))
    with there.council.engine.connect() as connection:
        return {row.scope for row in connection.execute(grant.select().where(*mine))}


def test_the_timer_draws_when_the_day_has_turned(tmp_path: Path) -> None:
    clock = FakeClock()
    with set_up(f"sqlite:///{tmp_path / 'council.db'}", ProgrammeFacts(), clock) as council:
        there = Neighbourhood(council).settle()
        there.apply(Change("allocation", there.allocation["fsw"], {"to_on": date(2026, 11, 16)}))
        scope = f"family:{there.family['fsw']}"
        timer = KeepingUp(council)
        timer.once()
        before = scope in live(there, "fsw")
        clock.advance(days=1)
        timer.once()

        assert before
        assert scope not in live(there, "fsw")


def test_the_timer_runs_with_the_service_and_stops_with_it(tmp_path: Path) -> None:
    with set_up(f"sqlite:///{tmp_path / 'council.db'}", ProgrammeFacts(), FakeClock()) as council:
        timer = KeepingUp(council, every_s=3600)
        with timer:
            assert timer._thread.is_alive()

        assert not timer._thread.is_alive()


def test_a_database_that_is_away_is_asked_again_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = FakeClock()
    with set_up(f"sqlite:///{tmp_path / 'council.db'}", ProgrammeFacts(), clock) as council:
        clock.advance(days=1)
        with council.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE council_fact RENAME TO away")
        KeepingUp(council).once()
        with council.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE away RENAME TO council_fact")

    assert "grants could not be drawn" in caplog.text
