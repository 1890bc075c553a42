"""The tray: a colleague's changes that wait for this person's word, and what a previous worker wrote.

A row of `held` is one op that the council has and has not carried out, or has carried out and wants
read. What is decided with it (`follows`) is counted and not listed apart.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from sync.ops import Act, Change
from sync.sql.tables import HELD
from tfworker.actions.acts import named, rank, values_of
from tfworker.actions.caseload import allocated_today
from tfworker.actions.desk import Desk
from tfworker.actions.fields import Reading
from tfworker.actions.phrases import local, moment, say, working_days
from tfworker.actions.problems import BadInput, NotYours
from tfworker.actions.review_shown import DAYS_TO_SETTLE, family_of
from tfworker.actions.rows import row
from tfworker.actions.values import ADMIT, DECLINE, READ, SideValue, TrayItem
from tfworker.actions.wording import said
from tfworker.records.words import AllocationRole

WAITING, TO_READ = "waiting", "to_read"  # states of a row nobody has decided
REQUEST = "request"  # reason of a change that only the council makes
CLOSED = "closed"  # reason of what was written of a family that was closed meanwhile
HEADINGS = {REQUEST: "tray.requests", CLOSED: "tray.closed"}  # the others: of a previous worker


def tray(desk: Desk) -> list[TrayItem]:
    """What waits here for this person, or for a colleague: hers first, then the oldest."""
    with desk.vault.read() as connection:
        return items(desk, Reading(connection, desk.schema, desk.now()))


def items(desk: Desk, reading: Reading) -> list[TrayItem]:
    """As `tray`, inside the caller's transaction. Her own are in `returned`."""
    held = desk.schema.own(HELD)
    rows = reading.connection.execute(
        select(held).where(held.c.state.in_((WAITING, TO_READ)), held.c.author != desk.me.worker_id)
    )
    found = [dict(one) for one in rows.mappings()]
    behind: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in found:
        behind[one["follows"] or ""].append(one)
    leads = _led_by(desk, reading.connection)
    # What follows one that is not hers to see is not hers to decide either.
    shown = [_item(desk, reading, one, behind[one["id"]], leads) for one in found if one["follows"] is None]
    return sorted(shown, key=lambda item: (not item.may_decide, item.made_at, item.held_id))


def decide_held(desk: Desk, held_id: str, choice: str, why: str = "") -> None:
    """Answer one: ADMIT it as it is, DECLINE it saying why, or mark it as READ. What is decided with
    it goes the same way; nothing that was written is lost.

    Raises BadInput ("why", "choice"), NotYours, NotHere.
    """
    with desk.vault.write() as connection:
        stored = row(connection, HELD, held_id)
        if stored["state"] not in (WAITING, TO_READ):
            raise BadInput("", say("bad.card_gone"), say("bad.card_gone.advice"))
        if not _may_decide(desk, stored, _led_by(desk, connection)):
            raise NotYours(say("tray.not_yours"), say("bad.leader.advice"))
        fits = (READ,) if stored["state"] == TO_READ else (ADMIT, DECLINE)
        if choice not in fits:
            raise BadInput("choice", say("bad.choice", field=say("review.choice")), say("bad.choice.advice"))
        if choice == DECLINE and not why.strip():
            raise BadInput("why", say("tray.why"), say("tray.why.advice"))
        decision = {"choice": choice, "why": why.strip() or None}
        desk.save(connection, [Change(HELD, held_id, decision, Act.DECIDE)])


def _led_by(desk: Desk, connection: Connection) -> frozenset[str]:
    """The families this worker leads today."""
    allocated = allocated_today(connection, desk.today())
    return frozenset(
        family_id
        for family_id, who in allocated.items()
        if any(one.worker_id == desk.me.worker_id and one.role == AllocationRole.LEAD for one in who)
    )


def _may_decide(desk: Desk, held: Mapping[str, Any], leads: frozenset[str]) -> bool:
    """A request is for the leader; what a previous worker wrote, for the lead worker now as well."""
    if desk.me.leads:
        return True
    kind, _, family_id = held["scope"].partition(":")
    return held["reason"] != REQUEST and (kind != "family" or family_id in leads)


def _item(
    desk: Desk,
    reading: Reading,
    held: Mapping[str, Any],
    behind: Sequence[Mapping[str, Any]],
    leads: frozenset[str],
) -> TrayItem:
    """One decision. What it is called by is the most telling of what is decided together: the note,
    not the visit it is of."""
    telling = min((held, *behind), key=lambda one: rank(one["table_name"]))
    family_id, family_label = family_of(reading, held["scope"])
    made_at = datetime.fromtimestamp(held["made_at"] / 1000, UTC)
    patch: Mapping[str, Any] = telling["patch"] or {}
    is_request, to_read = held["reason"] == REQUEST, held["state"] == TO_READ
    mine = _may_decide(desk, held, leads)
    table = telling["table_name"]
    return TrayItem(
        held_id=held["id"],
        heading=say(HEADINGS.get(held["reason"], "tray.previous")),
        what=named(reading, table, telling["record"], telling["kind"], patch),
        family_id=family_id,
        family_label=family_label,
        who=reading.name("worker", held["author"]),
        made_at=made_at,
        made_words=moment(made_at, reading.now),
        reason=_reason(held["reason"]) if not to_read or held["reason"] == CLOSED else say("tray.to_read"),
        values=_values(reading, table, patch),
        was=_values(reading, table, {name: (telling["was"] or {}).get(name) for name in patch}),
        with_it=len(behind),
        to_read=to_read,
        may_decide=mine,
        decided_by_words="" if mine else say("review.leader_decides" if is_request else "tray.lead_decides"),
        overdue=working_days(local(made_at).date(), DAYS_TO_SETTLE) < reading.today,
        note_id=telling["record"] if table == "visit_note" and to_read else "",
    )


def _reason(code: str) -> str:
    """Why a colleague's change waits, said to the one who decides it."""
    return (
        say(f"tray.reason.{code}")
        if code in (REQUEST, CLOSED, "not_yours_now")
        else said("sync_reason", code)
    )


def _values(reading: Reading, table: str, patch: Mapping[str, Any]) -> tuple[SideValue, ...]:
    if table not in reading.schema.synced:
        return ()
    return tuple(SideValue(*value) for value in values_of(reading, table, patch))
