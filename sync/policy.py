"""How two edits of one record are settled: what a host's tables and columns say about themselves.

A host declares on its own SQLAlchemy `Table.info["sync"]` a `Synced`, and on every column's
`Column.info["merge"]` a `Policy` and `Column.info["sensitivity"]` an int. This module knows
neither SQLAlchemy nor what the records are about.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

Fields = Mapping[str, Any]  # {field name: value}


class Rule(StrEnum):
    """What happens when two people changed the same thing at once."""

    FIELD = "field"
    SAFER = "safer"
    REVIEW = "review"
    APPEND = "append"
    CENTRAL = "central"


@dataclass(frozen=True, slots=True)
class Policy:
    """One column's answer to "and if somebody else changed it too?".

    group: columns that only make sense together share a group and count as one field;
        None: the column is a group of its own.
    order: for SAFER flags, the values from least to most protective. A value that is not
        listed counts as more protective than any that is (a newer version may know it);
        None counts as less protective than any.
    """

    rule: Rule
    group: str | None = None
    order: tuple[Any, ...] = ()

    def rank(self, value: Any) -> int:
        """How protective a value is; larger is safer."""
        if value is None:
            return -1
        return self.order.index(value) if value in self.order else len(self.order)


def field() -> Policy:
    """Different fields: both stand. Same field: the hub's value stands, both go to the queue."""
    return Policy(Rule.FIELD)


def group(name: str) -> Policy:
    """As `field`, but all columns of the group count as one (the lines of an address)."""
    return Policy(Rule.FIELD, name)


def safer(order: tuple[Any, ...], name: str) -> Policy:
    """A protective flag of the group `name`: at a clash the most protective of base and all sides
    stands at once. The columns it qualifies (the number beside safe-to-call) say `group(name)`."""
    return Policy(Rule.SAFER, name, order)


def review(name: str | None = None) -> Policy:
    """As `field`, and any change of the record at the same time asks for a person."""
    return Policy(Rule.REVIEW, name)


def append() -> Policy:
    """Written once: only its author's device line may change it, until it is final."""
    return Policy(Rule.APPEND)


def central() -> Policy:
    """Only the council changes it; a device's edit waits as a request."""
    return Policy(Rule.CENTRAL)


@dataclass(frozen=True, slots=True)
class FileColumns:
    """The columns of a table whose records each carry a file. Its bytes travel apart, in parts.

    size: bytes; sha256: of the whole, 64 hex digits. Both are said at the insert and fixed.
    received: a moment, `central`: set by the hub once it has every byte, cleared should it lose any.
        As a column of the record it reaches everybody by the ordinary pull.
    """

    size: str
    sha256: str
    received: str = "received_at"


@dataclass(frozen=True, slots=True)
class Synced:
    """What a table says about itself.

    scope: from a row to the scope it lives in for ever ("family:<id>"); must not depend on
        fields that change.
    final: name of the column that, once set, freezes an append row; None: it is final at once.
    urgent: rows of this table travel first in every push.
    file: where a record says what file it carries; None: it carries none.
    """

    scope: Callable[[Fields], str]
    final: str | None = None
    urgent: bool = False
    file: FileColumns | None = None


@dataclass(frozen=True)
class TablePolicy:
    """The policies of one table, by column, with the groups worked out once."""

    name: str
    policies: Mapping[str, Policy]

    def group_of(self, column: str) -> str:
        """The group a column belongs to. A column this version does not know is its own group."""
        policy = self.policies.get(column)
        return policy.group if policy is not None and policy.group is not None else column

    def columns_of(self, group_name: str) -> tuple[str, ...]:
        """All columns of a group, in a fixed order."""
        named = tuple(c for c, p in self.policies.items() if (p.group or c) == group_name)
        return named or (group_name,)

    def rule_of(self, group_name: str) -> Rule:
        """The strictest rule among the group's columns."""
        rules = {self.policies[c].rule for c in self.columns_of(group_name) if c in self.policies}
        for rule in (Rule.CENTRAL, Rule.APPEND, Rule.SAFER, Rule.REVIEW):
            if rule in rules:
                return rule
        return Rule.FIELD

    @cached_property
    def is_append(self) -> bool:
        """Whether rows of this table are written once (any column says `append`)."""
        return any(p.rule is Rule.APPEND for p in self.policies.values())

    @cached_property
    def is_central(self) -> bool:
        """Whether only the council makes rows of this table (every column says `central`)."""
        return bool(self.policies) and all(p.rule is Rule.CENTRAL for p in self.policies.values())
