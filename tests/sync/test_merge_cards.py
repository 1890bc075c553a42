"""The merge where a card is there already: open, known or not, closed by itself, or of an older past."""

from dataclasses import replace
from typing import Any

import pytest

from sync import policy
from sync.merge import Edit, OpenCard, Past, Settlement, Side, settle
from sync.ops import Reason
from sync.policy import TablePolicy
from tests.sync.test_merge import BASE, POLICY, A, C, M, side


def mine_on(card: OpenCard, **fields: Any) -> Settlement:
    """An edit of mine on base 0, with a card open that I do not know."""
    given: dict[str, Any] = {"patch": {"name": "fork"}, "was": {"name": "spade"}} | fields
    return settle(POLICY, Edit("mine", "me", "dev", "op-mine", 9, **given), BASE, [], {"name": card})


TWO = OpenCard("card", 2, {"name": "axe"}, {"a": side("a", "hoe", at=1), "b": side("b", "rake", at=1)})


def test_what_says_that_a_field_is_as_it_was_is_nobodys_wish() -> None:
    idle = mine_on(TWO, patch={"name": "spade"})

    assert (idle.cards, idle.write, idle.outcome) == ([], {}, A)
    assert mine_on(TWO, was={}).cards


def test_a_laptop_does_not_speak_for_the_council_and_the_desk_does() -> None:
    (card,) = mine_on(TWO).cards
    (desk,) = mine_on(TWO, central=True).cards

    assert [s.central for s in card.sides.values()] == [False, False, False]
    assert desk.sides["mine"].central
    assert card.sides["mine"] == Side("me", "dev", "op-mine", 9, {"name": "fork"})


def test_a_card_i_do_not_know_goes_on_with_its_own_base_and_my_side() -> None:
    settled = mine_on(TWO)
    (card,) = settled.cards

    assert (card.card_id, card.ends, card.kind) == ("card", None, Reason.SAME_FIELD)
    assert (card.base, set(card.sides)) == ({"name": "axe"}, {"a", "b", "mine"})
    assert (settled.outcome, settled.reason) == (C, Reason.SAME_FIELD)
    assert card.decided is None


def test_a_line_back_at_the_base_stays_on_the_card_and_asks_for_nothing() -> None:
    settled = mine_on(TWO, patch={"name": "axe"})
    (card,) = settled.cards

    assert set(card.sides) == {"a", "b", "mine"}
    assert settled.outcome is M


def test_what_i_found_standing_and_changed_leaves_the_card_i_do_not_know() -> None:
    standing = OpenCard(
        "card", 2, {"name": "axe"}, {"a": side("a", "spade", at=1), "b": side("b", "rake", at=1)}
    )

    assert set(mine_on(standing).cards[0].sides) == {"b", "mine"}
    # Who may not decide has seen it too, and takes nothing off it.
    assert set(mine_on(standing, knows={"card": 0}).cards[0].sides) == {"a", "b", "mine"}


def test_who_found_her_own_waiting_work_has_not_seen_what_stood() -> None:
    """Her base has what the desk wrote, but on her laptop her own word lay over it all the time."""
    card = OpenCard(
        "card", 1, {"name": "axe"}, {"desk": side("desk", "spade", at=1), "mine": side("mine", "rake", at=1)}
    )

    assert set(mine_on(card).cards[0].sides) == {"mine"}
    assert set(mine_on(card, was={"name": "rake"}).cards[0].sides) == {"desk", "mine"}


def test_a_side_that_was_not_what_i_found_stays_though_i_found_a_part_of_it() -> None:
    """Both of us began with Holm, and only the street of a is new."""
    sides = {"a": Side("a", "a", "op-a", 1, PLACE, at=1)}
    card = OpenCard("card", 1, {"street": "1 Mill Lane", "town": "Holm"}, sides)
    edit = Edit("mine", "me", "dev", "op-mine", 9, {"town": "Marling"}, {"town": "Holm"})

    assert set(settle(POLICY, edit, BASE, [], {"place": card}).cards[0].sides) == {"a", "mine"}


BASE_PLACE = {"street": "4 Mill Lane", "town": "Holm"}
PLACE = {"street": "2 Mill Lane", "town": "Holm"}


def by_value_on(sides: dict[str, Side], stands: dict[str, Any], **fields: Any) -> Settlement:
    """An edit of mine of an older past, about the place, with a card of it open."""
    card = OpenCard("card", 2, {"street": "1 Mill Lane", "town": "Holm"}, sides)
    edit = Edit("mine", "me", "dev", "op-mine", 9, by_value=True, **fields)
    return settle(POLICY, edit, {**BASE, **stands}, [], {"place": card})


def test_by_value_what_stands_stays_on_the_card_unless_the_op_says_it_was_seen() -> None:
    """Of the street, which a changed, it says nothing: only that the town was Holm."""
    sides = {"a": Side("a", "a", "op-a", 1, PLACE, at=1), "b": Side("b", "b", "op-b", 1, BASE_PLACE, at=1)}
    town = by_value_on(sides, PLACE, patch={"town": "Marling"}, was={"town": "Holm"})
    street = by_value_on(sides, PLACE, patch={"street": "3 Mill Lane"}, was={"street": "2 Mill Lane"})

    assert set(town.cards[0].sides) == {"a", "b", "mine"}
    assert town.cards[0].sides["a"] == sides["a"]
    assert set(street.cards[0].sides) == {"b", "mine"}


def test_by_value_what_i_changed_again_was_my_own_and_nobody_elses() -> None:
    """A said the same as I did first, and has not seen that I say something else now."""
    sides = {"a": Side("a", "a", "op-a", 1, PLACE, at=1), "mine": Side("me", "dev", "op-0", 1, PLACE, at=2)}
    settled = by_value_on(sides, PLACE, patch={"street": "3 Mill Lane"}, was={"street": "2 Mill Lane"})

    assert set(settled.cards[0].sides) == {"a", "mine"}


def test_by_value_what_i_said_before_stays_with_what_i_say_now_and_decides_nothing() -> None:
    """The card came to her laptop while her own work was waiting, so she knows it."""
    mine = Side("me", "dev", "op-0", 1, {"street": "3 Mill Lane", "town": "Holm"}, at=2)
    sides = {"a": Side("a", "a", "op-a", 1, PLACE, at=1), "mine": mine}
    settled = by_value_on(sides, PLACE, patch={"town": "Marling"}, was={"town": "Holm"}, knows={"card": 2})
    (card,) = settled.cards

    assert (card.card_id, card.ends, settled.outcome) == ("card", None, C)
    assert {line: dict(side.values) for line, side in card.sides.items()} == {
        "a": PLACE,
        "mine": {"street": "3 Mill Lane", "town": "Marling"},
    }


def gone_on(version: int, base: int, column: str = "name") -> Past:
    return Past("a", "a", "a", "op-late", 5, {column: "rake"}, {column: "hoe"}, version=version, base=base)


@pytest.mark.parametrize(
    "later, is_over",
    [(gone_on(4, 3), True), (gone_on(4, 2), False), (gone_on(3, 3), False), (gone_on(4, 3, "colour"), False)],
)
def test_a_closed_card_is_over_once_somebody_who_saw_its_end_has_gone_on(later: Past, is_over: bool) -> None:
    """Its sides would take the place of what was said since, which is to be seen on a new card."""
    closed = OpenCard("card", 2, {"name": "axe"}, {"a": side("a", "hoe", at=1)}, closed=3)
    edit = Edit("mine", "me", "dev", "op", 9, {"name": "fork"}, {"name": "spade"}, base=1)
    settled = settle(POLICY, edit, {**BASE, **later.patch}, [later], {"name": closed})
    (card,) = settled.cards

    assert card.card_id == (None if is_over else "card")
    if is_over:
        assert {line: dict(one.values) for line, one in card.sides.items()} == {
            "a": {"name": "rake"},
            "mine": {"name": "fork"},
        }


def test_who_went_on_from_a_closed_card_by_value_keeps_her_later_word() -> None:
    """Her second op met no card and clashed elsewhere, so it does not say that she had seen the end."""
    sides = {"": side("", "hoe", at=1), "a": side("a", "axe", at=1)}
    closed = OpenCard("card", 2, {"name": "axe"}, sides, closed=3)
    went_on = Past("a", "a", "a", "op-late", 5, {"name": "rake"}, {"name": "hoe"}, version=4, base=0)
    edit = Edit("mine", "me", "dev", "op", 9, {"name": "fork"}, {"name": "axe"}, base=1)
    settled = settle(POLICY, edit, {**BASE, "name": "rake"}, [went_on], {"name": closed})
    (card,) = settled.cards

    assert card.card_id == "card"
    assert {line: dict(one.values) for line, one in card.sides.items()} == {
        "": {"name": "hoe"},
        "a": {"name": "rake"},
        "mine": {"name": "fork"},
    }


def test_an_edit_that_knows_the_card_ends_it() -> None:
    settled = mine_on(TWO, knows={"card": 2})
    (card,) = settled.cards

    assert (card.ends, card.decided, card.base) == ("edited", {"name": "fork"}, {"name": "axe"})
    assert set(card.sides) == {"a", "b", "mine"}
    assert (settled.outcome, settled.reason, settled.write) == (A, None, {"name": "fork"})


@pytest.mark.parametrize("known", [1, 2])
def test_work_that_waited_from_before_the_card_does_not_decide_it(known: int) -> None:
    """She pulled the card between two saves; her base is from before it."""
    past = [Past("a", "a", "a", "op-a", 1, {"name": "hoe"}, {"name": "spade"}, version=1)]
    edit = Edit("mine", "me", "dev", "op", 9, {"name": "fork"}, {"name": "spade"}, {"card": 2})
    fresh = replace(TWO, sides={"a": side("a", "hoe", at=known), "b": side("b", "rake", at=1)})
    settled = settle(POLICY, edit, {**BASE, "name": "hoe"}, past, {"name": fresh})
    (card,) = settled.cards

    assert (card.card_id, card.ends) == ("card", None)
    assert set(card.sides) == {"a", "b", "mine"}


@pytest.mark.parametrize("closed, base, met", [(3, 2, True), (3, 3, False), (2, 3, False)])
def test_a_card_closed_by_itself_is_open_for_who_started_before_that(
    closed: int, base: int, met: bool
) -> None:
    ended = replace(TWO, closed=closed)

    settled = mine_on(ended, base=base)

    assert bool(settled.cards) is met
    assert mine_on(ended, base=base, by_value=True).cards == []


def test_a_card_with_one_value_left_ends_by_agreement() -> None:
    one = OpenCard("card", 2, {"name": "axe"}, {"a": side("a", "fork", at=1)})
    settled = mine_on(one)
    (card,) = settled.cards

    assert (card.ends, card.decided, card.kind) == ("agreed", {"name": "fork"}, Reason.SAME_FIELD)
    assert (settled.outcome, settled.reason, settled.write) == (M, None, {"name": "fork"})


def test_two_groups_to_review_have_a_card_each_in_order() -> None:
    policies = TablePolicy("t", {n: policy.review() for n in ("z", "y", "x")} | {"name": policy.field()})
    base = dict.fromkeys(("x", "y", "z", "name"), "0")
    past = [
        Past("a", "a", "a", "op-a", 1, {"z": "1", "x": "1", "y": "1"}, dict.fromkeys("zxy", "0"), version=1)
    ]
    edit = Edit("mine", "me", "dev", "op", 9, {"name": "1"}, {"name": "0"})
    settled = settle(policies, edit, {**base, "x": "1", "y": "1", "z": "1"}, past, {})

    assert [card.group for card in settled.cards] == ["x", "y", "z"]
    assert (settled.reason, settled.outcome, settled.write) == (Reason.NEEDS_REVIEW, M, {"name": "1"})


def test_beside_a_card_that_nobody_touches_only_who_is_on_it_is_named() -> None:
    """The states of a and of mine are on a card I do not know; since then b and a changed the colour,
    and I the name: b has no part in it."""
    lent = {"state": "lent", "state_on": "2 Nov"}
    sides = {
        "a": Side("a", "a", "op-a", 1, lent, at=1),
        "mine": Side("me", "dev", "op-0", 2, {**lent, "state": "gone"}, at=1),
    }
    # The town was on it once, for somebody who is on it no more.
    card = OpenCard("card", 1, {"state": "in", "state_on": "1 Nov", "town": "Holm"}, sides)
    past = [
        Past(who, who, who, f"late-{who}", 5, {"colour": who}, {"colour": "red"}, version=2) for who in "ba"
    ]
    edit = Edit("mine", "me", "dev", "op", 9, {"name": "fork"}, {"name": "spade"}, base=1)
    settled = settle(POLICY, edit, {**BASE, **lent, "colour": "a"}, past, {"state": card})
    (change,) = settled.cards

    assert {line: dict(one.values) for line, one in change.sides.items()} == {
        "a": {**lent, "colour": "a"},
        "mine": {**lent, "state": "gone", "name": "fork"},
    }
    assert change.base == {"state": "in", "state_on": "1 Nov", "name": "spade", "colour": "red"}
    assert settled.write == {"name": "fork"}


def test_a_state_that_somebody_saw_and_changed_is_not_named_beside_hers() -> None:
    past = [
        Past("a", "a", "a", "op-a", 1, {"state": "lent"}, {"state": "in"}, version=1),
        Past("b", "b", "b", "op-b", 2, {"state": "gone"}, {"state": "lent"}, version=2, base=1),
    ]
    edit = Edit("mine", "me", "dev", "op", 9, {"name": "fork"}, {"name": "spade"})
    (card,) = settle(POLICY, edit, {**BASE, "state": "gone"}, past, {}).cards

    assert set(card.sides) == {"b", "mine"}


def test_my_own_earlier_state_does_not_bring_a_later_name_onto_a_card_i_know() -> None:
    past = [Past("mine", "me", "dev", "op-0", 1, {"state": "lent"}, {"state": "in"}, version=1)]
    card = OpenCard("card", 2, {"state": "in"}, {"a": Side("a", "a", "op-a", 1, {"state": "gone"}, at=1)})
    edit = Edit("mine", "me", "dev", "op", 9, {"name": "fork"}, {"name": "spade"}, {"card": 2})

    assert settle(POLICY, edit, {**BASE, "state": "lent"}, past, {"state": card}).cards == []


def test_what_stands_unseen_after_a_restore_comes_on_the_card_where_nobody_there_says_it() -> None:
    """Her own side may hold it too: it was counted as hers while nobody knew whose it was."""
    hers = {"street": "3 Mill Lane", "town": "Holm"}
    sides = {"a": Side("a", "a", "op-a", 1, PLACE, at=1), "mine": Side("me", "dev", "op-0", 1, hers, at=2)}

    def unknown(stands: dict[str, Any], was: str) -> list[Any]:
        said = by_value_on(sides, stands, patch={"street": "9 Mill Lane"}, was={"street": was})
        return [side.values for line, side in said.cards[0].sides.items() if line == ""]

    assert unknown(hers, was="1 Mill Lane") == [hers]
    assert unknown(PLACE, was="1 Mill Lane") == []  # a says it
    assert unknown(hers, was="3 Mill Lane") == []  # she saw it


def test_what_nobody_knows_the_author_of_stays_on_the_card_through_what_comes_later() -> None:
    """What stands now is her own, of an op before this one."""
    hers = {"street": "3 Mill Lane", "town": "Holm"}
    sides = {"": Side("", "", "", 0, PLACE, at=1), "mine": Side("me", "dev", "op-0", 1, hers, at=1)}
    (card,) = by_value_on(sides, hers, patch={"street": "9 Mill Lane"}, was={"street": "1 Mill Lane"}).cards

    assert card.sides[""].values == PLACE
