"""PostgreSQL killed while a laptop pushes: nothing is lost, nothing is doubled."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from sync.device import run_round
from sync.errors import SyncProblem
from sync.memory import FakeClock
from tests.processes import judging
from tests.processes.judge import to_quiet
from tests.processes.laptops import PLAIN, Notes, open_laptop
from tests.processes.postgres import Server
from tests.processes.ways import way_to
from tfworker.council.serve import serving
from tfworker.council.service import Council

MOMENTS = (3, 9, 17, 24, 31)  # statements of the round


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A PostgreSQL that may be killed, and that syncs what it writes."""
    server = Server(careful=True)
    yield server
    server.close()


class Killing:
    """Kills PostgreSQL before the k-th statement of an engine; 0: counts only."""

    def __init__(self, engine: Engine, server: Server, at: int, how: str) -> None:
        self.server, self.at, self.how, self.statements = server, at, how, 0
        event.listen(engine, "before_cursor_execute", self._before)

    def _before(self, connection: Any, *_: object) -> None:
        self.statements += 1
        if self.statements == self.at:
            pid = connection.connection.driver_connection.info.backend_pid
            self.server.kill(pid) if self.how == "backend" else self.server.kill_everything()


@contextmanager
def council_of(server: Server, template: Path) -> Iterator[tuple[Council, str]]:
    with Council.open(server.fresh(template), FakeClock()) as council, serving(council) as url:
        yield council, url


@pytest.mark.timeout(300)
@pytest.mark.parametrize("how", ["backend", "server"])
def test_postgresql_killed_in_the_middle_of_a_push(
    server: Server, bases: Path, tmp_path: Path, how: str
) -> None:
    template = bases / f"{PLAIN} push"
    ends = []
    for at in (0, *MOMENTS):
        folder = Path(shutil.copytree(template, tmp_path / str(at)))
        notes, laptop = Notes.of(folder), open_laptop(folder, PLAIN)
        with council_of(server, template) as (council, url):
            killing = Killing(council.engine, server, at, how)
            stopped = False
            try:
                run_round(laptop.device, way_to(url, notes), laptop.clock)
            except SyncProblem:
                stopped = True
            server.start_again()
            words = to_quiet(laptop, way_to(url, notes))
            words += judging.faults_of_hub(council.engine, council.schema)
            words += judging.differences(laptop, council.engine, council.schema, notes.worker)
            ends.append(judging.outcomes(council.engine, council.schema, notes.saved))
            laptop.close()

        assert words == [], at
        assert stopped == (at > 0), at
        assert killing.statements > max(MOMENTS)
    assert all(end == ends[0] for end in ends)
    assert {outcome for saved in ends[0].values() for outcome, _ in saved} >= {"applied", "conflict", "held"}
