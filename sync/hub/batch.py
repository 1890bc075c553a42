"""A batch of ops, in order: read, judged once as a whole, settled one by one, written in bulk."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec

from sync.hub.binding import bind
from sync.hub.cards import CARD_TABLE
from sync.hub.ledger import Ledger
from sync.hub.reading import HELD_TABLE, Reading, read
from sync.hub.settling import WorkingCopy
from sync.hub.store import Described, Head, HubTransaction, Row
from sync.hub.tray import Tray
from sync.ops import Act, Outcome, Reason, as_travelled
from sync.policy import Rule
from sync.ports import Authority, Caller, Grant, Proposed, Ruling, Verdict
from sync.wire import Receipt, WireOp

SCOPE_LENGTH = 80


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
        self.tray = Tray(transaction, tables, self.copy)

    def take(self, ops: Sequence[WireOp]) -> list[Receipt]:
        """Settle ops in order. One the hub has already taken is answered with its first receipt."""
        known, strange = self._known(ops)
        # An urgent op comes twice: first, and again in its place.
        once: dict[str, WireOp] = {}
        for op in ops:
            once.setdefault(op.op_id, op)
        readings = [self.read(op) for op in once.values() if op.op_id not in known]
        self.load(readings)
        self.load(self.tray.open(readings))
        self._judge(readings)
        before = [op for op in ops if id(op) in strange or op.op_id in known]
        bind(
            self.transaction,
            self.copy,
            readings,
            [(op, strange.get(id(op)) or known[op.op_id]) for op in before],
        )
        fresh = {r.op_id: r for r in self._settle(readings)}
        return [strange.get(id(op)) or known.get(op.op_id) or fresh[op.op_id] for op in ops]

    def _known(self, ops: Sequence[WireOp]) -> tuple[dict[str, Receipt], dict[int, Receipt]]:
        """The receipts of ops already taken, by op id; and refusals of ops that bear the id of another
        op of another content, by `id(op)`: nothing is written for these."""
        taken = self.transaction.taken([op.op_id for op in ops])
        known = {op_id: before.receipt for op_id, before in taken.items()}
        strange: dict[int, Receipt] = {}
        first: dict[str, WireOp] = {}
        for op in ops:
            before = taken.get(op.op_id)
            other = first.setdefault(op.op_id, op)
            same = before.commitment if before is not None else None if other is op else other.committed
            if same is not None and same != op.committed:
                seq = before.receipt.seq if before is not None else 0
                strange[id(op)] = Receipt(op.op_id, seq, 0, Outcome.REFUSED, Reason.ID_USED)
        return known, strange

    def refuse_poison(self, op: WireOp) -> Receipt:
        """Write down as refused what the database itself would not take."""
        known, strange = self._known([op])
        if known:
            return strange.get(id(op)) or known[op.op_id]
        reading = self.read(op)
        self.load([reading])
        return self.copy.refuse(reading, Reason.BAD_VALUE)

    def standing(self, card_id: str) -> Row:
        """What the record of a card holds now in the card's columns, as it travels."""
        card = self.transaction.rows(CARD_TABLE, [card_id]).get(card_id)
        if card is None:
            return {}
        row = self.transaction.rows(card["table_name"], [card["record"]]).get(card["record"], {})
        return as_travelled({c: row.get(c) for c in card["columns"]})

    # -- reading ---------------------------------------------------------------------------------

    def read(self, op: WireOp) -> Reading:
        """Read an op; one that cannot be read keeps its envelope and is refused with a reason."""
        reading = read(op, self.tables)
        if reading.refusal is None:
            scope = self.copy.scope_of(reading)
            if len(scope) > SCOPE_LENGTH or not scope.isprintable():
                reading.refusal = Reason.WRONG_SCOPE
        return reading

    def load(self, readings: Sequence[Reading]) -> None:
        """Bring the records, open cards and history the ops need into the working copy."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for reading in readings:
            # What is refused too: its record is sent to its author again.
            if reading.table is not None:
                wanted[reading.op.table].add(reading.op.record)
        self._load_rows(wanted)
        self._refuse_purged([r for r in readings if r.refusal is None and r.key not in self.copy.rows])
        changing = [r for r in readings if r.refusal is None and r.key in self.copy.rows]
        if not changing:
            return
        about: dict[str, set[str]] = defaultdict(set)
        for reading in changing:
            if reading.kind is Act.DECIDE and reading.op.table == CARD_TABLE:
                card = self.copy.rows[reading.key]
                about[card["table_name"]].add(card["record"])
                self._check_decision(reading, card)
        self._load_rows(about)
        records = {r.op.record for r in changing}.union(*about.values())
        for found in self.transaction.cards_about(records):
            self.copy.keep_card(found)
        since: dict[str, int] = {}
        for reading in changing:
            if self._needs_past(reading):
                # Rows written once ask who wrote the first version.
                base = 0 if reading.table and reading.table.policy.is_append else reading.op.base_version
                since[reading.op.record] = min(base, since.get(reading.op.record, base))
        if since:
            self.copy.past.update(self.transaction.past(since))

    def _refuse_purged(self, missing: Sequence[Reading]) -> None:
        """What was removed by a lawful decision does not come back under its old id."""
        purged = self.transaction.purging.purged({reading.op.record for reading in missing})
        for reading in missing:
            if reading.op.record in purged:
                reading.refusal = Reason.PURGED

    def _check_decision(self, reading: Reading, card: Row) -> None:
        """A decision may write what its card is about and nothing else."""
        values = reading.patch.get("values") or {}
        if not values.keys() <= set(card["columns"]):
            reading.refusal = Reason.NOT_ALLOWED
        try:
            self.tables[card["table_name"]].stored(values)
        except msgspec.ValidationError:
            reading.refusal = Reason.BAD_VALUE

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
        # What a decision lets in is judged beside it.
        open_readings = [r for each in readings for r in (each, *each.admits) if r.refusal is None]
        proposed = self._proposals(open_readings)
        if not proposed:
            return
        known = [(reading, card) for reading in open_readings for card in self._known_cards(reading)]
        decisions = [_decision(card, reading) for reading, card in known]
        verdicts = self.authority.judge(self.transaction.connection, self.caller, [*proposed, *decisions])
        for (reading, card), verdict in zip(known, verdicts[len(proposed) :], strict=True):
            if verdict.ruling is not Ruling.ADMIT:
                reading.knows[card["id"]] = 0  # as if the card had moved: her text becomes a side of it
        for reading, proposal, verdict in zip(open_readings, proposed, verdicts, strict=False):
            if verdict.ruling is Ruling.ADMIT:
                self._apply_policies(reading, proposal, verdict)
            else:
                # A decision about what waits does not wait itself.
                held = verdict.ruling is Ruling.HOLD and reading.op.table != HELD_TABLE
                reading.tray = verdict.tray
                reading.outcome = Outcome.HELD if held else Outcome.REFUSED
                reading.refusal = verdict.reason or Reason.NOT_ALLOWED

    def _known_cards(self, reading: Reading) -> list[Row]:
        """Open cards that this edit would decide, were its author allowed to."""
        if reading.kind is not Act.UPDATE or reading.table is None or not reading.knows:
            return []
        groups = {reading.table.policy.group_of(column) for column in reading.patch}
        cards = (self.copy.cards.get((*reading.key, group)) for group in groups)
        return [card for card in cards if card is not None and card["id"] in reading.knows]

    def _proposals(self, readings: Sequence[Reading]) -> list[Proposed]:
        rows: dict[tuple[str, str], Row] = {}
        proposed = []
        for reading in readings:
            assert reading.table is not None
            assert reading.kind is not None
            before = rows.get(reading.key) or self.copy.rows.get(reading.key)
            row = rows[reading.key] = self._proposed(reading, reading.table, before)
            proposed.append(
                Proposed(
                    kind=reading.kind,
                    table=reading.op.table,
                    record=reading.op.record,
                    scope=str(row["scope"]),
                    row=row,
                    before=before,
                    changed=frozenset(reading.patch),
                    made_at=reading.op.made_at,
                    author=reading.author.user if reading.author else None,
                )
            )
        return proposed

    def _proposed(self, reading: Reading, table: Described, before: Row | None) -> Row:
        """The row an op would make."""
        if before is None and reading.kind is Act.INSERT:
            return reading.row(table)
        row = {**(before or {**dict.fromkeys(table.columns), "scope": ""}), "id": reading.op.record}
        if reading.kind is not Act.DECIDE:
            row.update(reading.patch)
        return row

    def _apply_policies(self, reading: Reading, proposal: Proposed, verdict: Verdict) -> None:
        """What the columns themselves allow: central fields, rows written once."""
        assert reading.table is not None
        reading.rival = verdict.rival
        reading.to_read = (verdict.reason or Reason.TO_READ) if verdict.to_read else None
        policy = reading.table.policy
        may_central = self.caller.central or verdict.central
        if reading.kind in (Act.DECIDE, Act.SEEN):
            return
        if reading.kind is Act.UPDATE or proposal.before is not None:
            rules = {policy.rule_of(policy.group_of(c)) for c in reading.patch}
            if proposal.before is not None and (reason := self._change_refusal(reading, proposal.before)):
                reading.refusal = reason
            elif Rule.CENTRAL in rules and not may_central:
                reading.refusal, reading.outcome = Reason.REQUEST, Outcome.HELD
            elif policy.is_append and proposal.before is not None:
                reading.refusal = self._append_refusal(reading, proposal.before)
        elif policy.is_central and not may_central:
            reading.refusal, reading.outcome = Reason.REQUEST, Outcome.HELD

    def _change_refusal(self, reading: Reading, before: Mapping[str, Any]) -> Reason | None:
        """Columns that nobody changes after the insert, and those this author was not given."""
        assert reading.table is not None
        table, patch = reading.table, reading.patch
        if self.caller.central:
            return None
        if any(before.get(column) != patch[column] for column in table.fixed & patch.keys()):
            return Reason.NOT_ALLOWED
        grant = self.grants.get(str(before["scope"]))
        if grant is not None and set(table.hidden(before, grant.level)) & patch.keys():
            return Reason.WITHHELD
        return Reason.WITHHELD if self._never_saw(reading, before) else None

    def _never_saw(self, reading: Reading, before: Mapping[str, Any]) -> bool:
        """Whether a field of the patch was withheld from its author when she wrote, though it is not
        now: she says it was empty, and since her base it never was."""
        op, table = reading.op, reading.table
        if table is None or op.base_epoch != self.head.epoch:
            return False
        since = [p for version, p in self.copy.past.get(op.record, []) if version > op.base_version]
        said_empty = {c for c in reading.patch if c in reading.was and reading.was[c] is None}
        for column in said_empty & set(table.withheld_at(0)):
            held = [p.was[column] for p in since if column in p.was] + [before.get(column)]
            if None not in held:
                return True
        return False

    @cached_property
    def grants(self) -> Mapping[str, Grant]:
        """What the caller is given now of the scopes of this batch."""
        scopes = {str(row["scope"]) for row in self.copy.rows.values()}
        return self.transaction.grants_in(self.caller.user, scopes)

    def _append_refusal(self, reading: Reading, before: Mapping[str, object]) -> Reason | None:
        assert reading.table is not None
        final = reading.table.synced.final
        if reading.kind is Act.INSERT:
            return Reason.ALREADY_THERE
        if final is None or before.get(final) is not None:
            return Reason.FINAL
        if self.copy.rows.get(reading.key) is None:
            return None  # made by an op before it in this batch, so on this line
        past = self.copy.past.get(reading.op.record, [])
        line = (reading.author or self.caller).line
        return None if any(p.line == line for _, p in past[:1]) else Reason.NOT_AUTHOR

    # -- settling and writing --------------------------------------------------------------------

    def _settle(self, readings: Sequence[Reading]) -> list[Receipt]:
        receipts = []
        for reading in readings:
            if reading.refusal is not None:
                receipt = self.copy.refuse(reading, reading.refusal, reading.outcome)
            elif reading.op.table == HELD_TABLE:
                receipt = self.tray.decide(reading, self.head.epoch)
            else:
                receipt = self.copy.take(reading, self.head.epoch)
            if receipt.outcome is Outcome.HELD or (
                reading.to_read and receipt.outcome is not Outcome.REFUSED
            ):
                self.tray.put(reading, receipt)
            receipts.append(receipt)
        return receipts

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
        transaction.add_tally(copy.tally)
        transaction.set_head(self.head)
        # Without a row of its own in the ledger a new grant would lie before everybody's cursor.
        grants = self.authority.grants(transaction.connection, touched) if self.ledger.entries else {}
        if grants:
            transaction.set_grants({user: set(wanted) for user, wanted in grants.items()}, self.head.seq)


def _decision(card: Row, reading: Reading) -> Proposed:
    """The decision that lies in an edit made knowing the card."""
    return Proposed(
        kind=Act.DECIDE,
        table=CARD_TABLE,
        record=card["id"],
        scope=card["scope"],
        row=card,
        before=card,
        changed=frozenset(),
        made_at=reading.op.made_at,
    )
