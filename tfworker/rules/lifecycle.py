"""Which state follows which, who may move it, who may only ask, and what must be so first.

The tables are data (resources/rulesets/lifecycles.json, from domain 4.8); this file only reads
them out. A move that somebody may make works with no network too; one that she may only ask for
is written down and waits until somebody who may makes it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

ANY = "*"  # in a move's `before`: from every state but its own target


class Answer(StrEnum):
    """What the lifecycle says to a move. Ordered from best to worst."""

    YES = "yes"
    ASK = "ask"  # it waits as a request
    NOT_YOURS = "not_yours"  # it exists, for other roles
    NO = "no"  # this state does not follow


@dataclass(frozen=True, slots=True)
class Move:
    """One line of a lifecycle.

    before: states it leads from, or ANY. by: roles that make it. asks: roles whose move waits.
    needs: names of facts that must hold first. urgent: only ever chosen on purpose.
    """

    before: frozenset[str]
    to: str
    by: frozenset[str]
    asks: frozenset[str] = frozenset()
    needs: tuple[str, ...] = ()
    urgent: bool = False

    def leads_from(self, state: str) -> bool:
        return state != self.to and (ANY in self.before or state in self.before)

    def answer(self, roles: Collection[str]) -> Answer:
        """For somebody who holds these roles."""
        if self.by.intersection(roles):
            return Answer.YES
        return Answer.ASK if self.asks.intersection(roles) else Answer.NOT_YOURS


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """All states of one kind of record and the moves between them. first: how one may begin."""

    name: str
    states: tuple[str, ...]
    first: frozenset[str]
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A state that may come next. needs: names of facts that must hold; urgent: past the usual way."""

    to: str
    answer: Answer
    needs: tuple[str, ...] = ()
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of asking for one move. missing: facts that it needs and that were not given."""

    answer: Answer
    missing: tuple[str, ...] = ()

    @property
    def may_go(self) -> bool:
        """Whether it may be written down now, as a move or as a request."""
        return self.answer in (Answer.YES, Answer.ASK) and not self.missing


def steps(lifecycle: Lifecycle, state: str, roles: Collection[str]) -> tuple[Step, ...]:
    """What may follow this state for somebody with these roles, in the order of the table.

    What is not hers, or does not follow, is left out. The urgent way to a state is a step of its
    own beside the usual one, since it needs other facts.
    """
    return tuple(
        Step(move.to, answer, move.needs, move.urgent)
        for move in lifecycle.moves
        if move.leads_from(state) and (answer := move.answer(roles)) is not Answer.NOT_YOURS
    )


def judge(
    lifecycle: Lifecycle, was: str | None, to: str, roles: Collection[str], facts: Collection[str] = ()
) -> Judgement:
    """Whether somebody with these roles may move a record from one state to another.

    was: None for a new record, which may begin in any of the lifecycle's first states.
    facts: names of what is known to hold. Where several lines lead there, the best one counts:
        first whom it lets go, then what is missing.
    A state that stays as it is may always stay.
    """
    if was == to:
        return Judgement(Answer.YES)
    if was is None:
        return Judgement(Answer.YES if to in lifecycle.first else Answer.NO)
    found = [
        Judgement(move.answer(roles), tuple(need for need in move.needs if need not in facts))
        for move in lifecycle.moves
        if move.to == to and move.leads_from(was)
    ]
    return _best(found)


def _best(found: Iterable[Judgement]) -> Judgement:
    ranks = {answer: rank for rank, answer in enumerate(Answer)}

    def rank(judgement: Judgement) -> tuple[bool, int, int]:
        return (not judgement.may_go, ranks[judgement.answer], len(judgement.missing))

    return min(found, key=rank, default=Judgement(Answer.NO))
