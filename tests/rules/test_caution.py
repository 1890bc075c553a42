"""What must be known before going in or ringing; the doubtful case is always the careful one."""

import json
from datetime import date

import pytest

from tfworker.paths import resource
from tfworker.records import metadata, words
from tfworker.rules.caution import (
    CALL_SAFETY,
    MARKER_ORDER,
    Caution,
    cautions,
    is_confidential,
    is_raised,
    strictest_call,
)

TODAY = date(2017, 11, 16)
CHIPS = json.loads(resource("wording", "en.json").read_text(encoding="utf-8"))["caution_chip"]


def marker(kind, **more):
    return {"kind": kind, "state": "raised", "review_on": date(2017, 12, 12), "person_id": None} | more


def codes(markers=(), numbers=(), homes=()):
    return [caution.code for caution in cautions(markers, numbers, homes, TODAY)]


def test_the_order_and_the_words_know_every_kind():
    assert set(words.MarkerKind) < set(MARKER_ORDER)
    assert set(CHIPS) == set(MARKER_ORDER)


def test_the_gravest_comes_first_and_each_once():
    markers = [marker("dog"), marker("no_lone_visit"), marker("weapons"), marker("dog", person_id="p")]

    assert codes(markers) == ["weapons", "no_lone_visit", "dog"]


def test_a_cleared_marker_is_gone_and_any_other_state_stands():
    assert codes([marker("dog", state="cleared")]) == []
    assert codes([marker("dog", state=None)]) == ["dog"]
    assert is_raised(marker("dog", state="a newer state"))


def test_a_kind_this_version_does_not_know_is_still_a_caution():
    assert codes([marker("a newer kind"), marker(None)]) == ["other"]


@pytest.mark.parametrize(
    "review_on, late",
    [(date(2017, 11, 15), True), (TODAY, False), (None, True), (date(2017, 12, 12), False)],
)
def test_a_late_review_is_said_and_takes_nothing_away(review_on, late):
    assert cautions([marker("weapons", review_on=review_on)], [], [], TODAY) == [Caution("weapons", (), late)]


def test_a_caution_names_whom_it_is_about():
    markers = [marker("weapons", person_id="b"), marker("weapons", person_id="a")]

    assert cautions(markers, [], [], TODAY)[0].person_ids == ("a", "b")


@pytest.mark.parametrize(
    "confidential, secret",
    [(True, True), (False, False), (None, True)],
    ids=["secret", "not secret", "not even told"],
)
def test_an_address_is_secret_unless_it_says_otherwise(confidential, secret):
    assert is_confidential({"confidential": confidential}) is secret
    assert codes(homes=[{"confidential": confidential}]) == ["confidential_address"] * secret


def test_a_former_secret_address_is_no_chip_today():
    assert codes(homes=[{"confidential": True, "to_on": date(2017, 1, 1)}]) == []


@pytest.mark.parametrize(
    "number, chips",
    [
        ({"safe_to_call": "yes"}, []),
        ({"safe_to_call": "only_when"}, ["only_when"]),
        ({"safe_to_call": "no", "do_not_leave_message": True}, ["not_safe_to_call", "no_messages"]),
        ({"safe_to_call": "a newer word"}, ["not_safe_to_call"]),
        ({"safe_to_call": None}, []),
        ({"safe_to_call": "no", "valid_to": date(2017, 11, 15)}, []),
        ({"safe_to_call": "no", "valid_to": TODAY}, ["not_safe_to_call"]),
        ({"safe_to_call": "no", "valid_from": date(2017, 11, 17)}, []),
    ],
)
def test_what_a_number_warns_of(number, chips):
    assert codes(numbers=[{"person_id": "dana"} | number]) == chips


@pytest.mark.parametrize(
    "values, strictest",
    [
        (["yes", "no"], "no"),
        (["no", "yes"], "no"),
        (["yes", "only_when", None], "only_when"),
        (["no", "a newer word"], "a newer word"),
        ([None], None),
        ([], None),
    ],
)
def test_the_stricter_answer_applies_while_it_is_disputed(values, strictest):
    assert strictest_call(values) == strictest


def test_strict_means_the_same_here_and_at_the_council():
    assert metadata.tables["contact_point"].c.safe_to_call.info["merge"].order == CALL_SAFETY
    assert tuple(words.SafeToCall) == CALL_SAFETY
