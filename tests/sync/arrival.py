"""Every order in which the ops of several lines can arrive, through the hub's own decide step.

`python -m tests.sync.arrival [--seconds N] [--seed K]` runs the long form: four lines of three ops
each for every policy (369,600 orders op by op, each), then drawn scenarios until the time is up. The
last line is JSON. No database takes part: `WorkingCopy` is the real one, on rows held in memory, and
what one push leaves behind is read again for the next as the hub's driver reads it.
"""

import argparse
import itertools
import json
import random
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sync.hub.store import Row
from sync.ops import decode_content
from sync.policy import Policy, Rule, TablePolicy
from sync.standing import digest
from sync.wire import WireOp
from tests.sync.council import START, THING, Council, Line, Patch, Scenario, begun


def outcomes(scenario: Scenario) -> Iterator["End"]:
    """How it ends, for every order op by op, each device's own ops in their order."""
    council, ops = begun(scenario)

    def go(council: Council, done: dict[Line, int], pushed: tuple[str, ...]) -> Iterator[End]:
        left = [line for line in ops if done[line] < len(ops[line])]
        if not left:
            yield End.of(council, pushed)
        for line in left:
            twin = council.fork() if len(left) > 1 else council
            twin.push(line, [ops[line][done[line]]])
            yield from go(twin, {**done, line: done[line] + 1}, (*pushed, line.name))

    yield from go(council, dict.fromkeys(ops, 0), ())


def whole(scenario: Scenario) -> Iterator["End"]:
    """How it ends, for every order of whole chains, each in one push."""
    council, ops = begun(scenario)
    for order in itertools.permutations(ops):
        twin = council.fork()
        for line in order:
            twin.push(line, ops[line])
        yield End.of(twin, tuple(line.name for line in order))


@dataclass(frozen=True)
class End:
    """What everybody must find the same: standing values and open cards. order: not compared."""

    standing: dict[str, Any]
    cards: dict[str, Any]
    order: tuple[str, ...] = field(compare=False)

    @classmethod
    def of(cls, council: Council, order: tuple[str, ...]) -> "End":
        names = council.schema[THING].columns
        cards = council.cards()
        assert len({card["group_name"] for card in cards}) == len(cards), "two open cards of one group"
        return cls({c: council.row[c] for c in names}, {c["group_name"]: shown(c) for c in cards}, order)


def shown(card: Row) -> dict[str, Any]:
    """A card without what may differ: its id, and at which of its versions a side came on it."""
    sides = {line: {k: v for k, v in side.items() if k != "at"} for line, side in card["sides"].items()}
    return {"kind": card["kind"], "columns": card["columns"], "base": card["base"], "sides": sides}


class Differs(AssertionError):
    """Two orders that end differently, or one that does not end as the rule says."""


def check(scenario: Scenario, ends: Iterable[End]) -> int:
    """How many orders were tried. Raises Differs at the first that ends otherwise than the rule says."""
    expected = None if scenario.before else rule(scenario)
    tried = 0
    for end in ends:
        expected = expected or end
        tried += 1
        if end != expected:
            raise Differs(f"{scenario}\n{end.order}: {end}\n{expected.order}: {expected}")
    return tried


# -- the rule, as one function of what everybody wants ------------------------------------------


def rule(scenario: Scenario) -> End:
    """What must come of lines that all started from the same row, whoever arrives first."""
    table = TablePolicy(THING, scenario.columns)
    council, ops = begun(scenario)
    start = {c: council.row[c] for c in scenario.columns}
    said: dict[Line, dict[str, Any]] = {line: {} for line in ops}
    latest: dict[tuple[Line, str], WireOp] = {}
    for line, chain in ops.items():
        for op in chain:
            patch = decode_content(op.content).patch
            said[line].update(patch)
            latest.update({(line, table.group_of(c)): op for c in patch} | {(line, ""): op})
    standing, cards = dict(start), {}
    for group in dict.fromkeys(table.group_of(c) for c in scenario.columns):
        columns = table.columns_of(group)
        base = {c: start[c] for c in columns}
        wants = {
            line: {c: said[line].get(c, start[c]) for c in columns}
            for line in ops if any(c in said[line] for c in columns)
        }  # fmt: skip
        differ = _distinct([want for want in wants.values() if want != base])
        standing.update(_stands(table, base, wants, differ))
        if not wants:
            continue
        acts = wants
        if table.rule_of(group) is Rule.REVIEW:
            acts = {line: said[line] | wants.get(line, {}) for line in ops if said[line]}
            nets = [{c: v for c, v in act.items() if v != start[c]} for act in acts.values()]
            touched = any(c in columns for net in nets for c in net)
            is_open = touched and len(_distinct([net for net in nets if net])) > 1
        else:
            is_open = len(differ) > 1
        if is_open:
            kind = "same_field"
            if table.rule_of(group) is Rule.SAFER:
                kind = "safer"
            elif table.rule_of(group) is Rule.REVIEW and len(differ) < 2:
                kind = "review"
            named = dict.fromkeys([*columns, *(c for act in acts.values() for c in act)])
            key = "" if table.rule_of(group) is Rule.REVIEW else group
            cards[group] = {
                "kind": kind, "columns": list(columns), "base": {c: start[c] for c in named},
                "sides": {line.name: _side(line, latest[line, key], act) for line, act in acts.items()},
            }  # fmt: skip
    return End(standing, cards, ())


def _stands(
    table: TablePolicy,
    base: Mapping[str, Any],
    wants: Mapping[Line, Mapping[str, Any]],
    differ: Sequence[Mapping[str, Any]],
) -> Mapping[str, Any]:
    if len(differ) < 2:
        return differ[0] if differ else base
    ours = [want for line, want in wants.items() if line.central and want != base]
    order = sorted(differ, key=lambda want: (want not in ours, digest(want)))
    flags = {c: table.policies[c] for c in base if table.policies[c].rule is Rule.SAFER}
    if not flags:
        return order[0]
    candidates = [*order, base]
    safest = sorted(candidates, key=lambda want: sorted(-flags[c].rank(want[c]) for c in flags))[0]
    return {**safest, **{c: _top(flags[c], c, [safest, *candidates]) for c in flags}}


def _top(flag: Policy, column: str, values: Sequence[Mapping[str, Any]]) -> Any:
    return sorted((v[column] for v in values), key=lambda value: -flag.rank(value))[0]


def _distinct(values: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [value for n, value in enumerate(values) if value not in values[:n]]


def _side(line: Line, op: WireOp, values: Mapping[str, Any]) -> dict[str, Any]:
    side = {
        "user": f"user-{line.name}", "device": line.name, "op_id": op.op_id, "made_at": op.made_at,
        "values": dict(values),
    }  # fmt: skip
    return {**side, "central": True} if line.central else side


# -- drawing scenarios --------------------------------------------------------------------------

WORDS: dict[str, tuple[str, ...]] = {
    "safe": ("yes", "only_when", "no", "word of a later version"),
    "quiet": ("loud", "quiet"),
}
FIELDS: dict[str, tuple[str, ...]] = {
    "field": ("name",),
    "group": ("street", "town"),
    "safer": ("number", "safe", "quiet"),
    "review": ("state", "state_on", "name"),
    "reviews": ("state", "mark", "colour"),
    "several": ("name", "street", "town", "number", "safe", "state"),
    "central": ("shelf", "name"),
}  # {what is drawn: the columns it is drawn over}


def drawn(rng: random.Random, kind: str, shape: Sequence[int], *, before: bool = False) -> Scenario:
    """Lines with chains of these lengths. before: a card is open at the base, known to some."""
    columns = FIELDS[kind]
    lines = tuple(
        Line(
            "abcd"[number],
            _chain(rng, columns, length),
            central=kind == "central" or rng.random() < 0.15,
            knows=before and rng.random() < 0.5,
        )
        for number, length in enumerate(shape)
    )
    clash = ()
    if before:
        # One of the two goes on without having seen what the other did, or neither does.
        other = rng.choice("aq")
        central = other == "a" and lines[0].central
        clash = (Line("p", ({columns[0]: "7"},)), Line(other, ({columns[0]: "8"},), central=central))
    return Scenario(lines, clash)


def _chain(rng: random.Random, columns: Sequence[str], length: int) -> tuple[Patch, ...]:
    """So many saves, each of which changes something."""
    values = {c: START[c] for c in columns}
    chain: list[Patch] = []
    while len(chain) < length:
        some = rng.sample(columns, min(len(columns), rng.choice((1, 1, 2))))
        # Few words, so that equal values and ways back to the base come often.
        patch = {c: rng.choice(WORDS.get(c, ("0", "1", "2"))) for c in some}
        if any(values[c] != v for c, v in patch.items()):
            values.update(patch)
            chain.append(patch)
    return tuple(chain)


def shapes(lines: int, ops: int) -> Iterator[tuple[int, ...]]:
    """How long the chains of up to so many lines may be, the same lengths once."""
    for count in range(2, lines + 1):
        yield from itertools.combinations_with_replacement(range(1, ops + 1), count)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--seconds", type=float, default=60.0, help="of drawn scenarios, after the whole ones"
    )
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--short", action="store_true", help="leave out the whole ones")
    asked = options.parse_args()
    rng = random.Random(asked.seed)
    began = time.monotonic()
    tried: dict[str, int] = dict.fromkeys(FIELDS, 0)
    scenarios = 0
    for kind in () if asked.short else FIELDS:
        scenario = drawn(rng, kind, (3, 3, 3, 3))
        tried[kind] += check(scenario, outcomes(scenario)) + check(scenario, whole(scenario))
        scenarios += 1
        print(f"{kind}: {tried[kind]:,} orders, {time.monotonic() - began:.0f} s", flush=True)
    until = time.monotonic() + asked.seconds
    everything = list(shapes(4, 3))
    while time.monotonic() < until:
        kind, shape = rng.choice(list(FIELDS)), rng.choice(everything)
        scenario = drawn(rng, kind, shape, before=rng.random() < 0.4)
        orders = outcomes(scenario) if sum(shape) < 8 else whole(scenario)
        tried[kind] += check(scenario, orders)
        scenarios += 1
    seconds = round(time.monotonic() - began, 1)
    print(json.dumps({"scenarios": scenarios, "orders": sum(tried.values()), "by_kind": tried,
                      "violations": 0, "seconds": seconds}))  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
