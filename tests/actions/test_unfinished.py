"""Forms that were begun and not saved."""

from tfworker.actions import unfinished
from tfworker.actions.drafting import drafts
from tfworker.actions.jots import jots


def test_a_form_goes_on_where_it_stopped(desk):
    unfinished.keep(desk, "goal/1", {"statement": "Half a sent", "need_ids": ["a"], "score": None})
    unfinished.keep(desk, "goal/1", {"statement": "Half a sentence"})

    assert unfinished.kept(desk, "goal/1") == {"statement": "Half a sentence"}
    assert unfinished.kept(desk, "goal/2") is None


def test_a_dropped_form_is_gone_and_dropping_twice_is_no_mistake(desk):
    unfinished.keep(desk, "goal/1", {"statement": "x"})

    unfinished.drop(desk, "goal/1")
    unfinished.drop(desk, "goal/1")

    assert unfinished.kept(desk, "goal/1") is None


def test_a_form_is_neither_a_draft_of_a_note_nor_a_jot(desk):
    unfinished.keep(desk, "story/1", {"text": "x"})

    assert drafts(desk) == []
    assert jots(desk) == []
