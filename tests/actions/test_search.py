"""Search finds families, people, goals, notes and what was added to them."""

from tests.actions.caseload_of import Caseload
from tests.actions.test_notes import written
from tfworker.actions.desk import Desk
from tfworker.actions.notes import amend, finish_note
from tfworker.actions.search import find


def test_a_note_is_found_by_a_word_of_it(desk: Desk, caseload: Caseload) -> None:
    ids = caseload.families[0]
    view = finish_note(desk, written(desk, ids.family, what_happened="The Wardrobe fell on the stairs."))

    (hit,) = find(desk, "wardrobe")

    assert (hit.kind.code, hit.record, hit.family_label) == ("note", view.note_id, "Reed family")
    assert (hit.title, hit.on_words) == ("Home visit, 50 minutes", "16 Nov")
    assert (hit.before, hit.found) == ("The ", "Wardrobe")


def test_what_was_added_leads_to_its_note(desk: Desk, caseload: Caseload) -> None:
    note = caseload.families[0].notes[0]
    amend(desk, note, "addendum", "The dentist rang back.")

    (hit,) = find(desk, "dentist")

    assert (hit.kind.code, hit.record, hit.on_words) == ("note", note, "9 Nov")


def test_names_and_goals_are_found(desk: Desk, caseload: Caseload) -> None:
    assert {hit.kind.code for hit in find(desk, "reed")} == {"family", "person"}
    assert {hit.kind.words for hit in find(desk, "half past eight")} == {"Goal"}


def test_nothing_typed_finds_nothing(desk: Desk) -> None:
    assert find(desk, "  ") == []
    assert find(desk, '"*(') == []
