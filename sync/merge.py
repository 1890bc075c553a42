"""Settling one op against what others did since: pure, three ways, by field group, by value.

Words used here: *base* is the value both sides last agreed on; *mine* the op being settled;
*theirs* what other device lines did to the record since the base; *stands* the value the record
holds now. "Others" never includes earlier ops of the same line.

No database, no clock, no network, and nobody is asked: `settle` looks at values and says what to
write, which cards to open or change, and what became of the op.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sync.ops import OUTCOME_RANK, Outcome, Reason
from sync.policy import Rule, TablePolicy

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Past:
    """One change the record went through since the op's base, as it took effect.

    patch, was: the columns it changed, after and before.
    """

    line: str
    user: str
    device: str
    op_id: str
    made_at: int
    patch: Mapping[str, Any]
    was: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Side:
    """One line's latest value of a disputed group, with who and when."""

    user: str
    device: str
    op_id: str
    made_at: int
    values: Mapping[str, Any]

    def as_json(self) -> Values:
        return {
            "user": self.user,
            "device": self.device,
            "op_id": self.op_id,
            "made_at": self.made_at,
            "values": dict(self.values),
        }


@dataclass(frozen=True, slots=True)
class OpenCard:
    """The open card of a field group, as the hub has it.

    sides: {line: values} already on it.
    """

    card_id: str
    version: int
    sides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CardChange:
    """What the op does to the card of one field group: open it or add to it, or decide it.

    sides: {line: Side} to put in place of that line's present one.
    base: values both sides last agreed on (used when the card is opened).
    decided: the values that settle the card; None while it stays open.
    """

    group: str
    kind: Reason
    columns: tuple[str, ...]
    base: Mapping[str, Any]
    sides: Mapping[str, Side]
    decided: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """The op being settled. knows: open cards its author could see, {card id: version}.

    by_value: the base is of an older epoch, so the hub has no history to it: `was` decides alone.
    """

    line: str
    user: str
    device: str
    op_id: str
    made_at: int
    patch: Mapping[str, Any]
    was: Mapping[str, Any]
    knows: Mapping[str, int] = field(default_factory=dict)
    by_value: bool = False

    def side(self, values: Mapping[str, Any]) -> Side:
        return Side(self.user, self.device, self.op_id, self.made_at, values)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What becomes of an op.

    write: columns to change on the record, only those that differ from what stands.
    fields: {column: outcome} where not every field shares the op's outcome, else None.
    """

    outcome: Outcome
    reason: Reason | None
    write: Mapping[str, Any]
    fields: Mapping[str, Outcome] | None
    cards: Sequence[CardChange]


def settle(
    policy: TablePolicy,
    edit: Edit,
    stands: Mapping[str, Any],
    past: Sequence[Past],
    open_cards: Mapping[str, OpenCard],
) -> Settlement:
    """Settle one update against the record as it stands.

    past: every change since the base, own line's too, oldest first (empty when `by_value`).
    open_cards: {group: card} of this record.
    """
    write: Values = {}
    outcomes: dict[str, Outcome] = {}
    cards: list[CardChange] = []
    reasons: list[Reason] = []
    theirs = [change for change in past if change.line != edit.line]
    moved = edit.by_value and any(stands.get(c) != edit.was.get(c) for c in edit.patch)
    calm = Outcome.MERGED if theirs or moved else Outcome.APPLIED
    for group, mine in _by_group(policy, edit.patch).items():
        columns = policy.columns_of(group)
        present = {c: stands.get(c) for c in columns}
        part = _settle_group(_Group(policy, group, columns, mine, present, edit, past, open_cards.get(group)))
        write.update(part.write)
        outcomes.update(dict.fromkeys(mine, part.outcome or calm))
        cards.extend(part.cards)
        reasons.extend(part.reasons)
    review = _review_cards(policy, edit, theirs, past, {c.group for c in cards})
    if review:
        cards.extend(review)
        reasons.append(Reason.NEEDS_REVIEW)
    worst = max(outcomes.values(), key=OUTCOME_RANK.__getitem__, default=calm)
    mixed = outcomes if any(o is not worst for o in outcomes.values()) else None
    changed = {c: v for c, v in write.items() if stands.get(c) != v}
    return Settlement(worst, reasons[0] if reasons else None, changed, mixed, cards)


@dataclass(frozen=True, slots=True)
class _Group:
    policy: TablePolicy
    name: str
    columns: tuple[str, ...]
    mine: Values
    stands: Values
    edit: Edit
    past: Sequence[Past]
    card: OpenCard | None

    @property
    def base(self) -> Values:
        """The group's values at the op's base: before the first change since, else what stands."""
        values = dict(self.stands)
        if self.edit.by_value:
            return values | {c: self.edit.was.get(c) for c in self.mine}
        for change in reversed(self.past):
            values |= {c: change.was.get(c) for c in change.patch if c in self.columns}
        return values

    def sides(self) -> dict[str, Side]:
        """The latest intended value of every other line that changed the group since the base."""
        base = self.base
        found: dict[str, Side] = {}
        for change in self.past:
            if change.line == self.edit.line:
                continue
            values = {c: v for c, v in change.patch.items() if c in self.columns}
            if values:
                before = found[change.line].values if change.line in found else base
                found[change.line] = Side(
                    change.user, change.device, change.op_id, change.made_at, {**before, **values}
                )
        if self.edit.by_value and not found and self.stands != base:
            found[""] = Side("", "", "", 0, self.stands)  # somebody before the restore; unknown who
        return found

    @property
    def intended(self) -> Values:
        """The group as its author means it to be: all her line's changes over the base, whatever
        became of the earlier ones."""
        values = dict(self.base)
        for change in self.past:
            if change.line == self.edit.line:
                values |= {c: v for c, v in change.patch.items() if c in self.columns}
        if self.card is not None:
            values |= self.card.sides.get(self.edit.line, {})
        return values | {c: v for c, v in self.edit.was.items() if c in self.columns} | self.mine


@dataclass(frozen=True, slots=True)
class _Part:
    write: Values
    outcome: Outcome | None = None  # None: no clash here
    cards: tuple[CardChange, ...] = ()
    reasons: tuple[Reason, ...] = ()


def _settle_group(group: _Group) -> _Part:
    sides = group.sides()
    if not sides:
        return _unopposed(group)
    mine, base = group.intended, group.base
    agree = mine == group.stands
    if agree or (group.stands == base and group.policy.rule_of(group.name) is not Rule.SAFER):
        # Same value on both sides, or theirs went back to the base: nothing to decide. A line that
        # agrees still counts as a side of a card that is open.
        return _Part({} if agree else group.mine, cards=_join(group, mine))
    sides[group.edit.line] = group.edit.side(mine)
    if group.policy.rule_of(group.name) is Rule.SAFER:
        safest = _safest(group, base, sides)
        change = CardChange(group.name, Reason.SAFER_STANDS, group.columns, base, sides)
        return _Part(safest, Outcome.CONFLICT, (change,), (Reason.SAFER_STANDS,))
    change = CardChange(group.name, Reason.SAME_FIELD, group.columns, base, sides)
    return _Part({}, Outcome.CONFLICT, (change,), (Reason.SAME_FIELD,))


def _unopposed(group: _Group) -> _Part:
    """Nobody else changed the group since the base."""
    card = group.card
    if card is None:
        return _Part(group.mine)
    seen = group.edit.knows.get(card.card_id)
    side = {group.edit.line: group.edit.side(group.intended)}
    if seen == card.version:  # an edit made knowing the card decides it
        decided = CardChange(group.name, Reason.SAME_FIELD, group.columns, group.base, side, group.intended)
        return _Part(group.mine, cards=(decided,))
    if seen is not None:  # the card moved meanwhile: the text stays on it, nothing is overwritten
        moved = CardChange(group.name, Reason.SAME_FIELD, group.columns, group.base, side)
        return _Part({}, Outcome.CONFLICT, (moved,), (Reason.CARD_MOVED,))
    return _Part(group.mine, cards=_join(group, group.intended))


def _join(group: _Group, values: Mapping[str, Any]) -> tuple[CardChange, ...]:
    """Put the line's latest value on a card that is already open."""
    if group.card is None:
        return ()
    side = {group.edit.line: group.edit.side(values)}
    return (CardChange(group.name, Reason.SAME_FIELD, group.columns, group.base, side),)


def _safest(group: _Group, base: Mapping[str, Any], sides: Mapping[str, Side]) -> Values:
    """The most protective of base and all sides, whoever arrived first.

    Each flag takes its own safest value. What the flags qualify (the number, the address) comes
    from the side that is safest as a whole; where that is a tie, what stands stays.
    """
    flags = [c for c in group.columns if _rule(group.policy, c) is Rule.SAFER]
    everyone: list[Mapping[str, Any]] = [group.stands, *(side.values for side in sides.values()), base]

    def ranks(values: Mapping[str, Any]) -> tuple[int, ...]:
        return tuple(sorted((group.policy.policies[c].rank(values.get(c)) for c in flags), reverse=True))

    whole = max(everyone, key=ranks)  # the first of equals: what stands
    safest = {c: whole.get(c) for c in group.columns}
    for flag in flags:
        safest[flag] = max((v.get(flag) for v in everyone), key=group.policy.policies[flag].rank)
    return safest


def _review_cards(
    policy: TablePolicy,
    edit: Edit,
    theirs: Sequence[Past],
    past: Sequence[Past],
    named: set[str],
) -> list[CardChange]:
    """One card naming both acts when others changed the record at the same time and either side
    touched a `review` group. Every line's whole act is on it, so arrival order does not show."""
    if not theirs:
        return []
    touched = {
        policy.group_of(c)
        for patch in (edit.patch, *(change.patch for change in theirs))
        for c in patch
        if policy.rule_of(policy.group_of(c)) is Rule.REVIEW
    }
    sides: dict[str, Side] = {}
    for change in past:
        before = sides[change.line].values if change.line in sides else {}
        sides[change.line] = Side(
            change.user, change.device, change.op_id, change.made_at, {**before, **change.patch}
        )
    mine = sides[edit.line].values if edit.line in sides else {}
    sides[edit.line] = edit.side({**mine, **edit.patch})
    base: Values = {}
    for change in reversed(past):
        base |= dict(change.was)
    return [
        CardChange(g, Reason.NEEDS_REVIEW, policy.columns_of(g), {**edit.was, **base}, sides)
        for g in sorted(touched - named)
    ]


def _rule(policy: TablePolicy, column: str) -> Rule | None:
    return policy.policies[column].rule if column in policy.policies else None


def _by_group(policy: TablePolicy, patch: Mapping[str, Any]) -> dict[str, Values]:
    groups: dict[str, Values] = {}
    for column, value in patch.items():
        groups.setdefault(policy.group_of(column), {})[column] = value
    return groups
