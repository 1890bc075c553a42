"""What a worker must know before she goes in or rings: from risk markers, address and numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

Record = Mapping[str, Any]  # {column: value}

CALL_SAFETY = ("yes", "only_when", "no")  # from least to most protective, as contact_point's policy

# In the order to show: what can hurt first. What is not here (a newer version's kind) is shown as
# "other", before the merely troublesome.
MARKER_ORDER = (
    "violence_to_staff",
    "weapons",
    "sexual_risk",
    "no_lone_visit",
    "alone_male",
    "alone_female",
    "do_not_disclose_to",
    "confidential_address",
    "other",
    "hazard",
    "dog",
    "not_safe_to_call",
    "only_when",
    "no_messages",
)


@dataclass(frozen=True, slots=True)
class Caution:
    """One chip. code: a key of the wording's caution_chip.

    person_ids: whom it is about; empty for the whole family or its address.
    review_late: some marker behind it should have been looked at again by now, or has no day for it.
    """

    code: str
    person_ids: tuple[str, ...] = ()
    review_late: bool = False


def is_raised(marker: Record) -> bool:
    """Whether a marker stands. One whose state nobody wrote, or that this laptop was not given, does."""
    return marker.get("state") != "cleared"


def strictest_call(values: Iterable[str | None]) -> str | None:
    """The strictest of several answers to "safe to call?": what applies while they are disputed.

    A word that this version does not know is stricter than any; None is no answer, and the least.
    None when there was no answer at all: then ask before calling.
    """
    answers = [value for value in values if value]
    return max(answers, key=_strictness, default=None)


def _strictness(value: str) -> int:
    return CALL_SAFETY.index(value) if value in CALL_SAFETY else len(CALL_SAFETY)


def is_current(record: Record, today: date, begins: str, ends: str) -> bool:
    """Whether a record holds on a day, both ends included; an empty end is open."""
    start, end = record.get(begins), record.get(ends)
    return (start is None or start <= today) and (end is None or today <= end)


def is_confidential(household: Record) -> bool:
    """Whether an address is secret: it says so, or this laptop was not even given the answer."""
    return household.get("confidential") is not False


def cautions(
    markers: Iterable[Record],
    contact_points: Iterable[Record],
    households: Iterable[Record],
    today: date,
) -> list[Caution]:
    """The chips a family shows, each code once, the gravest first.

    Markers stand until they are cleared, however late their review: lateness is said, and never
    takes one away. Numbers and addresses count while they are valid.
    """
    people: dict[str, set[str]] = {}
    late: set[str] = set()
    for marker in markers:
        if is_raised(marker):
            code = _code(marker.get("kind"))
            people.setdefault(code, set()).update(_about(marker))
            review_on = marker.get("review_on")
            if review_on is None or review_on < today:
                late.add(code)
    for household in households:
        if is_current(household, today, "from_on", "to_on") and is_confidential(household):
            people.setdefault("confidential_address", set())
    for point in contact_points:
        if is_current(point, today, "valid_from", "valid_to"):
            for code in _calling(point):
                people.setdefault(code, set()).update(_about(point))
    return [
        Caution(code, tuple(sorted(people[code])), code in late) for code in MARKER_ORDER if code in people
    ]


def _code(kind: Any) -> str:
    return kind if kind in MARKER_ORDER else "other"


def _about(record: Record) -> set[str]:
    person = record.get("person_id")
    return {str(person)} if person else set()


def _calling(point: Record) -> list[str]:
    answer = point.get("safe_to_call")
    found = []
    if answer == "only_when":
        found.append("only_when")
    elif answer not in (None, "yes"):
        found.append("not_safe_to_call")
    if point.get("do_not_leave_message"):
        found.append("no_messages")
    return found
