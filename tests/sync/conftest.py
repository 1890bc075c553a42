"""A tiny world of its own for sync's tests: a lending shed with tools, journals and a price list.

Nothing here knows of families. The hub is the real one on a real database (SQLite and PostgreSQL),
devices are real stores on SQLite files; only the wire between them is in memory.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Integer, MetaData, String, Text, create_engine, event, select

from sync import policy
from sync.device import Report, run_round
from sync.hub import Hub
from sync.memory import FakeClock, MemoryShelf, MemoryTransport
from sync.ops import Act, Reason, new_id
from sync.ports import ADMIT, Caller, Grant, Proposed, Ruling, Verdict
from sync.sql import Change, Schema, SqlDevice, SqlHub, save, tables
from sync.sql.files import SqlFiles
from sync.sql.triggers import install
from tests.sync.shed import Moment, alarm, column, journal, price, table, tool

LEVEL = 4
KINDS = frozenset({"tool", "journal", "alarm", "price", "picture", "conflict", "held"})


def shed() -> MetaData:
    """The shed as the tests of this folder know it: a tool may be put on another shelf by the council,
    and there are pictures, which have files."""
    metadata = MetaData()
    tool(metadata, column("shelf", String(80), policy.central()), column("colour", Text, policy.field()))
    journal(metadata)
    alarm(metadata)
    table(
        metadata,
        "picture",
        column("shelf", String(80), policy.append()),
        column("title", Text, policy.append(), 3),
        column("size", Integer, policy.append(), fixed=True),
        column("sha256", Text, policy.append(), 3, fixed=True),
        column("received_at", Moment(), policy.central()),
        file=policy.FileColumns("size", "sha256"),
    )
    price(metadata)
    tables(metadata)
    return metadata


class Keeper:
    """The shed's authority: everybody may do everything, but for what a test says."""

    def __init__(self) -> None:
        self.rulings: dict[str, Verdict] = {}  # by user
        self.judges: dict[str, Callable[[Proposed], Verdict]] = {}  # by user, where one word is not enough
        self.shelves: dict[str, dict[str, tuple[frozenset[str], int]]] = {}

    def allow(self, user: str, *shelves: str, kinds: frozenset[str] = KINDS, level: int = LEVEL) -> None:
        self.shelves[user] = {f"shelf:{shelf}": (kinds, level) for shelf in shelves}

    def judge(self, connection: Any, caller: Caller, proposed: Sequence[Proposed]) -> list[Verdict]:
        word = self.rulings.get(caller.user, ADMIT)
        judge = self.judges.get(caller.user, lambda proposal: word)
        return [judge(proposal) for proposal in proposed]

    def grants(self, connection: Any, touched: Mapping[str, set[str]]) -> dict[str, set[Grant]]:
        return {
            user: {Grant(scope, kinds, level) for scope, (kinds, level) in held.items()}
            for user, held in self.shelves.items()
        }


def sqlite(path: Path | str) -> Engine:
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _open(raw: Any, _record: Any) -> None:
        raw.isolation_level = None
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("PRAGMA synchronous = OFF")  # nobody pulls the plug in these tests
        raw.execute("PRAGMA busy_timeout = 10000")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


class Device:
    """One person's laptop."""

    def __init__(
        self,
        world: "World",
        user: str,
        path: Path,
        device: str | None = None,
        schema: Schema | None = None,
    ) -> None:
        self.world = world
        self.user = user
        self.schema = schema or Schema(shed())
        self.engine = sqlite(path)
        self.schema.metadata.create_all(self.engine)
        with self.engine.begin() as connection:
            install(connection, self.schema)
        name = device or f"laptop-{user}"
        self.caller = Caller(user=user, device=name, line=name)
        self.transport = MemoryTransport(world.hub, self.caller)
        self.store = SqlDevice(self.engine.begin, self.engine.begin, self.schema)
        self.shelf = MemoryShelf()
        self.files = SqlFiles(self.engine.begin, self.engine.begin, self.schema, self.shelf)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            yield connection

    def save(self, *changes: Change) -> list[str]:
        with self.writing() as connection:
            return save(connection, self.schema, changes, clock=self.world.clock)

    def add(self, table: str, **fields: Any) -> str:
        record = new_id()
        self.save(Change(table, record, fields, Act.INSERT))
        return record

    def edit(self, record: str, table: str = "tool", **fields: Any) -> list[str]:
        return self.save(Change(table, record, fields))

    def decide(self, card: str, choice: str, **values: Any) -> list[str]:
        return self.save(
            Change("conflict", card, {"choice": choice, "values": values, "why": None}, Act.DECIDE)
        )

    def sync(self) -> Report:
        return run_round(self.store, self.transport, self.world.clock, files=self.files)

    def row(self, record: str, table: str = "tool") -> dict[str, Any] | None:
        return _row(self.engine, self.schema, table, record)

    def cards(self) -> list[dict[str, Any]]:
        return _cards(self.engine, self.schema)

    def count(self, table: str) -> int:
        with self.engine.begin() as connection:
            return len(connection.execute(select(self.schema[table].table.c.id)).all())

    def waiting(self) -> int:
        queue = self.schema.own("queue")
        with self.engine.begin() as connection:
            return len(connection.execute(select(queue.c.pos)).all())

    def receipts(self) -> dict[str, tuple[str, str | None]]:
        table = self.schema.own("receipt")
        with self.engine.begin() as connection:
            return {row.op_id: (row.outcome, row.reason) for row in connection.execute(select(table))}


class World:
    """A hub and the people around it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.schema = Schema(shed())
        self.engine = (
            sqlite(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else create_engine(url)
        )
        self.schema.metadata.create_all(self.engine)
        self.keeper = Keeper()
        self.hub = Hub(SqlHub(self.engine, self.schema), self.keeper, self.clock)
        self.hub.init()
        self.desk = Caller(user="desk", device="desk", line="desk", central=True)
        self.devices: list[Device] = []

    def device(self, user: str, *shelves: str, name: str | None = None) -> Device:
        if user not in self.keeper.shelves:
            self.keeper.allow(user, *(shelves or ("a",)))
        self.put("price", pence=1)  # any write lets the hub redraw its grants
        number = len(self.devices)
        device = Device(self, user, self.folder / f"device-{number}.db", name)
        self.devices.append(device)
        return device

    def put(self, table: str, record: str | None = None, **fields: Any) -> str:
        """The council's own desk writes a record."""
        kind = Act.UPDATE if record else Act.INSERT
        record = record or new_id()
        self.hub.apply(self.desk, [Change(table, record, fields, kind)])
        return record

    def row(self, record: str, table: str = "tool") -> dict[str, Any] | None:
        return _row(self.engine, self.schema, table, record)

    def cards(self) -> list[dict[str, Any]]:
        return _cards(self.engine, self.schema)

    def lose(self, tool: str) -> None:
        """A tool is gone as after the council was put back to before it, with nobody who offers it again."""
        table = self.schema["tool"].table
        with self.engine.begin() as connection:
            connection.execute(table.delete().where(table.c.id == tool))

    def ledger(self) -> list[dict[str, Any]]:
        table = self.schema.own("ledger")
        with self.engine.begin() as connection:
            return [dict(r) for r in connection.execute(select(table).order_by(table.c.seq)).mappings()]

    def close(self) -> None:
        for engine in (self.engine, *(device.engine for device in self.devices)):
            engine.dispose()


def _row(engine: Engine, schema: Schema, table: str, record: str) -> dict[str, Any] | None:
    target = schema[table].table
    with engine.begin() as connection:
        found = connection.execute(select(target).where(target.c.id == record)).mappings().one_or_none()
    return dict(found) if found else None


def _cards(engine: Engine, schema: Schema) -> list[dict[str, Any]]:
    target = schema["conflict"].table
    with engine.begin() as connection:
        query = select(target).where(target.c.state == "open").order_by(target.c.id)
        return [dict(r) for r in connection.execute(query).mappings()]


def _made(url: str, folder: Path) -> Iterator[World]:
    made = World(url, folder)
    yield made
    made.close()


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """A hub on SQLite and, again, on PostgreSQL."""
    yield from _made(database_url, tmp_path)


@pytest.fixture
def small_world(tmp_path: Path) -> Iterator[World]:
    """A hub on SQLite only, for what does not depend on the database."""
    yield from _made(f"sqlite:///{tmp_path}/hub.db", tmp_path)


@pytest.fixture
def server_world(postgres_url: str, tmp_path: Path) -> Iterator[World]:
    """A hub on PostgreSQL only, for what only a server of its own does."""
    yield from _made(postgres_url, tmp_path)


def in_pages(device: Device, size: int) -> None:
    """Push no more than `size` ops at once."""
    whole = device.store.waiting
    device.store.waiting = lambda ops, room, after=None: whole(min(ops, size), room, after)  # type: ignore


HOLD = Verdict(Ruling.HOLD, Reason.NOT_YOURS_NOW)
REFUSE = Verdict(Ruling.REFUSE, Reason.NOT_ALLOWED)
