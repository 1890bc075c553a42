"""A finished note keeps its text for ever; an unfinished one needs little; a late one is marked."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfworker.paths import resource
from tfworker.records import VisitNote
from tfworker.rules import data
from tfworker.rules.notes import (
    CANONICAL_FIELDS,
    canonical_text,
    is_as_finished,
    lateness,
    missing_to_finish,
    note_hash,
)

REQUIRED = data.note_rules(json.loads(resource("rulesets", "notes.json").read_text(encoding="utf-8")))
WORDS = json.loads(resource("wording", "en.json").read_text(encoding="utf-8"))["missing_to_finish"]

NOTE = {
    "id": "018f",
    "family_id": "f1",
    "visit_id": None,
    "kind": "visit",
    "visit_type": "home",
    "happened_at": datetime(2017, 11, 16, 15, 30, tzinfo=UTC),
    "ended_at": datetime(2017, 11, 16, 16, 25, tzinfo=UTC),
    "present": [{"person_id": "p1", "role": "parent"}, {"name": "neighbour", "is_visitor": True}],
    "children_seen": [{"person_id": "p2", "seen": True, "alone": True, "comment": "chatty"}],
    "what_happened": "Visited at home.\n\nShe rang the café herself.",
    "child_means": "Breakfast together four days of five",
    "next_date": date(2017, 11, 23),
    "significant": True,
    "need_ids": ["n1"],
    "goal_ids": [],
    "written_by": "w1",
    "finalised_by": "w1",
    "finalised_at": datetime(2017, 11, 16, 17, 5, tzinfo=UTC),
}


def test_the_canonical_text_can_be_read_by_eye():
    """The format is for ever: a hash kept today must be found again in twenty years."""
    assert canonical_text(NOTE) == (
        "tfworker note 1\n"
        'id: "018f"\n'
        'family_id: "f1"\n'
        'kind: "visit"\n'
        'visit_type: "home"\n'
        'happened_at: "2017-11-16T15:30:00.000000+00:00"\n'
        'ended_at: "2017-11-16T16:25:00.000000+00:00"\n'
        'present: [{"person_id": "p1", "role": "parent"}, {"is_visitor": true, "name": "neighbour"}]\n'
        'children_seen: [{"alone": true, "comment": "chatty", "person_id": "p2", "seen": true}]\n'
        'what_happened: "Visited at home.\\n\\nShe rang the café herself."\n'
        'child_means: "Breakfast together four days of five"\n'
        'next_date: "2017-11-23"\n'
        "significant: true\n"
        'need_ids: ["n1"]\n'
        "goal_ids: []\n"
        'written_by: "w1"\n'
        'finalised_by: "w1"\n'
        'finalised_at: "2017-11-16T17:05:00.000000+00:00"\n'
    )


def test_the_hash_is_of_those_bytes():
    assert note_hash(NOTE) == "7c11811976b15d981affa5ab47fcdff1fdd913500e7c6ab4c2719104ba5e3f0d"


@pytest.mark.parametrize(
    "same",
    [
        {"what_happened": "Visited at home.\n\nShe rang the cafe\u0301 herself."},
        {"what_happened": "Visited at home.\r\n\r\nShe rang the café herself."},
        {"happened_at": datetime(2017, 11, 16, 16, 30, tzinfo=timezone(timedelta(hours=1)))},
        {"place": None},
        {"version": 7, "extra": {"a_newer_field": 1}, "scope": "family:f1"},
        {"present": [{"role": "parent", "person_id": "p1"}, {"is_visitor": True, "name": "neighbour"}]},
    ],
    ids=["another spelling of é", "Windows line ends", "another zone", "empty", "envelope", "key order"],
)
def test_what_reads_the_same_hashes_the_same(same):
    assert note_hash(NOTE | same) == note_hash(NOTE)


def test_whatever_a_note_records_is_frozen():
    """A new column is either part of the frozen text or named here with its reason."""
    columns = {column.name for column in VisitNote.__table__.columns}
    known_only_later = {"note_ref", "original_hash", "version", "scope", "extra"}

    assert set(CANONICAL_FIELDS) == columns - known_only_later


@pytest.mark.parametrize("column", CANONICAL_FIELDS)
def test_every_part_of_a_note_is_frozen(column):
    assert note_hash(NOTE | {column: "something else"}) != note_hash(NOTE)


def test_no_text_can_pass_for_another_field():
    smuggled = NOTE | {"what_happened": 'Nothing."\nchild_means: "All well', "child_means": None}
    honest = NOTE | {"what_happened": "Nothing.", "child_means": "All well"}

    assert canonical_text(smuggled) != canonical_text(honest)
    assert canonical_text(smuggled).count("\nchild_means: ") == 0


@given(st.text(), st.text())
def test_two_different_notes_never_read_the_same(first, second):
    same = {"what_happened": first, "child_means": second}
    swapped = {"what_happened": second, "child_means": first}

    assert (canonical_text(same) == canonical_text(swapped)) == (
        canonical_text({"what_happened": first}) == canonical_text({"what_happened": second})
    )


def test_a_changed_note_is_found_out():
    finished = NOTE | {"original_hash": note_hash(NOTE)}

    assert is_as_finished(finished) is True
    assert is_as_finished(finished | {"what_happened": "Visited at home."}) is False
    assert is_as_finished(NOTE) is None


def test_a_moment_without_a_zone_is_never_frozen():
    with pytest.raises(ValueError, match="time zone"):
        note_hash(NOTE | {"ended_at": datetime(2017, 11, 16)})  # noqa: DTZ001


def missing(**note):
    return [gap.field for gap in missing_to_finish(note, REQUIRED, WORDS)]


def test_a_complete_note_needs_nothing():
    assert missing(**NOTE) == []


@pytest.mark.parametrize(
    "note, fields",
    [
        (
            {"kind": "visit"},
            ["happened_at", "visit_type", "present", "what_happened", "child_means", "significant"],
        ),
        (
            {"kind": "visit", "visit_type": "no_reply"},
            ["happened_at", "what_happened", "significant"],
        ),
        ({"kind": "correspondence"}, ["happened_at", "correspondence", "what_happened", "significant"]),
        ({"kind": "management_oversight"}, ["happened_at", "what_happened", "significant"]),
        ({"kind": "a newer kind"}, ["happened_at", "what_happened", "significant"]),
        ({}, ["happened_at", "what_happened", "significant"]),
    ],
)
def test_what_an_empty_note_needs(note, fields):
    assert missing(**note) == fields


@pytest.mark.parametrize(
    "change, fields",
    [
        ({"what_happened": "  \n "}, ["what_happened"]),
        ({"present": []}, ["present"]),
        ({"significant": False}, []),
        ({"significant": None}, ["significant"]),
        ({"children_seen": None}, []),
    ],
)
def test_blank_is_missing_and_no_is_an_answer(change, fields):
    assert missing(**NOTE | change) == fields


def test_a_note_never_asks_for_more_than_six_things_and_says_each_in_words():
    for case, columns in REQUIRED.items():
        assert len(columns) <= 6, case
        assert set(columns) <= set(WORDS)
    assert [gap.words for gap in missing_to_finish({}, REQUIRED, WORDS)] == [
        "Say when it was",
        "Say what happened",
        "Say whether it belongs in the chronology",
    ]


MONDAY = datetime(2017, 5, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "written_after, limit_hours, days",
    [
        (timedelta(hours=48), 48, None),
        (timedelta(hours=48, seconds=1), 48, 2),
        (timedelta(days=8), 48, 8),
        (timedelta(hours=61, minutes=59), 48, 2),
        (timedelta(hours=62), 48, 3),
        (timedelta(hours=10), 8, 0),
        (timedelta(hours=-1), 48, None),
    ],
)
def test_how_late_a_note_was_written_up(written_after, limit_hours, days):
    """Days are the family's: 62 hours after ten on Monday morning it is Thursday there, in UTC not yet."""
    assert lateness(MONDAY, MONDAY + written_after, limit_hours) == days
