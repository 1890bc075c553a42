"""Must show 6: a family moves from an offline worker with unsent work to another. Nothing is lost,
nothing of it stays on the old laptop, and she has a receipt. A real council over HTTP, real vaults.
"""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select

from sync.device import Report, run_round
from sync.memory import FakeClock
from sync.ops import Act, Change, Outcome, new_id
from sync.sql import SqlDevice
from sync.sql.files import SqlFiles, lay, note_file
from sync.sql.files_here import files_here
from tests.actions.caseload_of import BRIGHT, DALE, Caseload, caseload_of
from tests.council.county import PASSWORD
from tfworker.actions import handover
from tfworker.actions.desk import Desk
from tfworker.actions.drafting import new_note, save_draft
from tfworker.actions.jots import save_jot
from tfworker.actions.opening import enrol
from tfworker.actions.search import find
from tfworker.actions.tray import decide_held, tray
from tfworker.actions.values import EnrolRequest, NoteDraft
from tfworker.council.serve import serving
from tfworker.council.service import DESK, Council
from tfworker.council.setting_up import ProgrammeFacts, set_up
from tfworker.store import Vault
from tfworker.store.attachments import FOLDER
from tfworker.store.keys import FLOOR

CANARY = "Zwetschgenbaum"  # in every text of the family, and nowhere else
RECORDS, FILES = 2_000, 40
BIG = 2 * 1024 * 1024 + 17  # one file goes in three parts
PASSPHRASE = "kettle violet harbour 52 moor"


@dataclass
class Town:
    """A council that serves over HTTP, and the laptops enrolled with it."""

    council: Council
    address: str
    folder: Path
    clock: FakeClock
    caseload: Caseload
    family: str

    def laptop(self, staff_no: str) -> Desk:
        self.council.accounts.set_password(staff_no, PASSWORD)
        code = self.council.devices.make_code(staff_no, 60)
        request = EnrolRequest(self.address, staff_no, PASSWORD, code, PASSPHRASE, "laptop")
        desk = enrol(self.folder / staff_no, request, clock=self.clock, cost=FLOOR)
        rounded(desk)
        return desk

    def council_rows(self, table: str, **where: Any) -> list[dict[str, Any]]:
        with self.council.engine.connect() as connection:
            return rows(connection, self.council.schema[table].table, where)


@pytest.fixture
def town(tmp_path: Path, clock: FakeClock) -> Iterator[Town]:
    caseload = caseload_of(2)
    ids = caseload.families[0]
    with ExitStack() as undo:
        url = f"sqlite:///{tmp_path / 'council.db'}"
        council = undo.enter_context(set_up(url, ProgrammeFacts("Families Matter"), clock))
        council.hub.apply(DESK, caseload.changes)
        notes = _notes(caseload, RECORDS - count_of(council, ids.family))
        council.hub.apply(DESK, [*_texts(caseload), *notes])
        address = undo.enter_context(serving(council))
        yield Town(council, address, tmp_path, clock, caseload, ids.family)


def rounded(desk: Desk) -> Report:
    """One round with everything a laptop's round has."""
    store = SqlDevice(
        desk.vault.write,
        desk.vault.read,
        desk.schema,
        on_lost=handover.saving(desk),
        on_purge=handover.purging,
    )
    files = SqlFiles(desk.vault.write, desk.vault.read, desk.schema, desk.vault.attachments)
    return run_round(store, desk.transport, desk.clock, files=files)


def rows(connection: Any, table: Any, where: dict[str, Any]) -> list[dict[str, Any]]:
    query = select(table).where(*(table.c[name] == value for name, value in where.items()))
    return [dict(row) for row in connection.execute(query.order_by(table.c.id)).mappings()]


def rows_on(desk: Desk, table: str, **where: Any) -> list[dict[str, Any]]:
    with desk.vault.read() as connection:
        return rows(connection, desk.schema[table].table, where)


def count_of(council: Council, family: str) -> int:
    with council.engine.connect() as connection:
        counted = (
            connection.execute(
                select(func.count()).select_from(table.table).where(table.table.c.scope == f"family:{family}")
            ).scalar_one()
            for table in council.schema
        )
        return sum(counted)


def _texts(caseload: Caseload) -> list[Change]:
    ids = caseload.families[0]
    return [
        Change("family", ids.family, {"label": f"{CANARY} family", "story_so_far": f"Of {CANARY}."}),
        Change("household", ids.household, {"address_lines": f"1 {CANARY} Lane"}),
        Change("person", ids.parent, {"family_name": CANARY}),
        Change("goal", ids.goal, {"statement": f"{CANARY} is watered."}),
    ]


def _notes(caseload: Caseload, number: int) -> list[Change]:
    """Finished notes, until the family has as many records as it should."""
    worker, now = caseload.worker[BRIGHT], FakeClock().now()
    fields = {
        "family_id": caseload.families[0].family, "kind": "visit", "written_by": worker, "written_at": now,
        "finalised_at": now, "finalised_by": worker,
    }  # fmt: skip
    return [
        Change(
            "visit_note",
            new_id(),
            {**fields, "happened_at": now - timedelta(hours=n), "what_happened": f"{CANARY} no. {n}"},
            Act.INSERT,
        )
        for n in range(number)
    ]


def add_documents(desk: Desk, family: str, number: int) -> list[bytes]:
    """Pictures with their bytes, saved as the app does it; gives what is in them."""
    contents = [Random(n).randbytes(BIG if n == 0 else 3_000 + n) for n in range(number)]
    for n, data in enumerate(contents):
        record = new_id()
        blob = lay(desk.vault.attachments, data)
        said = {"size_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        facts = {"family_id": family, "kind": "photo", "title": f"{CANARY} {n}", "media_type": "image/png"}
        with desk.vault.write() as connection:
            desk.save(connection, [desk.insert("document", {**facts, **said}, record=record)])
            note_file(connection, desk.schema, "document", record, blob)
    return contents


def moves(town: Town) -> None:
    """The council gives the family to C. Dale."""
    (allocation,) = town.council_rows("allocation", family_id=town.family)
    today = town.clock.now().date()
    who = {"family_id": town.family, "worker_id": town.caseload.worker[DALE]}
    new = {**who, "role": "lead", "reason": "moved"}
    town.council.hub.apply(
        DESK,
        [
            Change("allocation", allocation["id"], {"to_on": today - timedelta(days=1)}),
            Change("allocation", new_id(), {**new, "from_on": today}, Act.INSERT),
        ],
    )


def unsent_edits(desk: Desk, town: Town) -> dict[str, list[str]]:
    """Seven saves on an offline laptop: {"append": ids of 4 new records, "field": of 3 changed ones}."""
    ids, now = town.caseload.families[0], desk.now()
    note = {"family_id": town.family, "kind": "visit", "happened_at": now, "what_happened": f"{CANARY} seen"}
    moved = {"family_id": town.family, "happened_on": now.date(), "event": f"{CANARY} felled"}
    marker = {"family_id": town.family, "kind": "dog", "detail": f"{CANARY} bites", "set_on": now.date()}
    made = [
        desk.insert("visit_note", note),
        desk.insert("visit_note", {**note, "what_happened": f"{CANARY} rang"}),
        desk.insert("chronology_entry", moved),
        desk.insert("risk_marker", {**marker, "state": "raised"}),
    ]
    changed = [
        Change("family", ids.family, {"story_so_far": f"{CANARY}: they want to stay."}),
        Change("household", ids.household, {"access_note": f"{CANARY}: ring twice."}),
        Change("goal", ids.goal, {"measure": f"{CANARY}: plums."}),
    ]
    for change in (*made, *changed):
        with desk.vault.write() as connection:
            desk.save(connection, [change])
    return {"append": [c.record for c in made], "field": [c.record for c in changed]}


def raw_text(desk: Desk) -> str:
    """Everything in the laptop's decrypted database, the search index's own tables too."""
    with desk.vault.read() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars()
        found = []
        for name in names.all():
            for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"').all():
                found += [cell.decode("latin-1") if isinstance(cell, bytes) else str(cell) for cell in row]
    return "\n".join(found).casefold()


def file_bytes(desk: Desk) -> list[bytes]:
    folder = desk.vault.place / FOLDER
    return [path.read_bytes() for path in folder.iterdir()] if folder.exists() else []


def reopened(desk: Desk) -> None:
    """She goes home and comes back."""
    desk.vault.close()
    desk.vault = Vault.open(desk.vault.place, PASSPHRASE)
    SqlFiles(desk.vault.write, desk.vault.read, desk.schema, desk.vault.attachments).tidy()


def farewell(desk: Desk, scope: str) -> dict[str, Any]:
    table = desk.schema.own("farewell")
    with desk.vault.read() as connection:
        return dict(connection.execute(select(table).where(table.c.scope == scope)).mappings().one())


def test_a_family_moves_from_an_offline_worker_and_nothing_is_lost(town: Town) -> None:
    bright, dale = town.laptop(BRIGHT), town.laptop(DALE)
    contents = add_documents(bright, town.family, FILES)
    rounded(bright)
    records = sum(len(rows_on(bright, table.name, scope=f"family:{town.family}")) for table in bright.schema)
    had_files = len(file_bytes(bright))
    assert CANARY.casefold() in raw_text(bright)
    assert find(bright, CANARY)

    # She goes offline, writes, leaves two things unfinished; meanwhile the family is given away.
    saved = unsent_edits(bright, town)
    save_draft(bright, draft_of(bright, town.family))
    save_jot(bright, f"{CANARY}: ask about school", family_id=town.family)
    moves(town)
    rounded(dale)
    assert len(rows_on(dale, "visit_note", family_id=town.family)) > 1_000

    report = rounded(bright)

    # What she wrote is at the council: the appends on the record at once, the changes waiting.
    assert report.outcomes == {Outcome.APPLIED: 4 + 2, Outcome.HELD: 3}
    waiting = town.council_rows("held", state="waiting")
    to_read = town.council_rows("held", state="to_read")
    assert sorted(row["record"] for row in waiting) == sorted(saved["field"])
    assert {row["record"] for row in to_read} >= set(saved["append"])
    notes = {row["what_happened"] for row in town.council_rows("visit_note", family_id=town.family)}
    typed = ("{} seen", "{} rang", "{} half written", "{}: ask about school")
    assert {text.format(CANARY) for text in typed} <= notes
    # Nothing of it is readable on her laptop, in whatever form.
    assert CANARY.casefold() not in raw_text(bright)
    assert find(bright, CANARY) == []
    # What lies on the disk of files is ciphertext whose keys have gone; opened again it is swept.
    assert not any(data[:64] in kept for kept in file_bytes(bright) for data in contents)
    assert all(town.family not in str(row) for row in rows_on(bright, "held"))
    with bright.vault.read() as connection:
        assert files_here(connection, bright.schema) == {}
    reopened(bright)
    assert file_bytes(bright) == []
    # Her receipt: numbers, no names. Her other family is still there.
    said = farewell(bright, f"family:{town.family}")
    assert (said["to_read"], said["held"], said["refused"], said["files"]) == (4 + 2, 3, 0, had_files)
    assert said["records"] >= records >= RECORDS + FILES
    assert len(rows_on(bright, "family")) == 1
    assert report.mismatched == []

    # The new lead has it all, the files byte for byte, and answers what waits.
    assert rounded(dale).mismatched == []
    assert sorted(_files_of(dale)) == sorted(contents)
    listed = tray(dale)
    assert len(listed) == 3 + 4 + 2
    family, household, _ = saved["field"]
    decide_held(dale, item_of(dale, family), "admit")
    decide_held(dale, item_of(dale, household), "decline", "They moved the bell.")
    for row in rows_on(dale, "held", state="to_read"):
        decide_held(dale, row["id"], "read")
    rounded(dale)

    assert town.council_rows("family", id=family)[0]["story_so_far"] == f"{CANARY}: they want to stay."
    assert town.council_rows("household", id=household)[0]["access_note"] is None
    states = sorted(row["state"] for row in town.council_rows("held"))
    assert states == ["admitted", "declined", *["read"] * 6, "waiting"]
    assert [item.held_id for item in tray(dale)] == [item_of(dale, saved["field"][2])]


def draft_of(desk: Desk, family: str) -> NoteDraft:
    return replace(new_note(desk, family), what_happened=f"{CANARY} half written")


def item_of(desk: Desk, record: str) -> str:
    (row,) = rows_on(desk, "held", record=record)
    return str(row["id"])


def _files_of(desk: Desk) -> list[bytes]:
    files = SqlFiles(desk.vault.write, desk.vault.read, desk.schema, desk.vault.attachments)
    return [files.read(row["id"]) for row in rows_on(desk, "document")]
