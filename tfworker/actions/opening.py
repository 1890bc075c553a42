"""Opening the laptop's place: what a locked one shows, enrolling a new one, unlock and lock."""

from importlib.metadata import version
from pathlib import Path

from sync.clock import SystemClock
from sync.errors import NotAllowed, SignedOut, SyncProblem
from sync.http.client import HubClient, checked_address
from sync.ports import Clock
from sync.sql import SqlDevice
from tfworker.actions import session as sessions
from tfworker.actions.desk import Desk, first_known, who
from tfworker.actions.phrases import say
from tfworker.actions.problems import BadInput
from tfworker.actions.session import Enrolled, Session, ask_to_enrol
from tfworker.actions.syncing import SyncTrouble, sync_now, trouble_of
from tfworker.actions.values import (
    Asking,
    EmergencyNumber,
    EnrolRequest,
    Place,
    Progress,
    Telling,
    never_cancelled,
    tell_nobody,
)
from tfworker.errors import Problem
from tfworker.log import Log
from tfworker.rules.passphrase import SHORTEST, judge
from tfworker.store import Vault, exists, public_facts
from tfworker.store.keys import Cost
from tfworker.store.slots import STORE

log = Log("actions")

ENROLLED = "enrolled"  # public fact: the council has let this laptop in
EMERGENCY = EmergencyNumber("Emergency services", "999")


def look(home: Path) -> Place:
    """What a locked laptop may show: no personal data. Never asks for a passphrase or the network.

    A vault that cannot be read shows as enrolled, with what to do in `advice`.
    """
    try:
        facts = public_facts(home)
    except Problem as problem:
        return Place(home, True, "", "", (EMERGENCY,), f"{problem.title}. {problem.advice}".strip())
    numbers = tuple(
        EmergencyNumber(str(number.get("name") or ""), str(number.get("phone") or ""))
        for number in facts.get("emergency_numbers") or ()
    )
    return Place(
        home=home,
        enrolled=bool(facts.get(ENROLLED)),
        council_name=str(facts.get("council_name") or ""),
        programme_name=str(facts.get("programme_name") or ""),
        emergency_numbers=numbers or (EMERGENCY,),
    )


def enrol(
    home: Path,
    request: EnrolRequest,
    progress: Telling = tell_nobody,
    cancelled: Asking = never_cancelled,
    *,
    clock: Clock | None = None,
    cost: Cost | None = None,
) -> Desk:
    """Set up a new laptop: a vault, the council's word, and the worker's families.

    cancelled: asked between the steps and between the pages of the first sync. Before the council has
        said yes, stopping undoes everything (Problem); after it, what has come is kept, the desk opens
        with it, and the rest comes with the next round.
    cost: what a guess at the passphrase costs; None: as much as takes about a second here.
    Raises BadInput ("council", "passphrase"), SyncTrouble, or Problem with one sentence whatever of
    number, password and code was wrong. Until the council has said yes nothing stays behind.
    """
    address = _check(home, request)
    progress(Progress(say("enrol.step.vault")))
    if exists(home):
        # A vault that no council ever knew holds nothing; the new one sets its files aside.
        (home / STORE).unlink()
    vault = Vault.create(home, request.passphrase, cost=cost)
    client = HubClient(address)
    try:
        if cancelled():
            raise Problem(say("enrol.stopped"), say("enrol.stopped.advice"))
        progress(Progress(say("enrol.step.council")))
        enrolled = _ask(client, vault, request)
        _keep(vault, address, request, enrolled)
        desk = _desk(home, vault, client, clock or SystemClock(), enrolled.access_token)
    except BaseException:
        client.close()
        vault.close()
        raise
    try:
        progress(Progress(say("enrol.step.fetching")))
        sync_now(desk, progress, cancelled)
    except SyncTrouble as trouble:
        # The laptop is in: what is missing comes with the next round, and the status line says so.
        log.warning("first round stopped", reason=type(trouble.__cause__).__name__)
    return desk


def unlock(home: Path, passphrase: str, *, clock: Clock | None = None) -> Desk:
    """Open the worker's desk; no network is needed. Raises WrongPassphrase and other Problems."""
    if exists(home) and not public_facts(home).get(ENROLLED):
        raise Problem(say("enrol.needed"), say("enrol.needed.advice"))
    vault = Vault.open(home, passphrase)
    try:
        client = HubClient(vault.facts.get(sessions.COUNCIL))
        return _desk(home, vault, client, clock or SystemClock())
    except BaseException:
        vault.close()
        raise


def lock(desk: Desk) -> None:
    """Close the desk, once a round that runs has ended. Drafts are in the vault already."""
    with desk.syncing:
        if desk.session is not None:
            desk.session.client.close()
        desk.vault.close()


def change_passphrase(desk: Desk, old: str, new: str, *, cost: Cost | None = None) -> None:
    """Raises WrongPassphrase; BadInput("passphrase") for a new one that is easy to guess."""
    _check_passphrase(new, (desk.me.name, desk.me.team_name))
    desk.vault.change_passphrase(old, new, cost=cost)


def passphrase_advice(passphrase: str, about: tuple[str, ...] = ()) -> str:
    """How to make a passphrase harder to guess; "" when it is good.

    about: words that say who the worker is, which a guesser would try first.
    """
    if len(passphrase) < SHORTEST:
        return say("enrol.short", least=SHORTEST)
    return "" if judge(passphrase, about).is_enough else say("enrol.weak")


def _check(home: Path, request: EnrolRequest) -> str:
    if exists(home) and public_facts(home).get(ENROLLED):
        raise Problem(say("enrol.already"), say("enrol.already.advice"))
    try:
        address = checked_address(request.council)
    except ValueError as error:
        raise BadInput("council", say("enrol.address"), say("enrol.address.advice")) from error
    _check_passphrase(request.passphrase, (request.user,))
    return address


def _check_passphrase(passphrase: str, about: tuple[str, ...]) -> None:
    advice = passphrase_advice(passphrase, about)
    if advice:
        raise BadInput("passphrase", say("bad.passphrase"), advice)


def _ask(client: HubClient, vault: Vault, request: EnrolRequest) -> Enrolled:
    asked = {
        "login": request.user.strip(),
        "password": request.password,
        "code": request.code.strip(),
        "device_name": request.device_name.strip(),
        "app_version": version("tfworker"),
    }
    try:
        return ask_to_enrol(client, vault.device, asked)
    except (SignedOut, NotAllowed) as error:
        # One sentence, whichever part was wrong.
        raise Problem(say("enrol.bad_code"), say("enrol.bad_code.advice")) from error
    except SyncProblem as error:
        raise trouble_of(error) from error


def _keep(vault: Vault, address: str, request: EnrolRequest, enrolled: Enrolled) -> None:
    vault.facts.put(
        {
            sessions.COUNCIL: address,
            sessions.LOGIN: request.user.strip(),
            sessions.WORKER: enrolled.worker_id,
            sessions.DEVICE: enrolled.device_id,
            sessions.LINE: enrolled.line,
            sessions.DEVICE_NAME: request.device_name.strip(),
            sessions.REFRESH: enrolled.refresh_token,
            sessions.FIRST_KNOWN: {
                "name": enrolled.worker_name,
                "roles": list(enrolled.roles),
                "team": enrolled.team_name,
                "programme": enrolled.programme_name,
            },
        }
    )
    # Last: without this fact the laptop counts as not enrolled, and can be enrolled again.
    vault.set_public_facts(
        {
            ENROLLED: True,
            "council_name": enrolled.council_name,
            "programme_name": enrolled.programme_name,
            "emergency_numbers": list(enrolled.emergency_numbers),
        }
    )


def _desk(home: Path, vault: Vault, client: HubClient, clock: Clock, access_token: str = "") -> Desk:
    facts = vault.facts.everything()
    worker_id = facts[sessions.WORKER]
    # After an update: what the version before could not keep is in place before anybody reads it.
    SqlDevice(vault.write, vault.read, vault.schema).begin()
    with vault.read() as connection:
        me = who(connection, worker_id)
    session = Session(vault, client, clock)
    return Desk(
        home=home,
        vault=vault,
        clock=clock,
        transport=session.transport(access_token),
        line=facts[sessions.LINE],
        device_name=facts.get(sessions.DEVICE_NAME) or "",
        # Before the first sync there is only what the council said at the door.
        me=me or first_known(worker_id, facts[sessions.FIRST_KNOWN]),
        session=session,
    )
