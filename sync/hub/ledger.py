"""The one ledger: every op in order of commit, chained, with its content beside it."""

import hashlib
from collections.abc import Mapping
from operator import itemgetter
from typing import Any

import msgspec

from sync.hub.store import Entry, Head
from sync.ops import Outcome, Reason, commit
from sync.ports import Caller
from sync.wire import Receipt

HASHED = (
    "seq", "op_id", "kind", "table_name", "record", "version", "scope", "author", "device", "line",
    "n", "made_at", "received_at", "outcome", "reason", "commitment",
)  # fmt: skip
_hashed = itemgetter(*HASHED)
_JOINED = "|".join(["%s"] * (len(HASHED) + 1))


def link(head_hash: str, row: Mapping[str, Any]) -> str:
    """The hash of a ledger row: SHA-256 over the hash before it and every column but the content."""
    text = _JOINED % (head_hash, *_hashed(row))
    return hashlib.sha256(text.encode()).hexdigest()


class Ruled(msgspec.Struct, frozen=True, gc=False):
    """An op's end: what goes into its ledger row besides what it brought itself."""

    outcome: Outcome
    version: int
    reason: Reason | None = None
    fields: Mapping[str, Outcome] | None = None
    effect: bytes | None = None


class Written(msgspec.Struct, frozen=True, gc=False):
    """What an op brings to its ledger row. n is 0 for rows the hub writes itself.

    commitment: of an envelope whose content did not come; None: of the content.
    """

    op_id: str
    kind: str
    table: str
    record: str
    scope: str
    n: int
    made_at: int
    salt: str
    content: bytes
    commitment: str | None = None


class Ledger:
    """Collects the rows of one transaction and chains them to the head."""

    def __init__(self, head: Head, caller: Caller, now_ms: int) -> None:
        self.head = head
        self.caller = caller
        self.now_ms = now_ms
        self.entries: list[Entry] = []

    def add(self, written: Written, ruled: Ruled, *, by_hub: bool = False) -> Receipt:
        """Append one row; gives its receipt.

        by_hub: a row the hub writes because of an op (a card, the value a decision chose). It
        carries the author's name and line but no device, so that her device is sent it too.
        """
        seq = self.head.seq + 1
        row: dict[str, Any] = {
            "seq": seq,
            "op_id": written.op_id,
            "kind": written.kind,
            "table_name": written.table,
            "record": written.record,
            "version": ruled.version,
            "scope": written.scope,
            "author": self.caller.user,
            "device": "" if by_hub else self.caller.device,
            "line": self.caller.line,
            "n": written.n,
            "made_at": written.made_at,
            "received_at": self.now_ms,
            "outcome": ruled.outcome.value,
            "reason": ruled.reason.value if ruled.reason else None,
            "fields": {c: o.value for c, o in ruled.fields.items()} if ruled.fields else None,
            "commitment": written.commitment or commit(written.salt, written.content),
        }
        row["hash"] = link(self.head.hash, row)
        self.head.seq, self.head.hash = seq, row["hash"]
        self.entries.append(Entry(row, written.salt, written.content, ruled.effect))
        fields = dict(ruled.fields) if ruled.fields else None
        return Receipt(written.op_id, seq, ruled.version, ruled.outcome, ruled.reason, fields)
