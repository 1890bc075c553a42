"""A finished note as it is read: the original first, what was added after it in order."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from tfworker.actions.desk import Desk, colleagues, named
from tfworker.actions.drafting import need_words
from tfworker.actions.fields import need_titles
from tfworker.actions.members import called
from tfworker.actions.phrases import age, day, first_words, is_child, moment, say
from tfworker.actions.problems import NotHere
from tfworker.actions.receipts import whereabouts
from tfworker.actions.rows import Record, row, rows_of
from tfworker.actions.titles import late_words, note_title
from tfworker.actions.values import Amendment, Choice, Link, NoteView, Presence, Section, Whereabouts
from tfworker.actions.wording import word
from tfworker.records import scope
from tfworker.records.words import AmendmentKind, MemberRole, NoteKind
from tfworker.rules.notes import is_as_finished

TEXTS = ("what_happened", "child_means", "place")  # the parts of a note that are read as text


def view(desk: Desk, connection: Connection, note_id: str) -> NoteView:
    """Raises NotHere, for a note that nobody has finished too."""
    note = row(connection, "visit_note", note_id)
    if note["finalised_at"] is None:
        raise NotHere
    names = colleagues(connection)
    places = whereabouts(connection, desk.schema, [scope.family(note["family_id"])])
    amendments = rows_of(connection, "note_amendment", note_id=note_id)
    actions = rows_of(connection, "action", note_id=note_id)
    now = desk.now()
    return NoteView(
        note_id=note_id,
        visit_id=note["visit_id"],
        family_id=note["family_id"],
        family_label=row(connection, "family", note["family_id"])["label"],
        title=note_title(note),
        kind=word(NoteKind, note["kind"]),
        author=named(note["written_by"], names),
        event_at=note["happened_at"],
        event_words=moment(note["happened_at"], now),
        finalised_at=note["finalised_at"],
        finalised_words=say("note.finished", moment=moment(note["finalised_at"], now)),
        late_words=late_words(note),
        people=_people(desk, connection, note),
        sections=_sections(desk, note),
        links=_links(connection, note),
        actions=tuple(first_words(action["what"] or "", 120) for action in actions),
        amendments=tuple(
            _amendment(desk, amendment, names, places)
            for amendment in sorted(amendments, key=lambda a: (a["written_at"], a["id"]))
        ),
        significant=bool(note["significant"]),
        # A note that came from elsewhere carries no hash; nothing says it was changed.
        unchanged=is_as_finished(note) is not False,
        may_amend=True,
        whereabouts=places.get(note_id, Whereabouts.COUNCIL),
    )


def _sections(desk: Desk, note: Record) -> tuple[Section, ...]:
    found = [Section(say(f"note.heading.{part}"), note[part]) for part in TEXTS if note[part]]
    if note["next_date"]:
        found.append(Section(say("note.heading.next_date"), day(note["next_date"], desk.today())))
    return tuple(found)


def _people(desk: Desk, connection: Connection, note: Record) -> tuple[Presence, ...]:
    """Who was there, and every child with whether she was seen, as they were ticked."""
    present: list[Mapping[str, Any]] = note["present"] or []
    children = {child.get("person_id"): child for child in note["children_seen"] or ()}
    ids = [str(p["person_id"]) for p in present if p.get("person_id")]
    ids += [str(child) for child in children if child and child not in ids]
    persons = {person["id"]: person for person in rows_of(connection, "person", id=ids)}
    there = {str(p["person_id"]): p for p in present if p.get("person_id")}
    chips = [
        _chip(desk, persons.get(person_id), person_id, there.get(person_id), children.get(person_id))
        for person_id in ids
    ]
    visitors = [p for p in present if not p.get("person_id")]
    return (*chips, *(_visitor(p) for p in visitors))


def _chip(
    desk: Desk,
    person: Record | None,
    person_id: str,
    present: Mapping[str, Any] | None,
    child: Mapping[str, Any] | None,
) -> Presence:
    name, about, role = say("somebody"), "", str((present or {}).get("role") or "")
    if person is not None:
        name = called(person["known_as"], person["forenames"], person["family_name"])
        about = age(person["dob"], person["dob_estimated"], person["expected_date"], desk.today())
    role_words = word(MemberRole, role)
    child_here = child is not None or (person is not None and is_child(person["dob"], role, desk.today()))
    said = about if child_here else role_words.words.lower()
    seen = child or {}
    return Presence(
        person_id=person_id,
        name=name,
        role=role_words,
        words=f"{name}, {said}" if said else name,
        is_child=child_here,
        present=present is not None,
        seen=bool(seen.get("seen")),
        spoken_to_alone=bool(seen.get("alone")),
        comment=str(seen.get("comment") or ""),
    )


def _visitor(present: Mapping[str, Any]) -> Presence:
    name = str(present.get("name") or say("somebody"))
    role = str(present.get("role") or "")
    words = say("note.visitor", name=name)
    return Presence(None, name, Choice(role, role), words, is_child=False, is_visitor=True, present=True)


def _links(connection: Connection, note: Record) -> tuple[Link, ...]:
    titles = need_titles(connection)
    goals = rows_of(connection, "goal", id=note["goal_ids"] or [])
    needs = rows_of(connection, "need", id=note["need_ids"] or [])
    return (
        *(Link(goal["id"], first_words(goal["statement"] or "", 60)) for goal in goals),
        *(Link(need["id"], need_words(need, titles)) for need in needs),
    )


def _amendment(
    desk: Desk, amendment: Record, names: Mapping[str, str], places: Mapping[str, Whereabouts]
) -> Amendment:
    at = amendment["written_at"]
    return Amendment(
        id=amendment["id"],
        kind=word(AmendmentKind, amendment["kind"]),
        text=amendment["text"] or "",
        old_text=amendment["old_value"] or "",
        reason=amendment["reason"] or "",
        by=named(amendment["written_by"], names),
        at=at,
        at_words=moment(at, desk.now()),
        whereabouts=places.get(amendment["id"], Whereabouts.COUNCIL),
    )
