"""Visits: planning one, and the tab that lists visits, drafts and notes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from tfworker.actions import drafting
from tfworker.actions.checking import patch_of
from tfworker.actions.desk import Desk, colleagues, named
from tfworker.actions.phrases import first_words, moment, say
from tfworker.actions.problems import BadInput
from tfworker.actions.receipts import whereabouts
from tfworker.actions.rows import row, rows_of
from tfworker.actions.titles import late_words, note_title, visit_title
from tfworker.actions.values import Chip, NoteLine, NotesTab, Tone, Whereabouts
from tfworker.records import VisitNote, scope
from tfworker.records.words import NO_ACCESS, VisitState

AHEAD = frozenset({VisitState.PLANNED, VisitState.PREPARED, VisitState.UNDER_WAY})
SHOWN_NOTES = 500  # the newest; search finds the others


def plan_visit(
    desk: Desk, family_id: str, at: datetime, *, visit_type: str = "home", purpose: str = ""
) -> NoteLine:
    """Plan a visit. Raises BadInput("at") for a time that has passed, ("visit_type")."""
    if at <= desk.now():
        raise BadInput("at", say("bad.past", field=say("visit.when")))
    given = {"type": visit_type, "purpose": purpose}
    patch = patch_of("visit", given, list(given), needed=["type"])
    with desk.vault.write() as connection:
        row(connection, "family", family_id)
        visit = desk.insert("visit", {**new_visit(desk, family_id), **patch, "planned_at": at})
        desk.save(connection, [visit])
    lines = visits_and_notes(desk, family_id).planned
    return next(line for line in lines if line.visit_id == visit.record)


def new_visit(desk: Desk, family_id: str) -> dict[str, Any]:
    """What every visit of this worker begins with: planned, announced, hers."""
    return {
        "family_id": family_id,
        "worker_ids": [desk.me.worker_id],
        "announced": True,
        "state": VisitState.PLANNED.value,
    }


def visits_and_notes(desk: Desk, family_id: str) -> NotesTab:
    """Raises NotHere."""
    with desk.vault.read() as connection:
        row(connection, "family", family_id)
        drafts = drafting.of_family(connection, family_id)
        names = colleagues(connection)
        places = whereabouts(connection, desk.schema, [scope.family(family_id)])
        visits = rows_of(connection, "visit", family_id=family_id)
        notes = _notes(connection, family_id)
    told = {note["visit_id"] for note in notes}
    lines = [_note_line(desk, note, names, places) for note in notes]
    # A visit that is over and that no note tells is listed among the notes: it waits to be written up.
    untold = [v for v in visits if v["id"] not in told]
    planned = [v for v in untold if v["state"] in AHEAD]
    lines += [_visit_line(desk, v, names, places) for v in untold if v["state"] not in AHEAD]
    return NotesTab(
        family_id=family_id,
        planned=tuple(sorted((_visit_line(desk, v, names, places) for v in planned), key=_soonest)),
        drafts=drafts,
        notes=tuple(sorted(lines, key=_soonest, reverse=True)),
    )


def _notes(connection: Connection, family_id: str) -> list[dict[str, Any]]:
    found = connection.execute(
        select(VisitNote.__table__)
        .where(VisitNote.family_id == family_id, VisitNote.finalised_at.is_not(None))
        .order_by(VisitNote.happened_at.desc())
        .limit(SHOWN_NOTES)
    )
    return [dict(note) for note in found.mappings()]


def _note_line(
    desk: Desk,
    note: Mapping[str, Any],
    names: Mapping[str, str],
    places: Mapping[str, Whereabouts],
) -> NoteLine:
    place = places.get(note["id"], Whereabouts.COUNCIL)
    late = late_words(note)
    chips = [Chip(late, Tone.WARN)] if late else []
    if note["visit_type"] in NO_ACCESS:
        chips.append(Chip(say("note.no_access"), Tone.WARN))
    if place is Whereabouts.LAPTOP:
        chips.append(Chip(say("note.laptop"), Tone.WARN))
    return NoteLine(
        note_id=note["id"],
        visit_id=note["visit_id"],
        at=note["happened_at"],
        at_words=moment(note["happened_at"], desk.now()),
        title=note_title(note),
        author=named(note["written_by"], names),
        first_words=first_words(note["what_happened"] or "", 160),
        chips=tuple(chips),
        whereabouts=place,
    )


def _visit_line(
    desk: Desk,
    visit: Mapping[str, Any],
    names: Mapping[str, str],
    places: Mapping[str, Whereabouts],
) -> NoteLine:
    at = visit["started_at"] or visit["planned_at"]
    place = places.get(visit["id"], Whereabouts.COUNCIL)
    ahead = visit["state"] in AHEAD
    chips = [Chip(say("note.laptop"), Tone.WARN)] if place is Whereabouts.LAPTOP else []
    if visit["state"] == VisitState.COMPLETED or (ahead and at is not None and at < desk.now()):
        chips.insert(0, Chip(say("visit.not_written"), Tone.WARN))
    title = visit_title(visit)
    return NoteLine(
        note_id=None,
        visit_id=visit["id"],
        at=at,
        at_words=moment(at, desk.now()) if at else say("plan.no_day"),
        title=say("note.planned", what=title) if ahead else title,
        author=", ".join(named(worker, names) for worker in visit["worker_ids"] or ()),
        first_words=visit["purpose"] or "",
        chips=tuple(chips),
        whereabouts=place,
    )


def _soonest(line: NoteLine) -> tuple[bool, float]:
    return (line.at is None, line.at.timestamp() if line.at else 0.0)
