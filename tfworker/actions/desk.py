"""The desk a worker sits at: her open vault, who she is, the clock, and the way to the council.

Screens hold a `Desk` and give it back to actions; of what is in it they read only `me`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import select

from sync.ops import Act, Change, new_id
from sync.ports import Clock, Transport
from sync.sql import Schema, save
from sync.sql.files import SqlFiles
from tfworker.actions.phrases import local, say
from tfworker.actions.session import Session
from tfworker.actions.values import Connection, Me
from tfworker.actions.wording import word
from tfworker.records import Programme, Team, Worker
from tfworker.records.words import WorkerRole
from tfworker.settings import FETCH_FILES_BELOW
from tfworker.store import Vault

LEADERS = frozenset({WorkerRole.TEAM_LEADER})
MAY_ACKNOWLEDGE = frozenset({WorkerRole.TEAM_LEADER, WorkerRole.DUTY, WorkerRole.ON_CALL})
ROLE_ORDER = tuple(WorkerRole)


@dataclass
class Desk:
    """Made by `opening.unlock` or `opening.enrol`; closed by `opening.lock`.

    line: the device line this laptop writes under; a side of a card with this key is its own.
    device_name: how the council lists the laptop. transport: the way to the council, signed in.
    session: the laptop's sign-in; None where the transport needs none (tests, the benchmark).
    contact: what the last contact showed, offline until there was one; advice: what to do then.
    trouble: why the last round stopped, "" when it ended well; again_at: when it is tried again.
    heard_s: when the round that runs last showed life, by the monotonic clock; None: none runs.
    """

    home: Path
    vault: Vault
    clock: Clock
    transport: Transport
    line: str
    device_name: str
    me: Me
    session: Session | None = None
    contact: Connection = Connection.OFFLINE
    advice: str = ""
    trouble: str = ""
    again_at: datetime | None = None
    heard_s: float | None = None
    syncing: Lock = field(default_factory=Lock, repr=False)  # one round at a time

    @property
    def schema(self) -> Schema:
        return self.vault.schema

    @property
    def files(self) -> SqlFiles:
        """Where the bytes of documents stand on this laptop."""
        vault = self.vault
        below = FETCH_FILES_BELOW.value * 1024 * 1024
        return SqlFiles(vault.write, vault.read, self.schema, vault.attachments, fetch_below=below)

    def now(self) -> datetime:
        return self.clock.now()

    def today(self) -> date:
        """The day by the clock on the wall."""
        return local(self.now()).date()

    def save(self, connection: Database, changes: Sequence[Change]) -> None:
        """Write changes as one act inside the caller's `vault.write()`."""
        save(connection, self.schema, changes, clock=self.clock)

    def insert(self, table: str, patch: Mapping[str, Any], *, record: str | None = None) -> Change:
        """A new record, signed: who wrote it and when, where its table has room for that."""
        signed = {}
        if "written_by" in self.schema[table].columns:
            signed = {"written_by": self.me.worker_id, "written_at": self.now()}
        return Change(table, record or new_id(), {**patch, **signed}, Act.INSERT)


def who(connection: Database, worker_id: str) -> Me | None:
    """What the reference data on this laptop says about the worker; None when she is not in it."""
    found = connection.execute(
        select(Worker.display_name, Worker.roles, Worker.team_id, Team.name, Team.leader_id)
        .outerjoin(Team, Team.id == Worker.team_id)
        .where(Worker.id == worker_id)
    ).one_or_none()
    if found is None:
        return None
    programme = connection.execute(select(Programme.name_local).order_by(Programme.id)).scalars().first()
    roles = tuple(role for role in ROLE_ORDER if role in (found.roles or ()))
    leads = found.leader_id == worker_id or bool(LEADERS.intersection(roles))
    return Me(
        worker_id=worker_id,
        name=found.display_name,
        role=word(WorkerRole, _known_by(roles)),
        roles=roles,
        team_id=found.team_id or "",
        team_name=found.name or "",
        programme_name=programme or "",
        leads=leads,
        may_acknowledge=leads or bool(MAY_ACKNOWLEDGE.intersection(roles)),
    )


def first_known(worker_id: str, said: Mapping[str, Any]) -> Me:
    """What the council said at enrolment: name, roles, team, programme."""
    roles = tuple(role for role in ROLE_ORDER if role in said["roles"])
    leads = bool(LEADERS.intersection(roles))
    return Me(
        worker_id=worker_id,
        name=said["name"],
        role=word(WorkerRole, _known_by(roles)),
        roles=roles,
        team_id="",
        team_name=said["team"],
        programme_name=said["programme"],
        leads=leads,
        may_acknowledge=leads or bool(MAY_ACKNOWLEDGE.intersection(roles)),
    )


def _known_by(roles: Sequence[str]) -> str:
    """The one role of several that says most: leading a team before carrying families."""
    return next((role for role in roles if role in LEADERS), roles[0] if roles else "")


def colleagues(connection: Database) -> dict[str, str]:
    """{worker id: name} of everybody in the reference data."""
    return {row.id: row.display_name for row in connection.execute(select(Worker.id, Worker.display_name))}


def named(worker_id: str | None, name_by_id: Mapping[str, str]) -> str:
    """A worker's name; "a colleague" when this laptop does not know her."""
    return name_by_id.get(worker_id or "") or say("nobody_known")
