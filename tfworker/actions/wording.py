"""Coded values in words, and what a council may change as the rules take it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache

from tfworker import settings
from tfworker.actions.values import Choice
from tfworker.rules import data
from tfworker.rules.lifecycle import Lifecycle


def word(kind: type[StrEnum], code: str | None) -> Choice:
    """A stored code with its words. A code this version does not know is shown as it is written."""
    return Choice(code or "", data.say(settings.wording()["en"], kind.__name__, code))


def said(kind: str, code: str) -> str:
    """The words under a kind and code of resources/wording/en.json."""
    return data.say(settings.wording()["en"], kind, code)


def gap(kind: str, which: str, **parts: object) -> str:
    """A sentence about something missing, from en.json's "gap"."""
    text: str = settings.wording()["en"]["gap"][kind][which]
    return text.format(**parts)


@cache
def words_of(kind: type[StrEnum]) -> tuple[Choice, ...]:
    """Every value of an enum, in its order, for a list to choose from."""
    return tuple(word(kind, member.value) for member in kind)


@cache
def lifecycles() -> Mapping[str, Lifecycle]:
    """{table: which state follows which}."""
    return data.lifecycles(settings.subjects("rulesets")["lifecycles"])


@cache
def note_rules() -> Mapping[str, Sequence[str]]:
    """{case: what a note must have to be finished}."""
    return data.note_rules(settings.subjects("rulesets")["notes"])


@cache
def standard(code: str) -> int:
    """The number of a practice standard. Raises KeyError for one that no file has."""
    n = data.standards(settings.standards()["practice"])[code].n
    if n is None:
        raise KeyError(code)
    return n
