"""What each `tfworker council` command does. Prints for people; gives the exit code.

Nothing printed here is what a record holds: the audit trail shows who did what to which record.
Passwords come from the prompt or standard input, never from the command line, where others see them.
"""

import argparse
import getpass
import os
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from tfworker import log, paths
from tfworker.council import serve as serving
from tfworker.council import setting_up
from tfworker.council.command_line import DATABASE
from tfworker.council.database import metadata, problems, reading
from tfworker.council.devices import DeviceLine, DeviceState
from tfworker.council.files import look_after
from tfworker.council.importing import import_central
from tfworker.council.service import Council
from tfworker.errors import Problem

SHOWN_EVERY_S = 2.0  # where progress goes into a file, not to a screen


class NoDatabase(Problem):
    """Neither option nor environment names a database."""

    title = "Say which database"
    advice = f"Give --database sqlite:///FILE or postgresql://USER@HOST/NAME, or set {DATABASE}."


class BadArgument(Problem):
    """An argument that the parser could not judge."""


class AccountThere(Problem):
    """The worker has an account already."""

    title = "This worker has an account already"
    advice = "For a new password: tfworker council user password"


def _url(given: argparse.Namespace) -> str:
    url = given.database or os.environ.get(DATABASE)
    if not url:
        raise NoDatabase
    return str(url)


def _council(given: argparse.Namespace) -> Council:
    return Council.open(_url(given))


def init(given: argparse.Namespace) -> int:
    """Make the council, or bring it up to date; say its name."""
    numbers = tuple(_number(text) for text in given.emergency) if given.emergency else None
    facts = setting_up.ProgrammeFacts(given.programme, given.council, numbers)
    with setting_up.set_up(_url(given), facts):
        print("council ready")
    return 0


def _number(text: str) -> dict[str, str]:
    name, _, phone = text.rpartition("=")
    if not name.strip() or not phone.strip():
        raise BadArgument(
            "An emergency number must look like NAME=PHONE", 'As in --emergency "Duty=01632 960001"'
        )
    return {"name": name.strip(), "phone": phone.strip()}


def import_records(given: argparse.Namespace) -> int:
    """Import a folder; print what went in and every row that did not. 1 when nothing could go in."""
    progress = Progress("importing")
    with _council(given) as council:
        report = import_central(council, given.folder, progress)
    progress.end()
    print("\n".join(report.lines()))
    return 0 if any(report.taken.values()) or not report.bad else 1


def serve(given: argparse.Namespace) -> int:
    """Serve until told to stop."""
    place = serving.Place(
        host=given.host,
        port=given.port,
        certificate=given.certificate,
        key=given.key,
        proxy=given.behind_proxy,
    )
    place.check()
    try:
        log.start(paths.home(given.home))
    except OSError as error:
        raise Problem("The log cannot be written", "Give a folder that you may write: --home DIR") from error
    with _council(given) as council:
        serving.run(council, place)
    return 0


def add_user(given: argparse.Namespace) -> int:
    """Give a worker an account. An existing one is left alone."""
    with _council(given) as council:
        worker = council.accounts.worker_id(given.login)
        if any(line.worker == worker and line.has_account for line in council.accounts.list()):
            raise AccountThere
        council.accounts.set_password(given.login, _password())
    print("account made")
    return 0


def set_password(given: argparse.Namespace) -> int:
    """Give a worker a new password."""
    with _council(given) as council:
        council.accounts.worker_id(given.login)  # known before anybody types
        council.accounts.set_password(given.login, _password())
    print("password set")
    return 0


def _password() -> str:
    """Typed twice at a prompt, or the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != first:
        raise BadArgument("The two passwords are not the same", "Nothing was changed. Please try again.")
    return first


def disable_user(given: argparse.Namespace) -> int:
    """Close an account."""
    with _council(given) as council:
        council.accounts.disable(given.login)
    print("account closed; her laptops are refused from now on and keep their work")
    return 0


def enable_user(given: argparse.Namespace) -> int:
    """Open an account again."""
    with _council(given) as council:
        council.accounts.enable(given.login)
    print("account open")
    return 0


def list_users(given: argparse.Namespace) -> int:
    """One line a worker."""
    with _council(given) as council:
        lines = council.accounts.list()
    states = {(True, False): "may sign in", (True, True): "closed", (False, False): "no account"}
    rows = [(u.staff_no, u.name, ", ".join(u.roles), states[u.has_account, u.is_disabled]) for u in lines]
    _table(("staff no", "name", "roles", "account"), rows)
    return 0


def make_code(given: argparse.Namespace) -> int:
    """Print a code alone on its line, and what to do with it."""
    with _council(given) as council:
        try:
            code = council.devices.make_code(given.login, given.minutes)
        except ValueError as error:
            raise BadArgument("A code lives 10 to 1440 minutes", "Give --minutes within that.") from error
    print(code)
    print(
        f"Good for one laptop, for {given.minutes} minutes. Read it out; do not e-mail it.", file=sys.stderr
    )
    return 0


def list_devices(given: argparse.Namespace) -> int:
    """One line a laptop, the one seen last first."""
    with _council(given) as council:
        lines = council.devices.list()
    rows = [
        (d.id, d.staff_no, d.worker_name, _state(d), _when(d.last_seen), d.app_version, d.name) for d in lines
    ]
    _table(("id", "staff no", "worker", "state", "last seen", "version", "name"), rows)
    return 0


def _state(device: DeviceLine) -> str:
    return f"{device.state.value}, two of it" if device.is_twice else device.state.value


def lost_device(given: argparse.Namespace) -> int:
    """Refuse a laptop that was lost."""
    return _set_state(given, DeviceState.LOST, "refused from now on")


def suspend_device(given: argparse.Namespace) -> int:
    """Refuse a laptop for now."""
    return _set_state(given, DeviceState.SUSPENDED, "refused from now on")


def activate_device(given: argparse.Namespace) -> int:
    """Let a laptop connect again."""
    return _set_state(given, DeviceState.ACTIVE, "may connect once its worker has signed in again")


def _set_state(given: argparse.Namespace, state: DeviceState, said: str) -> int:
    with _council(given) as council:
        council.devices.set_state(given.device, state)
    print(said)
    return 0


def show_grants(given: argparse.Namespace) -> int:
    """Say how much waits for the operator. 1 when anything does."""
    with _council(given) as council:
        users, scopes = council.grants_waiting()
    if not users:
        print("nothing waits")
        return 0
    print(f"{scopes} families and people would be taken from {users} users at once.")
    print("They keep them until you say: tfworker council grants confirm")
    return 1


def confirm_grants(given: argparse.Namespace) -> int:
    """Let go what waits."""
    with _council(given) as council:
        users, scopes = council.confirm_grants()
    print(f"{scopes} families and people taken from {users} users" if users else "nothing waits")
    return 0


def limit_grants(given: argparse.Namespace) -> int:
    """Set the limit above which a removal waits."""
    with _council(given) as council:
        try:
            council.limit_removal(given.percent / 100, given.users)
        except ValueError as error:
            raise BadArgument("That is no limit", "Give --percent 1 to 100 and --users 0 or more.") from error
    print(f"more than {given.users} users losing {given.percent} % at once waits to be confirmed")
    return 0


def show_audit(given: argparse.Namespace) -> int:
    """One line a ledger entry: who, from where, did what to which record, and what became of it."""
    t = metadata().tables
    ledger, worker = t["ledger"], t["worker"]
    with _council(given) as council, problems(council.engine):
        query = (
            select(ledger, worker.c.staff_no)
            .outerjoin(worker, worker.c.id == ledger.c.author)
            .order_by(ledger.c.seq.desc())
            .limit(max(given.last, 0))
        )
        if given.record:
            query = query.where(ledger.c.record == given.record)
        if given.author:
            query = query.where(ledger.c.author == council.accounts.worker_id(given.author))
        with reading(council.engine) as connection:
            found = connection.execute(query).all()
    _table(
        ("seq", "received", "by", "device", "did", "to", "record", "version", "outcome", "reason"),
        [_entry(row) for row in reversed(found)],
    )
    return 0


def _entry(row: Any) -> tuple[str, ...]:
    received = _when(datetime.fromtimestamp(row.received_at / 1000, UTC))
    who = row.staff_no or row.author
    did = (row.kind, row.table_name, row.record, str(row.version), row.outcome, row.reason or "")
    return (str(row.seq), received, who, row.device, *did)


def check_files(given: argparse.Namespace) -> int:
    """Look after the bytes of documents; print what is lost, late or of no record. 1 when any is."""
    with _council(given) as council:
        swept = look_after(council, read_all=given.read_all)
    for record in swept.lost:
        print(f"lost     {record}  asked for from the laptops that have it")
    for missing in swept.missing:
        since = _when(datetime.fromtimestamp(missing.since / 1000, UTC))
        print(f"late     {missing.record}  not come since {since}, added by {missing.author}")
    for record in swept.dropped:
        print(f"dropped  {record}  bytes without a record")
    if swept.lost or swept.missing:
        return 1
    print("every file is here, or not late yet")
    return 0


def _when(moment: datetime) -> str:
    """UTC, since this is for administrators of servers."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns as wide as their widest cell, the last one ragged."""
    lines = [tuple(heads), *map(tuple, rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(heads))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


class Progress:
    """How far a long command has come: one line that changes on a screen, a line now and then in a file."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._is_screen = sys.stderr.isatty()
        self._said_at = time.monotonic()
        self._is_open = False

    def __call__(self, done: int, total: int) -> None:
        """Say that `done` of `total` are through."""
        now = time.monotonic()
        if self._is_screen:
            print(f"\r{self._what}: {done:,} of {total:,}", end="", file=sys.stderr, flush=True)
            self._is_open = True
        elif now - self._said_at >= SHOWN_EVERY_S:
            print(f"{self._what}: {done:,} of {total:,}", file=sys.stderr, flush=True)
            self._said_at = now

    def end(self) -> None:
        """Leave the line."""
        if self._is_open:
            print(file=sys.stderr)
