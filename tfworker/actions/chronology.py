"""The chronology of a family, in words: what rules.chronology tells from notes, visits and events."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, select

from tfworker.actions.desk import named
from tfworker.actions.phrases import MONTHS, day, say
from tfworker.actions.rows import rows_of
from tfworker.actions.titles import note_title, visit_title
from tfworker.actions.values import Chip, ChronologyLine, Tone, Whereabouts
from tfworker.actions.wording import said, word
from tfworker.records import VisitNote
from tfworker.records.words import DatePrecision, EventSource, NoteKind, VisitType
from tfworker.rules.chronology import Event, EventKind, Record, story

NEWEST_NOTES = 200  # older ones are found under Visits and notes
FROM_AFAR = frozenset({VisitType.PHONE, VisitType.VIDEO})


def chronology(
    connection: Connection,
    family_id: str,
    names: Mapping[str, str],
    places: Mapping[str, Whereabouts],
    today: date,
) -> tuple[ChronologyLine, ...]:
    """The newest finished notes and everything that no note tells, newest first."""
    notes = connection.execute(
        select(VisitNote.__table__)
        .where(VisitNote.family_id == family_id, VisitNote.finalised_at.is_not(None))
        .order_by(VisitNote.happened_at.desc())
        .limit(NEWEST_NOTES)
    ).mappings()
    entries = [
        entry
        for entry in rows_of(connection, "chronology_entry", family_id=family_id)
        if entry["note_id"] is None  # a note tells its event by itself
    ]
    events = story(
        notes=[dict(note) for note in notes],
        visits=rows_of(connection, "visit", family_id=family_id),
        entries=entries,
        concerns=rows_of(connection, "safeguarding_concern", family_id=family_id),
    )
    return tuple(_line(event, names, places, today) for event in events)


def _line(
    event: Event, names: Mapping[str, str], places: Mapping[str, Whereabouts], today: date
) -> ChronologyLine:
    told = event.record
    title, text = _title_and_text(event)
    chip = _chip(event)
    return ChronologyLine(
        id=event.id,
        on=event.on,
        on_words=_on_words(event, today),
        who=told.get("source_name") or named(told.get("written_by"), names),
        kind=chip,
        title="" if title == chip.words else title,
        text=text,
        for_the_children=told.get("child_means") or told.get("impact_on_child") or "",
        significant=event.significant,
        childs_voice=event.childs_voice,
        positive=event.positive,
        note_id=event.id if event.kind is EventKind.NOTE else None,
        whereabouts=places.get(event.id, Whereabouts.COUNCIL),
    )


def _title_and_text(event: Event) -> tuple[str, str]:
    told = event.record
    if event.kind is EventKind.NOTE:
        return note_title(told), told["what_happened"] or ""
    if event.kind is EventKind.VISIT:
        return visit_title(told), ""
    if event.kind is EventKind.CONCERN:
        return say("story.concern"), told["seen_or_said"] or ""
    title, _, text = (told["event"] or "").partition("\n")
    return title, text.strip()


def _chip(event: Event) -> Chip:
    told: Record = event.record
    if event.kind is EventKind.CONCERN:
        return Chip(said("event_kind", "concern"), Tone.DANGER)
    if event.kind is EventKind.ENTRY:
        words = told["source_name"] or word(EventSource, told["source"]).words or said("event_kind", "entry")
        return Chip(words, Tone.INFO)
    if event.kind is EventKind.VISIT:
        return Chip(said("event_kind", "visit"), Tone.ACCENT)
    # A "visit" by phone or video: nobody was at the door.
    kind = NoteKind.CORRESPONDENCE if told["visit_type"] in FROM_AFAR else told["kind"]
    if kind == NoteKind.VISIT:
        return Chip(said("event_kind", "visit"), Tone.ACCENT)
    return Chip(word(NoteKind, kind).words, Tone.ACCENT)


def _on_words(event: Event, today: date) -> str:
    if event.precision == DatePrecision.YEAR:
        return str(event.on.year)
    if event.precision == DatePrecision.MONTH:
        return f"{MONTHS[event.on.month - 1]} {event.on.year}"
    return day(event.on, today)
