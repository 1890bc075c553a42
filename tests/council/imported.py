"""What an import left at the council, as its tests look at it."""

from typing import Any

from sqlalchemy import func, select

from tfworker.council.importing import ImportReport
from tfworker.council.service import Council


def rows(council: Council, table: str) -> list[dict[str, Any]]:
    """Every row of a table, in the order they were made."""
    target = council.schema[table].table
    with council.engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(target).order_by(target.c.id)).mappings()]


def one(council: Council, table: str, **where: Any) -> dict[str, Any]:
    found = [row for row in rows(council, table) if where.items() <= row.items()]
    assert len(found) == 1
    return found[0]


def ledger_length(council: Council) -> int:
    with council.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(council.schema.own("ledger"))).scalar_one()


def bad(report: ImportReport) -> list[str]:
    return [str(finding) for finding in report.bad]
