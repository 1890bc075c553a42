"""What needed a person lately and no longer does: who settled it, how, and why. Nothing is just gone."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from sync.sql.tables import HELD
from tfworker.actions import returned
from tfworker.actions.acts import named
from tfworker.actions.desk import Desk
from tfworker.actions.fields import Reading
from tfworker.actions.phrases import moment, say
from tfworker.actions.review_shown import family_of, read_card, subject_of
from tfworker.actions.values import Settled

LATELY = timedelta(days=30)
DECIDED = "decided"
AGREED = "agreed"  # choice of a card that closed by itself: every line said the same in the end
HOW = frozenset({"typed", "both", "stands", "other", AGREED})  # choices with words of their own


def settled(desk: Desk) -> list[Settled]:
    """What was settled in the last 30 days on this laptop's records, newest first."""
    with desk.vault.read() as connection:
        return read_settled(desk, Reading(connection, desk.schema, desk.now()))


def read_settled(desk: Desk, reading: Reading) -> list[Settled]:
    """As `settled`, inside the caller's transaction."""
    found = [*_cards(desk, reading), *_held(desk, reading), *_let_go(desk, reading)]
    return sorted(found, key=lambda one: (-one.at.timestamp(), one.key))


def _since(reading: Reading) -> int:
    return int((reading.now - LATELY).timestamp() * 1000)


def _cards(desk: Desk, reading: Reading) -> list[Settled]:
    card = desk.schema.own("conflict")
    rows = reading.connection.execute(
        select(card).where(card.c.state == DECIDED, card.c.decided_at >= _since(reading))
    )
    found = []
    for row in rows.mappings().all():
        whole = read_card(reading, desk.line, dict(row)) if row["sides"] else None
        if whole is None:
            continue
        decision: Mapping[str, Any] = row["decision"] or {}
        choice = str(decision.get("choice") or "")
        how = f"settled.how.{choice}" if choice in HOW else "settled.how.decided"
        found.append(
            _settled(
                desk, reading, dict(row), subject_of(reading, whole), how, str(decision.get("why") or "")
            )
        )
    return found


def _held(desk: Desk, reading: Reading) -> list[Settled]:
    held = desk.schema.own(HELD)
    rows = reading.connection.execute(
        select(held).where(held.c.state.in_(("admitted", "declined", "read")),
                           held.c.decided_at >= _since(reading), held.c.follows.is_(None))
    )  # fmt: skip
    return [
        _settled(
            desk,
            reading,
            dict(row),
            named(reading, row["table_name"], row["record"], row["kind"], row["patch"] or {}),
            f"settled.how.{row['state']}",
            row["why"] or "",
        )
        for row in rows.mappings()
    ]


def _let_go(desk: Desk, reading: Reading) -> list[Settled]:
    """Refused edits their author gave up, by her own act."""
    found = []
    for edit, at, why in returned.given_up(desk, reading):
        if at >= reading.now - LATELY:
            found.append(
                Settled(f"op:{edit.op_id}", edit.what, edit.family_id, edit.family_label,
                        say("settled.how.let_go"), why, at, moment(at, reading.now))
            )  # fmt: skip
    return found


def _settled(desk: Desk, reading: Reading, row: Mapping[str, Any], what: str, how: str, why: str) -> Settled:
    family_id, family_label = family_of(reading, row["scope"])
    at = datetime.fromtimestamp(row["decided_at"] / 1000, UTC)
    by = row["decided_by"]
    # Decided here and not sent yet: the council has not written down by whom.
    who = reading.name("worker", by) if by and by != desk.me.worker_id else say("review.you")
    return Settled(row["id"], what, family_id, family_label, say(how, who=who), why, at,
                   moment(at, reading.now))  # fmt: skip
