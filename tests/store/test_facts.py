"""The laptop's place in the world, by name."""

import pytest
from sqlalchemy.exc import StatementError

from tfworker.store import facts


@pytest.mark.parametrize("value", ["text", 7, 1.5, True, None, ["a", 1], {"a": {"b": None}}])
def test_a_fact_comes_back_as_it_was(vault, value):
    vault.facts.put({"thing": value})

    assert vault.facts.get("thing", "default") == value


def test_a_fact_that_is_not_there_has_the_default(vault):
    assert vault.facts.get("none") is None
    assert vault.facts.get("none", "default") == "default"


def test_setting_it_again_replaces_it(vault):
    vault.facts.put({"user": "w1", "line": "l1"})
    vault.facts.put({"user": "w2"})

    assert (vault.facts.get("user"), vault.facts.get("line")) == ("w2", "l1")
    assert vault.facts.everything().items() >= {"user": "w2", "line": "l1"}.items()


def test_it_can_be_forgotten(vault):
    vault.facts.put({"token": "t"})
    vault.facts.drop("token")
    vault.facts.drop("token")

    assert "token" not in vault.facts.everything()


def test_several_are_set_together_or_not_at_all(vault):
    with pytest.raises(StatementError):
        vault.facts.put({"one": 1, "two": object()})

    assert vault.facts.get("one") is None


def test_inside_a_transaction_it_is_part_of_it(vault):
    with pytest.raises(KeyError), vault.write() as connection:
        facts.put(connection, {"user": "w1"})
        raise KeyError

    assert vault.facts.get("user") is None
