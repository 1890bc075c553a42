"""What a field is called and how its value reads, whichever table it is in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache, cached_property
from typing import Any

from sqlalchemy import Connection, select

from sync.sql import Schema
from tfworker import settings
from tfworker.actions.members import called
from tfworker.actions.phrases import day, first_words, local, moment, say
from tfworker.actions.values import Choice
from tfworker.actions.wording import word, words_of
from tfworker.records import (
    Agency,
    Goal,
    HeadlineProblem,
    Locality,
    LocalNeedType,
    Need,
    Person,
    Plan,
    Team,
    Worker,
    words,
)

ENUMS: Mapping[str, type[StrEnum]] = {
    "action.owner_kind": words.OwnerKind,
    "action.state": words.ActionState,
    "allocation.role": words.AllocationRole,
    "contact_point.kind": words.ContactKind,
    "contact_point.safe_to_call": words.SafeToCall,
    "document.kind": words.DocumentKind,
    "family.intensity": words.Intensity,
    "family.status": words.FamilyStatus,
    "goal.state": words.GoalState,
    "household.tenure": words.Tenure,
    "membership.lives_here": words.LivesHere,
    "membership.parental_responsibility": words.YesNoUnknown,
    "membership.role": words.MemberRole,
    "need.severity": words.NeedSeverity,
    "need.source": words.NeedSource,
    "need.status": words.NeedStatus,
    "note_amendment.kind": words.AmendmentKind,
    "person.legal_status": words.LegalStatus,
    "plan.state": words.PlanState,
    "risk_marker.kind": words.MarkerKind,
    "risk_marker.state": words.MarkerState,
    "visit.risk_level": words.RiskLevel,
    "visit.state": words.VisitState,
    "visit.type": words.VisitType,
    "visit_note.correspondence": words.Correspondence,
    "visit_note.kind": words.NoteKind,
    "visit_note.visit_type": words.VisitType,
}

# Written by people at length: a review may join them, a form gives them room.
FREE_TEXT = frozenset({
    "action.what", "family.priority_now", "family.story_so_far", "goal.measure", "goal.statement",
    "household.access_note", "need.described_in_family_words", "person.communication_needs",
    "person.health_note", "plan.aims_in_family_words", "risk_marker.detail", "visit.hazard_note",
    "visit.measures", "visit.purpose", "visit.rooms_seen",
})  # fmt: skip

# Codes of what a council says its needs are: the prefix under which need_titles has them.
NEED_TYPES = {"need.headline": "h", "need.local_type": "l"}

# Lists of ids: what they are ids of. Single ids say so themselves (Column.info["refers"]).
_LISTS = {
    "goal.need_ids": "need",
    "goal.person_ids": "person",
    "need.person_ids": "person",
    "plan.members_covered": "person",
    "visit.worker_ids": "worker",
    "visit_note.goal_ids": "goal",
    "visit_note.need_ids": "need",
}


def choices(what: str) -> tuple[Choice, ...]:
    """What a field may hold, in order, for a list to choose from. what: "<table>.<column>"."""
    return words_of(ENUMS[what])


def label(table: str, column: str) -> str:
    """What a field is called, as in the middle of a sentence ("what matters now")."""
    return _fields().get(f"{table}.{column}") or column.replace("_", " ")


def thing(table: str) -> str:
    """What a record of a table is called: "the goal"."""
    return _fields().get(f"thing.{table}") or table.replace("_", " ")


@cache
def _fields() -> Mapping[str, str]:
    found: Mapping[str, str] = settings.wording()["fields"]
    return found


@dataclass
class Reading:
    """Reads stored values out in words, within one transaction; looks names up when it needs them."""

    connection: Connection
    schema: Schema
    now: datetime
    _names: dict[str, dict[str, str]] = field(default_factory=dict)

    @cached_property
    def today(self) -> date:
        return local(self.now).date()

    @cached_property
    def _need_titles(self) -> dict[str, str]:
        return need_titles(self.connection)

    def choices(self, table: str, column: str) -> tuple[Choice, ...]:
        """What a field may hold, for a list to choose from; () for free words, days and numbers."""
        key = f"{table}.{column}"
        if key in NEED_TYPES:
            kind = NEED_TYPES[key]
            titles = self._need_titles.items()
            return tuple(Choice(code[2:], title) for code, title in titles if code[0] == kind)
        return words_of(ENUMS[key]) if key in ENUMS else ()

    def words(self, table: str, column: str, value: Any) -> str:
        """A stored value as a person reads it; "(empty)" for none."""
        if value is None or value == "" or value == []:
            return say("empty")
        key = f"{table}.{column}"
        if key in ENUMS:
            return word(ENUMS[key], str(value)).words
        if key in NEED_TYPES:
            return self._need_titles.get(f"{NEED_TYPES[key]}:{value}") or str(value).replace("_", " ")
        if isinstance(value, bool):
            return say("yes" if value else "no")
        if isinstance(value, datetime):
            return moment(value, self.now)
        if isinstance(value, date):
            return day(value, self.today)
        if isinstance(value, list):
            return self._list(_LISTS.get(key), value)
        if isinstance(value, dict):
            return self._one(value)
        about = self.schema[table].refers.get(column) if table in self.schema.synced else None
        return self.name(about, str(value)) if about else str(value)

    def stored(self, table: str, column: str, value: Any) -> Any:
        """A value as it travelled (dates as text) as the one that is stored."""
        known, extra = self.schema[table].stored({column: value})
        return known.get(column, extra.get(column))

    def name(self, table: str, record: str) -> str:
        """What a record is called, from this laptop; "a colleague" and the like when it is not here."""
        found = self._names.setdefault(table, {})
        if record not in found:
            found |= self._look_up(table, record)
        return found.get(record) or say("nobody_known" if table == "worker" else "somebody")

    def _list(self, table: str | None, value: Sequence[Any]) -> str:
        if table is not None:
            return ", ".join(self.name(table, str(record)) for record in value)
        return ", ".join(self._one(v) if isinstance(v, dict) else str(v) for v in value)

    def _one(self, named: Mapping[str, Any]) -> str:
        """Somebody by name, or a person on the record by id (words.Named)."""
        return str(named.get("name") or "") or self.name("person", str(named.get("person_id")))

    def _look_up(self, table: str, record: str) -> dict[str, str]:
        if table == "worker":
            return dict(self.connection.execute(select(Worker.id, Worker.display_name)).all())
        if table == "person":
            found = self.connection.execute(
                select(Person.known_as, Person.forenames, Person.family_name).where(Person.id == record)
            ).one_or_none()
            return {} if found is None else {record: called(*found)}
        column = _TITLES.get(table)
        if column is None:
            return {}
        row = self.connection.execute(select(column).where(column.class_.id == record)).one_or_none()
        return {} if row is None else {record: first_words(str(row[0] or ""), 60)}


_TITLES: Mapping[str, Any] = {
    "agency": Agency.name,
    "goal": Goal.statement,
    "locality": Locality.name,
    "need": Need.described_in_family_words,
    "plan": Plan.number,
    "team": Team.name,
}


def need_titles(connection: Connection) -> dict[str, str]:
    """{code: title} of headline problems ("h:<code>") and local need types ("l:<code>"), in order."""
    titles = {
        f"h:{row.code}": row.title
        for row in connection.execute(
            select(HeadlineProblem.code, HeadlineProblem.title)
            .where(HeadlineProblem.active)
            .order_by(HeadlineProblem.position)
        )
    }
    local_types = connection.execute(
        select(LocalNeedType.code, LocalNeedType.title)
        .where(LocalNeedType.active)
        .order_by(LocalNeedType.title)
    )
    return titles | {f"l:{row.code}": row.title for row in local_types}
