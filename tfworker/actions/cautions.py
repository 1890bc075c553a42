"""Before you go in: the cautions on a family and its people."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, or_, select

from tfworker.actions.checking import patch_of
from tfworker.actions.desk import Desk, named
from tfworker.actions.disputes import NONE, Marks
from tfworker.actions.members import Member
from tfworker.actions.phrases import say
from tfworker.actions.problems import BadInput
from tfworker.actions.rows import row
from tfworker.actions.values import Caution
from tfworker.actions.wording import said, word
from tfworker.records import RiskMarker
from tfworker.records.words import MarkerKind, MarkerState

MARKER_REVIEW_DAYS = 182  # half a year, when the worker names no day (domain 4.11)


def add_risk_marker(
    desk: Desk,
    family_id: str,
    kind: str,
    detail: str,
    review_on: date | None = None,
    *,
    person_id: str | None = None,
) -> str:
    """Raise a caution on the family, or on one of its people. In force at once.

    review_on: half a year from today when nobody names a day.
    Gives the marker's id. Raises BadInput for "kind", "detail" or "review_on".
    """
    today = desk.today()
    given = {"kind": kind, "detail": detail, "review_on": review_on or today + timedelta(MARKER_REVIEW_DAYS)}
    patch = patch_of("risk_marker", given, list(given), needed=["kind", "detail"])
    if patch["review_on"] < today:
        raise BadInput("review_on", say("bad.past", field=say("story.review_field")))
    with desk.vault.write() as connection:
        row(connection, "family", family_id)
        whole = patch | {
            "family_id": family_id,
            "person_id": person_id,
            "set_on": today,
            "state": MarkerState.RAISED.value,
        }
        marker = desk.insert("risk_marker", whole)
        desk.save(connection, [marker])
    return marker.record


def _code(kind: str | None) -> str:
    return kind if kind in set(MarkerKind) else "other"


def cautions(
    connection: Connection,
    family_id: str,
    people: Sequence[Member],
    names: Mapping[str, str],
    disputed: Mapping[str, Marks],
    today: date,
) -> tuple[Caution, ...]:
    """Markers in force on the family and on its people, the newest first.

    A marker whose state was not given to this laptop counts as in force: the safer reading.
    """
    name_of = {m.person_id: m.name for m in people}
    found = connection.execute(
        select(RiskMarker.__table__)
        .where(or_(RiskMarker.family_id == family_id, RiskMarker.person_id.in_(name_of)))
        .where(or_(RiskMarker.state.is_(None), RiskMarker.state != MarkerState.CLEARED))
        .order_by(RiskMarker.set_on.desc(), RiskMarker.id)
    ).mappings()
    return tuple(
        Caution(
            id=marker["id"],
            kind=word(MarkerKind, marker["kind"]),
            words=said("caution_chip", _code(marker["kind"])),
            about=name_of.get(marker["person_id"], ""),
            detail=marker["detail"] or "",
            set_by=named(marker["written_by"], names),
            set_on=marker["set_on"],
            review_on=marker["review_on"],
            review_late=marker["review_on"] is not None and marker["review_on"] < today,
            disputed=disputed.get(marker["id"], NONE),
        )
        for marker in found
    )
