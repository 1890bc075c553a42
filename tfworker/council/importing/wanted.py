"""What a row of a file asks for, before it is known which records exist. Pure.

A row asks for one record or several (a family's row also for its household and its lead worker).
Records name each other by reference (`Ref`), as the file does; ids come later.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tfworker.council.importing.cells import BadCell
from tfworker.council.importing.reader import Row

Key = tuple[str, str]  # (table, reference in the source)


@dataclass(frozen=True, slots=True)
class Ref:
    """Another record, by its reference in the source.

    column: the cell it came from, to name if there is no such record.
    is_essential: the record cannot be made without it. Otherwise the field alone waits for it.
    """

    table: str
    reference: str
    column: str
    is_essential: bool = True

    @property
    def key(self) -> Key:
        return self.table, self.reference


@dataclass(slots=True)
class Wanted:
    """One record as the source has it.

    values: {column: value, Ref or list of Refs}; a column the file does not have is not in it.
    initial: more columns for the insert only; the source says nothing about them.
    needs_any: make the record only if one of these has a value (no number, no contact point).
    may_wait: the rest of the row goes in without it when what it names is not there yet.
    """

    table: str
    reference: str
    values: dict[str, Any]
    initial: dict[str, Any] = field(default_factory=dict)
    needs_any: tuple[str, ...] = ()
    may_wait: bool = False

    @property
    def key(self) -> Key:
        return self.table, self.reference

    def refs(self) -> list[Ref]:
        """Every reference to another record."""
        found: list[Ref] = []
        for value in self.values.values():
            found += [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, Ref)]
        return found

    @property
    def is_empty(self) -> bool:
        return bool(self.needs_any) and not any(self.values.get(column) for column in self.needs_any)


@dataclass(frozen=True, slots=True)
class Known:
    """A record that is here already: its id, and the source's last word on its columns, as JSON."""

    record: str
    word: dict[str, Any]


class Cells:
    """The cells of one row, taken one by one; faults are collected, not raised."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.faults: list[tuple[str, str]] = []  # (column, reason)

    def has(self, *columns: str) -> bool:
        """Whether the file has all of these columns."""
        return all(column in self.row.cells for column in columns)

    def take(self, column: str, parse: Callable[[str], Any]) -> Any:
        """The value of a cell; None when it is empty, bad or not in the file."""
        text = self.row.cells.get(column)
        if text is None:
            return None
        try:
            return parse(text)
        except BadCell as fault:
            self.faults.append((column, str(fault)))
            return None

    def fields(self, parse_by_column: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
        """{column: value} of those columns the file has, for columns named like their fields."""
        return {c: self.take(c, parse) for c, parse in parse_by_column.items() if self.has(c)}

    def ref(self, table: str, column: str, *, is_essential: bool = True) -> Ref | None:
        """The record a cell names; None when it names none."""
        text = self.row.cells.get(column)
        return Ref(table, text, column, is_essential) if text else None

    def say(self, column: str, reason: str) -> None:
        """Note a fault of the row as a whole."""
        self.faults.append((column, reason))
