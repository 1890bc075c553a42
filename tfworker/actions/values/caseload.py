"""The caseload: a line a family."""

from dataclasses import dataclass
from datetime import date, datetime

from tfworker.actions.values.marks import Chip, Choice


@dataclass(frozen=True, slots=True)
class ChildrenSeen:
    """When the children of a family were last seen.

    seen_on, alone_on: the day by which every child had been seen (alone); None while one has not.
    words: "Children seen 9 Nov; Jay (8) alone 5 Oct". gaps: one sentence for each child who is
        due to be seen or seen alone; () when none is.
    """

    children: int
    seen_on: date | None
    alone_on: date | None
    words: str
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One family of the caseload.

    my_role: lead, co-worker, cover...; code "" when a leader sees a family of the team.
    people: a summary, "1 adult, 2 children (8, 11)".
    unsent: saved edits of the family without a receipt. disputed: its open cards.
    """

    family_id: str
    family_ref: str
    label: str
    initials: str
    status: Choice
    intensity: Choice
    my_role: Choice
    lead_worker: str
    locality: str
    people: str
    next_visit_at: datetime | None
    next_visit_words: str
    children_seen: ChildrenSeen
    plan_review_due: date | None
    plan_review_late: bool
    cautions: tuple[Chip, ...]
    unsent: int
    disputed: int
