"""What the simulation knows outside the product: what people meant, and what the ledger once said."""

import bisect
import hashlib
import hmac
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.reading import LedgerRow


class Violation(AssertionError):
    """An invariant does not hold."""

    def __init__(self, invariant: str, detail: str) -> None:
        super().__init__(f"{invariant}: {detail}")
        self.invariant = invariant
        self.detail = detail


@dataclass
class Intent:
    """One saved change. typed: what the person entered; content: the bytes it was saved as.

    excused: why it may be gone (the only machine that had it was put back to before it); None: it
    must be somewhere.
    """

    op_id: str
    device: int
    line: str
    user: str
    kind: str
    table: str
    record: str
    scope: str
    base: tuple[str, int]
    act: str
    typed: Mapping[str, Any]
    content: bytes
    knows: bool = False
    blind: frozenset[str] = frozenset()  # columns her laptop was not given when she saved
    order: int = 0  # place among its laptop's saves
    patch: Mapping[str, Any] = field(default_factory=dict)  # as it travels
    excused: str | None = None
    moved: bool = False  # its laptop was put back to before it: only a clone can have it still


@dataclass
class Ghost:
    """intents: by op id; ledger: every row of the present branch, in order; past: those of branches
    that a restore cut off; commits: each seq at which a transaction of the hub ended; history: {(table,
    record): (seq, version, line) of each row that moved it on}."""

    intents: dict[str, Intent] = field(default_factory=dict)
    ledger: list[LedgerRow] = field(default_factory=list)
    by_op: dict[str, LedgerRow] = field(default_factory=dict)
    commits: list[int] = field(default_factory=lambda: [0])
    version: dict[tuple[str, str], int] = field(default_factory=dict)
    scope: dict[tuple[str, str], str] = field(default_factory=dict)
    history: dict[tuple[str, str], list[tuple[int, int, str]]] = field(default_factory=dict)
    values: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)  # as they travel
    saved: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))  # by laptop, in order
    arrived: dict[int, int] = field(default_factory=dict)  # by laptop: all before this place are there
    acts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    by_record: dict[str, list[Intent]] = field(default_factory=lambda: defaultdict(list))
    purged: set[str] = field(default_factory=set)  # records removed by law
    admitted: dict[str, Intent] = field(default_factory=dict)  # by the op that let it in: what was meant
    was_restored: bool = False  # the hub went back at least once
    epoch: str = ""

    def meant(self, op_id: str) -> Intent | None:
        """What a person saved that came as this op, or was let in as it."""
        return self.intents.get(op_id) or self.admitted.get(op_id)

    @property
    def head(self) -> int:
        return self.ledger[-1].seq if self.ledger else 0

    def mean(self, intent: Intent) -> None:
        """Somebody saved this, and the commit returned."""
        self.intents[intent.op_id] = intent
        intent.order = len(self.saved[intent.device])
        self.saved[intent.device].append(intent.op_id)
        self.acts[intent.act].append(intent.op_id)
        self.by_record[intent.record].append(intent)

    def add(self, row: LedgerRow) -> None:
        """Take one new ledger row, which has been looked at."""
        self.ledger.append(row)
        self.by_op[row.op_id] = row
        key = (row.table, row.record)
        if row.version > self.version.get(key, 0):
            self.version[key] = row.version
            self.scope[key] = row.scope
            self.history.setdefault(key, []).append((row.seq, row.version, row.line))

    def forget(self, keys: Collection[tuple[str, str]]) -> None:
        """Records that were purged, and what was about them."""
        for key in keys:
            for part in (self.version, self.scope, self.history, self.values):
                part.pop(key, None)  # type: ignore[attr-defined]

    def version_at(self, key: tuple[str, str], seq: int) -> int:
        """The version a record had when the ledger stood at `seq`; 0 if it was not there."""
        history = self.history.get(key, [])
        place = bisect.bisect_right(history, (seq, 1 << 60))
        return history[place - 1][1] if place else 0

    def others_since(self, key: tuple[str, str], version: int, line: str) -> bool:
        """Whether another line moved the record on from this version."""
        return any(v > version and by != line for _, v, by in self.history.get(key, ()))

    def cut(self, seq: int) -> list[LedgerRow]:
        """The hub went back to `seq`: forget what came after; gives the rows cut off."""
        gone = self.ledger[seq:]
        kept, commits = self.ledger[:seq], [c for c in self.commits if c <= seq]
        for part in (self.ledger, self.by_op, self.version, self.scope, self.history):
            part.clear()  # type: ignore[attr-defined]
        for row in kept:
            self.add(row)
        self.values.clear()
        self.arrived.clear()
        self.commits = commits
        self.was_restored = True
        return gone


def commitment(salt: str, content: bytes) -> str:
    """As design.md says it; written anew here so that a mistake in the product cannot hide."""
    return hmac.digest(bytes.fromhex(salt), content, "sha256").hex()


def digest_of(versions: Mapping[str, int]) -> str:
    """The digest of a scope's records of one kind."""
    total = sum(
        int.from_bytes(hashlib.sha256(f"{record}:{version}".encode()).digest()[:16])
        for record, version in versions.items()
    )
    return f"{total % (1 << 128):032x}"
