"""What a purge takes away at the council, and what it took."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, delete, select

from sync.hub.store import Key, Purged, Row
from sync.ops import Act
from sync.sql.bulk import chunks
from sync.sql.hub_files import SqlFiling
from sync.sql.schema import Schema

ABOUT = ("conflict", "held")  # rows that are about another record


class SqlPurging:
    """See `sync.hub.store.Purging`."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self.connection = connection
        self.schema = schema

    def about(self, records: Collection[str]) -> list[tuple[str, Row]]:
        found: list[tuple[str, Row]] = []
        for name in ABOUT:
            described = self.schema.get(name)
            for part in chunks(records) if described is not None else ():
                assert described is not None
                query = select(described.table).where(described.table.c.record.in_(part))
                found += [(name, dict(row)) for row in self.connection.execute(query).mappings()]
        return found

    def said_of(self, records: Collection[str]) -> dict[Key, str]:
        ledger, content = self.schema.own("ledger"), self.schema.own("ledger_content")
        query = select(ledger.c.table_name, ledger.c.record, ledger.c.scope)
        query = query.join(content, content.c.seq == ledger.c.seq).where(ledger.c.kind != Act.PURGE.value)
        found: dict[Key, str] = {}
        for part in chunks(records):
            for table, record, scope in self.connection.execute(query.where(ledger.c.record.in_(part))):
                found[table, record] = scope
        return found

    def remove(self, rows: Mapping[str, Collection[str]]) -> None:
        ledger, content = self.schema.own("ledger"), self.schema.own("ledger_content")
        for table, ids in rows.items():
            target = self.schema[table].table
            for part in chunks(ids):
                theirs = select(ledger.c.seq).where(ledger.c.record.in_(part))
                self.connection.execute(delete(content).where(content.c.seq.in_(theirs)))
                self.connection.execute(delete(target).where(target.c.id.in_(part)))
            SqlFiling(self.connection, self.schema).drop(ids)

    def purged(self, records: Collection[str]) -> set[str]:
        ledger = self.schema.own("ledger")
        query = select(ledger.c.record).where(ledger.c.kind == Act.PURGE.value)
        if not records or self.connection.execute(self.schema.hub_statements.any_purge).first() is None:
            return set()
        found: set[str] = set()
        for part in chunks(records):
            found.update(self.connection.execute(query.where(ledger.c.record.in_(part))).scalars())
        return found

    def purged_in(self, scopes: Collection[str]) -> list[Purged]:
        ledger = self.schema.own("ledger")
        query = select(ledger.c.table_name, ledger.c.record, ledger.c.scope)
        query = query.where(ledger.c.kind == Act.PURGE.value)
        found: list[Purged] = []
        for part in chunks(scopes):
            for table, record, scope in self.connection.execute(query.where(ledger.c.scope.in_(part))):
                found.append(Purged(table, record, scope))
        return found
