"""The host of the simulation: the shed of sync's tests, in three versions, with every policy there is.

Version 1 lacks a column and the tables that version 2 has; version 3 adds one more column.
"""

from functools import cache

from sqlalchemy import Date, Integer, MetaData, String, Text

from sync import policy
from sync.sql import Schema, tables
from tests.sync.shed import COMMON, SAFE, Moment, alarm, column, journal, price, table, tool

__all__ = ["COMMON", "NEWEST", "SAFE", "shed"]

NEWEST = 3


def _tool(metadata: MetaData, version: int) -> None:
    newer = [column("colour", Text, policy.field()), column("weight", Integer, policy.field())]
    tool(metadata, column("shelf", String(80), policy.field(), fixed=True), *newer[: version - 1])


def _reading(metadata: MetaData) -> None:
    table(
        metadata,
        "reading",
        column("tool_id", String(32), policy.append(), refers="tool"),
        column("shelf", String(80), policy.append()),
        column("value", Integer, policy.append()),
    )


def _picture(metadata: MetaData) -> None:
    table(
        metadata,
        "picture",
        column("shelf", String(80), policy.append()),
        column("title", Text, policy.append(), 3),
        column("size", Integer, policy.append(), fixed=True),
        column("sha256", Text, policy.append(), 3, fixed=True),
        column("received_at", Moment(), policy.central()),
        file=policy.FileColumns("size", "sha256"),
    )


def _borrower(metadata: MetaData) -> None:
    table(
        metadata,
        "borrower",
        column("shelf", String(80), policy.field(), fixed=True),
        column("person", Text, policy.field()),
    )


def _duty(metadata: MetaData) -> None:
    table(
        metadata,
        "duty",
        column("worker", String(32), policy.central(), 0, fixed=True),
        column("shelf", String(80), policy.central(), 0),
        column("role", Text, policy.central(), 0),
        column("begins", Date, policy.central(), 0),
        column("ends", Date, policy.central(), 0),
        scope=lambda row: f"worker:{row['worker']}",
    )


@cache
def shed(version: int = NEWEST) -> Schema:
    """The shed's schema as a device or hub of this version knows it."""
    metadata = MetaData()
    _tool(metadata, version)
    journal(metadata)
    alarm(metadata)
    if version >= 2:
        _reading(metadata)
        _picture(metadata)
    _borrower(metadata)
    price(metadata)
    _duty(metadata)
    tables(metadata)
    return Schema(metadata, version=version)
