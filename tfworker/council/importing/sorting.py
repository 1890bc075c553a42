"""Which rows of the files are taken, which are bad, and which wait for a bad one. Pure.

A row is taken whole or not at all. A row that only lacks a row which was not taken waits for it
and is named there, so that one slip is one line of the report, not a hundred.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tfworker.council.importing.central import CentralFile
from tfworker.council.importing.reader import ReadFile, Row
from tfworker.council.importing.report import BadRow
from tfworker.council.importing.wanted import Cells, Key, Known, Ref, Wanted

# Where a record's reference is also known by another of its columns (families.csv names districts).
ALSO_CALLED = {"locality": "name"}
SHARED = ("agency",)  # made by many rows, all saying the same
# What a person calls the records that rows name.
NAMES = {
    "locality": "district",
    "team": "team",
    "worker": "worker",
    "family": "family",
    "person": "person",
    "allocation": "lead worker",
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """A record that goes in, and the row that asks for it."""

    wanted: Wanted
    file: str
    line: int


class Sorting:
    """Works through the files in order, parents before children.

    known: {(table, reference): Known} from earlier imports of the same source.
    accepted: {(table, reference): Accepted}. taken: {file: rows that went in}.
    """

    def __init__(self, known: Mapping[Key, Known]) -> None:
        self.known = known
        self.accepted: dict[Key, Accepted] = {}
        self.taken: dict[str, int] = {}
        self.files: list[str] = []
        self._bad: list[BadRow] = []
        self._blame: dict[Key, int] = {}  # {record that did not go in: place of the reason in `_bad`}
        self._unusable: dict[str, int] = {}  # {table whose file could not be used: the same}
        self._waiting: dict[int, dict[str, list[int]]] = defaultdict(dict)
        self._family_of: dict[str, str] = {}  # {person reference: family reference}
        self._also: dict[Key, Key] = {}
        for key, before in known.items():
            if key[0] in ALSO_CALLED:
                self._also[key[0], str(before.word.get(ALSO_CALLED[key[0]]))] = key

    def bad(self) -> list[BadRow]:
        """Every row that was not taken, by file and line, each with the rows that wait for it."""
        found = [
            bad.with_waiting(self._waiting[place]) if place in self._waiting else bad
            for place, bad in enumerate(self._bad)
        ]
        return sorted(found, key=lambda bad: (self.files.index(bad.file), bad.line))

    def _keep(self, one: Wanted, file: str, line: int) -> None:
        self.accepted[one.key] = Accepted(one, file, line)
        if one.table in ALSO_CALLED:
            self._also[one.table, str(one.values[ALSO_CALLED[one.table]])] = one.key
        if one.table == "membership":
            self._family_of[one.values["person_id"].reference] = one.values["family_id"].reference

    def resolve(self, ref: Ref) -> Key:
        """The record a reference means, by its own name."""
        return self._also.get(ref.key, ref.key)

    def take_file(self, file: CentralFile, read: ReadFile) -> None:
        """Sort the rows of one file."""
        self.files.append(read.name)
        first = len(self._bad)
        self._bad += read.bad
        self.taken[read.name] = 0
        if not read.usable:
            self._unusable[file.table] = first
            return
        seen: dict[Key, int] = {}
        for row in read.rows:
            if self._take_row(file, row, seen):
                self.taken[read.name] += 1

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
            self._bad.append(BadRow(name, row.line, file.shape.key, reason))
            return False
        seen[own.key] = row.line
        for other in wanted:
            if other.table in SHARED:
                self.accepted.setdefault(other.key, Accepted(other, name, row.line))
        return self._accept(name, row, wanted)

    def _fault(self, bad: BadRow, wanted: Sequence[Wanted]) -> None:
        place = len(self._bad)
        self._bad.append(bad)
        for one in wanted:
            # An earlier good row of the same reference stays good.
            if one.reference and one.table not in SHARED and one.key not in self.accepted:
                self._blame.setdefault(one.key, place)

    def _accept(self, name: str, row: Row, wanted: Sequence[Wanted]) -> bool:
        """Take the row's records, unless one of them names what is not there."""
        own = {one.key for one in wanted}
        waits: dict[Key, int] = {}  # {record: place in `bad` of the reason it cannot be made yet}
        for one in wanted:
            for ref in one.refs():
                if self.resolve(ref) in own or self._is_there(ref):
                    continue
                blame = self._reason(ref)
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

    def _wait(self, wanted: Iterable[Wanted], blame: int, what: str, line: int) -> None:
        self._waiting[blame].setdefault(what, []).append(line)
        for one in wanted:
            self._blame.setdefault(one.key, blame)

    def _is_elsewhere(self, own: Wanted) -> bool:
        """Whether a need names a person of another family."""
        if own.table != "need":
            return False
        family = own.values["family_id"].reference
        return any(self._family_of.get(ref.reference, family) != family for ref in own.values["person_ids"])

    def _is_there(self, ref: Ref) -> bool:
        key = self.resolve(ref)
        return key in self.accepted or key in self.known

    def _reason(self, ref: Ref) -> int | None:
        """Why the record is not there, as a place in `_bad`; None if no file ever had it."""
        return self._blame.get(self.resolve(ref), self._unusable.get(ref.table))
