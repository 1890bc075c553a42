"""Every stored value can be said in plain words, and none of them frightens or blames."""

import inspect
import json
import re
from enum import StrEnum

import pytest

from sync.ops import Outcome, Reason
from tfworker.paths import resource
from tfworker.records import words

KINDS = [kind for _, kind in inspect.getmembers(words, inspect.isclass) if issubclass(kind, StrEnum)]
KINDS.remove(StrEnum)
ENGLISH = json.loads(resource("wording", "en.json").read_text(encoding="utf-8"))
NEVER_SAID = re.compile(r"\bmerg|revision|conflict|troubled|sync|\bop\b|ledger|null", re.IGNORECASE)


def texts(content):
    """Every text that a screen may show; the codes beside them are not shown."""
    if isinstance(content, str):
        return [content]
    return [text for value in content.values() for text in texts(value)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_value_has_its_words(kind):
    assert set(ENGLISH[kind.__name__]) == {member.value for member in kind}


def test_words_are_given_only_for_values_that_exist():
    named = {name for name in ENGLISH if name[0].isupper()}

    assert named == {kind.__name__ for kind in KINDS}


def test_every_outcome_and_reason_of_sync_has_its_words():
    assert set(ENGLISH["sync_outcome"]) == set(Outcome)
    assert set(ENGLISH["sync_reason"]) == set(Reason)


def test_the_words_are_plain():
    said = [text for name, content in ENGLISH.items() if name != "note" for text in texts(content)]

    assert [text for text in said if NEVER_SAID.search(text) or not text.strip()] == []


def test_a_forbidden_word_would_be_found():
    assert NEVER_SAID.search("Merge conflict") is not None


def test_a_stored_value_fits_its_column():
    assert [m for kind in KINDS for m in kind if len(m.value) > 40] == []


def test_no_access_is_a_kind_of_visit():
    assert {str(visit) for visit in words.NO_ACCESS} < {str(visit) for visit in words.VisitType}
