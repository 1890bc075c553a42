"""One story out of notes, visits, events and concerns: significant things by default, all on asking."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

from tfworker.rules.dates import day_of

Record = Mapping[str, Any]  # {column: value}

ENDED_VISITS = frozenset({"completed", "no_reply", "refused", "cancelled"})  # a plan is not yet story


class EventKind(StrEnum):
    """What tells of the event."""

    NOTE = "note"
    VISIT = "visit"  # a visit that no note tells of
    ENTRY = "entry"
    CONCERN = "concern"


class Show(StrEnum):
    """Which events to show."""

    SIGNIFICANT = "significant"
    EVERYTHING = "everything"
    CHILDS_VOICE = "childs_voice"


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the story.

    on: its day; for precision "month" or "year" the first day of it. at: None when only a day is known.
    childs_voice: a child was spoken to alone, or how she was is written down.
    record: the row that tells of it.
    """

    kind: EventKind
    id: str
    on: date
    at: datetime | None
    precision: str
    significant: bool
    childs_voice: bool
    positive: bool
    record: Record


def story(
    notes: Iterable[Record] = (),
    visits: Iterable[Record] = (),
    entries: Iterable[Record] = (),
    concerns: Iterable[Record] = (),
) -> list[Event]:
    """All that happened, newest first.

    A visit that a note tells of is told once, by the note; one still to come is left out. A note
    is significant when its author said so; events entered by themselves and concerns always are.
    """
    told = list(notes)
    visits_told = {note.get("visit_id") for note in told}
    events = [_of_note(note) for note in told]
    events += [_of_visit(v) for v in visits if v.get("state") in ENDED_VISITS and v["id"] not in visits_told]
    events += [_of_entry(entry) for entry in entries]
    events += [_of_concern(concern) for concern in concerns]
    return sorted(events, key=_order, reverse=True)


def shown(events: Iterable[Event], show: Show) -> list[Event]:
    """The events that a filter lets through, in the order given."""
    if show is Show.SIGNIFICANT:
        return [event for event in events if event.significant]
    if show is Show.CHILDS_VOICE:
        return [event for event in events if event.childs_voice]
    return list(events)


def hears_a_child(note: Record) -> bool:
    """Whether a note says that a child was spoken to alone, or how a child was."""
    return any(
        line.get("alone") or str(line.get("comment") or "").strip()
        for line in note.get("children_seen") or ()
    )


def _of_note(note: Record) -> Event:
    at = note["happened_at"]
    return _event(EventKind.NOTE, note, at, bool(note.get("significant")), hears_a_child(note))


def _of_visit(visit: Record) -> Event:
    # A visit that was never planned has no planned time, one that never began no start.
    at = visit.get("started_at") or visit.get("planned_at") or visit["written_at"]
    return _event(EventKind.VISIT, visit, at, False)


def _of_concern(concern: Record) -> Event:
    return _event(EventKind.CONCERN, concern, concern.get("happened_at") or concern["written_at"], True)


def _event(
    kind: EventKind, record: Record, at: datetime, significant: bool, childs_voice: bool = False
) -> Event:
    return Event(kind, str(record["id"]), day_of(at), at, "exact", significant, childs_voice, False, record)


def _of_entry(entry: Record) -> Event:
    return Event(
        kind=EventKind.ENTRY,
        id=str(entry["id"]),
        on=entry["happened_on"],
        at=None,
        precision=str(entry.get("precision") or "exact"),
        significant=True,
        childs_voice=False,
        positive=bool(entry.get("positive")),
        record=entry,
    )


def _order(event: Event) -> tuple[date, datetime, str]:
    """By day, then time; what has only a day comes before that day's timed events."""
    midnight = datetime.combine(event.on, time.min, UTC)
    return (event.on, event.at or midnight, event.id)
