"""The council of the invented county, set up and served in a process of its own."""

import secrets
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from tfworker.council import database
from tfworker.council.importing import import_central
from tfworker.council.service import Council
from tfworker.council.setting_up import ProgrammeFacts, set_up
from tfworker.paths import resource
from tfworker.records import Allocation, ContactPoint, Family, Membership, Person, Team, Worker
from tfworker.records.words import AllocationRole, MemberRole

FACTS = ProgrammeFacts(
    programme_name="Families Matter",
    council_name="Ashcombe County Council",
    emergency_numbers=(
        {"name": "Front door (office hours)", "phone": "01632 960100"},
        {"name": "Emergency duty team", "phone": "01632 960199"},
        {"name": "Emergency services", "phone": "999"},
    ),
)
FAMILIES = range(8, 16)  # a caseload of a usual size
STARTS_WITHIN_S = 60
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Login:
    """What a person needs to set up a laptop. Everything here is invented."""

    staff_no: str
    worker_id: str
    password: str
    code: str
    passphrase: str


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays: a worker, the leader of her team, and how many families each should see."""

    worker: Login
    leader: Login
    worker_families: frozenset[str]
    leader_families: frozenset[str]


class County:
    """The council's database in `folder`, with the county in it, and the process that serves it."""

    def __init__(self, folder: Path, say: Say) -> None:
        self._home = folder / "council"  # for the service's log
        self.url = f"sqlite:///{folder / 'council.db'}"
        self.council: Council = set_up(self.url, FACTS)
        report = import_central(self.council, resource("sample", "ashcombe"))
        say(f"The county is in: {report.changes:,} records, {len(report.bad)} rows left out.")
        self._process: subprocess.Popen[str] | None = None

    def cast(self) -> Cast:
        """A worker with a caseload of a usual size and phone numbers in it, and her leader."""
        with database.reading(self.council.engine) as connection:
            leads = (
                select(Allocation.worker_id, func.count().label("n"))
                .where(Allocation.role == AllocationRole.LEAD, Allocation.to_on.is_(None))
                .group_by(Allocation.worker_id)
                .subquery()
            )
            worker = connection.execute(
                select(Worker.id, Worker.staff_no, Worker.team_id, Team.leader_id)
                .join(leads, leads.c.worker_id == Worker.id)
                .join(Team, Team.id == Worker.team_id)
                .where(leads.c.n.in_(FAMILIES), Team.leader_id.is_not(None), Team.leader_id != Worker.id)
                .order_by(Worker.staff_no)
                .limit(1)
            ).one()
            leader_no = connection.execute(
                select(Worker.staff_no).where(Worker.id == worker.leader_id)
            ).scalar_one()
            own = select(Allocation.family_id).where(
                Allocation.worker_id == worker.id, Allocation.to_on.is_(None)
            )
            hers = frozenset(connection.execute(own).scalars())
            team = select(Family.id).where(Family.team_id == worker.team_id)
            teams = frozenset(connection.execute(team).scalars())
        return Cast(
            self._login(worker.staff_no, worker.id), self._login(leader_no, worker.leader_id), hers, teams
        )

    def _login(self, staff_no: str | None, worker_id: str | None) -> Login:
        assert staff_no
        assert worker_id
        password, passphrase = secrets.token_urlsafe(16), f"kettle {secrets.token_hex(6)} lantern moor"
        self.council.accounts.set_password(staff_no, password)
        code = self.council.devices.make_code(staff_no, 120)
        return Login(staff_no, worker_id, password, code, passphrase)

    def family_with_phone(self, families: frozenset[str]) -> str:
        """The one to play with: somebody has a phone number, and the most children, no two named alike."""
        reached = (
            select(Membership.family_id)
            .join(ContactPoint, ContactPoint.person_id == Membership.person_id)
            .where(Membership.family_id.in_(families), ContactPoint.value.is_not(None))
        )
        members = (
            select(Membership.family_id, Membership.role, Person.forenames)
            .join(Person, Person.id == Membership.person_id)
            .where(Membership.family_id.in_(reached))
            .order_by(Membership.family_id)
        )
        names: dict[str, list[str]] = {}
        children: Counter[str] = Counter()
        with database.reading(self.council.engine) as connection:
            for family_id, role, forenames in connection.execute(members):
                names.setdefault(family_id, []).append(forenames or "")
                children[family_id] += role == MemberRole.CHILD
        clear = [family_id for family_id, called in names.items() if len(set(called)) == len(called)]
        return max(clear, key=children.__getitem__)

    def family_label(self, family_id: str) -> str:
        with database.reading(self.council.engine) as connection:
            return connection.execute(select(Family.label).where(Family.id == family_id)).scalar_one()

    def serve(self) -> int:
        """Start the service in its own process; gives the port."""
        command = [sys.executable, "-m", "tfworker", "--home", str(self._home), "council"]
        self._process = subprocess.Popen(
            [*command, "serve", "--port", "0", "--database", self.url],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("serving http://"):
                return int(line.rsplit(":", 1)[1])
        raise RuntimeError(f"the council's service ended with {self._process.wait()}")

    def close(self) -> None:
        """Stop the service as a computer that shuts down would: it finishes what is under way."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=STARTS_WITHIN_S)
            assert self._process.stdout is not None
            self._process.stdout.close()
        self.council.close()
