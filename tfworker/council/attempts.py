"""Failed sign-ins slow the next one down: 2, 4, 8 … seconds, by account and address together.

Nobody can lock a worker out for long by failing in her name from elsewhere: over all addresses an
account is slowed by half a minute at most, and not at all where she has signed in before.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, or_, select, text, update

from tfworker.council.clock import DAY_MS
from tfworker.council.database import metadata
from tfworker.council.refusals import TooManyTries

ANY = ""
FORGET_MS = DAY_MS  # a day without a failure wipes the slate
REMEMBER_MS = 90 * DAY_MS  # how long an address counts as one where she signed in before


@dataclass(frozen=True, slots=True)
class Limit:
    """After `free` failures each further one doubles the wait, up to `longest_s`."""

    free: int
    longest_s: int

    def wait_ms(self, failures: int) -> int:
        over = failures - self.free
        return min(2 ** min(over, 20), self.longest_s) * 1000 if over > 0 else 0


PAIR = Limit(free=3, longest_s=900)
ACCOUNT = Limit(free=20, longest_s=30)
ADDRESS = Limit(free=50, longest_s=60)  # a whole office may share one


def _table() -> Table:
    return metadata().tables["attempt"]


def take(connection: Connection, login: str, address: str, now: int) -> None:
    """Count a try before it is judged, so that many at once are counted too.

    Raises TooManyTries while an earlier failure still asks to wait.
    """
    rows = [(limit, _row(connection, who, where, now)) for limit, who, where in _limits(login, address)]
    is_known = rows[0][1].succeeded_at is not None
    if is_known:
        rows = [(limit, row) for limit, row in rows if limit is not ACCOUNT]
    wait_ms = max(row.blocked_until - now for _, row in rows)
    if wait_ms > 0:
        raise TooManyTries(wait_ms / 1000)
    for limit, row in rows:
        failures = 1 + (row.failures if now - row.last_at < FORGET_MS else 0)
        values = {"failures": failures, "last_at": now, "blocked_until": now + limit.wait_ms(failures)}
        connection.execute(update(_table()).where(_is(row.who, row.address)).values(values))
    _forget_old(connection, now)


def forgive(connection: Connection, login: str, address: str, now: int) -> None:
    """The try was right: it was no failure, and this pair starts afresh."""
    pair, *others = _limits(login, address)
    clean = {"failures": 0, "blocked_until": 0, "last_at": now, "succeeded_at": now}
    connection.execute(update(_table()).where(_is(*pair[1:])).values(clean))
    c = _table().c
    for _, who, where in others:
        undone = {"failures": c.failures - 1, "blocked_until": 0}
        connection.execute(update(_table()).where(_is(who, where), c.failures > 0).values(undone))


def _limits(login: str, address: str) -> Iterator[tuple[Limit, str, str]]:
    """Always in this order, so that two transactions never wait for each other's row."""
    who = hashlib.sha256(login.strip().casefold().encode("utf-8", "surrogatepass")).hexdigest()
    where = address[:64]
    yield PAIR, who, where
    yield ACCOUNT, who, ANY
    yield ADDRESS, ANY, where


def _row(connection: Connection, who: str, where: str, now: int) -> Any:
    """The row of this pair, made if missing, locked until the transaction ends."""
    connection.execute(
        text(
            "INSERT INTO attempt (who, address, failures, last_at, blocked_until) "
            "VALUES (:who, :address, 0, :now, 0) ON CONFLICT DO NOTHING"
        ),
        {"who": who, "address": where, "now": now},
    )
    return connection.execute(select(_table()).where(_is(who, where)).with_for_update()).one()


def _is(who: str, where: str) -> Any:
    c = _table().c
    return and_(c.who == who, c.address == where)


def _forget_old(connection: Connection, now: int) -> None:
    c = _table().c
    stale = or_(
        and_(c.succeeded_at.is_(None), c.last_at < now - FORGET_MS),
        c.last_at < now - REMEMBER_MS,
    )
    connection.execute(delete(_table()).where(stale))
