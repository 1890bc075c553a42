"""Order of arrival never shows: the same edits end the same, whoever's laptop was first.

`tests.sync.arrival` holds the rule as one function of what everybody wants, written apart from the
code it judges, and tries the orders. The long form is `python -m tests.sync.arrival`.
"""

import itertools
import json
import os
import random
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import policy
from sync.errors import Unreachable
from sync.policy import Policy
from tests.sync.arrival import (
    FIELDS,
    Differs,
    check,
    drawn,
    outcomes,
    rule,
    shapes,
    whole,
)
from tests.sync.conftest import Device, World, in_pages
from tests.sync.council import Council, Line, Scenario, begun

# Scenarios drawn for each shape; fewer where the same tests run again and again (tests.mutation).
DRAWS = int(os.environ.get("ARRIVAL_DRAWS", "8"))
# Shapes of up to three lines of up to two ops and four lines of one, op by op.
SMALL = [shape for shape in shapes(3, 2) if sum(shape) < 6] + [(1, 1, 1, 1)]


@pytest.mark.parametrize("kind", FIELDS)
def test_every_order_of_small_shapes_ends_as_the_rule_says(kind: str) -> None:
    rng = random.Random(f"small {kind}")
    tried = 0
    for shape, _ in itertools.product(SMALL, range(DRAWS)):
        scenario = drawn(rng, kind, shape)
        tried += check(scenario, outcomes(scenario)) + check(scenario, whole(scenario))

    assert tried > 70 * DRAWS


@pytest.mark.parametrize("kind", FIELDS)
def test_every_order_of_four_whole_chains_of_three(kind: str) -> None:
    rng = random.Random(f"whole {kind}")
    tried = 0
    for _ in range(3):
        scenario = drawn(rng, kind, (3, 3, 3, 3))
        tried += check(scenario, whole(scenario))

    assert tried == 3 * 24


@pytest.mark.parametrize("kind", ["safer", "several"])
def test_all_1680_orders_of_three_lines_of_three(kind: str) -> None:
    scenario = drawn(random.Random(f"nine {kind}"), kind, (3, 3, 3))

    assert check(scenario, outcomes(scenario)) == 1_680


@pytest.mark.parametrize("kind", [kind for kind in FIELDS if kind != "central"])
def test_an_order_does_not_show_where_a_card_was_open_and_some_knew_it(kind: str) -> None:
    rng = random.Random(f"before {kind}")
    for shape, _ in itertools.product([(1, 1), (1, 2), (1, 1, 1), (1, 1, 2)], range(DRAWS)):
        scenario = drawn(rng, kind, shape, before=True)
        check(scenario, outcomes(scenario))
        check(scenario, whole(scenario))


# -- any schema at all ----------------------------------------------------------------------------

WORDS = ("0", "1", "2")
policies: st.SearchStrategy[Policy] = st.one_of(
    st.just(policy.field()),
    st.sampled_from(("g", "h")).map(policy.group),
    st.sampled_from(("g", "h")).map(lambda name: policy.safer(("0", "1"), name)),
    st.sampled_from(("h", "r", None)).map(policy.review),
)
schemas = st.dictionaries(st.sampled_from("uvwxyz"), policies, min_size=1, max_size=6)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    columns = draw(schemas)
    patch = st.dictionaries(st.sampled_from(sorted(columns)), st.sampled_from(WORDS), min_size=1, max_size=3)
    chains = draw(
        st.lists(st.lists(patch, min_size=1, max_size=2), min_size=2, max_size=3).filter(
            lambda chains: sum(map(len, chains)) < 6
        )
    )
    central = draw(st.sampled_from(["", "", "a"]))
    lines = tuple(
        Line(name, tuple(chain), central=name == central) for name, chain in zip("abc", chains, strict=False)
    )
    return Scenario(lines, columns=columns, start=dict.fromkeys(columns, "0"))


@settings(max_examples=60)
@given(scenarios())
def test_whatever_the_policies_every_order_ends_as_the_rule_says(scenario: Scenario) -> None:
    check(scenario, outcomes(scenario))


# -- what the rule itself says --------------------------------------------------------------------


def ending(*lines: Line) -> Council:
    """The council after these lines pushed in this order."""
    council, ops = begun(Scenario(lines))
    for line, chain in ops.items():
        council.push(line, chain)
    return council


def test_a_card_closes_by_itself_when_nothing_is_left_to_decide() -> None:
    """Ana's 1 met Ben's 2; then she put it back to what it was, before she had seen the card."""
    council, ops = begun(Scenario((Line("a", ({"name": "1"}, {"name": "0"})), Line("b", ({"name": "2"},)))))
    (ana, first_two), (ben, his) = ops.items()
    council.push(ana, first_two[:1])
    council.push(ben, his)
    (opened,) = council.cards()
    council.push(ana, first_two[1:])
    (closed,) = council.cards("decided")

    assert closed["id"] == opened["id"]
    assert closed["decided_by"] is None
    assert closed["decision"]["choice"] == "agreed"
    assert council.row["name"] == "2"
    last = council.ledger[-1]
    assert (last["record"], last["version"]) == (closed["id"], closed["version"])
    assert last["device"] == ""  # logged, as a row the hub writes itself


def test_a_card_that_closed_by_itself_opens_again_for_who_comes_later_from_before() -> None:
    lines = (
        Line("a", ({"name": "1"}, {"name": "0"})),
        Line("b", ({"name": "2"},)),
        Line("c", ({"name": "3"},)),
    )
    council, ops = begun(Scenario(lines))
    ana, ben, co = ops
    for line, part in ((ana, ops[ana][:1]), (ben, ops[ben]), (ana, ops[ana][1:])):
        council.push(line, part)
    (closed,) = council.cards("decided")
    council.push(co, ops[co])
    (card,) = council.cards()

    assert card["id"] == closed["id"]
    assert card["decision"] is card["decided_at"] is None
    assert {line: side["values"]["name"] for line, side in card["sides"].items()} == {
        "a": "0",
        "b": "2",
        "c": "3",
    }


def test_what_the_councils_own_line_says_stands_before_what_laptops_say() -> None:
    for value in WORDS[1:]:
        council = ending(Line("a", ({"name": "3"},)), Line("desk", ({"name": value},), central=True))
        assert council.row["name"] == value
        assert len(council.cards()) == 1


def test_the_check_sees_an_order_that_shows() -> None:
    scenario = Scenario((Line("a", ({"name": "1"},)), Line("b", ({"name": "2"},))))
    other = Scenario((Line("a", ({"name": "1"},)), Line("b", ({"name": "1"},))))

    with pytest.raises(Differs):
        check(scenario, [rule(other)])


def test_the_long_form_counts_what_it_tried() -> None:
    command = [sys.executable, "-m", "tests.sync.arrival", "--short", "--seconds", "0.3", "--seed", "7"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(result.stdout.splitlines()[-1])

    assert told["violations"] == 0
    assert told["orders"] >= told["scenarios"] > 0


# -- real devices, the real hub -------------------------------------------------------------------


EDITS: dict[str, list[dict[str, str]]] = {
    "ana": [{"phone": "1", "street": "3 Mill Lane"}, {"phone": "0"}],
    "ben": [{"phone": "2", "state": "lent"}],
    "co": [{"phone": "2", "number": "7"}, {"town": "Marling", "safe": "no"}],
}
STEPS = [user for user, chain in EDITS.items() for _ in chain]


class Lane:
    """Three real laptops; again and again they change one tool at once and push in another order."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.devices = {user: world.device(user) for user in EDITS}

    def ending(self, order: tuple[str, ...], ops: int) -> tuple[object, object]:
        """What comes of it. order: whose turn it is to push so many ops; nobody pulls between."""
        world = self.world
        tool = world.put("tool", shelf="a", phone="0", street="1 Mill Lane", town="Holm", number="0",
                         safe="yes", state="in")  # fmt: skip
        for device in self.devices.values():
            device.sync()
        for user, chain in EDITS.items():
            for fields in chain:
                self.devices[user].edit(tool, **fields)
        for user in order:
            push(self.devices[user], ops)
        assert all(device.waiting() == 0 for device in self.devices.values())
        row = world.row(tool)
        assert row is not None
        cards = {
            card["group_name"]: (
                card["kind"], card["columns"], card["base"],
                {line: side["values"] for line, side in card["sides"].items()},
            )
            for card in world.cards() if card["record"] == tool
        }  # fmt: skip
        return {c: v for c, v in row.items() if c not in ("id", "version")}, cards


def push(device: Device, ops: int) -> None:
    """Push one page of so many ops; then the cable is cut."""

    def way(step: str, body: bytes) -> None:
        if step != "push" or device.transport.sent:
            raise Unreachable("the cable is cut")

    device.transport.sent.clear()
    device.transport.before = way
    in_pages(device, ops)
    with pytest.raises(Unreachable):
        device.sync()
    del device.store.waiting
    device.transport.before = None


def test_three_real_laptops_end_the_same_in_any_order_op_by_op(small_world: World) -> None:
    lane = Lane(small_world)
    orders = sorted(set(itertools.permutations(STEPS)))
    standing, cards = lane.ending(orders[0], 1)

    assert len(orders) == 30
    assert cards
    for order in orders[1:]:
        assert lane.ending(order, 1) == (standing, cards)


def test_three_real_laptops_end_the_same_in_any_order_of_whole_chains(world: World) -> None:
    lane = Lane(world)
    ends = [lane.ending(order, 100) for order in itertools.permutations(EDITS)]

    assert all(end == ends[0] for end in ends)


def test_notes_written_once_end_the_same_in_any_order(small_world: World) -> None:
    """Ana goes on with her note and closes it while Ben writes into it: his is refused in any order."""
    world = small_world
    ana, ben = world.device("ana"), world.device("ben")
    for order in (("ana", "ana", "ben"), ("ana", "ben", "ana"), ("ben", "ana", "ana")):
        note = ana.add("journal", shelf="a", text="lent")
        ana.sync(), ben.sync()
        ana.edit(note, "journal", text="lent to Bo")
        ana.edit(note, "journal", text="lent to Bo, who has it still", closed_on=date(2026, 11, 16))
        ben.edit(note, "journal", text="not so")
        for user in order:
            push(ana if user == "ana" else ben, 1)
        row = world.row(note, "journal")

        assert row is not None
        assert (row["text"], row["closed_on"]) == ("lent to Bo, who has it still", date(2026, 11, 16))
        assert world.cards() == []
