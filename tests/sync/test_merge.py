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
from sync.merge import Edit, OpenCard, Past, Settlement, Side, settle
from sync.ops import Outcome, Reason
from sync.policy import TablePolicy
from sync.standing import digest

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
        # Each made knowing those before it; mine knows none of them.
        past.append(Past(who, who, who, f"op-{number}", number, patch, was, version=number + 1, base=number))
        stands.update(patch)
    edit = Edit(line, "me", "dev", "op-mine", 9, mine, {c: base.get(c) for c in mine}, knows or {}, by_value)
    settled = settle(POLICY, edit, stands, [] if by_value else past, cards or {})
    return {**stands, **settled.write}, settled


def side(line: str, name: str, at: int = 0) -> Side:
    return Side(line, line, f"op-{line}", 0, {"name": name}, at=at)


def in_turn(*values: dict[str, Any]) -> dict[str, Any]:
    """The one of equals that stands until a person decides."""
    return min(values, key=digest)


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
    "same field, different values: one stands by a fixed choice, both are queued": (
        [{"name": "hoe"}],
        {"name": "fork"},
        in_turn({"name": "hoe"}, {"name": "fork"}),
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
        in_turn({"street": "2 Mill Lane", "town": "Holm"}, {"street": "1 Mill Lane", "town": "Marling"}),
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
        in_turn({"future": "a"}, {"future": "b"}),
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
    assert {"name": row["name"]} == in_turn({"name": "hoe"}, {"name": "fork"})
    assert settled.fields == {"name": C, "colour": M}
    assert settled.outcome is C


def test_my_own_earlier_op_is_not_somebody_else() -> None:
    row, settled = play([{"_line": "mine", "name": "fork"}], {"name": "hoe"})

    assert row["name"] == "hoe"
    assert settled.cards == []


def test_a_card_somebody_else_moved_meanwhile_keeps_my_text_as_a_side() -> None:
    """She decided about what was on the card when she saw it, and not about what came since."""
    seen, moved = side("line-0", "rake", at=1), side("line-1", "hoe", at=3)
    cards = {"name": OpenCard("card", 3, {"name": "axe"}, {"line-0": seen, "line-1": moved})}
    _, settled = play([], {"name": "fork"}, cards=cards, knows={"card": 2})
    ended, opened = settled.cards

    assert settled.reason is Reason.CARD_MOVED
    assert settled.outcome is C
    assert (ended.card_id, ended.ends, ended.decided) == ("card", "edited", {"name": "fork"})
    assert (opened.card_id, opened.ends, opened.base) == (None, None, {"name": "spade"})
    assert {line: s.values for line, s in opened.sides.items()} == {
        "line-1": {"name": "hoe"},
        "mine": {"name": "fork"},
    }


def test_after_a_restore_the_hub_decides_by_value_alone() -> None:
    """And its author reads the row again: she may not have what others did beside it."""
    same, calm = play([], {"name": "fork"}, by_value=True)
    edit = Edit("mine", "me", "dev", "op", 9, {"name": "fork"}, {"name": "spade"}, {}, True)
    other = settle(POLICY, edit, {**BASE, "name": "hoe"}, [], {})

    assert (same["name"], calm.outcome) == ("fork", M)
    assert other.outcome is C
    assert other.cards[0].sides == {
        "": Side("", "", "", 0, {"name": "hoe"}),
        "mine": Side("me", "dev", "op", 9, {"name": "fork"}),
    }


@pytest.mark.parametrize("now, outcome", [({}, A), ({"name": "hoe"}, C), ({"colour": "blue"}, M)])
def test_an_import_meets_only_what_it_says_something_about(now: dict[str, Any], outcome: Outcome) -> None:
    said = {"name": "fork", "colour": "blue"}
    was = {"name": "spade", "colour": "red"}
    edit = Edit("import", "import", "import", "op", 9, said, was, by_value=True, central=True)

    assert settle(POLICY, edit, {**BASE, **now}, [], {}).outcome is outcome


@pytest.mark.parametrize("safe", ["no", "only_when"])
def test_to_put_back_what_she_saw_changed_is_a_wish(safe: str) -> None:
    """Work of hers that waited kept her base; she saw the later value and says again what was before."""
    past = [
        Past("desk", "d", "d", "op-d", 1, {"safe": "yes"}, {"safe": safe}, version=2, base=1, central=True)
    ]
    stands = {**BASE, "safe": "yes"}
    saw = Edit("mine", "me", "dev", "op", 9, {"safe": safe}, {"safe": "yes"}, base=1)
    settled = settle(POLICY, saw, stands, past, {})

    assert (settled.write, settled.outcome) == ({"safe": safe}, M)


def test_to_put_back_what_she_saw_is_a_wish_though_it_was_changed_again_since() -> None:
    past = [
        Past("desk", "d", "d", "op-1", 1, {"safe": "only_when"}, {"safe": "yes"}, version=2, base=1),
        Past("desk", "d", "d", "op-2", 2, {"safe": "no"}, {"safe": "only_when"}, version=3, base=2),
    ]
    saw = Edit("mine", "me", "dev", "op", 9, {"safe": "yes"}, {"safe": "only_when"}, base=1)
    settled = settle(POLICY, saw, {**BASE, "safe": "no"}, past, {})

    (card,) = settled.cards
    assert settled.outcome is C
    assert {line: side.values["safe"] for line, side in card.sides.items()} == {"desk": "no", "mine": "yes"}


def test_an_import_reads_again_what_it_only_repeats_when_one_field_of_it_has_moved() -> None:
    """Its colour is nobody's wish, and is not what stands."""
    said = {"name": "fork", "colour": "red"}
    edit = Edit(
        "import", "import", "import", "op", 9, said, {**said, "name": "spade"}, {}, True, central=True
    )

    assert settle(POLICY, edit, {**BASE, "colour": "blue"}, [], {}).outcome is M


def test_what_stands_already_is_not_written_again() -> None:
    first, second = sorted(({"name": "hoe"}, {"name": "fork"}), key=digest)

    assert play([first], second)[1].write == {}
    assert play([second], first)[1].write == first


def test_a_laptop_settled_by_value_always_reads_the_record_again() -> None:
    assert play([], {"name": "fork"}, by_value=True)[1].outcome is M


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
def test_what_stands_in_a_dispute_is_one_of_the_sides_and_the_other_is_beside_it(
    one: dict[str, Any], two: dict[str, Any]
) -> None:
    row, settled = play([one], two)

    for card in settled.cards:
        named = [dict(side.values) for side in card.sides.values()]
        assert {c: row[c] for c in card.columns} in named
        assert len(named) == 2
