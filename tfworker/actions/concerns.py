"""Safeguarding concerns: raised in a breath, first in every push, on top until somebody answers."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select

from tfworker.actions.desk import Desk, colleagues, named
from tfworker.actions.phrases import moment, say
from tfworker.actions.problems import BadInput, NotYours
from tfworker.actions.receipts import is_waiting
from tfworker.actions.rows import Record, row, rows_of
from tfworker.actions.values import Concern, Whereabouts
from tfworker.records import ConcernStep, Family, Programme, SafeguardingConcern
from tfworker.records.words import ConcernStepKind

SHOWN_AFTER = timedelta(days=14)  # an acknowledged concern stays in the list this long
EMERGENCY = "999"


def raise_concern(
    desk: Desk,
    family_id: str | None,
    seen_or_said: str,
    told: str = "",
    immediate_danger: bool = False,
) -> Concern:
    """Write down a concern. Works with no network, and is the first thing sent.

    family_id: None when the worker cannot or will not name a family.
    told: who has been told already, as she writes it.
    Raises BadInput("seen_or_said") when nothing is written; a Problem when the disk will not take it.
    """
    if not seen_or_said.strip():
        raise BadInput("seen_or_said", say("concern.not_empty"), say("bad.empty.advice"))
    now = desk.now()
    whole: dict[str, Any] = {
        "family_id": family_id,
        "happened_at": now,
        # Verbatim: her words are evidence, blanks and all.
        "seen_or_said": seen_or_said,
        "immediate_danger": immediate_danger,
        "told": [{"name": told.strip(), "at": now.isoformat()}] if told.strip() else None,
    }
    with desk.vault.write() as connection:
        if family_id is not None:
            row(connection, "family", family_id)
        change = desk.insert("safeguarding_concern", whole)
        desk.save(connection, [change])
    return _one(desk, change.record)


def open_concerns(desk: Desk) -> list[Concern]:
    """Concerns on this laptop: those nobody has acknowledged first, then the newest.

    An acknowledged one stays in the list for two weeks.
    """
    with desk.vault.read() as connection:
        return concerns(desk, connection)


def concerns(desk: Desk, connection: Connection) -> list[Concern]:
    """As `open_concerns`, inside the caller's transaction."""
    answered = select(ConcernStep.concern_id).where(ConcernStep.step == ConcernStepKind.ACKNOWLEDGED)
    since = desk.now() - SHOWN_AFTER
    # Compared as text of their column: written_at is when she raised it.
    query = select(SafeguardingConcern.__table__).where(
        SafeguardingConcern.id.not_in(answered) | (SafeguardingConcern.written_at >= since)
    )
    found = [dict(concern) for concern in connection.execute(query).mappings()]
    shown = _shown(desk, connection, found)
    return sorted(shown, key=lambda c: (c.acknowledged_at is not None, -c.raised_at.timestamp()))


def acknowledge(desk: Desk, concern_id: str) -> Concern:
    """Answer for a concern by name. Raises NotYours unless a leader or duty worker who did not raise it."""
    if not desk.me.may_acknowledge:
        raise NotYours(say("concern.not_yours"), say("bad.leader.advice"))
    with desk.vault.write() as connection:
        concern = row(connection, "safeguarding_concern", concern_id)
        if concern["written_by"] == desk.me.worker_id:
            raise NotYours(say("concern.not_own"), "")
        steps = rows_of(connection, "concern_step", concern_id=concern_id)
        if not any(step["step"] == ConcernStepKind.ACKNOWLEDGED for step in steps):
            step = {
                "concern_id": concern_id,
                "family_id": concern["family_id"],
                "raised_by": concern["written_by"],
                "step": ConcernStepKind.ACKNOWLEDGED.value,
                "happened_at": desk.now(),
            }
            desk.save(connection, [desk.insert("concern_step", step)])
    return _one(desk, concern_id)


def number_to_ring(connection: Connection, immediate_danger: bool) -> str:
    """The number to ring while a concern is not sent: 999 in danger, else the council's first own."""
    if immediate_danger:
        return EMERGENCY
    listed = connection.execute(select(Programme.emergency_numbers).order_by(Programme.id)).scalars().first()
    phones = [str(number.get("phone") or "") for number in listed or ()]
    return next((phone for phone in phones if phone and phone != EMERGENCY), "")


def _one(desk: Desk, concern_id: str) -> Concern:
    with desk.vault.read() as connection:
        return _shown(desk, connection, [row(connection, "safeguarding_concern", concern_id)])[0]


def _shown(desk: Desk, connection: Connection, found: Sequence[Record]) -> list[Concern]:
    names = colleagues(connection)
    steps: dict[str, Record] = {}
    for step in rows_of(connection, "concern_step", concern_id=[c["id"] for c in found]):
        if step["step"] == ConcernStepKind.ACKNOWLEDGED:
            steps.setdefault(step["concern_id"], step)
    families = [c["family_id"] for c in found if c["family_id"]]
    labels = dict(connection.execute(select(Family.id, Family.label).where(Family.id.in_(families))).all())
    return [_concern(desk, connection, concern, names, labels, steps.get(concern["id"])) for concern in found]


def _concern(
    desk: Desk,
    connection: Connection,
    concern: Record,
    names: Mapping[str, str],
    labels: Mapping[str, str],
    step: Record | None,
) -> Concern:
    now, raised_at = desk.now(), concern["written_at"]
    waits = is_waiting(connection, desk.schema, concern["id"])
    answered_at = None if step is None else step["happened_at"] or step["written_at"]
    answered_by = "" if step is None else named(step["written_by"], names)
    return Concern(
        concern_id=concern["id"],
        family_id=concern["family_id"],
        family_label=labels.get(concern["family_id"] or "", ""),
        seen_or_said=concern["seen_or_said"] or "",
        told=", ".join(_told(told) for told in concern["told"] or ()),
        immediate_danger=bool(concern["immediate_danger"]),
        raised_by=named(concern["written_by"], names),
        raised_at=raised_at,
        raised_words=moment(raised_at, now),
        whereabouts=Whereabouts.LAPTOP if waits else Whereabouts.COUNCIL,
        sending_words=_sending(connection, bool(concern["immediate_danger"]))
        if waits
        else say("concern.sent"),
        acknowledged_by=answered_by,
        acknowledged_at=answered_at,
        acknowledged_words=(
            say("concern.acknowledged", who=answered_by, moment=moment(answered_at, now))
            if answered_at is not None
            else ""
        ),
        may_acknowledge=desk.me.may_acknowledge
        and step is None
        and concern["written_by"] != desk.me.worker_id,
    )


def _told(told: Mapping[str, Any]) -> str:
    return ", ".join(str(told[key]) for key in ("name", "role", "org") if told.get(key))


def _sending(connection: Connection, immediate_danger: bool) -> str:
    phone = number_to_ring(connection, immediate_danger)
    return say("concern.not_sent", phone=phone) if phone else say("concern.not_sent_no_number")
