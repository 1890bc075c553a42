"""Sync with the council, and the status line: what is known from receipts, never from hope."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection as Database
from sqlalchemy import func, select

from sync.device import Report, Step, run_round
from sync.errors import (
    Busy,
    Cancelled,
    NotAllowed,
    Overlong,
    RejoinNeeded,
    SignedOut,
    Superseded,
    SyncProblem,
    TimedOut,
    TooLarge,
    TooNew,
    TooOld,
    UnexplainedRemoval,
    Unreachable,
    Unreadable,
)
from sync.sql import SqlDevice
from tfworker.actions import handover, pacing, returned, review, tray
from tfworker.actions.desk import Desk, who
from tfworker.actions.fields import Reading
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
from tfworker.records import Family, Programme, scope

log = Log("actions")

# The one table from what can go wrong on the way to words: (key in the wording, what it shows).
TROUBLES: Mapping[type[SyncProblem], tuple[str, Connection | None]] = {
    Unreachable: ("unreachable", Connection.OFFLINE),
    TimedOut: ("timed_out", Connection.OFFLINE),
    Overlong: ("overlong", Connection.ONLINE),
    SignedOut: ("signed_out", Connection.SIGNED_OUT),
    NotAllowed: ("not_allowed", Connection.REFUSED),
    Busy: ("busy", Connection.ONLINE),
    TooLarge: ("too_large", Connection.ONLINE),
    TooOld: ("too_old", Connection.REFUSED),
    TooNew: ("too_new", Connection.ONLINE),
    Unreadable: ("unreadable", Connection.ONLINE),
    Superseded: ("superseded", None),
    RejoinNeeded: ("rejoin", Connection.ONLINE),
    UnexplainedRemoval: ("removal", Connection.ONLINE),
    Cancelled: ("cancelled", None),  # says nothing about the council
}
SKEW_SHOWN_MS = 120_000  # a clock that is wrong by less is nobody's trouble
STEP_WORDS = {
    Step.SENDING: "sync.sending",
    Step.RECEIVING: "sync.fetching",
    Step.CHECKING: "sync.checking",
    Step.FILES: "sync.files",
}
MIB = 1024 * 1024
# Whether anything may need a person at all: mostly not, and every round asks.
ANY_QUESTION = """
SELECT EXISTS (SELECT 1 FROM receipt WHERE outcome IN ('held', 'refused'))
    OR EXISTS (SELECT 1 FROM conflict WHERE state = 'open')
    OR EXISTS (SELECT 1 FROM held WHERE state IN ('waiting', 'to_read'))
"""

FAMILIES_HERE = (
    "SELECT count(*) FILTER (WHERE filled), count(*) FROM held_scope WHERE NOT lost AND instr(scope, ?) = 1"
)


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
    turn = desk.syncing
    with turn:
        pacing.heard(desk, None)
        try:
            return _round(desk, progress, cancelled)
        finally:
            if desk.syncing is turn:  # else it was given up, and another one runs
                desk.heard_s = None


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
        needs_you, elsewhere = _for_persons(desk, connection)
        state = desk.schema.own("device_state")
        last, skew_ms = connection.execute(select(state.c.last_round_at, state.c.skew_ms)).first() or (
            None,
            0,
        )
        here, families = families_here(connection)
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
        trouble=desk.trouble,
        again_words=(
            say("status.again", moment=moment(desk.again_at, desk.now()))
            if desk.trouble and desk.again_at is not None
            else ""
        ),
        come_words="" if here == families else say("status.come", here=here, all=families),
        clock_words=_clock_words(skew_ms or 0),
        elsewhere=elsewhere,
    )


def _needs_you(desk: Desk) -> int:
    with desk.vault.read() as connection:
        return _for_persons(desk, connection)[0]


def _for_persons(desk: Desk, connection: Database) -> tuple[int, int]:
    """(what needs this worker, what waits for somebody else): exactly what `work` lists."""
    if not connection.exec_driver_sql(ANY_QUESTION).scalar():
        return 0, 0
    reading = Reading(connection, desk.schema, desk.now())
    hers = [
        *(review.is_hers(desk, card) for card in review.open_cards(desk, connection, reading)),
        *(not edit.waits for edit in returned.edits(desk, connection)),
        *(item.may_decide for item in tray.items(desk, reading)),
    ]
    return sum(hers), len(hers) - sum(hers)


def families_here(connection: Database) -> tuple[int, int]:
    """(families that are whole on this laptop, families it is given)."""
    here, given = connection.exec_driver_sql(FAMILIES_HERE, (scope.family(""),)).one()
    return here, given


def _clock_words(skew_ms: int) -> str:
    """By how much the laptop's clock differs from the council's, once that is worth a word."""
    minutes = round(abs(skew_ms) / 60_000)
    if abs(skew_ms) < SKEW_SHOWN_MS:
        return ""
    by = count("status.hours", minutes // 60) if minutes >= 120 else count("status.minutes", minutes)
    return say("status.clock_fast" if skew_ms > 0 else "status.clock_slow", by=by)


def _round(desk: Desk, progress: Telling, cancelled: Asking) -> SyncReport:
    def tell(step: Step, done: int, total: int) -> None:
        pacing.heard(desk, step)
        progress(_progress(desk, step, done, total))

    with desk.vault.read():  # both look at one moment
        before = _families(desk)
        strays = handover.strays(desk, before)
    handover.save_strays(desk, strays)
    store = SqlDevice(
        desk.vault.write,
        desk.vault.read,
        desk.schema,
        lightly=desk.vault.write_lightly,
        on_lost=handover.saving(desk),
        on_purge=handover.purging,
    )
    try:
        report = run_round(
            store, desk.transport, desk.clock, files=desk.files, progress=tell, cancelled=cancelled
        )
    except SyncProblem as error:
        raise _noted(desk, error) from error
    desk.contact, desk.advice, desk.trouble, desk.again_at = Connection.ONLINE, "", "", None
    # A family comes by a scope that brings it, or goes with one.
    after = (
        before if not report.lost and report.touched <= set(map(scope.family, before)) else _families(desk)
    )
    if not all(touched.startswith(scope.family("")) for touched in report.touched):
        refresh(desk)  # nothing of it is in a family
    log.info("round done", pushed=report.sent, pulled=report.received)
    gained, lost = len(after - before), len(before - after)
    return SyncReport(
        sent=report.sent,
        received=report.received,
        needs_you=_needs_you(desk),
        families_gained=gained,
        families_lost=lost,
        finished_at=desk.now(),
        words=_words(report, gained, lost),
    )


def _progress(desk: Desk, step: Step, done: int, total: int) -> Progress:
    """How far a round is. While families come in for the first time, how many of them are begun."""
    words = say(STEP_WORDS[step])
    if step is Step.FILES:
        megabytes = say("sync.files_of", done=f"{done / MIB:.1f}", total=f"{total / MIB:.1f}")
        return Progress(words, done, total or None, detail=megabytes if total else "")
    if step is not Step.RECEIVING:
        return Progress(words, done, total or None)
    with desk.vault.read() as connection:
        whole, given = families_here(connection)
        if whole == given:
            return Progress(words, done, total or None)
        begun = connection.execute(select(func.count(Family.id))).scalar_one()
    key = "sync.records_of" if total else "sync.records"
    records = say(key, done=f"{done:,}", total=f"{total:,}")
    families = say("sync.families", here=min(begun, given), all=given)
    return Progress(words, done, total or None, detail=f"{families} · {records}")


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
    desk.trouble = "" if isinstance(error, Cancelled | Superseded) else trouble.title
    if trouble.connection is not None:
        desk.contact, desk.advice = trouble.connection, trouble.advice
    log.info("round stopped", reason=type(error).__name__)
    return trouble


def _families(desk: Desk) -> frozenset[str]:
    with desk.vault.read() as connection:
        return frozenset(connection.exec_driver_sql("SELECT id FROM family").scalars())


def _words(report: Report, gained: int, lost: int) -> str:
    sent, received, files = report.sent, report.received, report.files_sent + report.files_received
    said = [say("sync.done", sent=sent, received=received)] if sent or received else []
    if files:
        said.append(count("sync.documents", files))
    if gained:
        said.append(count("sync.gained", gained))
    if lost:
        said.append(count("sync.lost", lost))
    return " ".join(said) or say("sync.nothing")
