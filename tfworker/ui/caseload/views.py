"""Which families of the caseload to show, and in which order. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from tfworker.actions.values import CaseRow

FAR = date.max
FAR_AT = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class View:
    """Part of the caseload that one may want to see by itself."""

    name: str
    words: str
    takes: Callable[[CaseRow], bool]


def children_to_see(row: CaseRow) -> bool:
    """A child is due to be seen, or one has not been seen, or seen alone, for as long as was read back."""
    seen = row.children_seen
    return bool(seen.children and (seen.gaps or seen.seen_on is None or seen.alone_on is None))


VIEWS = (
    View("all", "All", lambda row: True),
    View("caution", "With a caution", lambda row: bool(row.cautions)),
    View("children", "Children to see", children_to_see),
    View("visit", "No visit planned", lambda row: row.next_visit_at is None),
    View("review", "Plan review late", lambda row: row.plan_review_late),
    View("disputed", "Two versions", lambda row: bool(row.disputed)),
    View("unsent", "On this laptop only", lambda row: bool(row.unsent)),
)

# {name: (words, key)}; families without a date come last, and equal ones by name.
ORDERS: dict[str, tuple[str, Callable[[CaseRow], Any]]] = {
    "mine": ("Mine first, by name", lambda row: not row.my_role.code),
    "name": ("Family", lambda row: ()),
    "status": ("Where it stands", lambda row: (row.status.words, row.intensity.words)),
    "visit": ("Next visit", lambda row: row.next_visit_at or FAR_AT),
    "children": ("Children seen, longest ago", lambda row: _seen(row)),
    "review": ("Plan review", lambda row: row.plan_review_due or FAR),
}


def matching(rows: Iterable[CaseRow], words: str) -> list[CaseRow]:
    """The families in which every word typed occurs: name, reference, people, place, worker or state."""
    wanted = words.casefold().split()
    return [row for row in rows if all(word in _text(row) for word in wanted)]


def of_view(rows: Iterable[CaseRow], name: str) -> list[CaseRow]:
    """The families of one view. KeyError if there is none of that name."""
    takes = {view.name: view.takes for view in VIEWS}[name]
    return [row for row in rows if takes(row)]


def ordered(rows: Iterable[CaseRow], name: str) -> list[CaseRow]:
    """In this order. KeyError if there is none of that name."""
    key = ORDERS[name][1]
    return sorted(rows, key=lambda row: (key(row), row.label.casefold(), row.family_ref))


def counts(rows: Sequence[CaseRow]) -> dict[str, int]:
    """{view: families in it}."""
    return {view.name: len(of_view(rows, view.name)) for view in VIEWS}


def _text(row: CaseRow) -> str:
    said = (row.label, row.family_ref, row.people, row.locality, row.lead_worker, row.status.words,
            row.intensity.words, row.my_role.words, *(chip.words for chip in row.cautions))  # fmt: skip
    return " ".join(said).casefold()


def _seen(row: CaseRow) -> tuple[bool, date]:
    """Not seen at all before seen long ago; families without children last."""
    seen = row.children_seen
    return (not seen.children, seen.seen_on or date.min)
