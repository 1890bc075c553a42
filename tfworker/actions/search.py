"""Search: families, people, goals and notes of this laptop by what is written in them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, select

from tfworker.actions.desk import Desk
from tfworker.actions.phrases import day, say
from tfworker.actions.rows import Record, rows_of
from tfworker.actions.titles import note_title
from tfworker.actions.values import Choice, Hit
from tfworker.records import Family
from tfworker.rules.dates import day_of
from tfworker.store import search as index

NOTES = ("note", "amendment")  # kinds of hit that lead to a note


def find(desk: Desk, words: str) -> list[Hit]:
    """What holds all of the words, the best first; [] for no words at all."""
    with desk.vault.read() as connection:
        found = index.find(connection, words)
        notes = _notes(connection, found)
        families = {hit.family_id for hit in found if hit.family_id}
        labels = dict(
            connection.execute(select(Family.id, Family.label).where(Family.id.in_(families))).all()
        )
    return [
        _hit(hit, notes.get(hit.record), labels, desk.today())
        for hit in found
        if hit.family_id in labels and (hit.kind not in NOTES or hit.record in notes)
    ]


def _notes(connection: Connection, found: Sequence[index.Hit]) -> Mapping[str, Record]:
    """{id of a note or of an addition to one: the note}."""
    added = rows_of(connection, "note_amendment", id=[hit.record for hit in found if hit.kind == "amendment"])
    ids = [hit.record for hit in found if hit.kind == "note"] + [a["note_id"] for a in added]
    notes = {note["id"]: note for note in rows_of(connection, "visit_note", id=ids)}
    return notes | {a["id"]: notes[a["note_id"]] for a in added if a["note_id"] in notes}


def _hit(hit: index.Hit, note: Record | None, labels: Mapping[str, str], today: date) -> Hit:
    label = labels[hit.family_id or ""]
    on = _day(hit.about) if note is None else day_of(note["happened_at"])
    kind = "note" if note is not None else hit.kind
    return Hit(
        kind=Choice(kind, say(f"hit.{kind}")),
        # An addition to a note is read where the note is.
        record=note["id"] if note is not None else hit.record,
        family_id=hit.family_id or "",
        family_label=label,
        title=note_title(note) if note is not None else label,
        before=hit.before,
        found=hit.found,
        after=hit.after,
        on=on,
        on_words=day(on, today) if on else "",
    )


def _day(about: str | None) -> date | None:
    """The day of an ISO moment or day."""
    if not about:
        return None
    return datetime.fromisoformat(about).date()
