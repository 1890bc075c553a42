"""Sync with the council, and the status line: what is known from receipts, never from hope."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection as Database
from sqlalchemy import select

from sync.device import Step, run_round
from sync.errors import (
    Busy,
    Cancelled,
    NotAllowed,
    RejoinNeeded,
    SignedOut,
    SyncProblem,
    TooLarge,
    TooOld,
    UnexplainedRemoval,
    Unreachable,
)
from sync.sql import SqlDevice
from tfworker.actions import returned, review
from tfworker.actions.desk import Desk, who
from tfworker.actions.phrases import count, moment, say
from tfworker.actions.receipts import unsent
from tfworker.actions.values import (
    Asking,
    Connection,
    Progress,
    Status,
    SyncReport,
    Telling,
    never_cancelled,
    tell_nobody,
)
from tfworker.errors import Problem
from tfworker.log import Log
from tfworker.records import Family, Programme

log = Log("actions")

# The one table from what can go wrong on the way to words: (key in the wording, what it shows).
TROUBLES: Mapping[type[SyncProblem], tuple[str, Connection | None]] = {
    Unreachable: ("unreachable", Connection.OFFLINE),
    SignedOut: ("signed_out", Connection.SIGNED_OUT),
    NotAllowed: ("not_allowed", Connection.REFUSED),
    Busy: ("busy", Connection.ONLINE),
    TooLarge: ("too_large", Connection.ONLINE),
    TooOld: ("too_old", Connection.REFUSED),
    RejoinNeeded: ("rejoin", Connection.ONLINE),
    UnexplainedRemoval: ("removal", Connection.ONLINE),
    Cancelled: ("cancelled", None),  # says nothing about the council
}
STEP_WORDS = {Step.SENDING: "sync.sending", Step.RECEIVING: "sync.fetching", Step.CHECKING: "sync.checking"}


class SyncTrouble(Problem):
    """A round that stopped. The queue is kept, and running it again is safe.

    connection: what it shows about the council; None: nothing.
    """

    def __init__(self, title: str, advice: str, connection: Connection | None) -> None:
        super().__init__(title, advice)
        self.connection = connection


def trouble_of(problem: SyncProblem) -> SyncTrouble:
    """What a failing of sync is to a person."""
    key, connection = next(TROUBLES[kind] for kind in type(problem).__mro__ if kind in TROUBLES)
    return SyncTrouble(say(f"sync.{key}"), say(f"sync.{key}.advice"), connection)


def sync_now(desk: Desk, progress: Telling = tell_nobody, cancelled: Asking = never_cancelled) -> SyncReport:
    """Run one round. A second call waits for the first. Raises SyncTrouble, or a Problem of the disk."""
    with desk.syncing:
        return _round(desk, progress, cancelled)


def sign_in(desk: Desk, password: str) -> None:
    """Sign in again with the council password, after a sign-out. Raises SyncTrouble: a wrong password
    and a laptop the council does not know sound alike."""
    session = desk.session
    if session is None:
        raise Problem(say("enrol.needed"), say("enrol.needed.advice"))
    with desk.syncing:
        try:
            desk.transport = session.transport(session.sign_in(password))
        except SignedOut as error:
            raise SyncTrouble(
                say("sync.password"), say("sync.password.advice"), Connection.SIGNED_OUT
            ) from error
        except SyncProblem as error:
            raise _noted(desk, error) from error
        desk.contact, desk.advice = Connection.ONLINE, ""


def status(desk: Desk) -> Status:
    """The line that is always there."""
    with desk.vault.read() as connection:
        waiting = unsent(connection, desk.schema)
        needs_you = review.decidable(desk, connection) + returned.sent_back(desk, connection)
        last = connection.execute(select(desk.schema.own("device_state").c.last_round_at)).scalar()
    synced_at = None if last is None else datetime.fromtimestamp(last / 1000, UTC)
    return Status(
        connection=desk.contact,
        words=say(f"status.{desk.contact.value}"),
        last_synced_at=synced_at,
        last_synced_words=(
            say("status.last", moment=moment(synced_at, desk.now())) if synced_at else say("status.never")
        ),
        on_this_laptop_only=waiting,
        laptop_words=count("status.laptop", waiting) if waiting else say("status.all_received"),
        needs_you=needs_you,
        needs_you_words=count("status.need", needs_you) if needs_you else say("status.need_none"),
        advice=desk.advice,
    )


def _round(desk: Desk, progress: Telling, cancelled: Asking) -> SyncReport:
    def tell(step: Step, done: int, total: int) -> None:
        progress(Progress(say(STEP_WORDS[step]), done, total or None))

    before = _families(desk)
    store = SqlDevice(desk.vault.write, desk.vault.read, desk.schema)
    try:
        report = run_round(store, desk.transport, desk.clock, progress=tell, cancelled=cancelled)
    except SyncProblem as error:
        raise _noted(desk, error) from error
    desk.contact, desk.advice = Connection.ONLINE, ""
    after = _families(desk) if report.received or report.lost else before
    if report.received:
        refresh(desk)
    log.info("round done", pushed=report.sent, pulled=report.received)
    gained, lost = len(after - before), len(before - after)
    return SyncReport(
        sent=report.sent,
        received=report.received,
        needs_you=status(desk).needs_you,
        families_gained=gained,
        families_lost=lost,
        finished_at=desk.now(),
        words=_words(report.sent, report.received, gained, lost),
    )


def refresh(desk: Desk) -> None:
    """Learn from the reference data who the worker is now, and what the lock screen may show."""
    with desk.vault.read() as connection:
        me = who(connection, desk.me.worker_id)
        facts = public_facts(connection)
    if me is not None:
        desk.me = me
    desk.vault.set_public_facts(facts)


def public_facts(connection: Database) -> dict[str, object]:
    """What the lock screen may show, as the programme says now; nothing before the first sync."""
    query = select(Programme.council_name, Programme.name_local, Programme.emergency_numbers)
    programme = connection.execute(query.order_by(Programme.id)).first()
    if programme is None:
        return {}
    return {
        "council_name": programme.council_name or "",
        "programme_name": programme.name_local,
        "emergency_numbers": programme.emergency_numbers or [],
    }


def _noted(desk: Desk, error: SyncProblem) -> SyncTrouble:
    trouble = trouble_of(error)
    if trouble.connection is not None:
        desk.contact, desk.advice = trouble.connection, trouble.advice
    log.info("round stopped", reason=type(error).__name__)
    return trouble


def _families(desk: Desk) -> frozenset[str]:
    with desk.vault.read() as connection:
        return frozenset(connection.execute(select(Family.id)).scalars())


def _words(sent: int, received: int, gained: int, lost: int) -> str:
    said = say("sync.done", sent=sent, received=received) if sent or received else say("sync.nothing")
    if gained:
        said += " " + count("sync.gained", gained)
    if lost:
        said += " " + count("sync.lost", lost)
    return said
