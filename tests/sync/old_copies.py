"""Old copies of a laptop or of the council, put back, and a second laptop of the same files."""

import shutil
import sqlite3
from pathlib import Path

from sqlalchemy import Engine, select, update

from sync.device.store import Place
from tests.sync.conftest import Device, World


def copy_of(engine: Engine, to: Path) -> Path:
    """A backup of a database, as the backup job makes it."""
    source, target = sqlite3.connect(str(engine.url.database)), sqlite3.connect(to)
    source.backup(target)
    source.close(), target.close()
    return to


def put_back(world: World, copy: Path, *, epoch: str | None = None) -> None:
    """The council's database as it was. epoch: as the restore command does it; None: silently."""
    world.engine.dispose()
    place = Path(str(world.engine.url.database))
    for name in (place, Path(f"{place}-wal"), Path(f"{place}-shm")):
        name.unlink(missing_ok=True)
    shutil.copy(copy, place)
    if epoch is not None:
        with world.engine.begin() as connection:
            connection.execute(update(world.schema.own("ledger_head")).values(epoch=epoch))


def second(device: Device, copy: Path, *, name: str = "clone") -> Device:
    """Another machine with a copy of this laptop's files, under the same device."""
    path = device.world.folder / f"{name}.db"
    shutil.copy(copy, path)
    made = Device(device.world, device.user, path, device.caller.device)
    device.world.devices.append(made)
    return made


def place(device: Device) -> Place:
    return device.store.place()


def names(world: World) -> set[str]:
    with world.engine.begin() as connection:
        return set(connection.execute(select(world.schema["tool"].table.c.name)).scalars())
