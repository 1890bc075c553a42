"""Letting a laptop in: password, one-time code and device key together, or password and key later.

Whatever was wrong, the answer is the same and takes as long: one password is always computed.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select, update

from sync.ports import Clock
from tfworker.council.accounts import Accounts
from tfworker.council.clock import milliseconds
from tfworker.council.database import metadata, reading
from tfworker.council.devices import Devices, DeviceState, NewDevice
from tfworker.council.people import council_and_programme
from tfworker.council.refusals import AccountDisabled, DeviceRefused, NotRecognised
from tfworker.council.sessions import SKEW_MS, Sessions, Tokens, is_signed, signed_text


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a person typed, and the network address it came from."""

    login: str
    password: str
    address: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A laptop's signature by its own key over `signed_text("sign-in", device_id, time_ms)`."""

    device_id: str
    time_ms: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a laptop needs to know about itself, its worker and the council."""

    device_id: str
    line: str
    worker_id: str
    worker_name: str
    roles: tuple[str, ...]
    team_name: str
    programme_name: str
    council_name: str
    emergency_numbers: list[dict[str, str]]
    tokens: Tokens


class Enrolment:
    """The door for laptops."""

    def __init__(self, engine: Engine, clock: Clock, accounts: Accounts, devices: Devices) -> None:
        self._engine = engine
        self._clock = clock
        self._accounts = accounts
        self._devices = devices
        self._sessions = Sessions(engine, clock)

    def enrol(self, who: SignIn, code: str, device: NewDevice) -> Enrolled:
        """Let a new laptop in. Raises NotRecognised for anything wrong, TooManyTries."""
        worker = self._accounts.check(who.login, who.password, who.address)
        with self._engine.begin() as connection:
            # Looked up for a wrong password too: nobody's id matches no code.
            device_id = self._devices.admit(connection, code, worker or "", device)
            if worker is None or device_id is None:
                raise NotRecognised
            tokens = self._sessions.start(connection, device_id, worker)
            self._accounts.forgive(connection, who.login, who.address)
            return _facts(connection, device_id, worker, tokens)

    def sign_in(self, who: SignIn, proof: Proof) -> Tokens:
        """Sign a laptop in again whose session has ended, with the password and its own key.

        Raises NotRecognised, TooManyTries; once all was right, DeviceRefused or AccountDisabled.
        """
        device, now = metadata().tables["device"], milliseconds(self._clock)
        worker = self._accounts.check(who.login, who.password, who.address)
        with reading(self._engine) as connection:
            found = connection.execute(select(device).where(device.c.id == proof.device_id)).one_or_none()
        text = signed_text("sign-in", proof.device_id, proof.time_ms)
        if (
            worker is None
            or found is None
            or found.worker != worker
            or abs(proof.time_ms - now) > SKEW_MS
            or not is_signed(found.public_key, proof.signature, text)
        ):
            raise NotRecognised
        with self._engine.begin() as connection:
            self._accounts.forgive(connection, who.login, who.address)
            # The state again, under the lock: it may have changed while the password was computed.
            still = (device.c.id == proof.device_id, device.c.state == DeviceState.ACTIVE)
            is_active = connection.execute(update(device).where(*still).values(last_seen=now)).rowcount == 1
            tokens = self._sessions.start(connection, proof.device_id, worker) if is_active else None
        if tokens is None:
            raise DeviceRefused
        return tokens


def _facts(connection: Connection, device_id: str, worker: str, tokens: Tokens) -> Enrolled:
    t = metadata().tables
    account, team = t["account"], t["team"]
    wanted = (
        select(t["worker"], team.c.name.label("team_name"), account.c.disabled)
        .outerjoin(team, team.c.id == t["worker"].c.team_id)
        .join(account, account.c.worker == t["worker"].c.id)
        .where(t["worker"].c.id == worker)
    )
    row = connection.execute(wanted).one()
    if row.disabled:  # since the password was computed
        raise AccountDisabled
    council, programme, numbers = council_and_programme(connection)
    return Enrolled(
        device_id=device_id,
        line=connection.scalar(select(t["device"].c.line).where(t["device"].c.id == device_id)) or "",
        worker_id=worker,
        worker_name=row.display_name,
        roles=tuple(row.roles or ()),
        team_name=row.team_name or "",
        programme_name=programme,
        council_name=council,
        emergency_numbers=numbers,
        tokens=tokens,
    )
