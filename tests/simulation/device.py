"""One laptop of the simulation: its disk, its clock, its line, and the round it may be in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection

from sync.device import Report, run_round
from sync.device.store import Waiting
from sync.ports import Caller
from sync.sql import Change, SqlDevice, save
from sync.sql.files import SqlFiles
from sync.wire import PROTOCOL
from tests.simulation.attachments import Lain, SimulatedShelf
from tests.simulation.disk import Crash, Disk, empty
from tests.simulation.fiber import Fiber
from tests.simulation.schema import shed
from tests.simulation.versions import read, said

Now = Callable[[], datetime]


class SkewedClock:
    """The true time, and how far this machine is off."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self.off = timedelta()

    def now(self) -> datetime:
        return self._now() + self.off


@dataclass
class Flight:
    """A round under way. wanted: the message or durable step it waits at; reply: the answer (or the
    fault) on its way back to it."""

    rng: Random
    fiber: Fiber
    crash_at: int | None
    wanted: Any = None
    reply: Any = None
    reached: int = 0
    turns: int = 0
    pushed: bool = False


@dataclass
class Sight:
    """What the invariants saw on this device when they last looked."""

    waiting: set[str] = field(default_factory=set)
    cursor: tuple[str, int] = ("", 0)
    generation: str = ""
    files: set[str] = field(default_factory=set)  # records whose bytes are here whole
    blobs: set[str] = field(default_factory=set)  # read once, and right
    rolled_back: bool = False  # the hub went back since this device last agreed with it

    def forget(self) -> None:
        """The disk is another one now."""
        self.waiting, self.cursor, self.generation = set(), ("", 0), ""
        self.files, self.blobs = set(), set()


class Line:
    """The device's way to the hub: every message is a turn of the round."""

    def __init__(self, device: "Device") -> None:
        self.device = device

    def send(self, step: str, body: bytes) -> bytes:
        assert self.device.flight is not None
        asked = said(self.device.protocol, step, body)
        reply: bytes = self.device.flight.fiber.pause((step, asked))
        return read(self.device.protocol, step, reply)


class Device:
    """One laptop. session: "in", "expired" or "revoked"; net: "up", "cut", "deaf" (nothing comes
    back) or "mute" (nothing arrives)."""

    def __init__(self, index: int, caller: Caller, version: int, now: Now, batch: int) -> None:
        self.index = index
        self.caller = caller
        self.clock = SkewedClock(now)
        self.batch = batch
        self.protocol = PROTOCOL
        self.was_old = False  # it spoke another protocol once
        self.disk = Disk(empty(version))
        self.shelf = SimulatedShelf(self.disk)
        self.carries_files = False
        self.flight: Flight | None = None
        self.session, self.net, self.clogged_until = "in", "up", 0
        self.sight = Sight()
        self.copies: list[tuple[bytes, int, Lain]] = []  # (image, version, what lay on the shelf)
        self.last: Any = None  # what the last round came to
        self.was_put_back = False
        self.finished = 0  # rounds that came to their end
        self.settle_on(version)

    def settle_on(self, version: int) -> None:
        """The app of this version opens the disk."""
        self.version = version
        self.schema = shed(version)
        self.store = _Store(self.disk.writing, self.disk.reading, self.schema)
        self.store.batch = self.batch
        self.open_files()

    def open_files(self) -> None:
        """As after a start of the app."""
        self.shelf.open_again()
        self.files = SqlFiles(self.disk.writing, self.disk.reading, self.schema, self.shelf)

    def save(self, changes: Sequence[Change], act_id: str | None = None) -> list[str]:
        with self.disk.engine.begin() as connection:
            return self.write_into(connection, changes, act_id)

    def write_into(
        self, connection: Connection, changes: Sequence[Change], act_id: str | None = None
    ) -> list[str]:
        return save(connection, self.schema, changes, clock=self.clock, act_id=act_id)

    def begin_round(self, rng: Random, crash_at: int | None, fine: bool) -> Flight:
        """Start a round; it stands before its first step until it gets a turn."""
        files = self.files if self.carries_files else None
        fiber = Fiber(lambda _: run_round(self.store, Line(self), self.clock, files=files))
        flight = self.flight = Flight(rng, fiber, crash_at)

        def reach(step: str) -> None:
            flight.reached += 1
            if flight.crash_at is not None and flight.reached >= flight.crash_at:
                raise Crash(step)
            if fine and step != "commit":
                fiber.pause(None)

        self.disk.point = reach
        return flight

    def end_round(self) -> Report | BaseException:
        """The round is over; gives what it came to."""
        assert self.flight is not None
        flight, self.flight, self.disk.point = self.flight, None, None
        if isinstance(flight.fiber.error, Crash):
            self.open_files()
        if flight.fiber.error is not None:
            return flight.fiber.error
        self.finished += 1
        report: Report = flight.fiber.result
        return report

    def kill(self) -> None:
        """The power goes."""
        if self.flight is not None:
            self.disk.point = None
            self.flight.fiber.resume(Crash("killed"))
            self.end_round()


class _Store(SqlDevice):
    """The real store with smaller batches, so that few ops make several."""

    batch = 2_000

    def waiting(self, max_ops: int, max_bytes: int) -> Waiting:
        return super().waiting(min(max_ops, self.batch), max_bytes)
