"""Signed-in laptops: short access tokens, and refresh tokens that work once and only with the device key.

A laptop shows its access token with each request. When that has run out it trades its refresh
token for a new pair, signing the trade with its own key, so a stolen token is worth nothing alone.
A refresh token that comes back after its successor was used has been copied: the whole sign-in ends.
If only the answer was lost, the previous token works once more.

Tokens are 256 random bits; the council keeps their SHA-256.
Source: RFC 9700 4.14 (rotation, reuse), security.md B1.
"""

import hashlib
import secrets
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, Engine, Select, bindparam, insert, select, update

from sync.ops import new_id
from sync.ports import Caller, Clock
from tfworker.council.clock import DAY_MS, MINUTE_MS, milliseconds
from tfworker.council.database import glance, metadata
from tfworker.council.people import is_active
from tfworker.council.refusals import AccountDisabled, DeviceRefused, NotSignedIn
from tfworker.log import Log

ACCESS_MS = 15 * MINUTE_MS
AWAY_MS = 30 * DAY_MS  # a laptop that stays away longer signs in with the password again
LONGEST_MS = 180 * DAY_MS  # and every laptop does so twice a year
SEEN_EVERY_MS = MINUTE_MS  # last_seen is written no more often than this
# A signature may not be kept for later. Generous, since a laptop's clock may be wrong by hours and
# rotation already stops a replay.
SKEW_MS = DAY_MS

log = Log("council")


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a laptop is given. access_expires_s: seconds from now."""

    access_token: str
    access_expires_s: int
    refresh_token: str


def signed_text(what: Literal["refresh", "sign-in"], subject: str, time_ms: int) -> bytes:
    """The bytes a laptop signs with its key.

    subject: for a refresh the SHA-256 of the refresh token in hex, for a sign-in the device id.
    """
    return f"tfworker {what} 1\n{subject}\n{time_ms}".encode()


def is_signed(public_key: str, signature: bytes, text: bytes) -> bool:
    """Whether the holder of the Ed25519 key (32 bytes in hex) signed the text."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(signature, text)
    except InvalidSignature:
        return False
    return True


def end_sessions(
    connection: Connection, why: str, now: int, *, worker: str | None = None, device: str | None = None
) -> None:
    """End all sign-ins of a worker or of a laptop, in the caller's transaction."""
    session = metadata().tables["session"]
    whose = session.c.worker == worker if worker is not None else session.c.device == device
    connection.execute(
        update(session).where(whose, session.c.ended_at.is_(None)).values(ended_at=now, ended_why=why)
    )


class Sessions:
    """Who is signed in, and from which laptop."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def start(self, connection: Connection, device: str, worker: str) -> Tokens:
        """Sign a laptop in, in the caller's transaction. Its earlier sign-ins end."""
        now = milliseconds(self._clock)
        end_sessions(connection, "signed_in_again", now, device=device)
        session = new_id()
        tokens, values = _new_pair(session, now)
        values |= {"id": session, "device": device, "worker": worker, "made_at": now}
        values |= {"expires_at": now + LONGEST_MS, "grace_used": False}
        connection.execute(insert(metadata().tables["session"]).values(values))
        return tokens

    def refresh(self, refresh_token: str, time_ms: int, signature: bytes) -> Tokens:
        """Trade a refresh token for a new pair.

        time_ms, signature: the laptop's time, and its signature as `signed_text` says.
        Raises NotSignedIn, AccountDisabled, DeviceRefused.
        """
        now = milliseconds(self._clock)
        spoken = _hash(refresh_token)
        with self._engine.begin() as connection:
            session = metadata().tables["session"]
            mine = _sessions().where(session.c.id == _id_of(refresh_token)).with_for_update(of=session)
            found = connection.execute(mine).one_or_none()
            is_hers = found is not None and is_signed(
                found.public_key, signature, signed_text("refresh", spoken, time_ms)
            )
            if found is None or not is_hers or abs(time_ms - now) > SKEW_MS:
                raise NotSignedIn
            self._check(found, now)
            if now > found.refresh_expires_at:
                raise NotSignedIn
            tokens = self._rotate(connection, found, spoken, now)
        if tokens is None:
            log.warning("refresh token used twice, sign-in ended", device=found.device)
            raise NotSignedIn
        return tokens

    def _rotate(self, connection: Connection, found: Any, spoken: str, now: int) -> Tokens | None:
        """The new pair; None when the token was copied, and then the sign-in has ended."""
        session = metadata().tables["session"]
        is_newest = secrets.compare_digest(spoken, found.refresh_hash)
        is_lost_reply = spoken == found.previous_hash and not found.is_used and not found.grace_used
        if not is_newest and not is_lost_reply:
            ended = {"ended_at": now, "ended_why": "token_reused"}
            connection.execute(update(session).where(session.c.id == found.id).values(ended))
            return None
        tokens, values = _new_pair(found.id, now)
        values |= {"previous_hash": spoken, "grace_used": not is_newest}
        connection.execute(update(session).where(session.c.id == found.id).values(values))
        return tokens

    def caller(self, access_token: str) -> Caller:
        """Who shows this token, as the council knows her now: a disabled account ends at once.

        Raises NotSignedIn, AccountDisabled, DeviceRefused.
        """
        now = milliseconds(self._clock)
        with glance(self._engine) as connection:
            found = connection.execute(_with_access(), {"spoken": _hash(access_token)}).one_or_none()
        if found is None:
            raise NotSignedIn
        self._check(found, now)
        if now >= found.access_expires_at:
            raise NotSignedIn
        if not found.is_used or now - found.last_seen > SEEN_EVERY_MS:
            self._note_seen(found, now)
        return Caller(user=found.worker, device=found.device, line=found.line)

    def _check(self, found: Any, now: int) -> None:
        if found.state != "active":
            raise DeviceRefused
        if found.disabled or not is_active(found._mapping, self._clock):
            raise AccountDisabled
        if found.ended_at is not None or now >= found.expires_at:
            raise NotSignedIn

    def _note_seen(self, found: Any, now: int) -> None:
        session, device = metadata().tables["session"], metadata().tables["device"]
        with self._engine.begin() as connection:
            # Only the pair this token belongs to: a refresh may have come between.
            same = (session.c.id == found.id, session.c.access_hash == found.access_hash)
            connection.execute(update(session).where(*same).values(is_used=True))
            connection.execute(update(device).where(device.c.id == found.device).values(last_seen=now))


@cache
def _sessions() -> Select[*tuple[Any, ...]]:
    """Sessions with what decides whether they still count."""
    t = metadata().tables
    session, device, account, worker = t["session"], t["device"], t["account"], t["worker"]
    return (
        select(
            session,
            device.c.line,
            device.c.state,
            device.c.public_key,
            device.c.last_seen,
            account.c.disabled,
            worker.c.active_from,
            worker.c.active_to,
        )
        .join(device, device.c.id == session.c.device)
        .join(account, account.c.worker == session.c.worker)
        .join(worker, worker.c.id == session.c.worker)
    )


@cache
def _with_access() -> Select[*tuple[Any, ...]]:
    """The session of an access token, by its hash; made once, since every request asks."""
    return _sessions().where(metadata().tables["session"].c.access_hash == bindparam("spoken"))


def _new_pair(session: str, now: int) -> tuple[Tokens, dict[str, Any]]:
    """A new pair of tokens, and what the session's row says about it."""
    tokens = Tokens(
        access_token=f"tfa_{secrets.token_urlsafe(32)}",
        access_expires_s=ACCESS_MS // 1000,
        refresh_token=f"tfr_{session}_{secrets.token_urlsafe(32)}",
    )
    return tokens, {
        "access_hash": _hash(tokens.access_token),
        "access_expires_at": now + ACCESS_MS,
        "refresh_hash": _hash(tokens.refresh_token),
        "refresh_expires_at": now + AWAY_MS,
        "is_used": False,
    }


def _id_of(refresh_token: str) -> str:
    """The session a refresh token names; "" when it is none of ours."""
    parts = refresh_token.split("_", 2)
    is_ours = len(parts) == 3 and parts[0] == "tfr" and len(parts[1]) == 32 and parts[1].isalnum()
    return parts[1] if is_ours else ""


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
