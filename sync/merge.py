"""Settling one op against what others did since: pure, three ways, by field group, by value.

Words used here: *base* is the value both sides last agreed on; *mine* the op being settled;
*theirs* what other device lines did to the record since the base; *stands* the value the record
holds now. "Others" never includes earlier ops of the same line.

What comes of a group depends on the latest value of every line that touched it, and on nothing
else: not on who arrived first, nor on any clock. Where no two of them differ (the base aside),
that value stands and nobody is asked; a card that was opened on the way closes by itself. Where
they do, a card names every line, and what stands meanwhile is `sync.standing`'s choice.

No database, no clock, no network, and nobody is asked: `settle` looks at values and says what to
write, which cards to open or change, and what became of the op.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from sync.history import History, OpenCard, Past, Side, Values
from sync.ops import OUTCOME_RANK, Outcome, Reason
from sync.policy import Rule, TablePolicy
from sync.standing import distinct, standing

__all__ = ["CardChange", "Edit", "OpenCard", "Past", "Settlement", "Side", "settle"]


@dataclass(frozen=True, slots=True)
class CardChange:
    """What the op does to the card of one field group.

    card_id: the card; None: a new one opens.
    base, sides: of the card from now on, whole; a side with `at` 0 is new on it.
    ends: None: the card is open (again), or a new one opens. "agreed": nothing is left to decide.
        "edited": the op's author knew the card and decided it.
    decided: the values that stand after it has ended.
    """

    card_id: str | None
    group: str
    kind: Reason
    columns: tuple[str, ...]
    base: Mapping[str, Any]
    sides: Mapping[str, Side]
    ends: Literal["agreed", "edited"] | None = None
    decided: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """The op being settled.

    base: version of the record it was made on.
    knows: open cards its author could see, {card id: version}.
    by_value: the base is of an older epoch, so the hub has no history to it: `was` decides alone.
    central: its line speaks for the council.
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
    base: int = 0
    central: bool = False

    @property
    def said(self) -> Values:
        """The patch without what it says is as it was: that is nobody's wish."""
        return {c: v for c, v in self.patch.items() if c not in self.was or self.was[c] != v}

    def side(self, values: Mapping[str, Any]) -> Side:
        # A copy from elsewhere (an import) gives way to what somebody wrote here.
        central = self.central and not self.by_value
        return Side(self.user, self.device, self.op_id, self.made_at, values, central)


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
    cards: Mapping[str, OpenCard],
) -> Settlement:
    """Settle one update against the record as it stands.

    past: every change since the base, own line's too, oldest first (empty when `by_value`).
    cards: {group: card} of this record, its open one or else the latest that closed by itself.
    """
    history = History(past, stands, edit.base, edit.line)
    # A device whose base is not of this ledger has to read the row: others may have changed what she
    # did not touch, and `applied` would have her take it for read.
    moved = edit.by_value and (not edit.central or any(stands.get(c) != edit.was.get(c) for c in edit.patch))
    calm = Outcome.MERGED if history.others or moved else Outcome.APPLIED
    said = edit.said
    parts: dict[str, _Part] = {}
    for group in _groups(policy, said, history, cards):
        mine = {c: v for c, v in said.items() if policy.group_of(c) == group}
        card = _met(edit, cards.get(group), history, policy.columns_of(group))
        contest = _Contest(policy, group, mine, edit, stands, history, card)
        parts[group] = contest.settle()
    outcomes = dict.fromkeys(edit.patch, calm)
    for column in said:
        outcomes[column] = parts[policy.group_of(column)].outcome or calm
    worst = max(outcomes.values(), key=OUTCOME_RANK.__getitem__, default=calm)
    reasons = [part.reason for part in parts.values() if part.reason is not None]
    return Settlement(
        outcome=worst,
        reason=reasons[0] if reasons else None,
        write={c: v for part in parts.values() for c, v in part.write.items() if stands.get(c) != v},
        fields=outcomes if any(o is not worst for o in outcomes.values()) else None,
        cards=[card for part in parts.values() for card in part.cards],
    )


def _groups(
    policy: TablePolicy, said: Values, history: History, cards: Mapping[str, OpenCard]
) -> dict[str, None]:
    """The groups an op bears on, in order: those it touches, then those to be reviewed together
    with whatever happened to the record at the same time."""
    groups = dict.fromkeys(policy.group_of(c) for c in said)
    beside = {policy.group_of(c) for c in history.touched} if history.others else set()
    for group in sorted(beside | cards.keys()):
        if policy.rule_of(group) is Rule.REVIEW:
            groups[group] = None
    return groups


def _met(edit: Edit, card: OpenCard | None, history: History, columns: Sequence[str]) -> OpenCard | None:
    """The card as far as it is one for this op's author: not one that had closed before her base, nor
    one that others, who saw how it ended, have gone on from."""
    if card is None or card.closed is None:
        return card
    is_over = edit.by_value or card.closed <= edit.base or history.went_on(columns, card.closed)
    return None if is_over else card


@dataclass(frozen=True, slots=True)
class _Part:
    """What comes of one group. outcome None: nobody else was in it."""

    write: Values
    outcome: Outcome | None = None
    reason: Reason | None = None
    cards: tuple[CardChange, ...] = ()


class _Contest:
    """One field group of the record, and everybody who said something about it."""

    def __init__(
        self,
        policy: TablePolicy,
        group: str,
        mine: Values,
        edit: Edit,
        stands: Mapping[str, Any],
        history: History,
        card: OpenCard | None,
    ) -> None:
        self.policy = policy
        self.group = group
        self.columns = policy.columns_of(group)
        self.rule = policy.rule_of(group)
        self.mine = mine
        self.edit = edit
        self.stands = {c: stands.get(c) for c in self.columns}
        self.history = history
        self.card = card
        self.seen = self._seen() if mine else 0  # 0: she decides nothing

    def settle(self) -> _Part:
        if not self.mine and not self._joins:
            return _Part({})
        sides = self._sides()
        base = self._base(sides)
        began = None if self.card is not None and self.card.reopened and not self.seen else base
        values = distinct((self._of_group(side) for side in sides.values()), began or {})
        if sides.keys() == {self.edit.line}:
            write = self.mine
        else:
            write = standing(self.policy, self.columns, began, sides) if self.mine else {}
        if not self._is_open(sides, base, len(values)):
            return self._ended(sides, base, {**self.stands, **write})
        kind = self._kind(len(values))
        goes_on = self.card.card_id if self.card is not None and not self.seen else None
        change = CardChange(goes_on, self.group, kind, self.columns, base, sides)
        wish = began is None or self._intended != {c: base[c] for c in self.columns}
        outcome = Outcome.CONFLICT if len(values) > 1 and self.mine and wish else None
        reason = Reason.CARD_MOVED if self.seen else kind
        decided = self._decided()
        return _Part(write, outcome or Outcome.MERGED, reason, (*decided, change))

    def _seen(self) -> int:
        """The version of the card that the op's author knew when she changed what it is about; 0 where
        work of hers was waiting from before it, for a pull moves no base."""
        if self.card is None or self.edit.by_value:  # no history says what of hers was waiting
            return 0
        waited = {change.op_id for change in self.history.past}
        if any(side.op_id in waited for side in self.card.sides.values() if side.at <= self._known):
            return 0
        return self._known

    @property
    def _known(self) -> int:
        return self.edit.knows.get(self.card.card_id, 0) if self.card is not None else 0

    # -- who takes part --------------------------------------------------------------------------

    @property
    def _joins(self) -> bool:
        """Whether an op that leaves this group alone is part of the act to be reviewed with it."""
        card = self.card
        if card is not None and self.edit.line in card.sides and card.card_id not in self.edit.knows:
            return True
        return self.history.others and self._is_touched

    @property
    def _is_touched(self) -> bool:
        """Whether anybody changed the group itself since the base."""
        return bool(self.mine) or any(c in self.columns for c in self.history.touched)

    @cached_property
    def _spoken(self) -> dict[str, Side]:
        """{line: its latest value of the group since the base}, her own line's too."""
        return self.history.latest(self.columns)

    @cached_property
    def _intended(self) -> Values:
        """The group as its author means it to be: all her line's changes over the base, whatever
        became of the earlier ones."""
        before = self._spoken.get(self.edit.line)
        values = dict(before.values) if before is not None else self._own_base
        own = self._own_on_card
        if own is not None and (self.edit.by_value or self._decided_late):
            # What she said is on the card only: no history goes back to her base, or she decided too late.
            values = values | self._of_group(own)
        return values | self.mine

    @property
    def _own_on_card(self) -> Side | None:
        return self.card.sides.get(self.edit.line) if self.card is not None else None

    @property
    def _decided_late(self) -> bool:
        """Whether her line's word on the card is a decision that came too late, and she goes on from it."""
        return self._own_on_card is not None and self._own_on_card.decided and not self.seen

    @cached_property
    def _own_base(self) -> Values:
        """The group's values at the op's base."""
        if self.edit.by_value:
            return self.stands | {c: self.edit.was.get(c) for c in self.mine}
        return self.history.own_base(self.columns, self.mine, self.edit.was)

    def _sides(self) -> dict[str, Side]:
        """The latest value of every line that has a say, her own among them."""
        edit = self.edit
        passed = self.history.passed(self.columns)
        sides = {line: side for line, side in self._spoken.items() if line not in passed}
        if self.rule is Rule.REVIEW:
            sides = self._acts(sides)
        if self.card is not None:
            sides = self._with_card(self.card, sides)
        if edit.by_value and "" not in sides and not self._is_said(sides):
            # Somebody before the restore, or since the last import; unknown who. Once such a value is on
            # the card, whatever stands beside it is on it too, under its own name.
            sides[""] = Side("", "", "", 0, self.stands, central=edit.central)
        # That a decision is part of what she says stays so: her next op goes on from it too.
        mine = edit.side(self._own_act(sides.get(edit.line)))
        sides[edit.line] = replace(mine, decided=self._decided_late)
        return sides

    def _is_said(self, sides: Mapping[str, Side]) -> bool:
        """Whether all that stands where her op expected something else is what another line says."""
        new = {c: v for c, v in self.stands.items() if v != self._own_base[c]}
        others = [side.values for line, side in sides.items() if line != self.edit.line]
        return not new or any(new.items() <= values.items() for values in others)

    def _acts(self, spoken: Mapping[str, Side]) -> dict[str, Side]:
        """Every line's whole act on the record; of the group itself, its latest value whole."""
        acts = {}
        for line, side in self.history.acts().items():
            if not self._is_touched and (self.card is None or line not in self.card.sides):
                continue  # what went on beside a card that nobody touched
            value = spoken[line].values if line in spoken else {}
            beside = {c: v for c, v in side.values.items() if c not in self.columns}
            if value or beside:
                acts[line] = replace(side, values={**beside, **value})
        return acts

    def _own_act(self, before: Side | None) -> Values:
        if self.rule is not Rule.REVIEW:
            return self._intended
        values = self._intended if self.mine else {}
        return {**(before.values if before is not None else {}), **self.edit.said, **values}

    def _with_card(self, card: OpenCard, sides: dict[str, Side]) -> dict[str, Side]:
        """Those who are on the card already, beside those who spoke since the base."""
        if self.seen:
            for line, side in card.sides.items():
                if side.at > self.seen:
                    sides.setdefault(line, replace(side, at=0))
            return sides
        joined = dict(sides)
        # Settled by value, a line may have gone on from a card that had closed without opening it.
        later = self.history.spoke_after(self.columns, card.closed)
        for line, side in card.sides.items():
            kept = self._unseen(card, line, side)
            if line in sides and (line in later or self.rule is Rule.REVIEW):
                new = sides[line]
                said = self._of_group(new if line in later else kept)
                joined[line] = replace(new, values={**kept.values, **new.values, **said})
            elif kept.values:
                joined[line] = kept
        return joined

    def _unseen(self, card: OpenCard, line: str, side: Side) -> Side:
        """A side of the card without the value that she, not knowing the card, found standing and
        changed."""
        value = self._of_group(side)
        found = value == self._own_base and line not in self._spoken and line != self.edit.line
        if not self.mine or not found or card.card_id in self.edit.knows or not self._says_found(card, value):
            return side
        return replace(side, values={c: v for c, v in side.values.items() if c not in self.columns})

    def _says_found(self, card: OpenCard, value: Values) -> bool:
        """Whether her op says that she saw this value, and not her own that was waiting. Without a
        history it says so only of what she changed, and where she changed it before, it was her own."""
        saw = all(self.edit.was.get(c, v) == v for c, v in value.items())
        said = all(c in self.mine for c, v in value.items() if card.base.get(c) != v)
        return saw and (not self.edit.by_value or (said and self.edit.line not in card.sides))

    # -- what comes of it ------------------------------------------------------------------------

    def _of_group(self, side: Side) -> Values:
        return {c: side.values[c] for c in self.columns if c in side.values}

    def _base(self, sides: Mapping[str, Side]) -> Values:
        """What all of them started from: the card's base where there is a card that goes on."""
        named = dict.fromkeys([*self.columns, *(c for side in sides.values() for c in side.values)])
        base = {**self.history.at(self.history.since, named), **self._own_base}
        if self.card is not None and not self.seen:
            base |= {c: v for c, v in self.card.base.items() if c in named}
        return base

    def _is_open(self, sides: Mapping[str, Side], base: Values, values: int) -> bool:
        """Whether there is something for a person to decide."""
        if self.rule is not Rule.REVIEW:
            return values > 1
        changes = [{c: v for c, v in side.values.items() if v != base[c]} for side in sides.values()]
        touched = any(c in self.columns for change in changes for c in change)
        return touched and len(distinct(changes, {})) > 1

    def _kind(self, values: int) -> Reason:
        if self.rule is Rule.SAFER:
            return Reason.SAFER_STANDS
        return Reason.NEEDS_REVIEW if self.rule is Rule.REVIEW and values < 2 else Reason.SAME_FIELD

    def _decided(self) -> tuple[CardChange, ...]:
        """The end of a card that the op's author knew: her edit decides it, also one that has closed by
        itself since she saw it."""
        card = self.card
        if card is None or not self.seen:
            return ()
        sides = {**card.sides, self.edit.line: self.edit.side(self._intended)}
        mine, columns = self._intended, self.columns
        change = CardChange(
            card.card_id, self.group, self._kind(2), columns, card.base, sides, "edited", mine
        )
        return (change,)

    def _ended(self, sides: Mapping[str, Side], base: Values, stands: Values) -> _Part:
        """Nothing is left to decide: one value, or none but the base."""
        write = {c: v for c, v in stands.items() if v != self.stands[c]}
        if self.card is None or self.seen:
            return _Part(write, Outcome.MERGED if len(sides) > 1 else None, cards=self._decided())
        card_id, kind = self.card.card_id, self._kind(2)
        change = CardChange(card_id, self.group, kind, self.columns, base, sides, "agreed", stands)
        return _Part(write, Outcome.MERGED, cards=(change,))
