"""What visits and notes are headed with: "Home visit, 55 minutes"."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tfworker.actions.phrases import say
from tfworker.actions.wording import said, standard, word
from tfworker.records.words import NO_ACCESS, Correspondence, NoteKind, VisitType
from tfworker.rules.notes import lateness

Record = Mapping[str, Any]  # {column: value}


def note_title(note: Record) -> str:
    """A note's heading, from what it is about and how long it took."""
    if note["visit_type"]:
        return _visited(note["visit_type"], note["happened_at"], note["ended_at"])
    if note["correspondence"]:
        return word(Correspondence, note["correspondence"]).words
    return word(NoteKind, note["kind"]).words


def visit_title(visit: Record) -> str:
    """A visit's heading, from its kind and how long it took."""
    return _visited(visit["type"], visit["started_at"], visit["ended_at"])


def _visited(kind: str | None, began: datetime | None, ended: datetime | None) -> str:
    words = word(VisitType, kind).words or word(NoteKind, NoteKind.VISIT).words
    if kind in NO_ACCESS:
        return say("note.no_access_title", what=words)
    if began is None or ended is None or ended <= began:
        return words
    return say("note.minutes", what=words, n=round((ended - began).total_seconds() / 60))


def late_words(note: Record) -> str:
    """ "Written up 3 days later"; "" for a note that was in time, or that came from elsewhere."""
    if note["finalised_at"] is None or note["note_ref"] is not None:
        return ""
    days = lateness(note["happened_at"], note["finalised_at"], standard("note_finalised"))
    if days is None:
        return ""
    key = "same_day" if days == 0 else "one_day" if days == 1 else "days"
    words = said("note_late", key).format(days=days)
    return words[:1].upper() + words[1:]
