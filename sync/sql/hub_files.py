"""The bytes of files at the council: parts beside the records, in the same database.

In one database with the records, so that one backup holds both and one transaction can end both.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from sync.hub.filing import Missing, Stored
from sync.ops import Act, Outcome
from sync.ports import Grant
from sync.sql.hub_statements import insert_new
from sync.sql.schema import Schema
from sync.sql.tables import HELD

CHUNK = 1_000  # ids in one IN (...)


class SqlFiling:
    """See `sync.hub.filing.Filing`."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self.connection = connection
        self.schema = schema
        self.file = schema.own("file")
        self.file_part = schema.own("file_part")

    # -- who may ---------------------------------------------------------------------------------

    def grant(self, user: str, scope: str) -> Grant | None:
        table = self.schema.own("scope_grant")
        query = select(table.c.kinds, table.c.level).where(
            table.c.user_id == user, table.c.scope == scope, table.c.to_seq.is_(None)
        )
        row = self.connection.execute(query).first()
        return None if row is None else Grant(scope, frozenset(row.kinds.split()), row.level)

    def author(self, record: str) -> str | None:
        ledger = self.schema.own("ledger")
        query = select(ledger.c.author).where(
            ledger.c.record == record,
            ledger.c.kind == Act.INSERT.value,
            ledger.c.outcome != Outcome.REFUSED.value,
        )
        return self.connection.execute(query.order_by(ledger.c.seq).limit(1)).scalar()

    def waiting(self, table: str, record: str) -> dict[str, Any] | None:
        held = self.schema[HELD].table
        query = select(held.c.patch).where(
            held.c.record == record,
            held.c.table_name == table,
            held.c.kind == Act.INSERT.value,
            held.c.state == "waiting",
        )
        return self.connection.execute(query.limit(1)).scalar()

    # -- bytes -----------------------------------------------------------------------------------

    def stored(self, record: str) -> Stored | None:
        found = self.connection.execute(select(self.file).where(self.file.c.record == record)).one_or_none()
        if found is None:
            return None
        part = self.file_part
        query = select(part.c.part, part.c.sha256).where(part.c.record == record).order_by(part.c.part)
        parts = {row.part: row.sha256 for row in self.connection.execute(query)}
        return Stored(found.table_name, found.record, found.size, found.complete, found.touched_at, parts)

    def part(self, record: str, part: int) -> bytes | None:
        c = self.file_part.c
        found = self.connection.execute(select(c.data).where(c.record == record, c.part == part)).scalar()
        return None if found is None else bytes(found)

    def add_part(self, of: Stored, part: int, data: bytes, sha256: str) -> None:
        # Two laptops may send the same part at once: the first stays, neither fails.
        values = {
            "record": of.record, "table_name": of.table, "size": of.size,
            "complete": False, "touched_at": of.touched_at,
        }  # fmt: skip
        self.connection.execute(insert_new(self.connection, self.file).values(values))
        self.connection.execute(
            update(self.file).where(self.file.c.record == of.record).values(touched_at=of.touched_at)
        )
        row = {"record": of.record, "part": part, "sha256": sha256, "data": data}
        self.connection.execute(insert_new(self.connection, self.file_part).values(row))

    def set_complete(self, record: str) -> None:
        self.connection.execute(update(self.file).where(self.file.c.record == record).values(complete=True))

    def drop(self, records: Collection[str]) -> None:
        for ids in _parts(records):
            self.connection.execute(delete(self.file_part).where(self.file_part.c.record.in_(ids)))
            self.connection.execute(delete(self.file).where(self.file.c.record.in_(ids)))

    # -- looking after ---------------------------------------------------------------------------

    def everything(self) -> list[Stored]:
        part = self.file_part
        parts: dict[str, dict[int, str]] = {}
        for row in self.connection.execute(select(part.c.record, part.c.part, part.c.sha256)):
            parts.setdefault(row.record, {})[row.part] = row.sha256
        return [
            Stored(r.table_name, r.record, r.size, r.complete, r.touched_at, parts.get(r.record, {}))
            for r in self.connection.execute(select(self.file).order_by(self.file.c.record))
        ]

    def received(self, table: str, column: str) -> list[str]:
        c = self.schema[table].table.c
        query = select(c.id).where(c[column].is_not(None)).order_by(c.id)
        return list(self.connection.execute(query).scalars())

    def unreceived(self, table: str, column: str) -> list[Missing]:
        c, ledger = self.schema[table].table.c, self.schema.own("ledger")
        made = (ledger.c.record == c.id) & (ledger.c.kind == Act.INSERT.value) & (ledger.c.version > 0)
        query = (
            select(c.id, func.min(ledger.c.author), func.min(ledger.c.received_at))
            .join(ledger, made, isouter=True)
            .where(c[column].is_(None))
            .group_by(c.id)
            .order_by(c.id)
        )
        return [
            Missing(table, record, author or "", since or 0)
            for record, author, since in self.connection.execute(query)
        ]


def _parts(items: Iterable[str]) -> Iterator[list[str]]:
    everything = sorted(items)
    return (everything[start : start + CHUNK] for start in range(0, len(everything), CHUNK))
