"""What the host's tables say about themselves, read once from its MetaData.

Values of dates and times travel as ISO text; everything else travels as it is stored. Columns are
read from `Table.c` and `Column.info` only; model classes are never touched.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from types import NoneType
from typing import Annotated, Any, get_args

import msgspec
from sqlalchemy import BigInteger, Column, Dialect, Integer, MetaData, SmallInteger, Table

from sync.policy import Policy, Rule, Synced, TablePolicy
from sync.sql.bulk import Bulk
from sync.sql.hub_statements import HubStatements
from sync.sql.tables import CARD, HELD, tables

ENVELOPE = ("id", "version", "scope", "extra")
TOP = 4  # the highest sensitivity there is
WITHHELD = "~withheld"  # key in `extra` on a laptop: names of the fields it was not given
INTEGERS = {BigInteger: 63, SmallInteger: 15, Integer: 31}  # {column type: bits}; the first two are the third
YEARS = range(2, 9999)  # of moments: in no zone is one of them before the year 1 or after 9999


def _plain(value: Any) -> Any:
    return value


def _converter(column: Column[Any]) -> tuple[type | Any, Callable[[Any], Any]]:
    """The type a column travels as, and how a travelled value becomes a stored one."""
    try:
        kind = column.type.python_type
    except NotImplementedError:
        return Any, _plain
    if issubclass(kind, datetime | date):
        wire = kind | None if column.nullable else kind

        def moment(value: Any) -> Any:
            # strict=True: a text that is no date is a bad value, never a guess. Against the plain kind:
            # a choice of kinds is worked out anew at each value, which takes six times as long.
            read = value if isinstance(value, kind) else msgspec.convert(value, kind if value else wire)
            if isinstance(read, datetime) and (read.tzinfo is None or read.year not in YEARS):
                raise msgspec.ValidationError("a moment without a zone, or beyond what every zone can say")
            return read

        return wire, moment
    if kind is int:
        bits = next(bits for type_, bits in INTEGERS.items() if isinstance(column.type, type_))
        # What is beyond, a driver may cut off without a word (psycopg's binary COPY does).
        whole = Annotated[int, msgspec.Meta(ge=-(1 << bits), le=(1 << bits) - 1)]
        number: Any = whole | None if column.nullable else whole
        return number, lambda value: msgspec.convert(value, number)
    if kind in (str, bool):
        wire = kind | None if column.nullable else kind
        return wire, lambda value: msgspec.convert(value, wire)
    return Any, _plain


@dataclass(frozen=True)
class SyncedTable:
    """One of the host's tables: its columns, policies and how its values travel."""

    table: Table
    synced: Synced
    policy: TablePolicy
    columns: tuple[str, ...]  # the host's own columns, without the envelope
    sensitivity: Mapping[str, int]
    sealed_by: Mapping[str, str]  # {column: the yes/no column that raises it to TOP}
    refers: Mapping[str, str]  # {column: table whose id it holds}
    fixed: frozenset[str]  # columns that never change after the insert
    wire_type: Mapping[str, Any]
    to_stored: Mapping[str, Callable[[Any], Any]]

    @property
    def name(self) -> str:
        return str(self.table.name)

    @cached_property
    def all_columns(self) -> tuple[str, ...]:
        """Envelope first, then the host's columns, in one fixed order."""
        return ENVELOPE + self.columns

    @cached_property
    def empty(self) -> Mapping[str, None]:
        """A row with nothing in it."""
        return dict.fromkeys(self.all_columns)

    def stored(self, patch: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Split a travelled patch into (values to store by column, fields this version does not know).

        Raises msgspec.ValidationError when a value is not of its column's type.
        """
        known: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        for name, value in patch.items():
            # Most are what they should be: no more than a look for these.
            if type(value) is self.plain.get(name):
                known[name] = value
                continue
            convert = self.to_stored.get(name)
            if convert is None:
                extra[name] = value
            else:
                known[name] = convert(value)
        return known, extra

    @cached_property
    def plain(self) -> Mapping[str, type]:
        """{column: type} of those whose travelled values are stored as they are."""
        kinds = {name: set(get_args(kind)) or {kind} for name, kind in self.wire_type.items()}
        return {
            name: kind
            for name, found in kinds.items()
            for kind in (str, int, bool)
            if kind in found and found <= {kind, NoneType}
        }

    def withheld_at(self, level: int) -> tuple[str, ...]:
        """Columns a grant of this level does not show, a group whole."""
        if level not in self._withheld:
            groups = {self.policy.group_of(c) for c, s in self.sensitivity.items() if s > level}
            self._withheld[level] = tuple(c for c in self.columns if self.policy.group_of(c) in groups)
        return self._withheld[level]

    @cached_property
    def row_decoders(self) -> dict[tuple[str, ...], msgspec.json.Decoder[Any]]:
        """Readers of pages, by the columns a page brings; filled by who reads them."""
        return {}

    @cached_property
    def _withheld(self) -> dict[int, tuple[str, ...]]:
        return {}

    def hides(self, level: int) -> bool:
        """Whether `hidden` may name any column of any row at this level."""
        return level < TOP and bool(self.withheld_at(level) or self.sealed_by)

    def hidden(self, row: Mapping[str, Any], level: int) -> tuple[str, ...]:
        """Columns of this row that a grant of this level does not show: those of `withheld_at`, and
        those that are life-safety because a flag of the row says so."""
        if level >= TOP:
            return ()
        # Only a plain "no" opens it: not known counts as yes.
        sealed = (c for c, flag in self.sealed_by.items() if row.get(flag) is not False)
        return (*self.withheld_at(level), *sealed)


class Schema:
    """The synced tables of a MetaData, in the order of their definition (parents first)."""

    def __init__(self, metadata: MetaData, *, version: int = 1) -> None:
        tables(metadata)
        self.metadata = metadata
        self.version = version
        self.synced: dict[str, SyncedTable] = {
            str(table.name): _read(table) for table in metadata.tables.values() if "sync" in table.info
        }
        # Cards and trays last: what they are about is there before them.
        for name in (CARD, HELD):
            self.synced[name] = self.synced.pop(name)

    def bulk(self, name: str, dialect: Dialect, only: tuple[str, ...] = ()) -> Bulk:
        """A table as rows go in and out of it many at once: a synced one with its envelope first, one
        of sync's own with all its columns, or with only these."""
        found = self._bulk.get((name, dialect, only))
        if found is None:
            table = self.metadata.tables[name]
            synced = self.synced.get(name)
            names = synced.all_columns if synced is not None else tuple(str(c.name) for c in table.c)
            found = self._bulk[name, dialect, only] = Bulk(table, only or names, dialect)
        return found

    @cached_property
    def hub_statements(self) -> HubStatements:
        return HubStatements(self.metadata)

    @cached_property
    def _bulk(self) -> dict[tuple[str, Dialect, tuple[str, ...]], Bulk]:
        return {}

    def own(self, name: str) -> Table:
        """One of sync's own tables."""
        return self.metadata.tables[name]

    def __getitem__(self, name: str) -> SyncedTable:
        return self.synced[name]

    def get(self, name: str) -> SyncedTable | None:
        return self.synced.get(name)

    def __iter__(self) -> Iterator[SyncedTable]:
        return iter(self.synced.values())


def _read(table: Table) -> SyncedTable:
    columns = tuple(str(c.name) for c in table.c if c.name not in ENVELOPE)
    policies: dict[str, Policy] = {}
    wire_type: dict[str, Any] = {}
    to_stored: dict[str, Callable[[Any], Any]] = {}
    for name in columns:
        info = table.c[name].info
        if "merge" not in info or "sensitivity" not in info:
            raise ValueError(f"{table.name}.{name} says no merge policy or no sensitivity")
        policies[name] = info["merge"]
        wire_type[name], to_stored[name] = _converter(table.c[name])
    file = table.info["sync"].file
    if file is not None and policies[file.received].rule is not Rule.CENTRAL:
        raise ValueError(f"{table.name}.{file.received} is the hub's to set, so it must be central")
    return SyncedTable(
        table=table,
        synced=table.info["sync"],
        policy=TablePolicy(str(table.name), policies),
        columns=columns,
        sensitivity={c: table.c[c].info["sensitivity"] for c in columns},
        sealed_by={c: table.c[c].info["sealed_by"] for c in columns if "sealed_by" in table.c[c].info},
        refers={c: table.c[c].info["refers"] for c in columns if "refers" in table.c[c].info},
        fixed=frozenset(c for c in columns if table.c[c].info.get("fixed")),
        wire_type=wire_type,
        to_stored=to_stored,
    )
