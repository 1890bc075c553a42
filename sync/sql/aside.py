"""What lies on this laptop and not at the council, with nothing to explain it.

A round that finds such records stops and asks, unless the council was put back to an earlier state:
then what others wrote since is not offered again yet, and is set aside at once. Otherwise, when the
person agrees. What is aside is out of the screens, whole, in the same encrypted vault; its scope is
read again, and when the council sends it again it is back in its place. Nothing is deleted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, delete, select, update

from sync.sql.queue import waiting_records
from sync.sql.saving import travelled
from sync.sql.schema import Schema
from sync.sql.triggers import open_gate, shut_gate


@dataclass(frozen=True, slots=True)
class Extra:
    """A record that the council does not have. noticed_at, agreed_at: milliseconds UTC; agreed_at is
    None while it is in its place and nobody has agreed. row: as it was, once set aside."""

    table: str
    record: str
    scope: str
    noticed_at: int
    agreed_at: int | None
    row: dict[str, Any] | None


def noticed(connection: Connection, schema: Schema) -> list[Extra]:
    """Records a person is to be asked about."""
    return _extras(connection, schema, is_agreed=False)


def kept_aside(connection: Connection, schema: Schema) -> list[Extra]:
    """Records that were set aside, to be looked at."""
    return _extras(connection, schema, is_agreed=True)


def set_aside(connection: Connection, schema: Schema, now_ms: int) -> int:
    """Carry out what a person agreed to: set aside every record noticed, and have its scope read
    again; gives how many. One in which work waits meanwhile stays until that has its answer.

    Runs in the caller's transaction, which must end with it.
    """
    aside, shadow, held = schema.own("set_aside"), schema.own("shadow"), schema.own("held_scope")
    busy = waiting_records(connection, schema)
    done = 0
    open_gate(connection)
    for extra in noticed(connection, schema):
        noted = and_(aside.c.table_name == extra.table, aside.c.record == extra.record)
        table = schema.get(extra.table)
        if extra.record in busy:
            continue
        if table is None:
            connection.execute(delete(aside).where(noted))  # parked only: it goes with the reading again
        else:
            here = table.table.c.id == extra.record
            row = connection.execute(select(table.table).where(here)).mappings().one_or_none()
            if row is None:
                connection.execute(delete(aside).where(noted))
                continue
            whole = travelled(table, dict(row))
            connection.execute(update(aside).where(noted).values(agreed_at=now_ms, row=whole))
            connection.execute(delete(table.table).where(here))
            beside = (shadow.c.table_name == extra.table, shadow.c.record == extra.record)
            connection.execute(delete(shadow).where(*beside))
        connection.execute(update(held).where(held.c.scope == extra.scope).values(filled=False))
        done += 1
    shut_gate(connection)
    return done


def came_back(connection: Connection, schema: Schema, table: str, records: Sequence[str]) -> None:
    """The council has these again: they are in their place, and nothing of them lies aside."""
    aside = schema.own("set_aside")
    connection.execute(delete(aside).where(aside.c.table_name == table, aside.c.record.in_(records)))


def _extras(connection: Connection, schema: Schema, *, is_agreed: bool) -> list[Extra]:
    table = schema.own("set_aside")
    wanted = table.c.agreed_at.is_not(None) if is_agreed else table.c.agreed_at.is_(None)
    query = select(table).where(wanted).order_by(table.c.noticed_at, table.c.table_name, table.c.record)
    return [
        Extra(row.table_name, row.record, row.scope, row.noticed_at, row.agreed_at, row.row)
        for row in connection.execute(query)
    ]
