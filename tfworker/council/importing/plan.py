"""From the records the files ask for to the changes they come to, given earlier imports. Pure.

Only what the source says differently from its last word makes a change.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from sync.ops import Act
from tfworker.council.importing.sorting import Accepted, Sorting
from tfworker.council.importing.wanted import Key, Ref, Wanted
from tfworker.rules.notes import note_hash

# Families last: until its family is there nobody has a person or a note, so an import shows
# itself all at once, and who-may-what is drawn once.
ORDER = (
    "locality",
    "agency",
    "team",
    "worker",
    "person",
    "membership",
    "contact_point",
    "household",
    "need",
    "visit_note",
    "allocation",
    "family",
)
NAMED_AHEAD = ("worker", "family")  # records before them in the order name them
WAITS = object()  # a field whose record is not there yet


@dataclass(frozen=True, slots=True)
class Planned:
    """One change to make, and what to remember of it.

    word: the source's word on each column, as JSON, to compare the next import with.
    was: its word the last time on the columns of the patch; None for a new record. Where somebody
        has changed one of them since, both values wait for a person.
    """

    key: Key
    record: str
    kind: Act
    patch: dict[str, Any]
    word: dict[str, Any]
    file: str
    line: int
    was: dict[str, Any] | None = None

    @property
    def table(self) -> str:
        return self.key[0]


class Planner:
    """Makes the changes of one import.

    id_for: makes the id of a record that is not here yet.
    today: the day an allocation begins or ends when the files do not say.
    """

    def __init__(self, sorting: Sorting, id_for: Callable[[Key], str], today: date) -> None:
        self.sorting = sorting
        self.known = sorting.known
        self.id_for = id_for
        self.today = today
        self.changes: list[Planned] = []
        self.leads: dict[str, list[Key]] = {}  # {family reference: allocations of earlier imports}
        for table, reference in self.known:
            if table == "allocation":
                self.leads.setdefault(reference.partition("/")[0], []).append((table, reference))

    def work_out(self) -> list[Planned]:
        """Every change, parents before what names them but for families, which come last."""
        self._name_leaders()
        ids = {key: self._id_of(key) for key in self.sorting.accepted}
        for table in ORDER:
            for key, accepted in self.sorting.accepted.items():
                if key[0] == table:
                    self._change(accepted, ids)
        self._end_leads()
        return self.changes

    def _id_of(self, key: Key) -> str:
        before = self.known.get(key)
        return before.record if before is not None else self.id_for(key)

    # -- from wanted records to changes ----------------------------------------------------------

    def _name_leaders(self) -> None:
        """A team's leader is the worker of that team whose role says so; the first, if several."""
        for accepted in list(self.sorting.accepted.values()):
            values = accepted.wanted.values
            if (
                accepted.wanted.table != "worker"
                or values["roles"] != ["team_leader"]
                or not values.get("team_id")
            ):
                continue
            team = self.sorting.accepted.get(self.sorting.resolve(values["team_id"]))
            if team is not None:
                leader = Ref("worker", accepted.wanted.reference, "staff_no", is_essential=False)
                team.wanted.values.setdefault("leader_id", leader)

    def _change(self, accepted: Accepted, ids: Mapping[Key, str]) -> None:
        wanted, record = accepted.wanted, ids[accepted.wanted.key]
        before = self.known.get(wanted.key)
        if before is None and wanted.is_empty:
            return
        named = {column: self._with_ids(value, ids) for column, value in wanted.values.items()}
        values = {column: value for column, value in named.items() if value is not WAITS}
        word = msgspec.to_builtins(values)
        if before is None:
            first = wanted.initial | values | self._takes_over(wanted)
            patch = {column: value for column, value in first.items() if value is not None}
            remembered = word
        else:
            patch = {c: v for c, v in values.items() if word[c] != before.word.get(c, WAITS)}
            remembered = before.word | word
        if not patch:
            return
        kind = Act.INSERT if before is None else Act.UPDATE
        if wanted.table == "visit_note" and kind is Act.INSERT:
            patch["original_hash"] = note_hash({**patch, "id": record})
        was = None if before is None else {column: before.word.get(column) for column in patch}
        place = (accepted.file, accepted.line)
        self.changes.append(Planned(wanted.key, record, kind, patch, remembered, *place, was))

    def _with_ids(self, value: Any, ids: Mapping[Key, str]) -> Any:
        """A value with references turned into ids; WAITS when one is not there."""
        if isinstance(value, list):
            found = [self._with_ids(one, ids) for one in value]
            return WAITS if WAITS in found else found
        if not isinstance(value, Ref):
            return value
        key = self.sorting.resolve(value)
        if key in ids:
            return ids[key]
        return self.known[key].record if key in self.known else WAITS

    # -- lead workers ----------------------------------------------------------------------------

    def _takes_over(self, wanted: Wanted) -> dict[str, Any]:
        """When a new lead's allocation begins: today if she takes over, or if the files do not say."""
        if wanted.table != "allocation":
            return {}
        begins = wanted.values.get("from_on") or wanted.initial.get("from_on")
        family = wanted.values["family_id"].reference
        return {"from_on": self.today} if begins is None or self._open_leads(family) else {}

    def _open_leads(self, family: str) -> list[Key]:
        """Allocations of earlier imports that the source has not ended."""
        return [key for key in self.leads.get(family, ()) if not self.known[key].word.get("to_on")]

    def _end_leads(self) -> None:
        """The files name one lead worker a family; whoever they named before has ended today."""
        for accepted in list(self.sorting.accepted.values()):
            if accepted.wanted.table != "allocation":
                continue
            for key in self._open_leads(accepted.wanted.values["family_id"].reference):
                if key != accepted.wanted.key:
                    before = self.known[key]
                    values = before.word | {"to_on": self.today.isoformat()}
                    patch = {"to_on": self.today}
                    place = (accepted.file, accepted.line)
                    was = {"to_on": before.word.get("to_on")}
                    self.changes.append(Planned(key, before.record, Act.UPDATE, patch, values, *place, was))
