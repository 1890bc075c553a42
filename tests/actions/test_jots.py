"""A jot is kept on the laptop until it is filed in a note."""

from datetime import timedelta

import pytest

from sync.memory import FakeClock
from tests.actions.caseload_of import Caseload
from tests.actions.test_notes import kinds_of_ops, written
from tfworker.actions.desk import Desk
from tfworker.actions.drafting import drafts
from tfworker.actions.jots import drop_jot, jot_to_note, jots, save_jot
from tfworker.actions.notes import finish_note
from tfworker.actions.problems import BadInput, NotHere


def test_the_latest_jot_comes_first_and_nothing_is_sent(
    desk: Desk, caseload: Caseload, clock: FakeClock
) -> None:
    save_jot(desk, "Ask about the form.")
    clock.advance(minutes=1)
    save_jot(desk, "New number.", family_id=caseload.families[0].family)

    assert [(jot.text, jot.family_label) for jot in jots(desk)] == [
        ("New number.", "Reed family"),
        ("Ask about the form.", ""),
    ]
    assert kinds_of_ops(desk) == []


def test_a_changed_jot_stays_one_and_keeps_when_it_was_made(desk: Desk, clock: FakeClock) -> None:
    jot = save_jot(desk, "Ask.")
    clock.advance(minutes=9)
    changed = save_jot(desk, "Ask Dana.", jot_id=jot.jot_id)

    assert [one.text for one in jots(desk)] == ["Ask Dana."]
    assert changed.made_at == jot.made_at


def test_a_jot_becomes_a_draft_and_goes_when_the_note_is_finished(
    desk: Desk, caseload: Caseload, clock: FakeClock
) -> None:
    family = caseload.families[0].family
    jot = save_jot(desk, "Both boys there.", family_id=family)
    clock.advance(hours=1)

    draft = jot_to_note(desk, jot.jot_id)

    assert draft.what_happened == "Both boys there."
    assert draft.started_at == desk.now() - timedelta(hours=1)
    assert len(drafts(desk)) == len(jots(desk)) == 1
    finish_note(desk, written(desk, family, draft_id=draft.draft_id, jot_id=draft.jot_id))
    assert drafts(desk) == jots(desk) == []


def test_a_jot_about_nobody_asks_which_family(desk: Desk, caseload: Caseload) -> None:
    jot = save_jot(desk, "Both boys there.")
    with pytest.raises(BadInput) as refused:
        jot_to_note(desk, jot.jot_id)

    assert refused.value.field == "family_id"
    assert jot_to_note(desk, jot.jot_id, caseload.families[1].family).family_label == "Oakes family"


def test_an_empty_jot_and_one_that_is_gone_are_said_so(desk: Desk) -> None:
    with pytest.raises(BadInput):
        save_jot(desk, "  ")
    jot = save_jot(desk, "Ask.")
    drop_jot(desk, jot.jot_id)

    with pytest.raises(NotHere):
        jot_to_note(desk, jot.jot_id)
