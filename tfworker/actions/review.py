"""The Review page: two versions of one thing, and the person who decides."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from sync.ops import Act, Change
from tfworker.actions.checking import patch_of
from tfworker.actions.desk import Desk
from tfworker.actions.fields import FREE_TEXT, Reading
from tfworker.actions.phrases import say
from tfworker.actions.problems import BadInput, NotHere, NotYours
from tfworker.actions.receipts import OPEN
from tfworker.actions.review_shown import (
    RIVAL,
    STANDS,
    Card,
    Version,
    may_decide,
    read_card,
    shown,
    typed_columns,
)
from tfworker.actions.rows import Record, row
from tfworker.actions.values import BOTH, TYPED, ReviewCard
from tfworker.records.words import PlanState


def cards(desk: Desk) -> list[ReviewCard]:
    """Everything in two versions on this laptop: what this worker decides first, then the oldest."""
    with desk.vault.read() as connection:
        return read_cards(desk, Reading(connection, desk.schema, desk.now()))


def read_cards(desk: Desk, reading: Reading) -> list[ReviewCard]:
    """As `cards`, inside the caller's transaction."""
    found = [shown(desk, reading, card) for card in open_cards(desk, reading.connection, reading)]
    return sorted(found, key=lambda card: (not card.may_decide, card.opened_at, card.card_id))


def open_cards(desk: Desk, connection: Connection, reading: Reading) -> list[Card]:
    """The open cards whose record is on this laptop."""
    card = desk.schema.own("conflict")
    rows = connection.execute(select(card).where(card.c.state == OPEN)).mappings().all()
    found = [read_card(reading, desk.line, dict(one)) for one in rows]
    return [one for one in found if one is not None]


def is_hers(desk: Desk, card: Card) -> bool:
    """Whether a card waits for this worker."""
    return may_decide(desk, card.table, card.group, card.kind)


def decide(
    desk: Desk,
    card_id: str,
    choice: str,
    *,
    values: Mapping[str, Any] | None = None,
    why: str | None = None,
) -> None:
    """Settle a card: take one side (its key), TYPED values, or BOTH. Nothing that was written is lost.

    values: for TYPED, {field: value} of the card's typed_fields; a field left out stays as it is.
    BOTH: a second contact point, or both texts one below the other; where there is neither, what
        is in use stays and the other stays with the card.
    Raises BadInput (an unknown choice, a value that cannot be saved), NotYours, NotHere.
    """
    with desk.vault.write() as connection:
        reading = Reading(connection, desk.schema, desk.now())
        stored = row(connection, "conflict", card_id)
        if stored["state"] != OPEN:
            raise BadInput("", say("bad.card_gone"), say("bad.card_gone.advice"))
        card = read_card(reading, desk.line, stored)
        if card is None:
            raise NotHere
        if not may_decide(desk, card.table, card.group, card.kind):
            raise NotYours(say("review.leader_decides"), say("bad.leader.advice"))
        decided, beside = _decided(desk, card, choice, values or {})
        decision = {
            "choice": _said(card, choice),
            "values": _travel(decided),
            "why": (why or "").strip() or None,
        }
        desk.save(connection, [*beside, Change("conflict", card_id, decision, Act.DECIDE)])


def _decided(
    desk: Desk, card: Card, choice: str, values: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Change]]:
    """(the values to stand, what is saved beside them in the same act)."""
    if choice == TYPED:
        return _typed(desk, card, values), []
    if choice == BOTH:
        return _both(desk, card)
    side = next((side for side in card.sides if side.key == choice), None)
    if side is None:
        raise BadInput("choice", say("bad.choice", field=say("review.choice")), say("bad.choice.advice"))
    if card.kind == RIVAL:
        return {}, _give_way(desk, card, side)
    return {column: side.values.get(column, card.stands.get(column)) for column in card.columns}, []


def _give_way(desk: Desk, card: Card, chosen: Version) -> list[Change]:
    """Of two records that cannot both be right, how the other makes way: a second lead ends today, a
    second plan is followed by the first. Two that may be one are left as they are: nothing is joined."""
    others = [str(side.values["id"]) for side in card.sides if side.key != chosen.key]
    if card.table == "allocation":
        return [Change("allocation", record, {"to_on": desk.today()}) for record in others]
    if card.table == "plan":
        after = {
            "state": PlanState.SUPERSEDED.value,
            "state_on": desk.today(),
            "superseded_by": str(chosen.values["id"]),
        }
        return [Change("plan", record, after) for record in others]
    return []


def _typed(desk: Desk, card: Card, values: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in values.items() if value is not None}
    if not given:
        raise BadInput("values", say("bad.nothing"), "")
    patch = patch_of(card.table, given, typed_columns(card))
    return {**{c: card.stands.get(c) for c in card.columns}, **patch, **_signed(desk, card)}


def _both(desk: Desk, card: Card) -> tuple[dict[str, Any], list[Change]]:
    standing = {column: card.stands.get(column) for column in card.columns}
    others = [side for side in card.sides if not side.stands]
    if card.table == "contact_point":
        beside = [
            _second_point(desk, card, side.values)
            for side in others
            if side.values.get("value", standing.get("value")) != standing.get("value")
        ]
        return standing, beside
    texts = [c for c in card.columns if f"{card.table}.{c}" in FREE_TEXT]
    if not texts:
        return standing, []
    for column in texts:
        versions = [standing[column], *(side.values.get(column) for side in others)]
        # The same words twice help nobody; the order is that of the screen.
        said = dict.fromkeys(str(version).strip() for version in versions if version)
        standing[column] = "\n\n".join(said) or None
    return {**standing, **_signed(desk, card)}, []


def _second_point(desk: Desk, card: Card, other: Mapping[str, Any]) -> Change:
    """The other number as a contact point of its own, as safe as the stricter of the two says."""
    point: Record = {**card.record_row, **other}
    kept = ("person_id", "kind", "value", "safe_to_call", "safe_note", "do_not_leave_message")
    return desk.insert(
        "contact_point", {name: point.get(name) for name in kept} | {"valid_from": desk.today()}
    )


def _signed(desk: Desk, card: Card) -> dict[str, Any]:
    """Who wrote a text and when, where the group holds that: it is her text from now on."""
    signed = {"story_on": desk.today(), "story_by": desk.me.worker_id, "state_on": desk.today()}
    return {name: value for name, value in signed.items() if name in card.columns}


def _said(card: Card, choice: str) -> str:
    """How the decision is written down, whichever laptop reads it."""
    if choice in (TYPED, BOTH):
        return choice
    side = next(side for side in card.sides if side.key == choice)
    return "stands" if side.stands or choice == STANDS else "other"


def _travel(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: v.isoformat() if isinstance(v, date | datetime) else v for name, v in values.items()}
