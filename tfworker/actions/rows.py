"""One record of this laptop by its id, or the sentence that it is not here."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, select

from tfworker.actions.members import Member
from tfworker.actions.problems import NotHere
from tfworker.records import metadata, scope

Record = dict[str, Any]  # {column: value}


def row(connection: Connection, table: str, record: str) -> Record:
    """The whole row. Raises NotHere."""
    of = metadata.tables[table]
    found = connection.execute(select(of).where(of.c.id == record)).mappings().one_or_none()
    if found is None:
        raise NotHere
    return dict(found)


def family_record(connection: Connection, table: str, record: str, family_id: str) -> Record:
    """As `row`, for a record of one family. Raises NotHere for another family's too."""
    found = row(connection, table, record)
    if found["family_id"] != family_id:
        raise NotHere
    return found


def rows_of(connection: Connection, table: str, **equal: Any) -> list[Record]:
    """Every row whose columns hold these values; a list of values means any of them."""
    of = metadata.tables[table]
    query = select(of)
    for column, value in equal.items():
        here = of.c[column]
        query = query.where(here.in_(value) if isinstance(value, list | tuple | set) else here == value)
    return [dict(found) for found in connection.execute(query).mappings()]


def scopes_of(family_id: str, members: Iterable[Member]) -> Collection[str]:
    """Where a family's records live: with the family and with its people."""
    return [scope.family(family_id), *(scope.person(m.person_id) for m in members)]
