"""What an import did, and each row it could not take, for the person who ran it.

Reasons name files, lines and columns and say what is wrong in plain words; they never repeat what
a cell holds, which may be anybody's name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

HEADER_LINE = 1
LINES_NAMED = 6  # more waiting rows than this are counted, not named


@dataclass(frozen=True, slots=True)
class BadRow:
    """One row (or a whole file or column) that was not imported.

    line: the row's first line in the file, the header being 1; 0: the file as a whole.
    column: the column at fault; "" when it is the row or the file.
    reason: what is wrong, in plain words, without the cell's content.
    waiting: {file: first lines of its rows} that were left out only because they belong to this
        row; they go in by themselves once it is put right.
    """

    file: str
    line: int
    column: str
    reason: str
    waiting: Mapping[str, Sequence[int]] | None = None

    def __str__(self) -> str:
        place = self.file if self.line == 0 else f"{self.file}, line {self.line}"
        if self.column:
            place = f"{place}, {self.column}"
        return f"{place}: {self.reason}{self._waiting_text()}"

    def _waiting_text(self) -> str:
        if not self.waiting:
            return ""
        named = "; ".join(f"{file} {_lines_text(lines)}" for file, lines in sorted(self.waiting.items()))
        return f" (waiting for it: {named})"

    def with_waiting(self, waiting: Mapping[str, Sequence[int]]) -> "BadRow":
        """The same finding, naming what waits for it."""
        return replace(self, waiting=dict(waiting))


def _lines_text(lines: Sequence[int]) -> str:
    if len(lines) > LINES_NAMED:
        return f"{len(lines):,} rows"
    return f"{'line' if len(lines) == 1 else 'lines'} {', '.join(map(str, lines))}"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    read: {file: rows in it}. taken: {file: rows that are in the council's records now, changed or not}.
    added, changed: {table: records} made and changed by this run; both empty on a second run.
    bad: every row that was not taken and why, by file and line.
    queued: changes of this run that met another person's at the same time and made or joined a card.
    """

    read: Mapping[str, int]
    taken: Mapping[str, int]
    added: Mapping[str, int]
    changed: Mapping[str, int]
    bad: tuple[BadRow, ...]
    queued: int = 0

    @property
    def changes(self) -> int:
        """How many records this run made or changed."""
        return sum(self.added.values()) + sum(self.changed.values())

    def lines(self) -> list[str]:
        """The report as a person reads it: each file, the total, then each row left out."""
        files = [f"{file}: {self.taken.get(file, 0):,} of {rows:,} rows" for file, rows in self.read.items()]
        total = f"{sum(self.added.values()):,} records added, {sum(self.changed.values()):,} changed"
        if self.queued:
            total = f"{total}, {self.queued:,} waiting for a person to choose"
        return [*files, total, *(str(bad) for bad in self.bad)]
