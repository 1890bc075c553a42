"""What PostgreSQL ends for another's sake is done again by the hub itself; the laptop hears nothing of it."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, make_url
from sqlalchemy.exc import OperationalError

from sync.hub.hub import TRIES
from sync.ops import Outcome
from tests.sync.conftest import Device, World

DEADLOCK = "40P01"
PATIENT = "SET deadlock_timeout = '10s'"  # who looks for a deadlock first is the one that is ended
HEAD = "SELECT 1 FROM ledger_head FOR UPDATE"
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
CHANCES = 5  # a machine so busy that the push looked before there was a deadlock has another


class Street:
    """Strangers at work in the council's database. ended: states of the hub's statements that failed."""

    def __init__(self, world: World, stack: ExitStack) -> None:
        self.world = world
        self.ended: list[str] = []
        self._stack = stack
        self._url = make_url(world.engine.url).set(drivername="postgresql")
        event.listen(world.engine, "handle_error", self._note)

    def _note(self, context: Any) -> None:
        self.ended.append(context.original_exception.sqlstate)

    def stranger(self) -> psycopg.Connection:
        url = self._url.render_as_string(hide_password=False)
        connection = self._stack.enter_context(psycopg.connect(url))
        connection.execute(PATIENT)
        connection.commit()
        return connection

    def push_in_the_way(self, device: Device, tool: str, deadlocks: int) -> "Future[Any]":
        """Each stranger in turn holds the record and wants the ledger's head; the push holds that and
        wants the record."""
        strangers = [self.stranger() for _ in range(deadlocks)]
        watcher = self.stranger()
        for each in strangers:
            each.execute("SELECT 1 FROM tool WHERE id = %s FOR SHARE", [tool])
        with ThreadPoolExecutor(1) as pool:
            pushing = pool.submit(device.sync)
            for each in strangers:
                while not pushing.done() and watcher.execute(WAITING).fetchone() == (0,):
                    watcher.commit()
                watcher.commit()
                try:
                    each.execute(HEAD)  # comes back when the push has been ended
                    each.commit()
                except psycopg.errors.DeadlockDetected:
                    each.rollback()
        return pushing


@pytest.fixture
def street(server_world: World) -> Iterator[Street]:
    with ExitStack() as stack:
        yield Street(server_world, stack)


@pytest.fixture
def ana(server_world: World) -> Device:
    return server_world.device("ana")


@pytest.fixture
def tool(server_world: World, ana: Device) -> str:
    """A record that Ana has."""
    record = server_world.put("tool", shelf="a", name="spade")
    ana.sync()
    return record


def test_a_push_that_deadlocks_ended_is_taken_all_the_same(
    server_world: World, street: Street, ana: Device, tool: str
) -> None:
    for chance in range(CHANCES):
        street.ended.clear()
        (op_id,) = ana.edit(tool, phone=str(chance))
        (outcome,) = street.push_in_the_way(ana, tool, TRIES - 1).result().outcomes

        assert outcome is Outcome.APPLIED
        assert server_world.row(tool)["phone"] == str(chance)
        assert len([row for row in server_world.ledger() if row["op_id"] == op_id]) == 1
        if street.ended == [DEADLOCK] * (TRIES - 1):
            return
    pytest.fail(f"there was no deadlock: {street.ended}")


def test_after_three_the_laptop_is_told_and_its_op_waits(
    server_world: World, street: Street, ana: Device, tool: str
) -> None:
    for chance in range(CHANCES):
        street.ended.clear()
        (op_id,) = ana.edit(tool, phone=str(chance))
        pushing = street.push_in_the_way(ana, tool, TRIES)
        if street.ended == [DEADLOCK] * TRIES:
            break
    with pytest.raises(OperationalError):
        pushing.result()

    assert (ana.waiting(), server_world.row(tool)["phone"]) == (1, str(chance - 1) if chance else None)
    ana.sync()
    assert ana.receipts()[op_id] == ("applied", None)
