"""Local accounts: a worker of the records who may sign in with a password.

A login is her staff number or her work e-mail, whatever the case of its letters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update

from sync.ports import Clock
from tfworker.council import attempts, passwords
from tfworker.council.clock import milliseconds
from tfworker.council.database import metadata, reading
from tfworker.council.people import council_and_programme, is_active, worker_by_login
from tfworker.council.problems import NoAccount, NoSuchWorker
from tfworker.council.sessions import end_sessions


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One worker, with or without an account."""

    worker: str
    staff_no: str
    name: str
    roles: tuple[str, ...]
    has_account: bool
    is_disabled: bool


class Accounts:
    """Who may sign in."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def set_password(self, login: str, password: str) -> str:
        """Give the worker an account, or a new password. Ends her sessions; her laptops keep their work.

        Returns her worker id. Raises NoSuchWorker, WeakPassword.
        """
        account = metadata().tables["account"]
        with reading(self._engine) as connection:
            worker = self._known(connection, login)
            council, _, _ = council_and_programme(connection)
        passwords.check_strength(password, (worker.display_name, worker.staff_no, worker.work_email, council))
        kept = passwords.keep(password)
        now = milliseconds(self._clock)
        values = {"password": kept, "password_set_at": now}
        with self._engine.begin() as connection:
            changed = connection.execute(update(account).where(account.c.worker == worker.id).values(values))
            if changed.rowcount == 0:
                new = values | {"worker": worker.id, "disabled": False, "made_at": now}
                connection.execute(insert(account).values(new))
            end_sessions(connection, "password_changed", now, worker=worker.id)
        return str(worker.id)

    def disable(self, login: str) -> None:
        """Refuse her from the next request on. Raises NoSuchWorker, NoAccount."""
        self._switch(login, disabled=True)

    def enable(self, login: str) -> None:
        """Let her sign in again. Raises NoSuchWorker, NoAccount."""
        self._switch(login, disabled=False)

    def _switch(self, login: str, *, disabled: bool) -> None:
        account = metadata().tables["account"]
        with self._engine.begin() as connection:
            worker = self._known(connection, login)
            done = connection.execute(
                update(account).where(account.c.worker == worker.id).values(disabled=disabled)
            )
            if done.rowcount == 0:
                raise NoAccount
            if disabled:
                end_sessions(connection, "account_disabled", milliseconds(self._clock), worker=worker.id)

    def list(self) -> list[AccountLine]:
        """All workers, by staff number."""
        worker, account = metadata().tables["worker"], metadata().tables["account"]
        wanted = (
            select(worker, account.c.disabled)
            .select_from(worker.outerjoin(account, account.c.worker == worker.c.id))
            .order_by(worker.c.staff_no)
        )
        with reading(self._engine) as connection:
            return [_line(row._mapping) for row in connection.execute(wanted)]

    def check(self, login: str, password: str, address: str) -> str | None:
        """Her worker id when login and password are right, else None; takes as long either way.

        The try counts as a failure until `forgive`: what comes with it (a code) may be wrong too.
        Raises TooManyTries.
        """
        with self._engine.begin() as connection:
            attempts.take(connection, login, address, milliseconds(self._clock))
        with reading(self._engine) as connection:
            found = self._account(connection, login)
        # The slow part holds no connection.
        is_right = passwords.is_right(password, found.password if found else None)
        return str(found.worker) if found and is_right else None

    def forgive(self, connection: Connection, login: str, address: str) -> None:
        """Say that the try was right in every part."""
        attempts.forgive(connection, login, address, milliseconds(self._clock))

    def worker_id(self, login: str) -> str:
        """The id of the one worker with this login. Raises NoSuchWorker."""
        with reading(self._engine) as connection:
            return str(self._known(connection, login).id)

    def _known(self, connection: Connection, login: str) -> Row[Any]:
        found = worker_by_login(connection, login)
        if found is None:
            raise NoSuchWorker
        return found

    def _account(self, connection: Connection, login: str) -> Row[Any] | None:
        """The account that may sign in with this login."""
        account = metadata().tables["account"]
        worker = worker_by_login(connection, login)
        if worker is None or not is_active(worker._mapping, self._clock):
            return None
        wanted = select(account).where(account.c.worker == worker.id, account.c.disabled.is_(False))
        return connection.execute(wanted).one_or_none()


def _line(row: Mapping[Any, Any]) -> AccountLine:
    return AccountLine(
        worker=row["id"],
        staff_no=row["staff_no"] or "",
        name=row["display_name"],
        roles=tuple(row["roles"] or ()),
        has_account=row["disabled"] is not None,
        is_disabled=bool(row["disabled"]),
    )
