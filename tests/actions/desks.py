"""Desks to test at: a real vault, with a caseload put in as if pulled, or with a real council behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import insert

from sync.errors import Unreachable
from sync.memory import FakeClock, MemoryTransport
from sync.ops import Change, Outcome
from sync.ports import Caller, Clock, Transport
from sync.sql.triggers import open_gate, shut_gate
from tests.actions.caseload_of import BRIGHT, FIRTH, WORKERS, Caseload, caseload_of, vault_only_reference
from tfworker.actions.desk import Desk, first_known, who
from tfworker.actions.syncing import sync_now
from tfworker.council.service import DESK as COUNCILS_DESK
from tfworker.council.service import Council
from tfworker.council.setting_up import ProgrammeFacts, set_up
from tfworker.store import Vault
from tfworker.store.keys import FLOOR

PASSPHRASE = "kettle violet harbour 52"
FACTS = ProgrammeFacts(
    programme_name="Families Matter",
    council_name="Ashcombe County Council",
    emergency_numbers=(
        {"name": "Emergency services", "phone": "999"},
        {"name": "Front door", "phone": "01632 960999"},
    ),
)


class NoNetwork:
    """A cable that is cut."""

    def send(self, step: str, body: bytes) -> bytes:
        raise Unreachable("the cable is cut")


def desk_alone(place: Path, clock: Clock, caseload: Caseload, staff_no: str = BRIGHT) -> Desk:
    """A worker's desk with no council in reach: everything of the caseload is on it, as if pulled."""
    vault = Vault.create(place, PASSPHRASE, cost=FLOOR)
    put(vault, [*vault_only_reference(caseload), *caseload.changes])
    return _desk(place, vault, clock, NoNetwork(), caseload.worker[staff_no], staff_no)


def put(vault: Vault, changes: list) -> None:  # type: ignore[type-arg]
    """Write records as a pull would: at version 1, with no op."""
    rows: dict[str, list[Mapping[str, object]]] = {}
    for change in changes:
        table = vault.schema[change.table]
        whole = {**dict.fromkeys(table.columns), **change.patch, "id": change.record}
        row = {**change.patch, "id": change.record, "version": 1, "scope": table.synced.scope(whole)}
        rows.setdefault(change.table, []).append(row)
    with vault.write() as connection:
        open_gate(connection)
        for name, some in rows.items():
            for row in some:
                connection.execute(insert(vault.schema[name].table), row)
        shut_gate(connection)


def save(desk: Desk, *changes: Change) -> None:
    """One act, as a form saves it."""
    with desk.vault.write() as connection:
        desk.save(connection, changes)


@dataclass
class Office:
    """A real council on SQLite with a caseload in it, and desks that reach it in memory."""

    folder: Path
    clock: FakeClock = field(default_factory=FakeClock)
    families: int = 2
    desks: list[Desk] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.caseload = caseload_of(self.families)
        self.council: Council = set_up(f"sqlite:///{self.folder / 'council.db'}", FACTS, self.clock)
        receipts = self.council.hub.apply(COUNCILS_DESK, self.caseload.changes)
        assert {receipt.outcome for receipt in receipts} == {Outcome.APPLIED}

    def desk(self, staff_no: str, *, synced: bool = True) -> Desk:
        """A laptop of this worker; every call makes another one."""
        line = f"laptop-{len(self.desks) + 1}"
        place = self.folder / line
        vault = Vault.create(place, PASSPHRASE, cost=FLOOR)
        worker = self.caseload.worker[staff_no]
        transport = MemoryTransport(self.council.hub, Caller(user=worker, device=line, line=line))
        desk = _desk(place, vault, self.clock, transport, worker, staff_no, line)
        self.desks.append(desk)
        if synced:
            sync_now(desk)
        return desk

    def close(self) -> None:
        for desk in self.desks:
            desk.vault.close()
        self.council.close()


def refused(office: Office) -> Desk:
    """A leader who wrote a need on a worker's family, which her role does not allow."""
    desk, ids = office.desk(FIRTH), office.caseload.families[0]
    need = {
        "family_id": ids.family,
        "person_ids": [ids.parent],
        "local_type": "rent_arrears",
        "described_in_family_words": "The rent.",
    }
    save(desk, desk.insert("need", need))
    sync_now(desk)
    return desk


def asked_to_close(office: Office) -> tuple[Desk, Desk]:
    """(a worker who asked for a family to be closed, her leader, whose word it waits for)."""
    worker, family = office.desk(BRIGHT), office.caseload.families[0].family
    save(worker, Change("family", family, {"status": "closed", "status_reason": "Sustained"}))
    sync_now(worker)
    return worker, office.desk(FIRTH)


def _desk(
    place: Path,
    vault: Vault,
    clock: Clock,
    transport: Transport,
    worker: str,
    staff_no: str,
    line: str = "this-laptop",
) -> Desk:
    name, roles = WORKERS[staff_no]
    with vault.read() as connection:
        me = who(connection, worker)
    said = {"name": name, "roles": roles, "team": "", "programme": ""}
    return Desk(place, vault, clock, transport, line, "test laptop", me or first_known(worker, said))
