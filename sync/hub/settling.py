"""One op of a batch at a time, on a working copy of the records it touches."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sync.hub import cards
from sync.hub.ledger import Ledger, Ruled, Written
from sync.hub.reading import Reading
from sync.hub.store import Described, Key, Row
from sync.merge import CardChange, Edit, Past, Settlement, Side, settle
from sync.ops import (
    DIGEST_MODULUS,
    Act,
    Effect,
    Outcome,
    Reason,
    as_travelled,
    encode_content,
    encode_effect,
    new_id,
    new_salt,
    record_digest,
)
from sync.ports import Caller
from sync.standing import standing
from sync.wire import Receipt

NO_PAST: list[tuple[int, Past]] = []


class WorkingCopy:
    """The records, cards and history a batch touches, as they change while it is settled."""

    def __init__(self, ledger: Ledger, caller: Caller) -> None:
        self.ledger = ledger
        self.caller = caller
        self.rows: dict[Key, Row] = {}
        self.past: dict[str, list[tuple[int, Past]]] = {}
        self.cards: dict[tuple[str, str, str], Row] = {}  # open ones by (table, record, group)
        self.agreed: dict[tuple[str, str, str], Row] = {}  # the latest that closed by themselves
        self.inserted: set[Key] = set()
        self.changed: dict[Key, set[str]] = defaultdict(set)
        self.tally: dict[Key, tuple[int, int]] = {}  # {(scope, kind): (records, digest)}

    # -- changing records ------------------------------------------------------------------------

    def insert(self, key: Key, row: Row) -> None:
        self.rows[key] = row
        self.inserted.add(key)
        self._count(key[0], row, 0)

    def change(self, key: Key, values: Mapping[str, Any]) -> int:
        """Change a record and raise its version; gives the new version."""
        row = self.rows[key]
        before = int(row["version"])
        row.update(values)
        row["version"] = before + 1
        if key not in self.inserted:
            self.changed[key].update(values)
        self._count(key[0], row, before)
        return before + 1

    def _count(self, kind: str, row: Row, before: int) -> None:
        records, digest = self.tally.get((row["scope"], kind), (0, 0))
        digest += record_digest(row["id"], row["version"])
        if before:
            digest -= record_digest(row["id"], before)
        self.tally[row["scope"], kind] = (records + (before == 0), digest % DIGEST_MODULUS)

    def keep_card(self, card: Row) -> None:
        """Bring a card that is open, or closed by itself, into the copy; the latest of a group last."""
        card = self.rows.setdefault((cards.CARD_TABLE, card["id"]), card)
        place = self.cards if card["state"] == "open" else self.agreed
        place[card["table_name"], card["record"], card["group_name"]] = card

    def remember(self, reading: Reading, patch: Mapping[str, Any], was: Mapping[str, Any], base: int) -> None:
        """Keep what just took effect as history for the ops behind it.

        base: version of the record up to which its author had seen what others did.
        """
        op, caller, version = reading.op, self.caller, int(self.rows[reading.key]["version"])
        past = Past(
            caller.line, caller.user, caller.device, op.op_id, op.made_at, patch, was, reading.patch,
            version, base, caller.central,
        )  # fmt: skip
        self.past.setdefault(op.record, []).append((version, past))

    # -- settling --------------------------------------------------------------------------------

    def take(self, reading: Reading, epoch: str) -> Receipt:
        """Settle one op that may be taken; its ledger rows are written behind it."""
        if reading.kind is Act.DECIDE:
            return self._decide(reading)
        row = self.rows.get(reading.key)
        if reading.kind is Act.INSERT and row is None:
            return self._insert(reading)
        if row is None:
            return self.refuse(reading, Reason.UNKNOWN_RECORD)
        if reading.kind is Act.SEEN:
            return self.ledger.add(
                self._written(reading, row["scope"]), Ruled(Outcome.APPLIED, row["version"])
            )
        return self._update(reading, row, epoch)

    def refuse(self, reading: Reading, reason: Reason, outcome: Outcome = Outcome.REFUSED) -> Receipt:
        """Write down that an op was refused or held. The record stays as it is."""
        row = self.rows.get(reading.key)
        ruled = Ruled(outcome, row["version"] if row else 0, reason)
        scope = self.scope_of(reading)[:80]
        return self.ledger.add(self._written(reading, scope if scope.isprintable() else ""), ruled)

    def scope_of(self, reading: Reading) -> str:
        """The scope an op belongs to: its record's, or the one its insert would have."""
        row = self.rows.get(reading.key)
        if row is not None:
            return str(row["scope"])
        if reading.table is None or reading.kind is not Act.INSERT:
            return ""
        return str(reading.row(reading.table)["scope"])

    def _insert(self, reading: Reading) -> Receipt:
        assert reading.table is not None
        row = reading.row(reading.table)
        scope = str(row["scope"])
        self.insert(reading.key, row)
        self.remember(reading, reading.patch, {}, 0)
        ruled = Ruled(Outcome.APPLIED, 1, reading.to_read)
        receipt = self.ledger.add(self._written(reading, scope), ruled)
        if reading.rival is not None:
            self._name_rival(reading, scope)
        return receipt

    def _update(self, reading: Reading, row: Row, epoch: str) -> Receipt:
        op, caller = reading.op, self.caller
        # A base this ledger has not got to: it was put back to an earlier state meanwhile.
        by_value = op.base_version > 0 and (op.base_epoch != epoch or op.base_version > row["version"])
        settled = self._settle(reading, row, by_value)
        extra = {**(row["extra"] or {}), **reading.extra} if reading.extra else row["extra"]
        beside = {name: (row["extra"] or {}).get(name) for name in reading.extra}
        write = dict(settled.write)
        if extra != row["extra"]:
            write["extra"] = extra
        before, seen = {c: row.get(c) for c in settled.write}, op.base_version
        if by_value:  # without a clash its author had seen what stands, as far as she says what she saw
            is_seen = settled.outcome is not Outcome.CONFLICT and _says_whole_groups(reading)
            seen = row["version"] if is_seen else 0
        outcome = settled.outcome
        if outcome is Outcome.APPLIED and _is_shown_otherwise(reading, before, settled.write):
            outcome = Outcome.MERGED  # what she is shown of the record is another: she has to read it
        version = self.change(reading.key, write) if write else row["version"]
        plain = outcome is Outcome.APPLIED and set(settled.write) == set(reading.patch)
        kept = None
        if plain and not caller.central:
            seen = version - 1  # as whoever reads the ledger takes it
        else:
            # What is not known here yet is part of what the record went through.
            done, was = {**settled.write, **reading.extra}, {**before, **beside}
            kept = encode_effect(Effect(done, was, seen, caller.central))
        self.remember(reading, settled.write, before, seen)
        reason = settled.reason or reading.to_read
        ruled = Ruled(outcome, version, reason, settled.fields, kept)
        receipt = self.ledger.add(self._written(reading, row["scope"]), ruled)
        for change in settled.cards:
            self._put_card(reading, change, row["scope"])
        if reading.rival is not None:
            self._name_rival(reading, row["scope"])
        return receipt

    def _settle(self, reading: Reading, row: Row, by_value: bool) -> Settlement:
        op = reading.op
        assert reading.table is not None
        edit = Edit(
            line=self.caller.line,
            user=self.caller.user,
            device=self.caller.device,
            op_id=op.op_id,
            made_at=op.made_at,
            patch=reading.patch,
            was=reading.was,
            knows=reading.knows,
            by_value=by_value,
            base=op.base_version,
            central=self.caller.central,
        )
        past = [] if by_value else [p for v, p in self.past.get(op.record, NO_PAST) if v > op.base_version]
        met = {
            group: cards.as_open(card, reading.table)
            for (table, record, group), card in (*self.agreed.items(), *self.cards.items())
            if (table, record) == reading.key
        }
        return settle(reading.table.policy, edit, row, past, met)

    # -- cards -----------------------------------------------------------------------------------

    def _put_card(self, reading: Reading, change: CardChange, scope: str) -> None:
        """Open the card of a group, or carry out what an op does to the one there is."""
        key = (*reading.key, change.group)
        if change.card_id is None:
            card = cards.opened(change, *reading.key, scope, self.ledger.now_ms)
            self.insert((cards.CARD_TABLE, card["id"]), card)
            self.cards[key] = card
            self._note_card(card, Act.INSERT, card)
            return
        present = self.rows[cards.CARD_TABLE, change.card_id]
        new = cards.changed(present, change)
        if change.ends == "edited":
            decision = {"choice": "edited", "values": as_travelled(change.decided or {}), "why": None}
            new = cards.decided(new, self.caller.user, self.ledger.now_ms, decision)
        elif change.ends == "agreed":
            version = self.rows[reading.key]["version"]
            new = cards.agreed(new, change.decided or {}, version, self.ledger.now_ms)
        self._replace_card(present, new)
        self.cards.pop(key, None)
        self.agreed.pop(key, None)
        if new["state"] == "open" or new["decided_by"] is None:  # one that opened again names its decider
            self.keep_card(self.rows[cards.CARD_TABLE, change.card_id])

    def _replace_card(self, present: Row, new: Row) -> None:
        changed = {c: v for c, v in new.items() if present[c] != v and c != "version"}
        key = (cards.CARD_TABLE, present["id"])
        self.rows.setdefault(key, present)
        self.change(key, changed)
        self._note_card(self.rows[key], Act.UPDATE, changed)

    def _note_card(self, card: Row, kind: Act, patch: Mapping[str, Any]) -> None:
        written = Written(
            new_id(), kind, cards.CARD_TABLE, card["id"], card["scope"], 0, self.ledger.now_ms,
            new_salt(), encode_content(patch, {}),
        )  # fmt: skip
        self.ledger.add(written, Ruled(Outcome.APPLIED, card["version"]), by_hub=True)

    def _name_rival(self, reading: Reading, scope: str) -> None:
        """Two records that cannot both be right: both stand, one card names them."""
        edit = reading.op
        side = Side(self.caller.user, self.caller.device, edit.op_id, edit.made_at, {"id": edit.record})
        other = Side("", "", "", 0, {"id": reading.rival})
        group, line = f"rival:{reading.rival}", self.caller.line
        present = self.cards.get((*reading.key, group))
        if present is not None:
            self._replace_card(present, cards.joined(present, line, side))
            return
        change = CardChange(None, group, Reason.RIVAL, (), {}, {line: side, "": other})
        self._put_card(reading, change, scope)

    def _decide(self, reading: Reading) -> Receipt:
        card = self.rows.get(reading.key)
        about: Key | None = (card["table_name"], card["record"]) if card else None
        if card is None or about is None or about not in self.rows:
            return self.refuse(reading, Reason.UNKNOWN_RECORD)
        row = self.rows[about]
        chosen, saw = reading.patch.get("values") or {}, reading.was.get("standing") or {}
        now_stands = as_travelled({c: row.get(c) for c in card["columns"]})
        op = reading.op
        group = (*about, card["group_name"])
        if card["state"] != "open" or op.base_version != card["version"] or saw != now_stands:
            return self._keep_decided(reading, card, group, {**now_stands, **chosen})
        new = cards.decided(card, self.caller.user, self.ledger.now_ms, reading.patch)
        self.change(reading.key, {c: new[c] for c in ("state", "decided_at", "decided_by", "decision")})
        self.cards.pop(group, None)
        ruled = Ruled(Outcome.APPLIED, self.rows[reading.key]["version"])
        receipt = self.ledger.add(self._written(reading, card["scope"]), ruled)
        if card["columns"]:
            self._write_choice(reading, about, {**saw, **chosen})
        return receipt

    def _keep_decided(
        self, reading: Reading, card: Row, group: tuple[str, str, str], values: Mapping[str, Any]
    ) -> Receipt:
        """The card or what stood has moved: the decided text becomes a side of the card that is open
        now; where none is, this one opens again, with what stands now as another. Either way what
        stands is what the sides then come to, whoever decided first."""
        op, caller, present = reading.op, self.caller, self.cards.get(group)
        side = Side(caller.user, caller.device, op.op_id, op.made_at, values, caller.central, decided=True)
        if present is None or present["id"] == card["id"]:
            self._reopen(reading, card, side)
            self.cards[group] = self.rows[reading.key]
            present = None
        ruled = Ruled(Outcome.CONFLICT, self.rows[reading.key]["version"], Reason.CARD_MOVED)
        receipt = self.ledger.add(self._written(reading, card["scope"]), ruled)
        if present is not None:
            self._replace_card(present, cards.joined(present, caller.line, side))
        self._stand_as_disputed(self.cards[group], op.made_at)
        return receipt

    def _reopen(self, reading: Reading, card: Row, side: Side) -> None:
        new = card
        if card["state"] != "open" and card["columns"]:
            row = self.rows[card["table_name"], card["record"]]
            stands = {c: row.get(c) for c in card["columns"]}
            sides = [side["values"] for side in card["sides"].values()]
            # What agreed is a side of it already, unless somebody went on from there.
            if card["decided_by"] is not None or as_travelled(stands) not in sides:
                by = card["decided_by"] or ""
                new = cards.joined(new, "", Side(by, "", "", card["decided_at"], stands))
        new = cards.joined(new, self.caller.line, side)
        self.change(reading.key, {"sides": new["sides"], "state": "open"})

    def _stand_as_disputed(self, card: Row, made_at: int) -> None:
        """What the sides of an open card come to, where a decision has just become one of them. The row
        says nothing of its own: who meant what is on the card."""
        about = (card["table_name"], card["record"])
        row, table = self.rows[about], self.described(card["table_name"])
        disputed = cards.as_open(card, table)
        base = None if disputed.reopened else disputed.base
        stands = standing(table.policy, card["columns"], base, disputed.sides)
        new = {c: v for c, v in stands.items() if row.get(c) != v}
        if new:
            self._write_behind(about, {}, new, made_at)

    def _write_choice(self, reading: Reading, about: Key, chosen: Mapping[str, Any]) -> None:
        """The decided value; also where it is what stands already: who comes later from before that
        meets a decided value."""
        row = self.rows[about]
        values, _ = self.described(about[0]).stored(chosen)
        new = {c: v for c, v in values.items() if row.get(c) != v}
        self._write_behind(about, values, new, reading.op.made_at)

    def _write_behind(
        self, about: Key, said: Mapping[str, Any], new: Mapping[str, Any], made_at: int
    ) -> None:
        """What a decision comes to on the record, as a second ledger row of the same author in the same
        transaction. said: what it says of the record; new: what changes."""
        row, caller = self.rows[about], self.caller
        was = {c: row.get(c) for c in {**said, **new}}
        seen = int(row["version"])
        version = self.change(about, new) if new else seen
        before = {c: was[c] for c in new}
        written = Written(
            new_id(), Act.UPDATE, *about, row["scope"], 0, made_at, new_salt(), encode_content(said, was)
        )
        effect = encode_effect(Effect(dict(new), before, seen, caller.central))
        self.ledger.add(written, Ruled(Outcome.APPLIED, version, effect=effect), by_hub=True)
        past = Past(
            caller.line, caller.user, "", written.op_id, made_at, new, before, said, version, seen,
            caller.central,
        )  # fmt: skip
        self.past.setdefault(about[1], []).append((version, past))

    # -- what the batch lends --------------------------------------------------------------------

    tables: Mapping[str, Described] = {}

    def described(self, name: str) -> Described:
        return self.tables[name]

    def _written(self, reading: Reading, scope: str) -> Written:
        op = reading.op
        return Written(
            op.op_id, op.kind, op.table, op.record, scope, op.n, op.made_at, op.salt, bytes(op.content),
            op.committed,
        )  # fmt: skip


def _is_shown_otherwise(reading: Reading, before: Mapping[str, Any], write: Mapping[str, Any]) -> bool:
    """Whether a flag that seals other fields of the row was raised or taken away."""
    assert reading.table is not None
    flags = set(reading.table.sealed_by.values()) & write.keys()
    return any((before[flag] is False) is not (write[flag] is False) for flag in flags)


def _says_whole_groups(reading: Reading) -> bool:
    """Whether an op says of all its field groups, whole, what its author saw."""
    assert reading.table is not None
    policy = reading.table.policy
    groups = {policy.group_of(column) for column in reading.patch}
    return all(column in reading.was for group in groups for column in policy.columns_of(group))
