"""What a host's tables say of their columns, and what follows from it."""

import pytest

from sync import policy
from sync.policy import Policy, Rule, TablePolicy

TABLE = TablePolicy(
    "tool",
    {
        "shelf": policy.central(),
        "street": policy.group("place"),
        "town": policy.group("place"),
        "number": policy.group("calling"),
        "safe": policy.safer(("yes", "no"), "calling"),
        "state": policy.review("state"),
        "state_on": policy.group("state"),
        "mark": policy.review(),
        "name": policy.field(),
    },
)


def test_columns_of_a_group_count_as_one_and_every_other_is_a_group_of_its_own() -> None:
    assert [TABLE.group_of(c) for c in ("street", "town", "name", "mark", "later")] == [
        "place", "place", "name", "mark", "later",
    ]  # fmt: skip
    assert TABLE.columns_of("place") == ("street", "town")
    assert TABLE.columns_of("name") == ("name",)
    assert TABLE.columns_of("later") == ("later",)


def test_a_group_has_the_strictest_rule_of_its_columns() -> None:
    rules = {g: TABLE.rule_of(g) for g in ("shelf", "place", "calling", "state", "mark", "name", "later")}

    assert rules == {
        "shelf": Rule.CENTRAL,
        "place": Rule.FIELD,
        "calling": Rule.SAFER,
        "state": Rule.REVIEW,
        "mark": Rule.REVIEW,
        "name": Rule.FIELD,
        "later": Rule.FIELD,
    }


@pytest.mark.parametrize("strict, lax", [("central", "append"), ("append", "safer"), ("safer", "review")])
def test_the_rules_from_strict_to_lax(strict: str, lax: str) -> None:
    both = {"a": Policy(Rule(lax), "g"), "b": Policy(Rule(strict), "g")}

    assert TablePolicy("t", both).rule_of("g") is Rule(strict)


def test_how_protective_a_value_is() -> None:
    safe = policy.safer(("yes", "only_when", "no"), "calling")
    ranks = [safe.rank(value) for value in (None, "yes", "only_when", "no", "a later word")]

    assert ranks == sorted(set(ranks))
    assert (safe.rule, safe.group, safe.order) == (Rule.SAFER, "calling", ("yes", "only_when", "no"))


def test_a_table_with_any_column_written_once_is_written_once() -> None:
    assert TablePolicy("t", {"a": policy.append(), "b": policy.field()}).is_append
    assert not TABLE.is_append


def test_a_table_is_the_councils_own_where_every_column_is() -> None:
    assert TablePolicy("t", {"a": policy.central(), "b": policy.central()}).is_central
    assert not TABLE.is_central
    assert not TablePolicy("t", {}).is_central


def test_what_a_table_says_unless_it_says_otherwise() -> None:
    synced = policy.Synced(scope=lambda row: "all")
    columns = policy.FileColumns("size", "sha256")

    assert (synced.final, synced.urgent, synced.file) == (None, False, None)
    assert columns.received == "received_at"
    assert (policy.field().order, policy.review().group, policy.review("state").group) == ((), None, "state")
