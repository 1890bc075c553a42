"""From a cell's text to a value: dates, moments, choices, codes. Pure.

Each function takes the trimmed text and gives None for an empty cell. A text that will not do
raises BadCell with a reason that does not repeat it.
"""

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/London")  # central exports carry local times without a zone
EARLIEST, LATEST = date(1890, 1, 1), date(2100, 1, 1)  # outside of these a date is a slip of the keys
LONGEST_LINE = 500  # characters of a name, an address or a code
LONGEST_NAME = 200  # of a thing that is known by its name alone
LONGEST_TEXT = 100_000  # characters of a case note
CODE = re.compile(r"[A-Za-z0-9_\-]{1,40}")


class BadCell(ValueError):
    """A cell that cannot be taken; the message says why in plain words, without its content."""


def line_of(text: str) -> str | None:
    """A short text of one line."""
    if "\n" in text or "\r" in text:
        raise BadCell("one line expected")
    return _bounded(text, LONGEST_LINE)


def name_of(text: str) -> str | None:
    """The name of something known by its name alone."""
    return _bounded(line_of(text) or "", LONGEST_NAME)


def text_of(text: str) -> str | None:
    """A text of any number of lines, with line ends as \\n."""
    return _bounded(text.replace("\r\n", "\n").replace("\r", "\n"), LONGEST_TEXT)


def _bounded(text: str, longest: int) -> str | None:
    if len(text) > longest:
        raise BadCell(f"longer than {longest:,} characters")
    return text or None


def reference_of(text: str) -> str:
    """A reference or code; it may not be empty."""
    if not text:
        raise BadCell("empty, and the row cannot do without it")
    if not CODE.fullmatch(text):
        raise BadCell("not a reference (letters, digits, - and _, at most 40)")
    return text


def code_of(text: str) -> str | None:
    """As `reference_of`, but an empty cell is None."""
    return reference_of(text) if text else None


def date_of(text: str) -> date | None:
    """A day written yyyy-mm-dd. No other way is guessed at: 03/04 is two different days."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        day = None
    if day is None:
        raise BadCell("not a date written yyyy-mm-dd")
    if not EARLIEST <= day <= LATEST:
        raise BadCell(f"a date before {EARLIEST.year} or after {LATEST.year}")
    return day


def moment_of(text: str) -> datetime | None:
    """A local time yyyy-mm-ddThh:mm[:ss], as a moment in UTC. Of an hour that comes twice, the first."""
    if not text:
        return None
    if not re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", text):
        raise BadCell("not a time written yyyy-mm-ddThh:mm")
    date_of(text[:10])
    try:
        return datetime.fromisoformat(text).replace(tzinfo=LOCAL).astimezone(UTC)
    except ValueError as error:
        raise BadCell("not a time written yyyy-mm-ddThh:mm") from error


def choice_of(text: str, choices: type[StrEnum]) -> str | None:
    """One of the values of a list of words."""
    if not text:
        return None
    if text not in _values(choices):
        raise BadCell(f"not one of: {', '.join(choices)}")
    return text


@cache
def _values(choices: type[StrEnum]) -> frozenset[str]:
    return frozenset(choice.value for choice in choices)


def yes_no(text: str) -> bool | None:
    """True for yes, False for no."""
    if text not in ("yes", "no", ""):
        raise BadCell("not yes or no")
    return text == "yes" if text else None


def percent_of(text: str) -> int | None:
    """A share of full time written 0.6, as 60."""
    if not text:
        return None
    try:
        share = float(text)
    except ValueError as error:
        raise BadCell("not a share of full time such as 0.6") from error
    if not 0 < share <= 1.5:
        raise BadCell("not a share of full time such as 0.6")
    return round(share * 100)
