"""One story, newest first, told once."""

from datetime import UTC, date, datetime

from tfworker.rules.chronology import EventKind, Show, shown, story


def at(month, day, hour=12):
    return datetime(2017, month, day, hour, tzinfo=UTC)


NOTES = [
    {"id": "n1", "happened_at": at(11, 9), "visit_id": "v1", "significant": True, "children_seen": []},
    {
        "id": "n2",
        "happened_at": at(11, 2),
        "visit_id": None,
        "significant": False,
        "children_seen": [{"person_id": "jay", "seen": True, "alone": True}],
    },
    {"id": "n3", "happened_at": at(10, 1), "significant": None, "children_seen": None},
]
VISITS = [
    {"id": "v1", "state": "completed", "started_at": at(11, 9)},
    {"id": "v2", "state": "no_reply", "started_at": None, "planned_at": at(10, 24)},
    {"id": "v3", "state": "planned", "started_at": None, "planned_at": at(11, 23)},
]
ENTRIES = [
    {"id": "e1", "happened_on": date(2017, 10, 1), "precision": "month", "positive": True},
    {"id": "e2", "happened_on": date(2017, 11, 9), "precision": None, "positive": None},
]
CONCERNS = [{"id": "c1", "happened_at": None, "written_at": at(11, 9, 18)}]


def ids(events):
    return [event.id for event in events]


def test_the_story_is_told_newest_first_and_each_thing_once():
    """v1 is told by its note, v3 has not happened yet; a day alone comes before that day's hours."""
    assert ids(story(NOTES, VISITS, ENTRIES, CONCERNS)) == ["c1", "n1", "e2", "n2", "v2", "n3", "e1"]


def test_the_order_does_not_depend_on_the_order_of_arrival():
    backwards = story(NOTES[::-1], VISITS[::-1], ENTRIES[::-1], CONCERNS)

    assert backwards == story(NOTES, VISITS, ENTRIES, CONCERNS)


def test_only_what_is_significant():
    events = shown(story(NOTES, VISITS, ENTRIES, CONCERNS), Show.SIGNIFICANT)

    assert ids(events) == ["c1", "n1", "e2", "e1"]


def test_only_what_a_child_said_or_how_she_was():
    assert ids(shown(story(NOTES, VISITS, ENTRIES, CONCERNS), Show.CHILDS_VOICE)) == ["n2"]


def test_how_a_child_was_is_her_voice_too():
    quiet = {"person_id": "jay", "seen": True, "comment": "  "}
    said = {"person_id": "jay", "seen": True, "comment": "tired, hid behind the door"}
    notes = [NOTES[0] | {"children_seen": [quiet]}, NOTES[2] | {"children_seen": [said]}]

    assert ids(shown(story(notes), Show.CHILDS_VOICE)) == ["n3"]


def test_everything_is_everything():
    events = story(NOTES, VISITS, ENTRIES, CONCERNS)

    assert shown(events, Show.EVERYTHING) == events


def test_an_event_says_what_tells_of_it():
    events = {event.id: event for event in story(NOTES, VISITS, ENTRIES, CONCERNS)}

    assert events["c1"].kind is EventKind.CONCERN
    assert events["v2"].kind is EventKind.VISIT
    assert events["e1"].precision == "month"
    assert events["e1"].positive
    assert events["e1"].at is None
    assert events["n1"].record is NOTES[0]
    assert events["n1"].on == date(2017, 11, 9)


def test_a_family_we_do_not_know_yet_has_no_story():
    assert story() == []
