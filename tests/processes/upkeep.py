"""What is done to a vault rather than in it, killed at every point: making it, changing its passphrase,
bringing an old one up to date. `python -m tests.processes.upkeep FOLDER WHAT EVERY` kills at every
EVERY-th point and prints {"points", "kills", "faults"}.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from tests.processes.tracing import Stop, followed
from tfworker.store import Vault, slots
from tfworker.store import device as devices
from tfworker.store.connection import writer
from tfworker.store.keys import FLOOR, keys_of
from tfworker.store.migrations import steps
from tfworker.store.problems import WrongPassphrase

OLD, NEW = "four plain words together", "five other plain words here"
DATABASE = "case.db"
OLD_OP = (
    "INSERT INTO op (op_id, n, chain, kind, table_name, record, scope, base_epoch, base_version, made_at, "
    "act_id, salt, content, urgent, waiting) "
    "VALUES ('o1', 1, 'c', 'insert', 'visit_note', 'r1', 'family:1', '', 0, 0, 'a', '00', '{}', 0, 1)"
)


@dataclass(frozen=True, slots=True)
class Upkeep:
    """begin: makes the place. work: what is killed. look: what is wrong in the place afterwards."""

    begin: Callable[[Path], None]
    work: Callable[[Path], None]
    look: Callable[[Path], list[str]]


def nowhere(place: Path) -> None: ...


def make(place: Path) -> None:
    Vault.create(place, OLD, cost=FLOOR).close()


def make_again(place: Path) -> list[str]:
    """A vault that was not finished is begun again; one that was opens."""
    if not slots.exists(place):
        make(place)
    return _open_and_look(place, OLD)


def change(place: Path) -> None:
    vault = Vault.open(place, OLD)
    vault.change_passphrase(OLD, NEW, cost=FLOOR)
    vault.close()


def one_of_both(place: Path) -> list[str]:
    """It opens with the old passphrase or with the new one, and with one only."""
    ends = [_tried(place, passphrase) for passphrase in (OLD, NEW, OLD, NEW)]
    if ends[:2] != ends[2:] or sorted(ends[:2]) != [False, True]:
        return [f"old and new passphrase, twice: {ends}"]
    return _open_and_look(place, OLD if ends[0] else NEW)


def make_old(place: Path) -> None:
    """A vault as the first version wrote it, with an op that waits."""
    make(place)
    (place / DATABASE).unlink()
    store, found = slots.read_store(place), slots.read_slots(place)
    master = slots.open_slot(found, OLD, devices.load(place, store.store_id, store.keystore))
    engine = writer(place / DATABASE, keys_of(master).database)
    with engine.begin() as connection:
        for statement in steps()[0].statements:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(OLD_OP)
        connection.exec_driver_sql("INSERT INTO schema_step VALUES (1, 'first', '2026-11-02 09:00:00')")
    engine.dispose()


def open_it(place: Path) -> None:
    Vault.open(place, OLD).close()


def still_waits(place: Path) -> list[str]:
    vault = Vault.open(place, OLD)
    with vault.read() as connection:
        waits = connection.execute(text("SELECT op_id FROM queue JOIN op USING (pos)")).scalars().all()
        ran = connection.execute(text("SELECT number FROM schema_step ORDER BY number")).scalars().all()
    found = vault.damage()
    vault.close()
    found += [] if waits == ["o1"] else [f"{len(waits)} ops wait"]
    return found + ([] if ran == [step.number for step in steps()] else [f"steps {ran} ran"])


def _tried(place: Path, passphrase: str) -> bool:
    try:
        Vault.open(place, passphrase).close()
    except WrongPassphrase:
        return False
    return True


def _open_and_look(place: Path, passphrase: str) -> list[str]:
    vault = Vault.open(place, passphrase)
    found = vault.damage()
    vault.close()
    return found


KINDS: Mapping[str, Upkeep] = {
    "create": Upkeep(nowhere, make, make_again),
    "passphrase": Upkeep(make, change, one_of_both),
    "migrate": Upkeep(make_old, open_it, still_waits),
}


def main(folder: str, what: str, every: str) -> int:
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    upkeep, place, template = KINDS[what], Path(folder) / "place", Path(folder) / "template"
    upkeep.begin(template)
    told = {"points": 0, "kills": 0, "faults": []}
    at, alive = 0, False
    while not alive:
        at += int(every) if at else 1
        shutil.rmtree(place, ignore_errors=True)
        if template.exists():
            shutil.copytree(template, place)
        run = followed(lambda: upkeep.work(place), Stop(at), place)
        alive = not run.killed
        told["points"], told["kills"] = max(told["points"], run.points), told["kills"] + run.killed
        try:
            faults = upkeep.look(place)
        except Exception as error:
            faults = [f"{type(error).__name__} {error}"]
        told["faults"] += [f"killed at {at} ({run.last}): {fault}" for fault in faults]
    print(json.dumps(told))
    return 1 if told["faults"] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
