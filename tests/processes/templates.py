"""The places a scene begins in: a council with three families, a laptop enrolled for real, both at rest."""

import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from sync.memory import FakeClock, MemoryTransport
from sync.ports import Caller
from tests.actions.caseload_of import BRIGHT, DALE, Caseload, caseload_of
from tests.actions.desks import FACTS
from tests.council.county import PASSWORD
from tests.council.laptop import Laptop as AtTheDoor
from tests.processes.laptops import Notes, make_laptop, open_laptop, share
from tests.processes.scenes import Scene, Sitting
from tfworker.council.service import DESK, Council
from tfworker.council.setting_up import set_up

COUNCIL = "council.db"


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder / COUNCIL}"


def make_base(folder: Path, kind: str) -> None:
    """The place all scenes of one kind of store begin in, before the laptop's first round."""
    folder.mkdir(parents=True)
    clock = FakeClock()
    with set_up(url_of(folder), FACTS, clock) as council:
        caseload = caseload_of(2)
        council.hub.apply(DESK, [*caseload.changes, *_of_a_colleague(caseload)])
        council.accounts.set_password(BRIGHT, PASSWORD)
        code = council.devices.make_code(BRIGHT)
        enrolled = AtTheDoor(clock).enrol(council, BRIGHT, code)
        notes = Notes(
            caseload.worker[BRIGHT], enrolled.device_id, enrolled.line, enrolled.tokens.access_token
        )
        notes.ids = _ids(council, caseload)
    make_laptop(folder, kind, notes).close()
    notes.keep(folder)


def _of_a_colleague(caseload: Caseload) -> list:  # type: ignore[type-arg]
    """A third family, led by somebody else."""
    other = caseload_of(1, notes_each=12, lead=DALE)
    swap = {other.worker[DALE]: caseload.worker[DALE], other.team: caseload.team,
            other.locality: caseload.locality}  # fmt: skip
    caseload.families += other.families
    found = []
    for change in other.changes:
        if change.table in ("locality", "agency", "team", "worker"):
            continue
        patch = {name: swap.get(v, v) if isinstance(v, str) else v for name, v in change.patch.items()}
        if "family_ref" in patch:
            patch["family_ref"] = "ASH-00009"
        found.append(replace(change, patch=patch))
    return found


def _ids(council: Council, caseload: Caseload) -> dict[str, str]:
    first, second, third = caseload.families
    table = council.schema["allocation"].table
    with council.engine.connect() as connection:
        query = select(table.c.id).where(table.c.family_id == second.family)
        allocation = connection.execute(query).scalar_one()
    return {
        "family": first.family, "household": first.household, "mobile": first.mobile, "plan": first.plan,
        "goal": first.goal, "need": first.need, "finished note": first.notes[0],
        "second family": second.family, "second need": second.need, "second allocation": allocation,
        "colleague's family": third.family, DALE: caseload.worker[DALE],
    }  # fmt: skip


def prepare(base: Path, folder: Path, kind: str, scene: Scene) -> None:
    """A template for one scene: a copy of the base, synced, with what the scene needs."""
    shutil.copytree(base, folder)
    notes, clock = Notes.of(folder), FakeClock()
    with Council.open(url_of(folder), clock) as council:
        share(council.engine)
        laptop = open_laptop(folder, kind)
        caller = Caller(user=notes.worker, device=notes.device, line=notes.line)
        sitting = Sitting(laptop, notes, MemoryTransport(council.hub, caller), notes.saved.__setitem__)
        if scene.synced:
            sitting.sync()
        scene.prepare(council, sitting)
        laptop.close()
    notes.keep(folder)
    _fold(folder / COUNCIL)


def _fold(path: Path) -> None:
    """One file without a log beside it, quick to copy."""
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()


def copy(template: Path, folder: Path) -> None:
    """The place of one run."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
