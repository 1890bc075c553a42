"""The world of one run: a hub, its laptops, the true time, and the ghost that remembers."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sync import ops
from sync.hub import Hub
from sync.ops import Act, Change, new_id
from sync.ports import Caller
from sync.sql import SqlHub
from sync.sql.hub_transaction import SqlHubTransaction
from sync.wire import PROTOCOL, SERVED
from tests.simulation import reading
from tests.simulation.attachments import Album
from tests.simulation.authority import Keeper
from tests.simulation.device import Device, SkewedClock
from tests.simulation.disk import Disk, bring_up, empty
from tests.simulation.ghost import Ghost, Intent, Violation
from tests.simulation.plan import Plan
from tests.simulation.schema import NEWEST, shed

START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
HOT = 5  # records that most edits fall on


class SeededSource(ops.Source):
    """Ids and salts from the run's seed, at the time of whoever acts."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self.clock: SkewedClock | None = None

    def random(self, size: int) -> bytes:
        return self._rng.randbytes(size)

    def now_ms(self) -> int:
        assert self.clock is not None
        return max(0, int(self.clock.now().timestamp() * 1000))


class _HubStore(SqlHub):
    """The real store with its durable steps marked."""

    disk: Disk

    @contextmanager
    def writing(self) -> Iterator[SqlHubTransaction]:
        with super().writing() as transaction:
            yield transaction
            if self.disk.point is not None:
                self.disk.point("commit")
        if self.disk.point is not None:
            self.disk.point("after")


class World:
    """Made from a plan; `tests.simulation.run` plays the plan's actions on it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        options = plan.options
        self.true_now = START
        self.step = 0
        self.faults: Counter[str] = Counter()
        self.log = hashlib.sha256()
        self.ghost = Ghost()
        self.album = Album()
        self.carries_files = "pictures" in options.rare
        self.source = SeededSource(Random(f"ids {plan.seed}"))
        self.hub_clock = SkewedClock(lambda: self.true_now)
        self.act_as(None)
        self.shelves = tuple("abcde"[: options.shelves])
        self.users = [f"{n:032x}" for n in range(1, options.users + 1)]
        self.keeper = Keeper(self.users[:1], self.shelves, self.today)
        self.hub_disk = Disk(empty(options.hub_version, hub=True))
        self.open_hub(options.hub_version)
        self.ghost.epoch = reading.head(self.hub_disk.raw)[0]
        self.desk = Caller(user="f" * 32, device="desk", line="desk", central=True)
        self.devices: list[Device] = []
        self.late: list[tuple[Caller, str, bytes]] = []
        self.old_replies: dict[tuple[int, str], list[bytes]] = {}
        self.copies: list[tuple[bytes, int, datetime]] = []
        self.hot: list[str] = []
        self.handling: Caller = self.desk
        self.enrolments = 0
        self.serves: tuple[int, ...] = SERVED  # protocols, of the release the council runs

    @property
    def may_differ(self) -> bool:
        """Whether a laptop may hold what the council no longer knows, and nobody wrote it off."""
        return self.ghost.was_restored

    def now(self) -> datetime:
        return self.true_now

    def look(self, device: Device | None) -> None:
        """What is done after each step that may have changed something: put in place by the run."""

    def today(self) -> date:
        return self.hub_clock.now().date()

    def act_as(self, device: Device | None) -> None:
        """Whose machine makes the next ids: a device's, or the hub's."""
        self.source.clock = self.hub_clock if device is None else device.clock
        ops.draw_from(self.source)

    def note(self, *parts: Any) -> None:
        """Write one line of the event log, of which only the hash is kept."""
        self.log.update(repr((self.step, *parts)).encode("utf-8", "surrogatepass"))

    def fault(self, kind: str) -> None:
        self.faults[kind] += 1
        self.note("fault", kind)

    # -- what people save --------------------------------------------------------------------------

    def save(self, device: Device, changes: Sequence[Change]) -> list[str]:
        """A person saves; the ghost remembers what she meant."""
        self.act_as(device)
        op_ids = device.save(changes)
        self.remember(device, op_ids, changes)
        return op_ids

    def remember(self, device: Device, op_ids: Sequence[str], changes: Sequence[Change]) -> None:
        by_key = {(c.table, c.record, c.kind.value): c for c in changes}
        for op_id in op_ids:
            kept = reading.op(device.disk.raw, op_id)
            assert kept is not None
            kind, table, record, scope, epoch, version, act, content, knows = kept
            change = by_key[table, record, kind]
            patch = json.loads(content)["patch"]
            if not patch.keys() <= change.patch.keys():
                raise Violation("I1", f"op {op_id} says more than its author did")
            if not reading.has_one_base(device.disk.raw, record):
                raise Violation("I11", f"a pull moved the base under what waits on {table} {record}")
            intent = Intent(
                op_id=op_id,
                device=device.index,
                line=device.caller.line,
                user=device.caller.user,
                kind=kind,
                table=table,
                record=record,
                scope=scope,
                base=(epoch, version),
                act=act,
                typed=change.patch,
                patch=patch,
                blind=reading.withheld(device.disk.raw, table, record),
                content=bytes(content),
                knows=knows is not None,
            )
            self.ghost.mean(intent)
        self.note("save", device.index, op_ids)

    # -- what the council does ---------------------------------------------------------------------

    def apply(self, *changes: Change) -> None:
        """The council's own desk writes."""
        self.act_as(None)
        self.handling = self.desk
        receipts = self.hub.apply(self.desk, changes)
        self.look(None)
        self.note("desk", [(r.seq, r.outcome) for r in receipts])

    def put(self, table: str, **fields: Any) -> str:
        record = new_id()
        self.apply(Change(table, record, fields, Act.INSERT))
        return record

    def pass_time(self, amount: timedelta) -> None:
        self.true_now += amount

    def update(self, device: Device) -> None:
        """The newest app opens the laptop's disk."""
        bring_up(device.disk.raw)
        device.was_old, device.protocol = device.was_old or device.protocol < PROTOCOL, PROTOCOL
        device.settle_on(NEWEST)

    def open_hub(self, version: int) -> None:
        """A council of this version runs on its disk."""
        self.hub_version, self.hub_schema = version, shed(version)
        store = _HubStore(self.hub_disk.engine, self.hub_schema)
        store.disk = self.hub_disk
        self.act_as(None)
        self.hub = Hub(store, self.keeper, self.hub_clock)
        self.hub.init()

    def update_hub(self) -> None:
        """The newest council runs on its disk."""
        bring_up(self.hub_disk.raw, hub=True)
        self.open_hub(NEWEST)

    def close(self) -> None:
        for device in self.devices:
            device.kill()
        for disk in (self.hub_disk, *(device.disk for device in self.devices)):
            disk.close()
        ops.draw_from(ops.Source())
