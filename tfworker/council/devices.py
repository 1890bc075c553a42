"""Laptops: one-time codes that let one in, and the state that keeps one out."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from sync.ops import new_id
from sync.ports import Clock
from tfworker.council.clock import MINUTE_MS, milliseconds
from tfworker.council.database import metadata, reading
from tfworker.council.people import worker_by_login
from tfworker.council.problems import NoAccount, NoSuchDevice, NoSuchWorker
from tfworker.council.sessions import end_sessions

# Crockford's base 32: no I, L, O, U, so that a code survives the telephone.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP = 4, 4  # 16 letters of 5 bits: 80 bits, 64 are asked for
LOOKS_LIKE = str.maketrans("OIL", "011")
SHORTEST_MIN, LONGEST_MIN = 10, 24 * 60  # a code's life in minutes
LIFE_MIN = SHORTEST_MIN


class DeviceState(StrEnum):
    """Only an active laptop may connect. What it holds unsent is never judged by its state."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    LOST = "lost"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One laptop, for a list. Times are aware, UTC. is_twice: two machines speak as it; what they
    write is taken, and nothing is given to either until it is made active again."""

    id: str
    staff_no: str
    worker_name: str
    state: DeviceState
    name: str
    app_version: str
    enrolled_at: datetime
    last_seen: datetime
    is_twice: bool = False


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A laptop that asks to be let in. public_key: Ed25519, 32 bytes."""

    public_key: bytes
    name: str
    app_version: str
    replaces: str | None = None


class Devices:
    """The council's laptops."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def make_code(self, login: str, minutes: int = LIFE_MIN) -> str:
        """A new code for this worker, to be read out to her; her earlier unused one ends.

        minutes: its life, 10 to 1440. Raises ValueError outside that, NoSuchWorker, NoAccount.
        """
        if not SHORTEST_MIN <= minutes <= LONGEST_MIN:
            raise ValueError(f"a code lives {SHORTEST_MIN} to {LONGEST_MIN} minutes")
        letters = "".join(secrets.choice(LETTERS) for _ in range(GROUPS * GROUP))
        table, now = metadata().tables["enrolment_code"], milliseconds(self._clock)
        with self._engine.begin() as connection:
            worker = _with_account(connection, login)
            open_ones = (table.c.worker == worker, table.c.used_at.is_(None))
            connection.execute(delete(table).where(*open_ones))
            life = {"made_at": now, "expires_at": now + minutes * MINUTE_MS}
            connection.execute(insert(table).values(hash=_hash(letters), worker=worker, **life))
        return "-".join(letters[i : i + GROUP] for i in range(0, len(letters), GROUP))

    def admit(self, connection: Connection, code: str, worker: str, device: NewDevice) -> str | None:
        """Use the code up and let the laptop in, in the caller's transaction.

        Returns its id; None when the code is not this worker's, was used or has run out.
        Two laptops at once: the row's lock lets exactly one through.
        """
        table, now, device_id = metadata().tables["enrolment_code"], milliseconds(self._clock), new_id()
        is_good = (
            table.c.hash == _hash(_plain(code)),
            table.c.worker == worker,
            table.c.used_at.is_(None),
            table.c.expires_at > now,
        )
        used = connection.execute(update(table).where(*is_good).values(used_at=now, device=device_id))
        if used.rowcount != 1:
            return None
        line = self._take_over(connection, device.replaces, worker, now) or device_id
        row = {"id": device_id, "line": line, "worker": worker, "public_key": device.public_key.hex()}
        row |= {"state": DeviceState.ACTIVE, "name": device.name, "app_version": device.app_version}
        new = insert(metadata().tables["device"]).values(row)
        connection.execute(new.values(enrolled_at=now, last_seen=now))
        return device_id

    def _take_over(self, connection: Connection, old: str | None, worker: str, now: int) -> str | None:
        """Retire the worker's laptop that is replaced and return its line.

        None when it is not known: a council restored from an older copy lets it in all the same.
        """
        table = metadata().tables["device"]
        hers = (table.c.id == old, table.c.worker == worker)
        found = connection.execute(select(table).where(*hers)).one_or_none() if old else None
        if found is None:
            return None
        end_sessions(connection, "replaced", now, device=found.id)
        still_active = (*hers, table.c.state == DeviceState.ACTIVE)
        connection.execute(update(table).where(*still_active).values(state=DeviceState.RETIRED))
        return str(found.line)

    def set_state(self, device_id: str, state: DeviceState) -> None:
        """Let a laptop connect, or refuse it from the next request on. Raises NoSuchDevice.

        Active: whoever says so has seen to it that there is only one of it (`DeviceLine.is_twice`).
        """
        table = metadata().tables["device"]
        with self._engine.begin() as connection:
            done = connection.execute(update(table).where(table.c.id == device_id).values(state=state))
            if done.rowcount == 0:
                raise NoSuchDevice
            if state is DeviceState.ACTIVE:
                peer = metadata().tables["peer"]
                connection.execute(update(peer).where(peer.c.device == device_id).values(cloned_at=None))
            else:
                end_sessions(connection, f"device_{state}", milliseconds(self._clock), device=device_id)

    def list(self) -> list[DeviceLine]:
        """All laptops, the one seen last first."""
        device, worker = metadata().tables["device"], metadata().tables["worker"]
        peer = metadata().tables["peer"]
        wanted = (
            select(device, worker.c.staff_no, worker.c.display_name, peer.c.cloned_at)
            .join(worker, worker.c.id == device.c.worker)
            .join(peer, peer.c.device == device.c.id, isouter=True)
            .order_by(device.c.last_seen.desc())
        )
        with reading(self._engine) as connection:
            return [_line(row) for row in connection.execute(wanted)]


def _with_account(connection: Connection, login: str) -> str:
    """The worker's id. Raises NoSuchWorker, NoAccount."""
    worker = worker_by_login(connection, login)
    if worker is None:
        raise NoSuchWorker
    account = metadata().tables["account"]
    wanted = select(account.c.worker).where(account.c.worker == worker.id, account.c.disabled.is_(False))
    if connection.scalar(wanted) is None:
        raise NoAccount
    return str(worker.id)


def _plain(code: str) -> str:
    """A code as typed: dashes, spaces and lower case do not matter, nor O for 0 or I and L for 1."""
    return "".join(letter for letter in code.upper().translate(LOOKS_LIKE) if letter in LETTERS)


def _hash(letters: str) -> str:
    return hashlib.sha256(letters.encode()).hexdigest()


def _line(row: Any) -> DeviceLine:
    def moment(ms: int) -> datetime:
        return datetime.fromtimestamp(ms / 1000, UTC)

    return DeviceLine(
        id=row.id,
        staff_no=row.staff_no or "",
        worker_name=row.display_name,
        state=DeviceState(row.state),
        name=row.name,
        app_version=row.app_version,
        enrolled_at=moment(row.enrolled_at),
        last_seen=moment(row.last_seen),
        is_twice=row.cloned_at is not None,
    )
