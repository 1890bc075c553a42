"""What stands while several lines differ: no clock, no order, only what they say."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from sync import policy
from sync.history import Side
from sync.policy import TablePolicy
from sync.standing import digest, distinct, standing

POLICY = TablePolicy(
    "tool",
    {
        "name": policy.field(),
        "number": policy.group("calling"),
        "safe": policy.safer(("yes", "only_when", "no"), "calling"),
        "quiet": policy.safer((False, True), "calling"),
    },
)
CALLING = ("number", "safe", "quiet")
BASE = {"number": "0", "safe": "yes", "quiet": False}


def side(central: bool = False, **values: Any) -> Side:
    return Side("u", "d", "o", 0, values, central)


def calling(number: str, safe: str | None = "yes", quiet: bool = False) -> Side:
    return side(number=number, safe=safe, quiet=quiet)


def names(*values: str, central: str = "", base: str = "base") -> Any:
    sides = {str(n): side(value == central, name=value) for n, value in enumerate(values)}
    return standing(POLICY, ("name",), {"name": base, "beside": 1}, sides)["name"]


def test_one_value_that_differs_stands() -> None:
    assert names("new") == "new"
    assert names("base", "new", "base", "new") == "new"


def test_without_a_value_that_differs_the_base_stands() -> None:
    assert names("base", "base") == "base"
    assert standing(POLICY, ("name",), {"name": "base", "beside": 1}, {}) == {"name": "base"}


def test_where_there_is_no_base_every_value_has_a_voice() -> None:
    sides = {"": calling("0", "no"), "b": calling("1", "yes"), "c": side(colour="red")}
    name = {"": side(name="base"), "b": side(name="new")}
    first = min(("base", "new"), key=lambda value: digest({"name": value}))

    assert standing(POLICY, CALLING, None, sides) == {"number": "0", "safe": "no", "quiet": False}
    assert standing(POLICY, ("name",), None, name) == {"name": first}
    assert standing(POLICY, ("name",), None, {}) == {}


def test_a_side_that_says_nothing_of_the_group_has_no_voice() -> None:
    sides = {"a": side(colour="red"), "b": side(name="new", colour="red")}

    assert standing(POLICY, ("name",), {"name": "base"}, sides) == {"name": "new"}


def test_among_equals_the_smallest_digest_stands() -> None:
    values = ["1", "2", "3", "4", "5"]
    first = min(values, key=lambda value: digest({"name": value}))

    assert names(*values) == names(*reversed(values)) == first


def test_the_councils_own_line_stands_before_laptops_whatever_the_digest() -> None:
    assert [names("1", "2", central=one) for one in "12"] == ["1", "2"]
    assert names("1", "base", central="base") == "1"  # one that is as it was has nothing to say


def test_the_digest_is_of_the_canonical_json() -> None:
    assert digest({"a": 1}) == hashlib.sha256(b'{"a":1}').hexdigest()
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})
    noon = datetime(2026, 11, 16, 12, tzinfo=UTC)
    assert digest({"at": noon}) == digest({"at": noon.astimezone(timezone(timedelta(hours=2)))})
    assert digest({"at": noon}) == digest({"at": "2026-11-16T12:00:00Z"})


@pytest.mark.parametrize(
    "one, two, stands",
    [
        (calling("1", "no"), calling("2", "only_when"), {"number": "1", "safe": "no", "quiet": False}),
        (calling("1", "yes", True), calling("2", "only_when"), {"safe": "only_when", "quiet": True}),
        (calling("1", "no", True), calling("2", "no"), {"number": "1", "safe": "no", "quiet": True}),
        (calling("1", None), calling("2", "no"), {"number": "2", "safe": "no"}),
        (calling("1", "a later word"), calling("2", "no"), {"number": "1", "safe": "a later word"}),
    ],
)
def test_the_most_protective_stands_each_flag_by_itself(one: Side, two: Side, stands: dict[str, Any]) -> None:
    for sides in ({"a": one, "b": two}, {"b": two, "a": one}):
        found = standing(POLICY, CALLING, BASE, sides)
        assert {c: found[c] for c in stands} == stands


def test_the_base_counts_where_it_is_the_safest() -> None:
    base = {"number": "0", "safe": "no", "quiet": False}
    sides = {"a": calling("1"), "b": calling("2", "only_when")}

    assert standing(POLICY, CALLING, base, sides) == base


def test_a_side_goes_before_a_base_that_is_as_safe() -> None:
    sides = {"a": calling("1"), "b": calling("2")}

    assert standing(POLICY, CALLING, BASE, sides)["number"] in ("1", "2")


def test_a_single_value_stands_though_it_is_less_safe_than_the_base() -> None:
    base = {"number": "0", "safe": "no", "quiet": True}

    assert standing(POLICY, CALLING, base, {"a": calling("1"), "b": calling("1")}) == calling("1").values


def test_of_two_words_nobody_knows_the_first_in_turn_stands() -> None:
    sides = {"a": calling("1", "x"), "b": calling("2", "y")}
    first = min(sides.values(), key=lambda side: digest(side.values))

    assert standing(POLICY, CALLING, BASE, sides) == first.values


def test_a_side_kept_in_part_means_the_base_for_the_rest() -> None:
    sides = {"a": side(number="1"), "b": calling("2", "only_when")}

    assert standing(POLICY, CALLING, BASE, sides)["safe"] == "only_when"


def test_distinct_values_differ_from_the_base_and_from_each_other() -> None:
    base = {"a": 1, "b": 2}
    values = [{"a": 1}, {"a": 3}, {}, {"a": 3}, {"a": 1, "b": 4}, {"c": 1}]

    assert distinct(values, base) == [{"a": 3}, {"a": 1, "b": 4}, {"c": 1}]
