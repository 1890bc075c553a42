"""From the rows of all files to the changes they come to, given what was imported before. Pure.

A row is taken whole or not at all. A row that only lacks a row which was not taken waits for it
and is counted there, so that one slip is one line of the report, not a hundred.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec

from sync.ops import Act
from tfworker.council.importing.central import CentralFile
from tfworker.council.importing.reader import ReadFile, Row
from tfworker.council.importing.report import BadRow
from tfworker.council.importing.wanted import Cells, Key, Ref, Wanted
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
# Where a record's reference is also known by another of its columns (families.csv names districts).
ALSO_CALLED = {"locality": "name"}
SHARED = ("agency",)  # made by many rows, all saying the same
WAITS = object()  # a field whose record is not there yet
# What a person calls the records that rows name.
NAMES = {
    "locality": "district",
    "team": "team",
    "worker": "worker",
    "family": "family",
    "person": "person",
    "allocation": "lead worker",
}


@dataclass(slots=True)
class Known:
    """A record imported before: its id, and the source's last word on each of its columns, as JSON."""

    record: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Planned:
    """One change to make, and what to remember of it.

    values: the source's word on each column, as JSON, to compare the next import with.
    """

    key: Key
    record: str
    kind: Act
    patch: dict[str, Any]
    values: dict[str, Any]
    file: str
    line: int

    @property
    def table(self) -> str:
        return self.key[0]


@dataclass(slots=True)
class Plan:
    """What an import comes to. taken: {file: rows whose own record is, or will be, as the file says}."""

    changes: list[Planned] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    taken: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Accepted:
    wanted: Wanted
    file: str
    line: int


class Planner:
    """Works through the files in order: parents before children.

    known: {(table, reference): Known} from earlier imports of the same source.
    new_id: makes ids. today: the day an allocation begins or ends when the files do not say.
    """

    def __init__(self, known: Mapping[Key, Known], new_id: Callable[[], str], today: date) -> None:
        self.known = known
        self.new_id = new_id
        self.today = today
        self.accepted: dict[Key, _Accepted] = {}
        self.blame: dict[Key, int] = {}  # {record that did not go in: place of the reason in `bad`}
        self.unusable: dict[str, int] = {}  # {table whose file could not be used: the same}
        self.waiting: dict[int, dict[str, list[int]]] = defaultdict(dict)
        self.family_of: dict[str, str] = {}  # {person reference: family reference}
        self.also: dict[Key, Key] = {}
        self.leads: dict[str, list[Key]] = {}
        self.plan = Plan()
        for key, before in known.items():
            if key[0] in ALSO_CALLED:
                self.also[key[0], str(before.values.get(ALSO_CALLED[key[0]]))] = key

    def work_out(self, files: Sequence[tuple[CentralFile, ReadFile]]) -> Plan:
        """The plan for all files, in the order of `central.FILES`."""
        for file, read in files:
            self._take_file(file, read)
        self._name_leaders()
        ids = {key: self._id_of(key) for key in self.accepted}
        for table in ORDER:
            for key, accepted in self.accepted.items():
                if key[0] == table:
                    self._change(accepted, ids)
        self._end_leads()
        bad = [
            b.with_waiting(self.waiting[n]) if n in self.waiting else b for n, b in enumerate(self.plan.bad)
        ]
        order = {file.shape.name: place for place, (file, _) in enumerate(files)}
        self.plan.bad = sorted(bad, key=lambda b: (order[b.file], b.line))
        return self.plan

    # -- reading rows ----------------------------------------------------------------------------

    def _take_file(self, file: CentralFile, read: ReadFile) -> None:
        first = len(self.plan.bad)
        self.plan.bad += read.bad
        self.plan.taken[read.name] = 0
        if not read.usable:
            self.unusable[file.table] = first
            return
        seen: dict[Key, int] = {}
        for row in read.rows:
            if self._take_row(file, row, seen):
                self.plan.taken[read.name] += 1

    def _take_row(self, file: CentralFile, row: Row, seen: dict[Key, int]) -> bool:
        cells = Cells(row)
        wanted = file.want(cells)
        name = file.shape.name
        if cells.faults:
            self._fault(BadRow(name, row.line, *cells.faults[0]), wanted)
            return False
        own = wanted[0]
        if own.key in seen:
            reason = f"the same reference is already on line {seen[own.key]}; that row was kept"
            self.plan.bad.append(BadRow(name, row.line, file.shape.key, reason))
            return False
        seen[own.key] = row.line
        for other in wanted:
            if other.table in SHARED:
                self.accepted.setdefault(other.key, _Accepted(other, name, row.line))
        return self._accept(name, row, wanted)

    def _fault(self, bad: BadRow, wanted: Sequence[Wanted]) -> None:
        place = len(self.plan.bad)
        self.plan.bad.append(bad)
        for one in wanted:
            # An earlier good row of the same reference stays good.
            if one.reference and one.table not in SHARED and one.key not in self.accepted:
                self.blame.setdefault(one.key, place)

    def _accept(self, name: str, row: Row, wanted: Sequence[Wanted]) -> bool:
        """Take the row's records, unless one of them names what is not there."""
        own = {one.key for one in wanted}
        waits: dict[Key, int] = {}  # {record: place in `bad` of the reason it cannot be made yet}
        for one in wanted:
            for ref in one.refs():
                if self._resolve(ref) in own or self._is_there(ref):
                    continue
                blame = self._blame(ref)
                if blame is None:
                    bad = BadRow(name, row.line, ref.column, f"there is no such {NAMES[ref.table]}")
                    self._fault(bad, wanted)
                    return False
                if ref.is_essential:
                    waits[one.key] = blame
        if self._is_elsewhere(wanted[0]):
            self._fault(BadRow(name, row.line, "person_ref", "this person is in another family"), wanted)
            return False
        whole = [waits[one.key] for one in wanted if one.key in waits and not one.may_wait]
        if whole:
            self._wait(wanted, whole[0], name, row.line)
            return False
        for one in wanted:
            if one.key in waits:
                self._wait([one], waits[one.key], f"{name} ({NAMES[one.table]})", row.line)
            elif one.table not in SHARED:
                self._keep(one, name, row.line)
        return True

    def _keep(self, one: Wanted, name: str, line: int) -> None:
        self.accepted[one.key] = _Accepted(one, name, line)
        if one.table in ALSO_CALLED:
            self.also[one.table, str(one.values[ALSO_CALLED[one.table]])] = one.key
        if one.table == "membership":
            self.family_of[one.values["person_id"].reference] = one.values["family_id"].reference

    def _wait(self, wanted: Iterable[Wanted], blame: int, what: str, line: int) -> None:
        self.waiting[blame].setdefault(what, []).append(line)
        for one in wanted:
            self.blame.setdefault(one.key, blame)

    def _is_elsewhere(self, own: Wanted) -> bool:
        """Whether a need names a person of another family."""
        if own.table != "need":
            return False
        family = own.values["family_id"].reference
        return any(self.family_of.get(ref.reference, family) != family for ref in own.values["person_ids"])

    # -- references ------------------------------------------------------------------------------

    def _resolve(self, ref: Ref) -> Key:
        return self.also.get(ref.key, ref.key)

    def _is_there(self, ref: Ref) -> bool:
        key = self._resolve(ref)
        return key in self.accepted or key in self.known

    def _blame(self, ref: Ref) -> int | None:
        """Why the record is not there, as a place in `bad`; None if no file ever had it."""
        return self.blame.get(self._resolve(ref), self.unusable.get(ref.table))

    def _id_of(self, key: Key) -> str:
        before = self.known.get(key)
        return before.record if before is not None else self.new_id()

    # -- from wanted records to changes ----------------------------------------------------------

    def _name_leaders(self) -> None:
        """A team's leader is the worker of that team whose role says so; the first, if several."""
        for accepted in list(self.accepted.values()):
            values = accepted.wanted.values
            if (
                accepted.wanted.table != "worker"
                or values["roles"] != ["team_leader"]
                or not values.get("team_id")
            ):
                continue
            team = self.accepted.get(self._resolve(values["team_id"]))
            if team is not None:
                leader = Ref("worker", accepted.wanted.reference, "staff_no", is_essential=False)
                team.wanted.values.setdefault("leader_id", leader)

    def _change(self, accepted: _Accepted, ids: Mapping[Key, str]) -> None:
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
            patch = {c: v for c, v in values.items() if word[c] != before.values.get(c, WAITS)}
            remembered = before.values | word
        if not patch:
            return
        kind = Act.INSERT if before is None else Act.UPDATE
        if wanted.table == "visit_note" and kind is Act.INSERT:
            patch["original_hash"] = note_hash({**patch, "id": record})
        place = (accepted.file, accepted.line)
        self.plan.changes.append(Planned(wanted.key, record, kind, patch, remembered, *place))

    def _with_ids(self, value: Any, ids: Mapping[Key, str]) -> Any:
        """A value with references turned into ids; WAITS when one is not there."""
        if isinstance(value, list):
            found = [self._with_ids(one, ids) for one in value]
            return WAITS if WAITS in found else found
        if not isinstance(value, Ref):
            return value
        key = self._resolve(value)
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
        return [
            key for key in self._leads_by_family().get(family, ()) if not self.known[key].values.get("to_on")
        ]

    def _leads_by_family(self) -> Mapping[str, list[Key]]:
        if not self.leads:
            for table, reference in self.known:
                if table == "allocation":
                    self.leads.setdefault(reference.partition("/")[0], []).append((table, reference))
        return self.leads

    def _end_leads(self) -> None:
        """The files name one lead worker a family; whoever they named before has ended today."""
        for accepted in list(self.accepted.values()):
            if accepted.wanted.table != "allocation":
                continue
            for key in self._open_leads(accepted.wanted.values["family_id"].reference):
                if key != accepted.wanted.key:
                    before = self.known[key]
                    values = before.values | {"to_on": self.today.isoformat()}
                    patch = {"to_on": self.today}
                    place = (accepted.file, accepted.line)
                    self.plan.changes.append(Planned(key, before.record, Act.UPDATE, patch, values, *place))
