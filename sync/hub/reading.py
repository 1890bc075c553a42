"""Reading one op as it came: what it is, its values to store, or why it cannot be taken."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from sync.hub.cards import CARD_TABLE, Decision, Standing
from sync.hub.store import Described, Key, Row
from sync.ops import Act, Outcome, Reason, decode_content
from sync.ports import Caller
from sync.wire import OP_BYTES, Missing, WireOp, envelope_kind

HELD_TABLE = "held"  # the trays
DECIDED_TABLES = (CARD_TABLE, HELD_TABLE)
ID_LENGTH = 32
NAME_LENGTH = 64
NESTED = 32  # lists and structures within each other: what one writes, every other has to be able to read
LATEST = 1 << 62  # milliseconds; what is beyond, databases do not hold as a whole number
WITHOUT = {
    Missing.TOO_LARGE: Reason.TOO_LARGE,
    Missing.UNREADABLE: Reason.UNREADABLE,
    Missing.GONE: Reason.GONE,
}
FROM_DEVICES = (Act.INSERT, Act.UPDATE, Act.DECIDE, Act.SEEN)


class TrayDecision(msgspec.Struct, frozen=True):
    """What a person made of something in a tray."""

    choice: Literal["admit", "decline", "read"]
    why: str | None = None


class Reading(msgspec.Struct):
    """An op as read: its table, its values to store, and why it cannot be taken, if it cannot.

    to_read: why it is listed to be read once it is taken; None if it is not.
    follows: id of the waiting op it is decided with. tray: scope it waits in, where not its own.
    author: whose op it is, where the caller lets it in from a tray.
    behind, admits: of a decision in a tray: the waiting rows it is about, and the ops it lets in.
    """

    op: WireOp
    kind: Act | None = None
    table: Described | None = None
    knows: dict[str, int] = {}
    patch: Row = {}
    was: Row = {}
    extra: Row = {}
    refusal: Reason | None = None
    outcome: Outcome = Outcome.REFUSED  # what a refusal comes to: refused or held
    to_read: Reason | None = None
    rival: str | None = None
    made: Row | None = None  # the row an insert would make, whole, once asked for
    follows: str | None = None
    tray: str | None = None
    author: Caller | None = None
    behind: list[Row] = []
    admits: "list[Reading]" = []

    key: Key = ("", "")

    def __post_init__(self) -> None:
        self.key = (self.op.table, self.op.record)

    def leave(self, reason: Reason) -> None:
        """It cannot be read: what is kept of it is an envelope that every database takes."""
        self.op, self.refusal = _storable(self.op), reason
        self.key = (self.op.table, self.op.record)

    def row(self, table: Described) -> Row:
        """The row an insert makes: one and the same for who judges it and who writes it."""
        if self.made is None:
            own = {"id": self.op.record, "version": 1, "extra": self.extra or None}
            self.made = {**table.empty, **self.patch, **own}
            self.made["scope"] = table.synced.scope(self.made)
        return self.made


def read(op: WireOp, tables: Mapping[str, Described]) -> Reading:
    """Read an op; one that cannot be read keeps its envelope and the reason why it is refused."""
    reading = Reading(op, envelope_kind(op.kind), tables.get(op.table), dict(op.knows or {}))
    if not _is_id(op.record) or not _is_id(op.act_id) or abs(op.made_at) > LATEST:
        reading.leave(Reason.UNREADABLE)
    elif op.commitment is not None:
        # An envelope: its author has the text still, and sees why it was not taken.
        reading.refusal = WITHOUT[op.missing or Missing.TOO_LARGE]
    elif len(memoryview(op.content)) > OP_BYTES:
        reading.refusal = Reason.TOO_LARGE
    elif reading.table is None:
        reading.leave(Reason.UNKNOWN_TABLE)
    elif reading.kind not in FROM_DEVICES or (reading.kind is Act.DECIDE) != (op.table in DECIDED_TABLES):
        reading.leave(Reason.UNREADABLE)
    else:
        _read_content(reading, reading.table)
    return reading


def _read_content(reading: Reading, table: Described) -> None:
    try:
        content = decode_content(reading.op.content)
        if _is_deep(reading.op.content):
            reading.refusal = Reason.UNREADABLE
            return
        if reading.kind is Act.SEEN:
            return  # a read changes nothing, whatever it says
        if reading.kind is Act.DECIDE:
            msgspec.convert(content.patch, TrayDecision if reading.op.table == HELD_TABLE else Decision)
            msgspec.convert(content.was, Standing)
            reading.patch, reading.was = dict(content.patch), dict(content.was)
            return
        reading.patch, reading.extra = table.stored(content.patch)
        reading.was, _ = table.stored(content.was)
    except msgspec.ValidationError:
        reading.refusal = Reason.BAD_VALUE
    except msgspec.DecodeError:
        reading.refusal = Reason.UNREADABLE


def _is_deep(content: msgspec.Raw) -> bool:
    said = bytes(content)
    if said.count(b"[") + said.count(b"{") <= NESTED:  # nearly always: nothing has to be looked at
        return False
    return _depth(msgspec.json.decode(said), NESTED) > NESTED


def _depth(value: object, room: int) -> int:
    """How deep a value is nested; looks no deeper than one more than there is room for."""
    within = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if within is None:
        return 0
    return 1 + (max((_depth(each, room - 1) for each in within), default=0) if room else 0)


def _is_id(text: str) -> bool:
    return len(text) == ID_LENGTH and text.isalnum()


def _storable(op: WireOp) -> WireOp:
    """The envelope of an op that cannot be read, in a form that every database takes."""
    return msgspec.structs.replace(
        op,
        kind=_name(op.kind),
        table=_name(op.table),
        record=op.record if _is_id(op.record) else "",
        act_id=op.act_id if _is_id(op.act_id) else "",
        made_at=op.made_at if abs(op.made_at) <= LATEST else 0,
    )


def _name(text: str) -> str:
    return text[:NAME_LENGTH] if text.isprintable() else "?"
