"""What PostgreSQL ends for another's sake is done again by the hub itself; the laptop hears nothing of it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import make_url

from sync.ops import Outcome
from tests.sync.conftest import Device, World

PATIENT = "SET deadlock_timeout = '60s'"  # who looks for a deadlock first is the one that is ended
HEAD = "SELECT 1 FROM ledger_head FOR UPDATE"
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
def stranger(server_world: World) -> Iterator[psycopg.Connection]:
    """Somebody else at work in the council's database, in a transaction."""
    url = make_url(server_world.engine.url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        connection.execute(PATIENT)
        connection.commit()
        yield connection


def push_in_the_way(device: Device, stranger: psycopg.Connection, tool: str) -> Outcome:
    """The stranger holds the record and wants the ledger's head; the push holds that and wants the record."""
    with ThreadPoolExecutor(1) as pool, psycopg.connect(stranger.info.dsn, autocommit=True) as watcher:
        stranger.execute("SELECT 1 FROM tool WHERE id = %s FOR UPDATE", [tool])
        pushing = pool.submit(device.sync)
        while not pushing.done() and watcher.execute(WAITING).fetchone() == (0,):
            pass
        stranger.execute(HEAD)  # comes back when the push has been ended
        stranger.commit()
        (outcome,) = pushing.result(30).outcomes
        return outcome


def test_a_push_that_a_deadlock_ended_is_taken_all_the_same(
    server_world: World, stranger: psycopg.Connection
) -> None:
    ana = server_world.device("ana")
    tool = server_world.put("tool", shelf="a", name="spade")
    ana.sync()
    (op_id,) = ana.edit(tool, phone="1")

    outcome = push_in_the_way(ana, stranger, tool)

    assert outcome is Outcome.APPLIED
    assert server_world.row(tool)["phone"] == "1"
    assert len([row for row in server_world.ledger() if row["op_id"] == op_id]) == 1
