"""What tests of sync are about: a lending shed with tools, journals, alarms and a price list.

Nothing here knows of families. Whoever builds a world of it adds the tables it needs besides.
"""

from collections.abc import Callable
from datetime import UTC, datetime
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

SAFE = ("yes", "only_when", "no")
COMMON = "shelf:common"


class Moment(TypeDecorator[datetime]):
    """An aware moment in UTC on either database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


def column(name: str, kind: Any, merge: policy.Policy, sensitivity: int = 2, **more: Any) -> Column[Any]:
    return Column(name, kind, info={"merge": merge, "sensitivity": sensitivity, **more})


def table(
    metadata: MetaData,
    name: str,
    *columns: Column[Any],
    scope: Callable[[Any], str] | None = None,
    **more: Any,
) -> None:
    """A synced table with its envelope. scope: its shelf's, unless told otherwise."""
    Table(
        name,
        metadata,
        Column("id", String(32), primary_key=True),
        Column("version", Integer, nullable=False, default=0),
        Column("scope", String(80), nullable=False, index=True),
        Column("extra", JSON(none_as_null=True)),
        *columns,
        info={"sync": policy.Synced(scope=scope or (lambda row: f"shelf:{row['shelf']}"), **more)},
    )


def tool(metadata: MetaData, shelf: Column[Any], *more: Column[Any]) -> None:
    """shelf: whether a tool may be put on another one is for each world to say. more: its own columns."""
    table(
        metadata,
        "tool",
        shelf,
        column("name", Text, policy.field()),
        column("phone", Text, policy.field()),
        column("street", Text, policy.group("place")),
        column("town", Text, policy.group("place")),
        column("number", Text, policy.group("calling"), 4),
        column("safe", Text, policy.safer(SAFE, "calling"), 4),
        column("state", Text, policy.review("state")),
        column("state_on", Date, policy.review("state")),
        column("due_at", Moment(), policy.group("due")),
        column("due_to", Text, policy.group("due")),
        column("ceiling", Integer, policy.central()),
        column("maker", Text, policy.field(), fixed=True),
        column("hidden_place", Boolean, policy.field()),
        column("place_note", Text, policy.field(), 2, sealed_by="hidden_place"),
        *more,
    )


def journal(metadata: MetaData) -> None:
    table(
        metadata,
        "journal",
        column("tool_id", String(32), policy.append(), refers="tool"),
        column("shelf", String(80), policy.append()),
        column("text", Text, policy.append(), 3),
        column("closed_on", Date, policy.append()),
        final="closed_on",
    )


def alarm(metadata: MetaData) -> None:
    table(
        metadata,
        "alarm",
        column("shelf", String(80), policy.append()),
        column("text", Text, policy.append(), 3),
        urgent=True,
    )


def price(metadata: MetaData) -> None:
    table(metadata, "price", column("pence", Integer, policy.central(), 0), scope=lambda row: COMMON)
