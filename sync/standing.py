"""What stands while several lines differ, until a person decides: the same in every order.

Neither a clock nor the order of arrival has a say. What is more protective goes before what is less
(`safer` flags); what the council's own lines say before what laptops say; and among equals the side
whose values have the smallest SHA-256. That last choice is blind on purpose. The value that gave
way is on the card.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from sync.history import Side, Values
from sync.ops import as_travelled
from sync.policy import Rule, TablePolicy

_canonical = msgspec.json.Encoder(order="deterministic").encode


def standing(
    policy: TablePolicy,
    columns: Sequence[str],
    base: Mapping[str, Any] | None,
    sides: Mapping[str, Side],
) -> Values:
    """The values of a field group that stand.

    base: what all sides started from; None: nothing, for somebody has decided since, and to decide for
        what once was is a wish like any other. sides: {line: its latest values}; a line that says
        nothing of the group has no voice. Without a value that differs from the base, the base stands.
    """
    began = {c: base[c] for c in columns} if base is not None else {}
    voices = []
    for side in sides.values():
        said = {c: side.values[c] for c in columns if c in side.values}
        values = {**began, **said}
        if values != began:
            voices.append((not side.central, digest(values), values))
    in_turn = [values for _, _, values in sorted(voices, key=lambda voice: voice[:2])]
    if len(distinct(in_turn, began)) > 1 and any(_is_safer(policy, c) for c in columns):
        return _safest(policy, columns, [*in_turn, began] if began else in_turn)
    return in_turn[0] if in_turn else began


def distinct(values: Iterable[Mapping[str, Any]], base: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The values that differ from the base and from each other; one that says nothing is none."""
    found: list[Mapping[str, Any]] = []
    for value in values:
        differs = any(c not in base or base[c] != v for c, v in value.items())
        if differs and value not in found:
            found.append(value)
    return found


def digest(values: Mapping[str, Any]) -> str:
    """SHA-256 of the values' canonical JSON: keys in order, moments in UTC."""
    return hashlib.sha256(_canonical(as_travelled({c: _plain(v) for c, v in values.items()}))).hexdigest()


def _plain(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _is_safer(policy: TablePolicy, column: str) -> bool:
    return column in policy.policies and policy.policies[column].rule is Rule.SAFER


def _safest(policy: TablePolicy, columns: Sequence[str], in_turn: Sequence[Values]) -> Values:
    """The most protective of base and all sides.

    Each flag takes its own safest value. What the flags qualify (the number, the address) comes
    from the side that is safest as a whole. in_turn: the first of equals goes.
    """
    flags = [c for c in columns if _is_safer(policy, c)]

    def ranks(values: Mapping[str, Any]) -> tuple[int, ...]:
        return tuple(sorted((policy.policies[c].rank(values.get(c)) for c in flags), reverse=True))

    whole = max(in_turn, key=ranks)
    safest = dict(whole)
    for flag in flags:
        safest[flag] = max((v.get(flag) for v in (whole, *in_turn)), key=policy.policies[flag].rank)
    return safest
