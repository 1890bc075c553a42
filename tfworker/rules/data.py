"""What a council may change, from the content of its JSON files to values the rules take.

The content comes from `settings.subjects` (rulesets, standards, wording). Every reader raises
ValueError, naming the place, for a file that does not hold what it should: the council's own
mistake, found when the app or the service starts, not in a family's kitchen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tfworker.rules.lifecycle import ANY, Lifecycle, Move
from tfworker.rules.notes import MOST_REQUIRED

Content = Mapping[str, Any]  # what a JSON file holds

NOTE_CASES = ("visit", "no_access", "correspondence", "management_oversight", "other")


def lifecycles(content: Content) -> dict[str, Lifecycle]:
    """{record kind: its Lifecycle} from rulesets/lifecycles.json."""
    return {name: _lifecycle(name, part) for name, part in content.items() if isinstance(part, Mapping)}


def _lifecycle(name: str, part: Content) -> Lifecycle:
    states = tuple(part["states"])
    moves = tuple(
        _move(f"lifecycles.json: {name}, move {n}", move) for n, move in enumerate(part["moves"], 1)
    )
    named = set(part["first"]) | {move.to for move in moves} | {s for move in moves for s in move.before}
    unknown = named - set(states) - {ANY}
    if unknown:
        raise ValueError(f"lifecycles.json: {name} has no state {', '.join(sorted(unknown))}")
    return Lifecycle(name, states, frozenset(part["first"]), moves)


def _move(place: str, move: Content) -> Move:
    by = _texts(place, move, "by")
    if not by:
        raise ValueError(f"{place}: nobody may make it")
    return Move(
        before=frozenset(_texts(place, move, "from")),
        to=_text(place, move, "to"),
        by=frozenset(by),
        asks=frozenset(_texts(place, move, "asks")),
        needs=tuple(_texts(place, move, "needs")),
        urgent=bool(move.get("urgent", False)),
    )


def note_rules(content: Content) -> dict[str, tuple[str, ...]]:
    """{case: columns a note must have to be finished} from rulesets/notes.json."""
    required = {case: tuple(columns) for case, columns in content["required"].items()}
    absent = [case for case in NOTE_CASES if case not in required]
    if absent:
        raise ValueError(f"notes.json: required says nothing about {', '.join(absent)}")
    for case, columns in required.items():
        if len(columns) > MOST_REQUIRED:
            raise ValueError(f"notes.json: {case} asks for {len(columns)} things, at most {MOST_REQUIRED}")
    return required


@dataclass(frozen=True, slots=True)
class Standard:
    """A practice standard, as the record practice_standard holds it.

    source: empty when the number was found in no source. about_source: what is known about it.
    """

    code: str
    text: str
    measure: str
    n: int | None
    unit: str
    applies_to: str
    source: str
    about_source: str
    set_by: str
    set_on: date | None

    @property
    def is_sourced(self) -> bool:
        return bool(self.source)


def standards(content: Content) -> dict[str, Standard]:
    """{code: Standard} in the order of standards/practice.json."""
    found: dict[str, Standard] = {}
    for number, line in enumerate(content["standards"], 1):
        place = f"practice.json: standard {number}"
        code = _text(place, line, "code")
        if code in found:
            raise ValueError(f"{place}: there is a {code} already")
        set_on = line.get("set_on")
        found[code] = Standard(
            code=code,
            text=_text(place, line, "text"),
            measure=line.get("measure", ""),
            n=_whole(place, line, "n"),
            unit=_text(place, line, "unit"),
            applies_to=line.get("applies_to", "all"),
            source=line.get("source", ""),
            about_source=line.get("about_source", ""),
            set_by=line.get("set_by", ""),
            set_on=date.fromisoformat(set_on) if set_on else None,
        )
    return found


@dataclass(frozen=True, slots=True)
class Indicator:
    """One sign of a headline problem. source: empty when it is this county's own."""

    code: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline problem of a rule set; position counts from 1 within its rule set."""

    rule_set: str
    code: str
    title: str
    position: int
    indicators: tuple[Indicator, ...]
    source: str


@dataclass(frozen=True, slots=True)
class LocalNeed:
    """A need that is no headline problem. maps_to_headline: None, or the code it also counts as."""

    code: str
    title: str
    maps_to_headline: str | None
    source: str


def headlines(content: Content) -> list[Headline]:
    """The headline problems of rulesets/needs.json, in order."""
    found: list[Headline] = []
    for number, line in enumerate(content["headline_problems"], 1):
        place = f"needs.json: headline problem {number}"
        rule_set, code = _text(place, line, "rule_set"), _text(place, line, "code")
        before = [headline for headline in found if headline.rule_set == rule_set]
        if code in {headline.code for headline in before}:
            raise ValueError(f"{place}: {rule_set} has a {code} already")
        indicators = tuple(
            Indicator(_text(place, sign, "code"), _text(place, sign, "text"), sign.get("source", ""))
            for sign in line.get("indicators", ())
        )
        title = _text(place, line, "title")
        found.append(Headline(rule_set, code, title, len(before) + 1, indicators, line.get("source", "")))
    return found


def local_needs(content: Content) -> list[LocalNeed]:
    """The local need types of rulesets/needs.json, in order."""
    codes = {headline.code for headline in headlines(content)}
    found = []
    for number, line in enumerate(content["local_need_types"], 1):
        place = f"needs.json: local need {number}"
        maps_to = line.get("maps_to_headline")
        if maps_to is not None and maps_to not in codes:
            raise ValueError(f"{place}: there is no headline problem {maps_to}")
        code, title = _text(place, line, "code"), _text(place, line, "title")
        found.append(LocalNeed(code, title, maps_to, line.get("source", "")))
    return found


def say(wording: Content, kind: str, code: str | None) -> str:
    """The words for a stored value: of wording/en.json, else the code itself with blanks.

    kind: a class of records.words ("FamilyStatus") or another kind of that file. None is "".
    """
    if not code:
        return ""
    words = wording.get(kind, {}).get(code)
    return words if isinstance(words, str) else code.replace("_", " ")


def _text(place: str, line: Content, name: str) -> str:
    value = line.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{place}: {name} should be a text")
    return value


def _texts(place: str, line: Content, name: str) -> list[str]:
    value = line.get(name, [])
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ValueError(f"{place}: {name} should be a list of texts")
    return value


def _whole(place: str, line: Content, name: str) -> int | None:
    value = line.get(name)
    if value is not None and type(value) is not int:
        raise ValueError(f"{place}: {name} should be a whole number or null")
    return value
