"""The merge as a table: base, what others did, mine, and what comes of it.

How to read a case: `base` is the row both sides last agreed on. `theirs` lists changes others made
since, in order, each {column: value}. `mine` is my patch. Expected: the row that stands afterwards,
what became of my op, and the sides of the card, if there is one.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import policy
from sync.merge import Edit, OpenCard, Past, Settlement, settle
from sync.ops import Outcome, Reason
from sync.policy import TablePolicy

POLICY = TablePolicy(
    "tool",
    {
        "name": policy.field(),
        "colour": policy.field(),
        "street": policy.group("place"),
        "town": policy.group("place"),
        "number": policy.group("calling"),
        "safe": policy.safer(("yes", "only_when", "no"), "calling"),
        "quiet": policy.safer((False, True), "calling"),
        "state": policy.review("state"),
        "state_on": policy.review("state"),
    },
)
BASE = {"name": "spade", "colour": "red", "street": "1 Mill Lane", "town": "Holm", "number": "0",
        "safe": "yes", "quiet": False, "state": "in", "state_on": "1 Nov"}  # fmt: skip


def play(
    theirs: list[dict[str, Any]],
    mine: dict[str, Any],
    *,
    base: dict[str, Any] = BASE,
    line: str = "mine",
    cards: dict[str, OpenCard] | None = None,
    knows: dict[str, int] | None = None,
    by_value: bool = False,
) -> tuple[dict[str, Any], Settlement]:
    stands = dict(base)
    past = []
    for number, patch in enumerate(theirs):
        who = patch.pop("_line", f"line-{number}") if "_line" in patch else f"line-{number}"
        was = {c: stands.get(c) for c in patch}
        past.append(Past(who, who, who, f"op-{number}", number, patch, was))
        stands.update(patch)
    edit = Edit(line, "me", "dev", "op-mine", 9, mine, {c: base.get(c) for c in mine}, knows or {}, by_value)
    settled = settle(POLICY, edit, stands, [] if by_value else past, cards or {})
    return {**stands, **settled.write}, settled


A, M, C = Outcome.APPLIED, Outcome.MERGED, Outcome.CONFLICT
CASES: dict[
    str, tuple[list[dict[str, Any]], dict[str, Any], dict[str, Any], Outcome, dict[str, Any] | None]
] = {
    "nobody else changed anything": ([], {"name": "fork"}, {"name": "fork"}, A, None),
    "different fields: both stand": (
        [{"colour": "blue"}],
        {"name": "fork"},
        {"name": "fork", "colour": "blue"},
        M,
        None,
    ),
    "same field, different values: theirs stands, both are queued": (
        [{"name": "hoe"}],
        {"name": "fork"},
        {"name": "hoe"},
        C,
        {"line-0": {"name": "hoe"}, "mine": {"name": "fork"}},
    ),
    "same field, same value: nothing to decide": (
        [{"name": "fork"}],
        {"name": "fork"},
        {"name": "fork"},
        M,
        None,
    ),
    "they changed it and changed it back: mine stands": (
        [{"name": "hoe"}, {"name": "spade"}],
        {"name": "fork"},
        {"name": "fork"},
        M,
        None,
    ),
    "two lines of one address count as one field": (
        [{"street": "2 Mill Lane"}],
        {"town": "Marling"},
        {"street": "2 Mill Lane", "town": "Holm"},
        C,
        {
            "line-0": {"street": "2 Mill Lane", "town": "Holm"},
            "mine": {"street": "1 Mill Lane", "town": "Marling"},
        },
    ),
    "they made it safer while I changed the number: the safer pair stands, queued": (
        [{"number": "X", "safe": "no"}],
        {"number": "4"},
        {"number": "X", "safe": "no"},
        C,
        {
            "line-0": {"number": "X", "safe": "no", "quiet": False},
            "mine": {"number": "4", "safe": "yes", "quiet": False},
        },
    ),
    "I made it safer while they changed the number: mine stands at once, queued": (
        [{"number": "X"}],
        {"safe": "no"},
        {"number": "0", "safe": "no"},
        C,
        {
            "line-0": {"number": "X", "safe": "yes", "quiet": False},
            "mine": {"number": "0", "safe": "no", "quiet": False},
        },
    ),
    "each made another flag safer: both flags stand": (
        [{"safe": "no"}],
        {"quiet": True},
        {"safe": "no", "quiet": True},
        C,
        {
            "line-0": {"number": "0", "safe": "no", "quiet": False},
            "mine": {"number": "0", "safe": "yes", "quiet": True},
        },
    ),
    "an unknown word for safe counts as safest": (
        [{"safe": "ask the duty desk"}],
        {"safe": "no"},
        {"safe": "ask the duty desk"},
        C,
        {
            "line-0": {"number": "0", "safe": "ask the duty desk", "quiet": False},
            "mine": {"number": "0", "safe": "no", "quiet": False},
        },
    ),
    "a state changed while I renamed: both stand, a person looks": (
        [{"state": "lent", "state_on": "2 Nov"}],
        {"name": "fork"},
        {"name": "fork", "state": "lent", "state_on": "2 Nov"},
        M,
        {"line-0": {"state": "lent", "state_on": "2 Nov"}, "mine": {"name": "fork"}},
    ),
    "I changed the state while they renamed: both stand, a person looks": (
        [{"name": "fork"}],
        {"state": "lent", "state_on": "2 Nov"},
        {"name": "fork", "state": "lent", "state_on": "2 Nov"},
        M,
        {"line-0": {"name": "fork"}, "mine": {"state": "lent", "state_on": "2 Nov"}},
    ),
    "a field this version does not know is settled like any other": (
        [{"future": "a"}],
        {"future": "b"},
        {"future": "a"},
        C,
        {"line-0": {"future": "a"}, "mine": {"future": "b"}},
    ),
}


@pytest.mark.parametrize("theirs, mine, expected, outcome, sides", CASES.values(), ids=CASES.keys())
def test_settle(
    theirs: list[dict[str, Any]],
    mine: dict[str, Any],
    expected: dict[str, Any],
    outcome: Outcome,
    sides: dict[str, Any] | None,
) -> None:
    row, settled = play([dict(t) for t in theirs], mine)
    found = {line: dict(side.values) for card in settled.cards for line, side in card.sides.items()}

    assert row == {**BASE, **expected}
    assert settled.outcome is outcome
    assert (found or None) == sides


def test_one_field_disputed_and_one_not_are_told_apart() -> None:
    row, settled = play([{"name": "hoe"}], {"name": "fork", "colour": "blue"})

    assert row["colour"] == "blue"
    assert row["name"] == "hoe"
    assert settled.fields == {"name": C, "colour": M}
    assert settled.outcome is C


def test_my_own_earlier_op_is_not_somebody_else() -> None:
    row, settled = play([{"_line": "mine", "name": "fork"}], {"name": "hoe"})

    assert row["name"] == "hoe"
    assert settled.cards == []


def test_a_card_somebody_else_moved_meanwhile_keeps_my_text_as_a_side() -> None:
    cards = {"name": OpenCard("card", 3, {"line-0": {"name": "hoe"}})}
    row, settled = play([], {"name": "fork"}, cards=cards, knows={"card": 2})

    assert row["name"] == "spade"
    assert settled.reason is Reason.CARD_MOVED
    assert settled.cards[0].decided is None


def test_after_a_restore_the_hub_decides_by_value_alone() -> None:
    same, calm = play([], {"name": "fork"}, by_value=True)
    edit = Edit("mine", "me", "dev", "op", 9, {"name": "fork"}, {"name": "spade"}, {}, True)
    other = settle(POLICY, edit, {**BASE, "name": "hoe"}, [], {})

    assert (same["name"], calm.outcome) == ("fork", A)
    assert other.outcome is C
    assert {line: dict(s.values) for line, s in other.cards[0].sides.items()} == {
        "": {"name": "hoe"},
        "mine": {"name": "fork"},
    }


values = st.sampled_from(["a", "b", "c"])
patches = st.dictionaries(st.sampled_from(["name", "colour", "street", "town"]), values, min_size=1)
callings = st.fixed_dictionaries(
    {},
    optional={"number": values, "safe": st.sampled_from(["yes", "only_when", "no"]), "quiet": st.booleans()},
).filter(bool)


@given(patches)
def test_what_nobody_else_touched_is_simply_written(mine: dict[str, Any]) -> None:
    row, settled = play([], mine)

    assert row == {**BASE, **mine}
    assert settled.cards == []


@given(patches, patches)
def test_settling_is_fair(one: dict[str, Any], two: dict[str, Any]) -> None:
    """Whoever arrives first, the same groups are disputed, with the same two values on the card."""
    _, first = play([{"_line": "a", **one}], two, line="b")
    _, second = play([{"_line": "b", **two}], one, line="a")

    def cards(settled: Settlement) -> dict[str, Any]:
        return {
            card.group: {line: dict(side.values) for line, side in card.sides.items()}
            for card in settled.cards
        }

    assert cards(first) == cards(second)


@given(callings, callings)
def test_the_flags_that_stand_do_not_depend_on_who_arrives_first(
    one: dict[str, Any], two: dict[str, Any]
) -> None:
    first, _ = play([{"_line": "a", **one}], two, line="b")
    second, _ = play([{"_line": "b", **two}], one, line="a")

    assert first["quiet"] == second["quiet"]
    assert POLICY.policies["safe"].rank(first["safe"]) == POLICY.policies["safe"].rank(second["safe"])


@given(patches, patches)
def test_nothing_that_stood_is_overwritten_in_a_dispute(one: dict[str, Any], two: dict[str, Any]) -> None:
    row, settled = play([one], two)

    for card in settled.cards:
        for column in card.columns:
            assert row[column] == {**BASE, **one}[column]
