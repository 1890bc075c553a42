"""What one record went through since the base of an op: who meant what, who had seen whom.

Pure. A record's history is what its ledger rows say, oldest first: each with what its author meant,
what it did to the row, and the version of the row she had made it on. From that follow the latest
value of every line, and whether somebody who came later had already seen it.
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Past:
    """One change the record went through since the op's base.

    patch, was: the columns it changed, after and before, as it took effect; empty where it did not.
    meant: what its author said; None: exactly what took effect.
    version: of the record after it. base: the version it was made on; what lies up to there its
        author had seen. central: its line speaks for the council.
    """

    line: str
    user: str
    device: str
    op_id: str
    made_at: int
    patch: Mapping[str, Any]
    was: Mapping[str, Any]
    meant: Mapping[str, Any] | None = None
    version: int = 0
    base: int = 0
    central: bool = False

    @property
    def said(self) -> Mapping[str, Any]:
        return self.patch if self.meant is None else self.meant


@dataclass(frozen=True, slots=True)
class Side:
    """One line's latest value of a disputed group, with who and when.

    central: the line speaks for the council. at: version of the card at which it came on it; 0: it
    is not on one. decided: it was a decision that came too late: to decide for what once was is a wish
    like any other.
    """

    user: str
    device: str
    op_id: str
    made_at: int
    values: Mapping[str, Any]
    central: bool = False
    at: int = 0
    decided: bool = False

    def as_json(self) -> Values:
        """As a card keeps it."""
        kept: Values = {
            "user": self.user,
            "device": self.device,
            "op_id": self.op_id,
            "made_at": self.made_at,
            "values": dict(self.values),
        }
        flags = {"central": self.central, "decided": self.decided}
        return kept | {name: True for name, is_so in flags.items() if is_so}


@dataclass(frozen=True, slots=True)
class OpenCard:
    """The card of a field group, as the hub has it: open, or closed by itself.

    base: the values both sides last agreed on. sides: {line: Side}, those nobody has decided about.
    closed: version of the record when the card closed by itself; None while it is open. Who made an
        op before that has not seen the end of it: for her it is open still.
    reopened: somebody had decided it, or decided too late: who decided for the base meant it, and has a
        voice like any other.
    """

    card_id: str
    version: int
    base: Mapping[str, Any] = field(default_factory=dict)
    sides: Mapping[str, Side] = field(default_factory=dict)
    closed: int | None = None
    reopened: bool = False


class History:
    """A record's changes since `since`, oldest first, as the author of an op on `line` meets them.

    stands: the row now. What her own line did first, and everybody else here had seen, is not part
    of any dispute: it is left out, and the base moves past it.
    """

    def __init__(self, past: Sequence[Past], stands: Mapping[str, Any], since: int, line: str) -> None:
        self.stands = stands
        self.line = line
        seen = min((change.base for change in past if change.line != line), default=since)
        known = 0
        for change in past:
            if change.line != line or change.version > seen:
                break
            known += 1
        self.since = past[known - 1].version if known else since
        self.past = past[known:]

    @cached_property
    def others(self) -> bool:
        """Whether any other line said anything since the base."""
        return any(change.line != self.line for change in self.past)

    @cached_property
    def touched(self) -> frozenset[str]:
        """The columns anybody said anything about since the base."""
        return frozenset(column for change in self.past for column in change.said)

    def at(self, version: int, columns: Collection[str]) -> Values:
        """What these columns held at a version of the record, or at the base if that is later."""
        state = self._states[bisect_right(self._versions, version)]
        return {c: state[c] if c in state else self.stands.get(c) for c in columns}

    def own_base(self, columns: Collection[str], said: Mapping[str, Any], was: Mapping[str, Any]) -> Values:
        """What her op on these columns started from: what they held at the base, but for a column that
        others had changed, that she saw changed (`was`) and put back. Work of hers that waited kept
        her base where it was; what leads back to it is her wish all the same."""
        values, spoken = self.at(self.since, columns), self.latest(columns)
        own = spoken[self.line].values if self.line in spoken else values
        others = [change.said for change in self.past if change.line != self.line]
        for column, value in said.items():
            saw = was.get(column)
            put_back = column in was and value == values[column] and saw != own[column]
            if put_back and any(column in other and other[column] == saw for other in others):
                values[column] = saw
        return values

    @cached_property
    def _versions(self) -> list[int]:
        return [change.version for change in self.past]

    @cached_property
    def _states(self) -> list[Values]:
        """The columns that changed, as they were at the base and after each change."""
        first: Values = {}
        for change in reversed(self.past):
            first |= change.was
        states = [first]
        for change in self.past:
            states.append({**states[-1], **change.patch})
        return states

    def latest(self, columns: Collection[str]) -> dict[str, Side]:
        """The latest value of these columns, whole, that each line meant, her own line's too."""
        found: dict[str, tuple[int, int, Values, Side]] = {}  # version, seen, said since, side
        for change in self.past:
            said = {c: v for c, v in change.said.items() if c in columns}
            if not said:
                continue
            seen = change.base
            if change.line in found:
                version, saw, before, _ = found[change.line]
                # Unless its author had fetched her earlier one back since, she goes on from what she said
                # there. What she did not say is as she last saw it: an earlier one may have been let in
                # late, from before what others did meanwhile.
                if seen < version:
                    seen, said = max(saw, seen), {**before, **said}
            side = _side(change, {**self.at(seen, columns), **said})
            found[change.line] = (change.version, seen, said, side)
        return {line: side for line, (*_, side) in found.items()}

    def acts(self) -> dict[str, Side]:
        """Everything each line said since the base, its latest word on each column."""
        found: dict[str, Side] = {}
        for change in self.past:
            before = found[change.line].values if change.line in found else {}
            found[change.line] = _side(change, {**before, **change.said})
        return found

    def went_on(self, columns: Collection[str], version: int) -> bool:
        """Whether anybody who had seen this version of the record changed these columns after it."""
        return any(
            change.version > version <= change.base and any(column in columns for column in change.said)
            for change in self.past
        )

    def spoke_after(self, columns: Collection[str], version: int | None) -> set[str]:
        """Lines that said something of these columns after this version of the record; None: none."""
        later = [change for change in self.past if version is not None and change.version > version]
        return {change.line for change in later if any(column in columns for column in change.said)}

    def passed(self, columns: Collection[str]) -> set[str]:
        """Lines whose latest word on these columns somebody else changed later, having seen it."""
        last: dict[str, int] = {}
        passed: set[str] = set()
        for change in self.past:
            if not any(column in columns for column in change.said):
                continue
            passed |= {line for line, version in last.items() if version <= change.base}
            last[change.line] = change.version
            passed.discard(change.line)
        return passed


def _side(change: Past, values: Values) -> Side:
    return Side(change.user, change.device, change.op_id, change.made_at, values, change.central)
