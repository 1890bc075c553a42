"""Files in the simulation: pictures that carry bytes, and what must hold of them (I13).

What the hub calls complete hashes to what the record promises, after every message. A file that is
said to lie whole on a laptop does, unless it was spoilt there. The only copy of a file is not dropped
before the hub has had it. And at the end every file that is anywhere is with everybody entitled to it,
and with nobody else.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

import sync.device.files
import sync.sql.files
import sync.wire
from sync.memory import MemoryShelf
from sync.ops import Act, Change, new_id
from sync.ports import Blob
from sync.sql.files import lay, note_file
from tests.simulation import reading
from tests.simulation.disk import Crash
from tests.simulation.ghost import Violation

if TYPE_CHECKING:
    from tests.simulation.device import Device
    from tests.simulation.disk import Disk
    from tests.simulation.network import Network
    from tests.simulation.world import World

PART = 48  # bytes in a part here, so that a few hundred make several
SIZES = (0, 1, PART - 1, PART, PART + 1, 2 * PART, 3 * PART + 5)
LEVEL = 3  # from here on one is told what a picture's bytes are
ROUNDS = 3
_SENT_IN_PARTS = (sync.wire, sync.device.files, sync.sql.files)


@contextmanager
def in_small_parts() -> Iterator[None]:
    """Files travel in parts of a few bytes."""
    whole = sync.wire.PART_BYTES
    for module in _SENT_IN_PARTS:
        setattr(module, "PART_BYTES", PART)  # noqa: B010 - a constant, which only this run has otherwise
    try:
        yield
    finally:
        for module in _SENT_IN_PARTS:
            setattr(module, "PART_BYTES", whole)  # noqa: B010


Lain = tuple[dict[tuple[str, int], bytes], frozenset[str]]


class SimulatedShelf(MemoryShelf):
    """A shelf whose writes are durable steps of its machine's disk. spoilt: names of bytes that were
    spoilt on it."""

    def __init__(self, disk: "Disk") -> None:
        super().__init__()
        self.disk = disk
        self.spoilt: set[str] = set()

    def image(self) -> Lain:
        """What lies on it."""
        return dict(self.parts), frozenset(self.spoilt)

    def put_back(self, image: Lain) -> None:
        parts, spoilt = image
        self.parts, self.spoilt = dict(parts), set(spoilt)

    def put(self, blob: Blob, part: int, data: bytes, *, last: bool) -> None:
        self._reach("before")
        super().put(blob, part, data, last=last)
        self._reach("after")

    def _reach(self, step: str) -> None:
        if self.disk.point is not None:
            self.disk.point(step)


@dataclass
class Album:
    """What the simulation knows of files. promised: {record: sha256 of what was attached}; whole: those
    the hub has had; checked: those that were read at the hub as they stand; excused: those whose bytes may
    be nowhere, for somebody spoilt them or a store was put back."""

    promised: dict[str, str] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    checked: set[str] = field(default_factory=set)
    spoilt: set[str] = field(default_factory=set)  # at the hub
    excused: set[str] = field(default_factory=set)


# -- what happens --------------------------------------------------------------------------------------


def picture(world: "World", device: "Device", rng: Random) -> None:
    """Mostly a picture is attached; now and then one is lost, here or there, or removed by law."""
    what = rng.choice((attach, attach, attach, attach, attach, killed, spoil, spoil_at_hub, remove))
    what(world, device, rng)


def _new(world: "World", device: "Device", rng: Random) -> tuple[Change, bytes] | None:
    held = reading.held_scopes(device.disk.raw)
    mine = sorted(
        scope.removeprefix("shelf:")
        for scope, (_, _, _, lost) in held.items()
        if scope.startswith("shelf:") and scope != "shelf:common" and not lost
    )
    if not mine or device.schema.get("picture") is None:
        return None
    shelf = rng.choice(world.shelves if rng.random() < 0.1 else mine)
    data = rng.randbytes(rng.choice(SIZES))
    world.act_as(device)
    fields = {"shelf": shelf, "title": f"{rng.getrandbits(40):x}", "size": len(data),
              "sha256": hashlib.sha256(data).hexdigest()}  # fmt: skip
    return Change("picture", new_id(), fields, Act.INSERT), data


def _lay(device: "Device", data: bytes) -> Blob:
    """A person's bytes: the round that may be under way beside her takes no turn for them."""
    point, device.disk.point = device.disk.point, None
    try:
        return lay(device.shelf, data)
    finally:
        device.disk.point = point


def attach(world: "World", device: "Device", rng: Random) -> None:
    """Saved as an app does it: bytes on the shelf, then the record and its bytes' place together."""
    if made := _new(world, device, rng):
        change, data = made
        blob = _lay(device, data)
        with device.disk.engine.begin() as connection:
            op_ids = device.write_into(connection, [change])
            note_file(connection, device.schema, "picture", change.record, blob)
        world.remember(device, op_ids, [change])
        world.album.promised[change.record] = hashlib.sha256(data).hexdigest()


def killed(world: "World", device: "Device", rng: Random) -> None:
    """The power goes when the bytes are on the shelf and the record is not saved."""
    if made := _new(world, device, rng):
        change, data = made
        device.kill()
        world.fault("killed with bytes")
        world.act_as(device)
        _lay(device, data)
        try:
            with device.disk.engine.begin() as connection:
                device.write_into(connection, [change])
                raise Crash("before the commit")
        except Crash:
            device.open_files()


def spoil(world: "World", device: "Device", rng: Random) -> None:
    """A part on the laptop's shelf is gone or changed."""
    if device.shelf.parts:
        name, part = place = rng.choice(sorted(device.shelf.parts))
        data = device.shelf.parts.pop(place)
        if rng.random() < 0.5:
            longer = rng.random() < 0.5 or not data
            device.shelf.parts[place] = data + b"!" if longer else bytes([data[0] ^ 1]) + data[1:]
        device.shelf.spoilt.add(name)
        named = device.disk.raw.execute("SELECT record FROM file_state WHERE blob = ?", (name,))
        world.album.excused.update(record for (record,) in named)
        world.fault("file spoilt")
        world.note("spoilt", device.index, part)


def spoil_at_hub(world: "World", device: "Device", rng: Random) -> None:
    raw = world.hub_disk.raw
    parts = raw.execute("SELECT record, part FROM file_part ORDER BY record, part").fetchall()
    if parts:
        record, part = rng.choice(parts)
        raw.execute("DELETE FROM file_part WHERE record = ? AND part = ?", (record, part))
        world.album.spoilt.add(record)
        world.album.excused.add(record)
        world.fault("file spoilt at the hub")


def remove(world: "World", device: "Device", rng: Random) -> None:
    """A picture is removed by a lawful decision."""
    if here := reading.ids(world.hub_disk.raw, "picture") if _knows(world) else []:
        record = rng.choice(here)
        world.act_as(None)
        world.handling = world.desk
        world.fault("purge")
        world.hub.purge(world.desk, [("picture", record)])
        world.ghost.purged.add(record)
        world.look(None)


def _knows(world: "World") -> bool:
    return world.hub_schema.get("picture") is not None


# -- what must hold ------------------------------------------------------------------------------------


def bytes_at_hub(raw: sqlite3.Connection, record: str) -> bytes:
    parts = raw.execute("SELECT data FROM file_part WHERE record = ? ORDER BY part", (record,))
    return b"".join(data for (data,) in parts)


def look_at_hub(world: "World") -> None:
    """I13: what is complete is whole, and what a record says is here is complete."""
    if not world.carries_files or not _knows(world):
        return
    raw, album = world.hub_disk.raw, world.album
    complete = {record for (record,) in raw.execute("SELECT record FROM file WHERE complete")}
    album.checked &= complete
    for record in sorted(complete - album.checked):
        data = bytes_at_hub(raw, record)
        if record not in album.spoilt and hashlib.sha256(data).hexdigest() != album.promised.get(record):
            raise Violation("I13", f"the hub has other bytes of {record} than were attached")
        album.checked.add(record)
        album.whole.add(record)
    gone = album.whole - complete - album.excused - world.ghost.purged
    if gone and (gone := gone & {*reading.ids(raw, "picture"), *reading.in_trays(raw)}):
        raise Violation("I13", f"the hub has lost the bytes of {min(gone)}")
    if said := set(reading.ids(raw, "picture", "received_at IS NOT NULL")) - complete:
        raise Violation("I13", f"the hub says of {min(said)} that its bytes are there")


def look_at_device(world: "World", device: "Device") -> None:
    """What is said to be here is; the only copy is not let go."""
    if not world.carries_files or device.schema.get("picture") is None:
        return
    album, raw, sight = world.album, device.disk.raw, device.sight
    rows = raw.execute(
        "SELECT record, blob, size FROM file_state WHERE whole AND NOT damaged AND NOT sealed ORDER BY record"
    )
    here: set[str] = set()
    for record, blob, size in rows:
        if blob in device.shelf.spoilt:
            continue
        here.add(record)
        if blob in sight.blobs:
            if any((blob, part) not in device.shelf.parts for part in range(sync.wire.parts_of(size))):
                raise Violation("I13", f"device {device.index} has lost bytes of {record}")
            continue
        parts = (device.shelf.parts.get((blob, n), b"") for n in range(sync.wire.parts_of(size)))
        if hashlib.sha256(b"".join(parts)).hexdigest() != album.promised.get(record):
            raise Violation("I13", f"device {device.index} calls {record} whole and has other bytes")
        sight.blobs.add(blob)
    gone, sight.files = sight.files - here, here
    for record in sorted(gone - album.whole - world.ghost.purged):
        if not _is_elsewhere(world, device, record) and not _is_spoilt(world, device, record):
            raise Violation("I13", f"device {device.index} dropped the only copy of {record}")


def _is_elsewhere(world: "World", device: "Device", record: str) -> bool:
    return any(record in other.sight.files for other in world.devices if other is not device)


def _is_spoilt(world: "World", device: "Device", record: str) -> bool:
    row = device.disk.raw.execute("SELECT blob FROM file_state WHERE record = ?", (record,)).fetchone()
    return row is not None and row[0] in device.shelf.spoilt


# -- afterwards ----------------------------------------------------------------------------------------


def heal(world: "World", network: "Network", sync_all: Callable[[], None]) -> None:
    """The hub reads what it has, once, and asks for what is not whole; then rounds until all is there."""
    if world.carries_files:
        world.act_as(None)
        world.handling = world.desk
        world.hub.files.sweep(world.desk, read_all=True)
        world.album.spoilt.clear()
        world.album.checked.clear()
        world.look(None)
        for device in world.devices:
            device.open_files()  # each is started once more, and its shelf swept
            _look_through(world, device)
        sync_all()


def _look_through(world: "World", device: "Device") -> None:
    """Somebody opens every picture there is here, and so finds what was spoilt."""
    if device.schema.get("picture") is None:
        return
    world.act_as(device)
    rows = device.disk.raw.execute("SELECT record FROM file_state WHERE whole AND NOT sealed ORDER BY record")
    for (record,) in rows.fetchall():
        if not device.files.is_whole(record):
            device.files.note_damaged(record)


def look_at_all(world: "World") -> None:
    if not world.carries_files:
        return
    raw = world.hub_disk.raw
    look_at_hub(world)
    for record, scope, received in raw.execute("SELECT id, scope, received_at FROM picture ORDER BY id"):
        if received is None:
            _check_missing(world, record)
            continue
        for device in world.devices:
            kinds, level = reading.live_grants(raw, device.caller.user).get(scope, (frozenset(), 0))
            entitled = "picture" in kinds and level >= LEVEL and device.schema.get("picture") is not None
            if entitled and record not in device.sight.files:
                raise Violation("I13", f"device {device.index} may see {record} and never gets its bytes")
    for device in world.devices:
        _check_left(world, device)


def _check_missing(world: "World", record: str) -> None:
    """The hub has not got these bytes: nobody has, and there is a reason."""
    for device in world.devices:
        if record in device.sight.files:
            raise Violation("I13", f"device {device.index} never brings up the bytes of {record}")
    if record not in world.album.excused:
        raise Violation("I13", f"the bytes of {record} are nowhere")


def _check_left(world: "World", device: "Device") -> None:
    """Nothing of a shelf one has lost, and no bytes that nobody knows of."""
    raw = device.disk.raw
    held, in_trays = reading.held_scopes(raw), reading.in_trays(world.hub_disk.raw)
    named = set()
    for record, blob, scope, refused in raw.execute(
        "SELECT record, blob, scope, refused FROM file_state ORDER BY record"
    ):
        named.add(blob)
        if scope not in held and refused is None and record in world.album.whole - in_trays:
            raise Violation("I6", f"device {device.index} still has the bytes of {record}")
    if left := {name for name, _ in device.shelf.parts} - named:
        raise Violation("I6", f"device {device.index} keeps bytes that nobody knows of: {min(left)}")
