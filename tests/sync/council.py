"""The hub's decide step on one record, in memory, and what several lines did to that record at once.

`WorkingCopy` is the real one. What a push leaves in the ledger is read again for the next push as
`SqlHubTransaction.past` reads it. Copies of a `Council` go separate ways.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec
from sqlalchemy import JSON, Column, Integer, MetaData, String, Table, Text

from sync import policy
from sync.history import Past
from sync.hub.ledger import Ledger
from sync.hub.reading import Reading
from sync.hub.settling import WorkingCopy
from sync.hub.store import Head, Row
from sync.ops import Act, Outcome, decode_content, decode_effect, encode_content, new_id, new_salt
from sync.policy import Policy
from sync.ports import Caller
from sync.sql import Schema
from sync.wire import WireOp

EPOCH = "e" * 32
NOW = 1_800_000_000_000
THING = "thing"
COLUMNS: dict[str, Policy] = {
    "shelf": policy.central(),
    "name": policy.field(),
    "colour": policy.field(),
    "street": policy.group("place"),
    "town": policy.group("place"),
    "number": policy.group("calling"),
    "safe": policy.safer(("yes", "only_when", "no"), "calling"),
    "quiet": policy.safer(("loud", "quiet"), "calling"),
    "state": policy.review("state"),
    "state_on": policy.review("state"),
    "mark": policy.review(),
}
START = {
    "shelf": "a", "name": "0", "colour": "0", "street": "0", "town": "0", "number": "0", "safe": "yes",
    "quiet": "loud", "state": "0", "state_on": "0", "mark": "0",
}  # fmt: skip

Patch = Mapping[str, str | None]


@dataclass(frozen=True, eq=False)
class Line:
    """One device's chain: ops saved in this order, all on the same base.

    knows: whether its author had the card that was open at the base before her.
    """

    name: str
    chain: tuple[Patch, ...]
    central: bool = False
    knows: bool = False


@dataclass(frozen=True)
class Scenario:
    """What several lines did to one record at once. before: lines whose ops arrived in this order on
    an earlier base; what they left is the base."""

    lines: tuple[Line, ...]
    before: tuple[Line, ...] = ()
    columns: Mapping[str, Policy] = field(default_factory=lambda: COLUMNS)
    start: Mapping[str, str | None] = field(default_factory=lambda: START)


@lru_cache(maxsize=256)
def _schema(columns: tuple[tuple[str, Policy], ...]) -> Schema:
    metadata = MetaData()
    Table(
        THING,
        metadata,
        Column("id", String(32), primary_key=True),
        Column("version", Integer, nullable=False),
        Column("scope", String(80), nullable=False),
        Column("extra", JSON),
        *(Column(name, Text, info={"merge": merge, "sensitivity": 2}) for name, merge in columns),
        info={"sync": policy.Synced(scope=lambda row: "shelf:a")},
    )
    return Schema(metadata)


class Council:
    """The hub's decide step on one record. Copies of it go separate ways."""

    def __init__(self, scenario: Scenario) -> None:
        self.schema = _schema(tuple(scenario.columns.items()))
        self.record = "1" * 32
        row: Row = {"id": self.record, "version": 1, "scope": "shelf:a", "extra": None, **scenario.start}
        self.rows = {(THING, self.record): row}
        self.past: list[tuple[int, Past]] = []
        self.ledger: list[Row] = []

    def fork(self) -> "Council":
        twin = object.__new__(Council)
        twin.schema, twin.record = self.schema, self.record
        twin.rows = {key: dict(row) for key, row in self.rows.items()}
        twin.past, twin.ledger = list(self.past), list(self.ledger)
        return twin

    @property
    def row(self) -> Row:
        return self.rows[THING, self.record]

    def cards(self, state: str = "open") -> list[Row]:
        return [r for (table, _), r in self.rows.items() if table == "conflict" and r["state"] == state]

    def push(self, line: Line, ops: Sequence[WireOp]) -> None:
        """One push of one device, as `Batch` carries it out on what it has loaded."""
        caller = Caller(f"user-{line.name}", line.name, line.name, central=line.central)
        ledger = Ledger(Head(EPOCH, 0, ""), caller, NOW)
        copy = WorkingCopy(ledger, caller)
        copy.tables = self.schema.synced
        copy.rows = self.rows
        copy.past = {self.record: list(self.past)}
        for _, card in sorted((k, r) for k, r in self.rows.items() if k[0] == "conflict"):
            if card["state"] == "open" or card["decided_by"] is None:
                copy.keep_card(card)
        for op in ops:
            content = decode_content(op.content)
            reading = Reading(op, Act(op.kind), self.schema[THING], dict(op.knows or {}))
            reading.patch, _ = self.schema[THING].stored(content.patch)
            reading.was, _ = self.schema[THING].stored(content.was)
            copy.take(reading, EPOCH)
        for entry in ledger.entries:
            self.ledger.append(entry.ledger)
            self._remember(entry.ledger, entry.content, entry.effect)

    def _remember(self, row: Row, content: bytes, effect: bytes | None) -> None:
        """What `SqlHubTransaction.past` reads of a ledger row."""
        if row["table_name"] != THING:
            return
        said = decode_content(content)
        done, base, central = said, row["version"] - 1, False
        if effect is not None:
            kept = decode_effect(effect)
            done, base, central = kept, kept.base, kept.central
        elif row["outcome"] != Outcome.APPLIED:
            return
        past = Past(
            row["line"], row["author"], row["device"], row["op_id"], row["made_at"], done.patch, done.was,
            said.patch, row["version"], base, central,
        )  # fmt: skip
        self.past.append((row["version"], past))


def ops_of(line: Line, row: Row, card: Row | None, since: str = "") -> list[WireOp]:
    """The ops as the device would send them. An op that changes nothing is not made."""
    values = dict(row)
    ops = []
    for number, patch in enumerate(line.chain):
        new = {c: v for c, v in patch.items() if values[c] != v}
        was = {c: values[c] for c in new}
        values.update(new)
        if not new:
            continue
        knows = {card["id"]: card["version"]} if line.knows and card is not None else None
        op_id = f"{since}{line.name}{number}".rjust(32, "0")
        content = msgspec.Raw(encode_content(new, was))
        ops.append(
            WireOp(
                0, "", op_id, Act.UPDATE, THING, row["id"], EPOCH, row["version"], NOW + number, new_id(),
                new_salt(), content, knows,
            )
        )  # fmt: skip
    return ops


def begun(scenario: Scenario) -> tuple[Council, dict[Line, list[WireOp]]]:
    """The council as all lines last saw it, and what each made of it."""
    council = Council(scenario)
    first = dict(council.row)
    for line in scenario.before:
        council.push(line, ops_of(line, first, None, "before"))
    card = next(iter(council.cards()), None)
    return council, {line: ops_of(line, council.row, card) for line in scenario.lines}
