"""A batch of ops, in order: read, judged once as a whole, settled one by one, written in bulk."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from sync.hub.cards import CARD_TABLE, travel
from sync.hub.ledger import Ledger
from sync.hub.settling import Reading, WorkingCopy
from sync.hub.store import Described, Head, HubTransaction, Row
from sync.ops import Act, Outcome, Reason, decode_content
from sync.policy import Rule
from sync.ports import Authority, Caller, Proposed, Ruling, Verdict
from sync.wire import OP_BYTES, Receipt, WireOp, envelope_kind

ID_LENGTH = 32
SCOPE_LENGTH = 80
FROM_DEVICES = (Act.INSERT, Act.UPDATE, Act.DECIDE, Act.SEEN)


class Batch:
    """Takes ops within one transaction. Nothing is written before `write`."""

    def __init__(
        self,
        transaction: HubTransaction,
        tables: Mapping[str, Described],
        authority: Authority,
        caller: Caller,
        now_ms: int,
    ) -> None:
        self.transaction = transaction
        self.tables = tables
        self.authority = authority
        self.caller = caller
        self.head: Head = transaction.head(lock=True)
        self.ledger = Ledger(self.head, caller, now_ms)
        self.copy = WorkingCopy(self.ledger, caller)
        self.copy.tables = tables
        self.held: list[Row] = []

    def take(self, ops: Sequence[WireOp]) -> list[Receipt]:
        """Settle ops in order. One the hub has already taken is answered with its first receipt."""
        known = self.transaction.receipts([op.op_id for op in ops])
        # An urgent op comes twice: first, and again in its place.
        once = {op.op_id: op for op in ops}
        readings = [self.read(op) for op in once.values() if op.op_id not in known]
        self.load(readings)
        self._judge(readings)
        fresh = {r.op_id: r for r in self._settle(readings)}
        return [known.get(op.op_id) or fresh[op.op_id] for op in ops]

    def refuse_poison(self, op: WireOp) -> Receipt:
        """Write down as refused what the database itself would not take."""
        return self.copy.refuse(self.read(op), Reason.BAD_VALUE)

    def standing(self, card_id: str) -> Row:
        """What the record of a card holds now in the card's columns, as it travels."""
        card = self.transaction.rows(CARD_TABLE, [card_id]).get(card_id)
        if card is None:
            return {}
        row = self.transaction.rows(card["table_name"], [card["record"]]).get(card["record"], {})
        return travel({c: row.get(c) for c in card["columns"]})

    # -- reading ---------------------------------------------------------------------------------

    def read(self, op: WireOp) -> Reading:
        """Read an op; one that cannot be read keeps its envelope and is refused with a reason."""
        reading = Reading(op, envelope_kind(op.kind), self.tables.get(op.table))
        if not _is_id(op.record) or not _is_id(op.act_id):
            reading.op = msgspec.structs.replace(op, record=op.record[:32], act_id=op.act_id[:32])
            reading.refusal = Reason.UNREADABLE
        elif len(bytes(op.content)) > OP_BYTES:
            reading.refusal = Reason.TOO_LARGE
        elif reading.table is None:
            reading.refusal = Reason.UNKNOWN_TABLE
        elif reading.kind not in FROM_DEVICES:
            reading.refusal = Reason.UNREADABLE
        else:
            self._read_content(reading, reading.table)
            if reading.refusal is None and len(self.copy.scope_of(reading)) > SCOPE_LENGTH:
                reading.refusal = Reason.WRONG_SCOPE
        return reading

    def _read_content(self, reading: Reading, table: Described) -> None:
        try:
            content = decode_content(reading.op.content)
            if reading.kind is Act.DECIDE:
                reading.patch, reading.was = dict(content.patch), dict(content.was)
                if table.name != CARD_TABLE:
                    reading.refusal = Reason.UNREADABLE
                return
            reading.patch, reading.extra = table.stored(content.patch)
            reading.was, _ = table.stored(content.was)
        except msgspec.ValidationError:
            reading.refusal = Reason.BAD_VALUE
        except msgspec.DecodeError:
            reading.refusal = Reason.UNREADABLE

    def load(self, readings: Sequence[Reading]) -> None:
        """Bring the records, open cards and history the ops need into the working copy."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for reading in readings:
            if reading.refusal is None:
                wanted[reading.op.table].add(reading.op.record)
        self._load_rows(wanted)
        changing = [r for r in readings if r.refusal is None and r.key in self.copy.rows]
        if not changing:
            return
        about: dict[str, set[str]] = defaultdict(set)
        for reading in changing:
            if reading.kind is Act.DECIDE:
                card = self.copy.rows[reading.key]
                about[card["table_name"]].add(card["record"])
        self._load_rows(about)
        records = {r.op.record for r in changing}
        for card in self.transaction.cards_about(records):
            self.copy.cards[card["table_name"], card["record"], card["group_name"]] = card
            self.copy.rows.setdefault((CARD_TABLE, card["id"]), card)
        since: dict[str, int] = {}
        for reading in changing:
            if self._needs_past(reading):
                # Rows written once ask who wrote the first version.
                base = 0 if reading.table and reading.table.policy.is_append else reading.op.base_version
                since[reading.op.record] = min(base, since.get(reading.op.record, base))
        if since:
            self.copy.past.update(self.transaction.past(since))

    def _needs_past(self, reading: Reading) -> bool:
        row = self.copy.rows[reading.key]
        assert reading.table is not None
        return row["version"] > reading.op.base_version or reading.table.policy.is_append

    def _load_rows(self, wanted: Mapping[str, set[str]]) -> None:
        for table, ids in wanted.items():
            for record, row in self.transaction.rows(table, ids).items():
                self.copy.rows.setdefault((table, record), row)

    # -- judging ---------------------------------------------------------------------------------

    def _judge(self, readings: Sequence[Reading]) -> None:
        """Ask the host once about every row that would result, then apply the rules of the columns."""
        open_readings = [r for r in readings if r.refusal is None]
        proposed = self._proposals(open_readings)
        if not proposed:
            return
        verdicts = self.authority.judge(self.transaction.connection, self.caller, proposed)
        for reading, proposal, verdict in zip(open_readings, proposed, verdicts, strict=True):
            if verdict.ruling is Ruling.ADMIT:
                self._apply_policies(reading, proposal, verdict)
            else:
                held = verdict.ruling is Ruling.HOLD
                reading.outcome = Outcome.HELD if held else Outcome.REFUSED
                reading.refusal = verdict.reason or Reason.NOT_ALLOWED
        self._bind_acts(readings)

    def _proposals(self, readings: Sequence[Reading]) -> list[Proposed]:
        rows: dict[tuple[str, str], Row] = {}
        proposed = []
        for reading in readings:
            assert reading.table is not None
            assert reading.kind is not None
            before = rows.get(reading.key) or self.copy.rows.get(reading.key)
            row = {**(before or dict.fromkeys(reading.table.columns)), "id": reading.op.record}
            if reading.kind is not Act.DECIDE:
                row.update(reading.patch)
            if before is None:
                row["scope"] = self.copy.scope_of(reading)
            rows[reading.key] = row
            proposed.append(
                Proposed(
                    kind=reading.kind,
                    table=reading.op.table,
                    record=reading.op.record,
                    scope=str(row.get("scope") or ""),
                    row=row,
                    before=before,
                    changed=frozenset(reading.patch),
                    made_at=reading.op.made_at,
                )
            )
        return proposed

    def _apply_policies(self, reading: Reading, proposal: Proposed, verdict: Verdict) -> None:
        """What the columns themselves allow: central fields, rows written once."""
        assert reading.table is not None
        reading.to_read, reading.rival = verdict.to_read, verdict.rival
        policy = reading.table.policy
        may_central = self.caller.central or verdict.central
        if reading.kind is Act.DECIDE:
            return
        if reading.kind is Act.UPDATE or proposal.before is not None:
            rules = {policy.rule_of(policy.group_of(c)) for c in reading.patch}
            if Rule.CENTRAL in rules and not may_central:
                reading.refusal, reading.outcome = Reason.REQUEST, Outcome.HELD
            elif policy.is_append and proposal.before is not None:
                reading.refusal = self._append_refusal(reading, proposal.before)
        elif policy.is_central and not may_central:
            reading.refusal, reading.outcome = Reason.REQUEST, Outcome.HELD

    def _append_refusal(self, reading: Reading, before: Mapping[str, object]) -> Reason | None:
        assert reading.table is not None
        final = reading.table.synced.final
        if reading.kind is Act.INSERT:
            return Reason.ALREADY_THERE
        if final is None or before.get(final) is not None:
            return Reason.FINAL
        past = self.copy.past.get(reading.op.record, [])
        return None if any(p.line == self.caller.line for _, p in past[:1]) else Reason.NOT_AUTHOR

    def _bind_acts(self, readings: Sequence[Reading]) -> None:
        """Ops saved together stand or fall together; ops that need one that waits, wait with it."""
        fallen_acts: dict[str, Outcome] = {}
        fallen: dict[str, Outcome] = {}
        missing = self._missing([r for r in readings if r.refusal is None])
        fallen.update(dict.fromkeys(self.transaction.held_records(missing), Outcome.HELD))
        for reading in readings:
            if reading.refusal is not None:
                fallen_acts.setdefault(reading.op.act_id, reading.outcome)
        for reading in readings:
            if reading.table is not None and reading.table.synced.urgent:
                continue  # what is urgent never waits for anything else
            if reading.refusal is None and reading.op.act_id in fallen_acts:
                reading.refusal, reading.outcome = Reason.SAME_ACT, fallen_acts[reading.op.act_id]
            elif reading.refusal is None and (needed := self._needs(reading, fallen)):
                reading.refusal, reading.outcome = Reason.FOLLOWS, fallen[needed]
            if reading.refusal is not None and reading.kind is Act.INSERT:
                fallen[reading.op.record] = reading.outcome

    def _missing(self, readings: Sequence[Reading]) -> set[str]:
        """Records the ops need that are neither there nor made by this batch."""
        made = {r.op.record for r in readings if r.kind is Act.INSERT}
        needed = {r.op.record for r in readings if r.kind is not Act.INSERT and r.key not in self.copy.rows}
        for reading in readings:
            if reading.table is not None and reading.kind is Act.INSERT:
                named = (reading.patch.get(c) for c in reading.table.refers)
                needed.update(name for name in named if isinstance(name, str))
        return needed - made

    def _needs(self, reading: Reading, fallen: Mapping[str, Outcome]) -> str | None:
        """The record an op needs that was held or refused: its own, or one a field of it names."""
        if not fallen or reading.table is None:
            return None
        named = (reading.op.record, *(reading.patch.get(c) for c in reading.table.refers))
        return next((name for name in named if isinstance(name, str) and name in fallen), None)

    # -- settling and writing --------------------------------------------------------------------

    def _settle(self, readings: Sequence[Reading]) -> list[Receipt]:
        receipts = []
        for reading in readings:
            if reading.refusal is not None:
                receipt = self.copy.refuse(reading, reading.refusal, reading.outcome)
            else:
                receipt = self.copy.take(reading, self.head.epoch)
            if receipt.outcome is Outcome.HELD or (reading.to_read and reading.refusal is None):
                self._hold(reading, receipt)
            receipts.append(receipt)
        return receipts

    def _hold(self, reading: Reading, receipt: Receipt) -> None:
        op = reading.op
        held = receipt.outcome is Outcome.HELD
        self.held.append(
            {
                "op_id": op.op_id,
                "seq": receipt.seq,
                "table_name": op.table,
                "record": op.record,
                "scope": self.copy.scope_of(reading),
                "author": self.caller.user,
                "line": self.caller.line,
                "made_at": op.made_at,
                "reason": (receipt.reason or Reason.NOT_YOURS_NOW).value if held else "to_read",
                "state": "waiting" if held else "to_read",
            }
        )

    def write(self) -> None:
        """Write everything the batch came to, in bulk, and let the host redraw its grants."""
        copy, transaction = self.copy, self.transaction
        inserts: dict[str, list[Row]] = defaultdict(list)
        updates: dict[tuple[str, tuple[str, ...]], list[Row]] = defaultdict(list)
        touched: dict[str, set[str]] = defaultdict(set)
        for table, record in copy.inserted:
            touched[table].add(record)
        for key, row in copy.rows.items():
            if key in copy.inserted:
                inserts[key[0]].append(row)
        for (table, record), columns in copy.changed.items():
            updates[table, tuple(sorted(columns))].append(copy.rows[table, record])
            touched[table].add(record)
        for table, rows in inserts.items():
            transaction.insert_rows(table, rows)
        for (table, names), rows in updates.items():
            transaction.update_rows(table, names, rows)
        transaction.append_ledger(self.ledger.entries)
        if self.held:
            transaction.insert_held(self.held)
        transaction.add_tally(copy.tally)
        transaction.set_head(self.head)
        grants = self.authority.grants(transaction.connection, touched)
        if grants:
            transaction.set_grants({user: set(wanted) for user, wanted in grants.items()}, self.head.seq)


def _is_id(text: str) -> bool:
    return len(text) == ID_LENGTH and text.isalnum()
