"""One record at the hub's decide step, op by op and caller by caller, with no database below it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from sync.hub.ledger import Ledger
from sync.hub.reading import Reading
from sync.hub.settling import WorkingCopy
from sync.hub.store import Entry, Head, Row
from sync.ops import Act, encode_content, new_id, new_salt
from sync.ports import Caller
from sync.wire import Receipt, WireOp
from tests.sync.council import EPOCH, NOW, START, THING, Council, Scenario

RECORD = "1" * 32


class Desk:
    """A working copy and the ops that come to it, one caller after the other."""

    def __init__(self) -> None:
        self.council = Council(Scenario(()))
        self.entries: list[Entry] = []
        self.copy = self._copy("ana")

    def _copy(self, user: str, *, central: bool = False) -> WorkingCopy:
        caller = Caller(f"user-{user}", f"laptop-{user}", user, central)
        copy = WorkingCopy(Ledger(Head(EPOCH, len(self.entries), ""), caller, NOW), caller)
        copy.tables = self.council.schema.synced
        copy.rows = self.council.rows
        return copy

    def comes(self, user: str, *, central: bool = False) -> None:
        """Somebody else pushes now, to the same working copy."""
        fresh = self._copy(user, central=central)
        self.entries += self.copy.ledger.entries
        fresh.past, fresh.cards, fresh.agreed = self.copy.past, self.copy.cards, self.copy.agreed
        self.copy = fresh

    def take(self, patch: Mapping[str, Any], kind: Act = Act.UPDATE, **envelope: Any) -> Receipt:
        """One op, on base 1 unless it says otherwise. was: what its author saw; else what began."""
        table = envelope.pop("table", THING)
        was = envelope.pop("was", {c: START.get(c) for c in patch} if kind is Act.UPDATE else {})
        given = {"base_version": 1, "record": RECORD, "base_epoch": EPOCH, "op_id": new_id()} | envelope
        rival, extra = given.pop("rival", None), given.pop("extra", {})
        knows = given.pop("knows", {})
        op = WireOp(
            n=7, chain="", kind=kind.value, table=table, made_at=NOW - 5, act_id=new_id(), salt=new_salt(),
            content=msgspec.Raw(encode_content(patch, was)), knows=knows, **given,
        )  # fmt: skip
        reading = Reading(op, kind, self.council.schema[table], dict(knows))
        reading.patch, reading.was = dict(patch), dict(was)
        reading.rival, reading.extra = rival, extra
        return self.copy.take(reading, EPOCH)

    def decide(self, card: Row, values: Mapping[str, Any], **seen: Any) -> Receipt:
        """A decision made on the card as it is, unless it says otherwise."""
        standing = seen.get("standing", {c: self.row[c] for c in card["columns"]})
        patch = {"choice": "edited", "values": dict(values), "why": "because"}
        return self.take(
            patch, Act.DECIDE, table="conflict", record=card["id"], was={"standing": standing},
            base_version=seen.get("version", card["version"]),
        )  # fmt: skip

    @property
    def row(self) -> Row:
        return self.council.row

    @property
    def card(self) -> Row:
        (card,) = self.council.cards()
        return card

    @property
    def last(self) -> Entry:
        return self.copy.ledger.entries[-1]


def clash(desk: Desk) -> Row:
    """Ana's 1 and Ben's 2 on one field."""
    desk.take({"name": "1"})
    desk.comes("ben")
    desk.take({"name": "2"})
    return desk.card
