"""Reading one file of the central records: UTF-8 CSV, row by row, bad rows named and left out.

A file is read whole as bytes. A byte that is not UTF-8 spoils its own row only; a quotation mark
that is never closed spoils the lines it swallowed, no more.
"""

import csv
import io
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tfworker.council.importing.report import HEADER_LINE, BadRow

WHOLE_FILE = 0
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
BROKEN_QUOTES = "a quotation mark is open or misplaced"
NO_TEXT = re.compile("[\0\udc80-\udcff]")  # NUL, and what surrogateescape makes of a byte that is not UTF-8


@dataclass(frozen=True, slots=True)
class FileShape:
    """A file we expect: its columns, those a row cannot do without first.

    name: with its ending, "families.csv". key: the column that names a row; "" if none does.
    """

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its first line in the file and its cells by column, trimmed. Missing columns read ""."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as read. `usable` is False when nothing of it could be imported, for the one reason in `bad`.

    present: the optional columns the file has; a column that is not there says nothing about its field.
    """

    name: str
    usable: bool
    rows: tuple[Row, ...] = ()
    bad: tuple[BadRow, ...] = ()
    present: frozenset[str] = frozenset()


def read_file(folder: Path, shape: FileShape) -> ReadFile:
    """Read one file of the folder. Never raises for what is in it; a missing file is one bad line."""
    try:
        content = (folder / shape.name).read_bytes()
    except FileNotFoundError:
        return _unusable(shape, WHOLE_FILE, "the file is not in the folder")
    except OSError:
        return _unusable(shape, WHOLE_FILE, "the file cannot be read; check that it is a file and not locked")
    if content.startswith(UTF16_MARKS):
        return _unusable(shape, WHOLE_FILE, "the file is UTF-16; export it again as CSV UTF-8")
    # surrogateescape keeps a byte that is not UTF-8 in its own cell, where it can be found again.
    text = content.decode("utf-8-sig", errors="surrogateescape")
    return _read_lines(list(io.StringIO(text, newline="")), shape)


def _unusable(shape: FileShape, line: int, reason: str, column: str = "") -> ReadFile:
    return ReadFile(shape.name, usable=False, bad=(BadRow(shape.name, line, column, reason),))


def _read_lines(lines: list[str], shape: FileShape) -> ReadFile:
    records = _records(lines)
    try:
        first = next(records)
    except StopIteration:
        return _unusable(shape, WHOLE_FILE, "the file is empty")
    header = [name.strip() for name in first.cells]
    fault = _header_fault(header, shape)
    if fault is not None:
        return _unusable(shape, HEADER_LINE, f"{fault[1]}, so nothing of this file was imported", fault[0])
    bad = [BadRow(shape.name, HEADER_LINE, *found) for found in _header_findings(header, shape)]
    rows, faults = _sort_out(records, header, shape.name)
    present = frozenset(shape.optional) & frozenset(header)
    return ReadFile(shape.name, True, tuple(rows), (*bad, *faults), present)


def _sort_out(records: Iterator["_Record"], header: list[str], file: str) -> tuple[list[Row], list[BadRow]]:
    rows: list[Row] = []
    faults: list[BadRow] = []
    broken_at = 0  # first line of the row with broken quotation marks whose tail we are in
    for record in records:
        finding = record.fault or _cell_fault(record, header)
        if finding is None:
            rows.append(Row(record.line, dict(zip(header, map(str.strip, record.cells), strict=True))))
            broken_at = 0
        elif broken_at and record.fault is None and len(record.cells) != len(header):
            # The rest of a row that was broken in two is not a row of its own.
            lines = f"lines {broken_at} to {record.line} could not be read"
            faults[-1] = BadRow(file, broken_at, "", f"{BROKEN_QUOTES}; {lines}")
        else:
            faults.append(BadRow(file, record.line, *finding))
            broken_at = record.line if record.fault is not None else 0
    return rows, faults


def _header_fault(header: list[str], shape: FileShape) -> tuple[str, str] | None:
    missing = [name for name in shape.required if name not in header]
    if len(missing) == 1:
        return missing[0], "the column is missing"
    if missing:
        return "", f"the columns {', '.join(missing)} are missing"
    twice = sorted({name for name in header if name and header.count(name) > 1})
    return (twice[0], "the column is there twice") if twice else None


def _header_findings(header: list[str], shape: FileShape) -> Iterator[tuple[str, str]]:
    for name in shape.optional:
        if name not in header:
            yield name, "the column is missing; everything else was imported"
    for name in header:
        if name not in (*shape.required, *shape.optional):
            yield "", f"column {header.index(name) + 1} is not one we know; it was left out"


@dataclass(frozen=True, slots=True)
class _Record:
    line: int
    cells: list[str]
    fault: tuple[str, str] | None = None  # (column, reason)


def _records(lines: list[str]) -> Iterator[_Record]:
    """Records with their first line. After a stray quotation mark, reading starts again one line on."""
    start = 0
    while start < len(lines):
        reader = csv.reader(itertools.islice(lines, start, None), strict=True)
        first = start
        try:
            for cells in reader:
                if cells:
                    yield _Record(first + 1, cells)
                first = start + reader.line_num
            return
        except csv.Error:
            yield _Record(first + 1, [], ("", f"{BROKEN_QUOTES}; the line could not be read"))
            start = first + 1


def _cell_fault(record: _Record, header: list[str]) -> tuple[str, str] | None:
    if len(record.cells) != len(header):
        return "", f"the row has {len(record.cells)} cells, the header has {len(header)}"
    line = record.line
    for column, cell in zip(header, record.cells, strict=True):
        found = NO_TEXT.search(cell)
        if found is not None:
            at = line + cell.count("\n", 0, found.start())
            return column, _no_text_reason(found.group(), at if at != record.line else None)
        line += cell.count("\n")
    return None


def _no_text_reason(character: str, at: int | None) -> str:
    place = "" if at is None else f" (on line {at})"
    if character == "\0":
        return f"the cell holds a character that is no text (NUL){place}"
    byte = ord(character) - 0xDC00
    return f"byte {byte:02X} is not UTF-8, it looks like Windows-1252{place}; export the file as CSV UTF-8"
