"""The Story tab: the story so far, what matters now, the chronology, and what to know before going in."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, select

from sync.ops import Change
from tfworker.actions import gaps
from tfworker.actions.cautions import cautions
from tfworker.actions.checking import patch_of
from tfworker.actions.chronology import chronology
from tfworker.actions.desk import Desk, colleagues, named
from tfworker.actions.disputes import NONE, marks
from tfworker.actions.fields import Reading
from tfworker.actions.members import Member, members_of
from tfworker.actions.phrases import day, say
from tfworker.actions.problems import BadInput
from tfworker.actions.receipts import whereabouts
from tfworker.actions.rows import Record, row, rows_of, scopes_of
from tfworker.actions.seen import children_seen, days_seen
from tfworker.actions.values import Involved, StoryTab
from tfworker.records import Action, ChronologyEntry
from tfworker.records.words import ActionState, EventSource, OwnerKind
from tfworker.rules.caution import is_current

STORY_WORDS = 400  # a story is read in two minutes or not at all (domain 4.3)
PRIORITY_CHARACTERS = 200


def story(desk: Desk, family_id: str) -> StoryTab:
    """Raises NotHere."""
    with desk.vault.read() as connection:
        return _story(desk, connection, family_id)


def set_story(desk: Desk, family_id: str, text: str) -> StoryTab:
    """Write the story so far, dated and signed. Raises BadInput("story") when it is too long."""
    if len(text.split()) > STORY_WORDS:
        raise BadInput("story", say("bad.long_words", field=say("story.field"), most=STORY_WORDS))
    patch = patch_of("family", {"story_so_far": text}, ["story_so_far"])
    signed = {"story_on": desk.today(), "story_by": desk.me.worker_id}
    with desk.vault.write() as connection:
        # The same text again is no news: signing it anew would claim a story nobody wrote today.
        if row(connection, "family", family_id)["story_so_far"] != patch["story_so_far"]:
            desk.save(connection, [Change("family", family_id, patch | signed)])
    return story(desk, family_id)


def set_priority(desk: Desk, family_id: str, text: str) -> StoryTab:
    """Write what matters now. Raises BadInput("priority") when it is too long."""
    if len(text) > PRIORITY_CHARACTERS:
        title = say("bad.long", field=say("story.priority_field"), most=PRIORITY_CHARACTERS)
        raise BadInput("priority", title)
    patch = patch_of("family", {"priority_now": text}, ["priority_now"])
    with desk.vault.write() as connection:
        row(connection, "family", family_id)
        desk.save(connection, [Change("family", family_id, patch)])
    return story(desk, family_id)


def _story(desk: Desk, connection: Connection, family_id: str) -> StoryTab:
    family = row(connection, "family", family_id)
    today, names = desk.today(), colleagues(connection)
    people = members_of(connection, [family_id], today).get(family_id, [])
    scopes = scopes_of(family_id, people)
    reading = Reading(connection, desk.schema, desk.now())
    disputed = marks(reading, desk.line, scopes)
    homes = rows_of(connection, "household", family_id=family_id)
    return StoryTab(
        family_id=family_id,
        story=family["story_so_far"] or "",
        story_updated_words=_updated(family, names, today),
        priority=family["priority_now"] or "",
        chronology=chronology(
            connection, family_id, names, whereabouts(connection, desk.schema, scopes), today
        ),
        cautions=cautions(connection, family_id, people, names, disputed, today),
        access_notes=tuple(
            home["access_note"]
            for home in homes
            if home["access_note"] and is_current(home, today, "from_on", "to_on")
        ),
        involved=_involved(reading, family_id, people),
        gaps=_gaps(connection, family, people, today),
        disputed=disputed.get(family_id, NONE),
    )


def _updated(family: Record, names: Mapping[str, str], today: date) -> str:
    if family["story_on"] is None:
        return ""
    on = day(family["story_on"], today)
    if family["story_by"] is None:
        return say("story.updated_on", day=on)
    return say("story.updated", day=on, who=named(family["story_by"], names))


def _gaps(connection: Connection, family: Record, people: Sequence[Member], today: date) -> tuple[str, ...]:
    family_id = family["id"]
    plan = gaps.present_plan(rows_of(connection, "plan", family_id=family_id))
    needs = rows_of(connection, "need", family_id=family_id)
    goals = rows_of(connection, "goal", family_id=family_id)
    seen = days_seen(connection, people, [family_id], None)
    children = children_seen(people, seen, family["intensity"] or "", today, weeks=None)
    return (*gaps.of_texts(family, plan), *gaps.of_plan(plan, needs, goals, people), *children.gaps)


def _involved(reading: Reading, family_id: str, people: Sequence[Member]) -> tuple[Involved, ...]:
    """Agencies at work with the family, as far as its records say: schools, promises, events."""
    found: dict[str, list[str]] = {}
    for school, name in _schools(reading.connection, people):
        found.setdefault(f"{say('involved.school')}: {school}", []).append(name)
    promises = reading.connection.execute(
        select(Action.owner_name, Action.agency_id, Action.what, Action.due).where(
            Action.family_id == family_id,
            Action.owner_kind == OwnerKind.AGENCY,
            Action.state == ActionState.OPEN,
        )
    )
    for promise in promises:
        agency = promise.owner_name or reading.words("action", "agency_id", promise.agency_id)
        key = "involved.action" if promise.due else "involved.action_no_day"
        due = day(promise.due, reading.today) if promise.due else ""
        found.setdefault(agency, []).append(say(key, what=promise.what or "", day=due))
    events = reading.connection.execute(
        select(ChronologyEntry.source_name, ChronologyEntry.happened_on)
        .where(ChronologyEntry.family_id == family_id, ChronologyEntry.source == EventSource.AGENCY)
        .order_by(ChronologyEntry.happened_on)
    )
    last = {event.source_name: event.happened_on for event in events if event.source_name}
    for agency, on in last.items():
        found.setdefault(agency, []).append(say("involved.last", day=day(on, reading.today)))
    return tuple(Involved(name, ", ".join(words)) for name, words in found.items())


def _schools(connection: Connection, people: Sequence[Member]) -> list[tuple[str, str]]:
    """(school, name of who goes there), in the family's order."""
    persons = rows_of(connection, "person", id=[m.person_id for m in people])
    school_of = {person["id"]: person["school"] for person in persons}
    return [(school_of[m.person_id], m.name) for m in people if school_of.get(m.person_id)]
