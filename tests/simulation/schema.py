"""The host of the simulation: a lending shed, in three versions, with every policy there is.

Version 1 lacks a column and a table that version 2 has; version 3 adds one more of each.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

from sync import policy
from sync.sql import Schema, tables

NEWEST = 3
SAFE = ("yes", "only_when", "no")
COMMON = "shelf:common"


class Moment(TypeDecorator[datetime]):
    """An aware moment in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


def _column(name: str, kind: Any, merge: policy.Policy, sensitivity: int = 2, **more: Any) -> Column[Any]:
    return Column(name, kind, info={"merge": merge, "sensitivity": sensitivity, **more})


def _envelope() -> list[Column[Any]]:
    return [
        Column("id", String(32), primary_key=True),
        Column("version", Integer, nullable=False, default=0),
        Column("scope", String(80), nullable=False, index=True),
        Column("extra", JSON(none_as_null=True)),
    ]


def _of_shelf(**more: Any) -> dict[str, Any]:
    return {"sync": policy.Synced(scope=lambda row: f"shelf:{row['shelf']}", **more)}


def _tool(metadata: MetaData, version: int) -> None:
    newer = [
        _column("colour", Text, policy.field()) if version >= 2 else None,
        _column("weight", Integer, policy.field()) if version >= 3 else None,
    ]
    Table(
        "tool",
        metadata,
        *_envelope(),
        _column("shelf", String(80), policy.field(), fixed=True),
        _column("name", Text, policy.field()),
        _column("phone", Text, policy.field()),
        _column("street", Text, policy.group("place")),
        _column("town", Text, policy.group("place")),
        _column("number", Text, policy.group("calling"), 4),
        _column("safe", Text, policy.safer(SAFE, "calling"), 4),
        _column("state", Text, policy.review("state")),
        _column("state_on", Date, policy.review("state")),
        _column("due_at", Moment(), policy.group("due")),
        _column("due_to", Text, policy.group("due")),
        _column("ceiling", Integer, policy.central()),
        _column("maker", Text, policy.field(), fixed=True),
        _column("hidden_place", Boolean, policy.field()),
        _column("place_note", Text, policy.field(), 2, sealed_by="hidden_place"),
        *[column for column in newer if column is not None],
        info=_of_shelf(),
    )


def _written_once(metadata: MetaData, version: int) -> None:
    Table(
        "journal",
        metadata,
        *_envelope(),
        _column("tool_id", String(32), policy.append(), refers="tool"),
        _column("shelf", String(80), policy.append()),
        _column("text", Text, policy.append(), 3),
        _column("closed_on", Date, policy.append()),
        info=_of_shelf(final="closed_on"),
    )
    Table(
        "alarm",
        metadata,
        *_envelope(),
        _column("shelf", String(80), policy.append()),
        _column("text", Text, policy.append(), 3),
        info=_of_shelf(urgent=True),
    )
    if version >= 2:
        Table(
            "reading",
            metadata,
            *_envelope(),
            _column("tool_id", String(32), policy.append(), refers="tool"),
            _column("shelf", String(80), policy.append()),
            _column("value", Integer, policy.append()),
            info=_of_shelf(),
        )


def _council(metadata: MetaData) -> None:
    Table(
        "borrower",
        metadata,
        *_envelope(),
        _column("shelf", String(80), policy.field(), fixed=True),
        _column("person", Text, policy.field()),
        info=_of_shelf(),
    )
    Table(
        "price",
        metadata,
        *_envelope(),
        _column("pence", Integer, policy.central(), 0),
        info={"sync": policy.Synced(scope=lambda row: COMMON)},
    )
    Table(
        "duty",
        metadata,
        *_envelope(),
        _column("worker", String(32), policy.central(), 0, fixed=True),
        _column("shelf", String(80), policy.central(), 0),
        _column("role", Text, policy.central(), 0),
        _column("begins", Date, policy.central(), 0),
        _column("ends", Date, policy.central(), 0),
        info={"sync": policy.Synced(scope=lambda row: f"worker:{row['worker']}")},
    )


@cache
def shed(version: int = NEWEST) -> Schema:
    """The shed's schema as a device or hub of this version knows it."""
    metadata = MetaData()
    _tool(metadata, version)
    _written_once(metadata, version)
    _council(metadata)
    tables(metadata)
    return Schema(metadata, version=version)
