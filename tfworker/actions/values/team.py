"""Concerns, the team page and search."""

from dataclasses import dataclass
from datetime import date, datetime

from tfworker.actions.values.marks import Chip, Choice, Whereabouts


@dataclass(frozen=True, slots=True)
class Concern:
    """A safeguarding concern.

    family_label: "" when it is about nobody on the laptop. told: who was told, as written.
    sending_words: "Sent 10:42", or "Not sent: ring 01632 960999" while there is no receipt.
    acknowledged_words: "" until a named person has.
    """

    concern_id: str
    family_id: str | None
    family_label: str
    seen_or_said: str
    told: str
    immediate_danger: bool
    raised_by: str
    raised_at: datetime
    raised_words: str
    whereabouts: Whereabouts
    sending_words: str
    acknowledged_by: str
    acknowledged_at: datetime | None
    acknowledged_words: str
    may_acknowledge: bool


@dataclass(frozen=True, slots=True)
class FamilyOfWorker:
    """One family of a worker's caseload, for the team page."""

    family_id: str
    label: str
    status: Choice
    role: Choice


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """One worker of the team.

    caseload: families she leads today. capacity: agreed for her; None when nobody has said.
    over: caseload is above capacity. late_notes: visits past the standard without a finished note.
    last_synced_at: None when the council has not told this laptop.
    chips: "2 plan reviews late", "full"; facts only, never a ranking.
    """

    worker_id: str
    name: str
    role: Choice
    caseload: int
    capacity: int | None
    caseload_words: str
    over: bool
    late_notes: int
    last_synced_at: datetime | None
    last_synced_words: str
    chips: tuple[Chip, ...]
    families: tuple[FamilyOfWorker, ...]


@dataclass(frozen=True, slots=True)
class TeamPage:
    """A team as its leader sees it. concerns: not acknowledged first.

    to_settle: open cards of the team's families; oldest_words: "oldest 1 day"; "" with none.
    waiting: things that wait for the leader's decision, one sentence each.
    settle_words: the open cards in a sentence; late_words: how many of them are older than 5 working
        days; tray: requests and changes of previous workers that wait for her, a sentence each
        with how many are older than that; to_decide: how many things wait for her, cards apart.
    unsent_words: what is known of unsent work on her workers' laptops.
    """

    team_name: str
    supported: int
    attached: int
    concerns: tuple[Concern, ...]
    to_acknowledge: int
    to_settle: int
    oldest_to_settle_at: datetime | None
    oldest_words: str
    workers: tuple[WorkerRow, ...]
    waiting: tuple[str, ...]
    settle_words: str = ""
    late_words: str = ""
    tray: tuple[tuple[str, str], ...] = ()
    to_decide: int = 0
    unsent_words: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found.

    kind: family, person or note. record: its id. before, found, after: the passage in three parts,
    for the screen to mark the middle one. on: the day it is about; None for people and families.
    """

    kind: Choice
    record: str
    family_id: str
    family_label: str
    title: str
    before: str
    found: str
    after: str
    on: date | None
    on_words: str
