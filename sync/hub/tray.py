"""The trays: what waits for a person, or was taken and is to be read by one.

A waiting op is a row of `held` under the op's own id. Whoever the host lets decide admits it, with
what follows it, in the order of the saves; declines it; or says that it was read. An admitted op is
settled by value against what stands now. It goes into the ledger as a row of its own, under its
author and her line, right behind the decision, which names who let it in.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import msgspec

from sync.hub.cards import CARD_TABLE
from sync.hub.ledger import Ruled, Written
from sync.hub.reading import HELD_TABLE, Reading, read
from sync.hub.settling import WorkingCopy
from sync.hub.store import Described, HubTransaction, Row
from sync.ops import STATE_AFTER, Act, Outcome, Reason, decode_content, encode_content, new_id, new_salt
from sync.ports import Caller
from sync.wire import Receipt, WireOp

WAITING, TO_READ = "waiting", "to_read"
DECIDES: dict[str, frozenset[str]] = {
    WAITING: frozenset({"admit", "decline"}),
    TO_READ: frozenset({"read"}),
}  # {state: what may be said of an item in it}
# No ledger has this epoch: what names it is settled by value.
BY_VALUE = "admitted"


def item(reading: Reading, receipt: Receipt, caller: Caller, scope: str) -> Row:
    """The row of `held` for an op that waits, or that was taken and is to be read.

    What is to be read is on the record itself; only what waits carries its content.
    """
    op = reading.op
    waits = receipt.outcome is Outcome.HELD
    said = decode_content(op.content) if waits else None
    return {
        "id": op.op_id,
        "version": 1,
        "scope": scope,
        "extra": None,
        "table_name": op.table,
        "record": op.record,
        "kind": op.kind,
        "author": caller.user,
        "line": caller.line,
        "made_at": op.made_at,
        "reason": str((receipt.reason or Reason.NOT_YOURS_NOW) if waits else reading.to_read),
        "follows": reading.follows,
        "patch": said.patch if said is not None else None,
        "was": said.was if said is not None else None,
        "state": WAITING if waits else TO_READ,
        "decided_at": None,
        "decided_by": None,
        "why": None,
    }


class Tray:
    """Puts ops into the trays of one batch, and carries out what was decided about them."""

    def __init__(
        self, transaction: HubTransaction, tables: Mapping[str, Described], copy: WorkingCopy
    ) -> None:
        self.transaction = transaction
        self.tables = tables
        self.copy = copy

    # -- putting in ------------------------------------------------------------------------------

    def put(self, reading: Reading, receipt: Receipt) -> None:
        """Keep an op that waits, or that is to be read, for whoever has its scope."""
        row = item(reading, receipt, self.copy.caller, reading.tray or self.copy.scope_of(reading))
        self.copy.insert((HELD_TABLE, row["id"]), row)
        # What it says lies with the op itself; a purge finds one place less.
        self._note(row, Act.INSERT, {"state": row["state"], "reason": row["reason"]})

    def _note(self, row: Row, kind: Act, patch: Mapping[str, Any]) -> None:
        written = Written(
            new_id(), kind, HELD_TABLE, row["id"], row["scope"], 0, self.copy.ledger.now_ms, new_salt(),
            encode_content(patch, {}),
        )  # fmt: skip
        self.copy.ledger.add(written, Ruled(Outcome.APPLIED, row["version"]), by_hub=True)

    # -- what decisions let in -------------------------------------------------------------------

    def open(self, readings: Collection[Reading]) -> list[Reading]:
        """Find what the decisions among these ops are about, and read what they would let in as if it
        came now; gives the ops to let in. Nothing is changed."""
        deciding: dict[str, list[Reading]] = defaultdict(list)
        for reading in readings:
            if reading.refusal is None and reading.op.table == HELD_TABLE and reading.key in self.copy.rows:
                deciding[reading.op.record].append(reading)
        for found in self.transaction.waiting_with(deciding) if deciding else ():
            # In order of the saves, what follows among what it follows.
            row = self.copy.rows.setdefault((HELD_TABLE, found["id"]), found)
            for decision in deciding.get(row["follows"] or row["id"], ()):
                if row["state"] == WAITING:
                    decision.behind.append(row)
                    if decision.patch.get("choice") == "admit":
                        decision.admits.append(self._as_if_now(row))
        return [admitted for decisions in deciding.values() for d in decisions for admitted in d.admits]

    def _as_if_now(self, row: Row) -> Reading:
        """The waiting op as one that comes now, from its author's line, to be settled by value."""
        content = encode_content(row["patch"] or {}, row["was"] or {})
        op = WireOp(
            n=0,
            chain="",
            op_id=new_id(),
            kind=row["kind"],
            table=row["table_name"],
            record=row["record"],
            base_epoch=BY_VALUE,
            base_version=0 if row["kind"] == Act.INSERT else 1,
            made_at=row["made_at"],
            act_id=new_id(),
            salt=new_salt(),
            content=msgspec.Raw(content),
        )
        reading = read(op, self.tables)
        reading.author = Caller(row["author"], "", row["line"])
        return reading

    # -- deciding --------------------------------------------------------------------------------

    def decide(self, reading: Reading, epoch: str) -> Receipt:
        """Carry out one decision; a tray item that was decided already stays as it is."""
        row = self.copy.rows.get(reading.key)
        refusal = Reason.UNKNOWN_RECORD if row is None else self._refusal(reading, row)
        if row is None or refusal is not None:
            return self.copy.refuse(reading, refusal or Reason.UNKNOWN_RECORD)
        choice: Literal["admit", "decline", "read"] = reading.patch["choice"]
        self._close(row, choice, reading.patch.get("why"))
        ruled = Ruled(Outcome.APPLIED, row["version"])
        receipt = self.copy.ledger.add(self.copy._written(reading, row["scope"]), ruled)
        for behind in reading.behind:
            if behind["id"] != row["id"]:
                self._close(behind, choice, reading.patch.get("why"))
                self._note(behind, Act.UPDATE, {"state": behind["state"]})
        for admitted in reading.admits:
            with self._speaking_for(admitted):
                self._let_in(admitted, epoch)
        return receipt

    def _refusal(self, reading: Reading, row: Row) -> Reason | None:
        """Why this decision cannot be carried out; None if it can."""
        if row["state"] not in DECIDES:
            return Reason.ALREADY_DECIDED
        if reading.patch["choice"] not in DECIDES[row["state"]]:
            return Reason.BAD_VALUE
        if row["follows"] is not None:
            return Reason.FOLLOWS  # it goes with the op it waits for
        return self._fallen(reading.admits)

    def _fallen(self, admits: Sequence[Reading]) -> Reason | None:
        """Why one of the ops to let in cannot be taken now; together they stand or fall."""
        there: set[str] = set()
        for admitted in admits:
            if admitted.refusal is not None:
                return admitted.refusal
            if admitted.kind is Act.INSERT:
                there.add(admitted.op.record)
            elif admitted.key not in self.copy.rows and admitted.op.record not in there:
                return Reason.UNKNOWN_RECORD
        return None

    def _close(self, row: Row, choice: str, why: str | None) -> None:
        self.copy.change(
            (HELD_TABLE, row["id"]),
            {
                "state": STATE_AFTER[choice],
                "decided_at": self.copy.ledger.now_ms,
                "decided_by": self.copy.caller.user,
                "why": why,
            },
        )

    def _let_in(self, admitted: Reading, epoch: str) -> None:
        if admitted.op.table == CARD_TABLE:
            # Her decision was made about the card as it was; what she saw standing decides whether
            # it still holds.
            version = self.copy.rows[admitted.key]["version"]
            admitted.op = msgspec.structs.replace(admitted.op, base_version=version)
        self.copy.take(admitted, epoch)

    @contextmanager
    def _speaking_for(self, admitted: Reading) -> Iterator[None]:
        """What is written meanwhile is the author's, from no device, so that every laptop is sent it."""
        before = self.copy.caller
        assert admitted.author is not None
        self.copy.caller = self.copy.ledger.caller = admitted.author
        try:
            yield
        finally:
            self.copy.caller = self.copy.ledger.caller = before
