"""The importer's memory, kept in the same transaction as the records it is about.

So a run that is killed at any moment has done whole batches and remembers exactly those; running
it again does the rest.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from sqlalchemy import Connection, MetaData, bindparam, insert, select, update

from sync.ports import Authority, Caller, Grant, Proposed, Verdict
from sync.sql.schema import ENVELOPE
from tfworker.council.importing.plan import Planned
from tfworker.council.importing.wanted import Key, Known
from tfworker.council.standing import fetch

# The council's own name for a record, by which a source meets one that was not imported from it.
NATURAL_KEY = {
    "locality": "code",
    "agency": "name",
    "team": "code",
    "worker": "staff_no",
    "family": "family_ref",
    "person": "person_ref",
    "visit_note": "note_ref",
}


def recall(connection: Connection, metadata: MetaData, source: str) -> dict[Key, Known]:
    """Everything imported from a source before."""
    table = metadata.tables["import_row"]
    query = select(table.c.table_name, table.c.reference, table.c.record, table.c.word)
    rows = connection.execute(query.where(table.c.source == source))
    return {(row.table_name, row.reference): Known(row.record, row.word) for row in rows}


def adopt(
    connection: Connection, metadata: MetaData, references: Mapping[str, Iterable[str]]
) -> dict[Key, Known]:
    """Records that are here under the reference though not imported from this source.

    references: {table: references not recalled}. What the record says now stands for the source's
    last word, so the import changes only what it says differently.
    """
    found: dict[Key, Known] = {}
    for name, wanted in references.items():
        table = metadata.tables[name]
        column = table.c[NATURAL_KEY[name]]
        for row in fetch(connection, select(table), column, wanted):
            word = {c: v for c, v in row.items() if c not in ENVELOPE}
            found[name, row[column.name]] = Known(row["id"], msgspec.to_builtins(word))
    return found


def remember(
    connection: Connection,
    metadata: MetaData,
    source: str,
    planned: Sequence[Planned],
    known: Mapping[Key, Known],
) -> None:
    """Write down the source's word on each of these records."""
    table = metadata.tables["import_row"]
    new = [one for one in planned if one.key not in known]
    if new:
        rows = [
            {
                "source": source,
                "table_name": one.key[0],
                "reference": one.key[1],
                "record": one.record,
                "word": one.word,
            }
            for one in new
        ]
        connection.execute(insert(table), rows)
    old = [one for one in planned if one.key in known]
    if old:
        where = (
            table.c.source == source,
            table.c.table_name == bindparam("t"),
            table.c.reference == bindparam("r"),
        )
        statement = update(table).where(*where).values(word=bindparam("new"))
        connection.execute(statement, [{"t": one.key[0], "r": one.key[1], "new": one.word} for one in old])


class Remembering:
    """The council's authority for the length of an import: it also keeps the importer's memory.

    The hub asks for grants at the end of each of its transactions, after the writes; that is the
    moment to write down what went in.
    """

    def __init__(self, inner: Authority, metadata: MetaData, source: str) -> None:
        self.inner = inner
        self.metadata = metadata
        self.source = source
        self.planned: dict[tuple[str, str], Planned] = {}  # {(table, record): not remembered yet}
        self.known: Mapping[Key, Known] = {}

    def expect(self, planned: Iterable[Planned], known: Mapping[Key, Known]) -> None:
        """What is about to be applied, and which of it has a line in the memory already."""
        self.planned = {(one.table, one.record): one for one in planned}
        self.known = known

    def judge(
        self, connection: Connection, caller: Caller, proposed: Sequence[Proposed]
    ) -> Sequence[Verdict]:
        return self.inner.judge(connection, caller, proposed)

    def grants(self, connection: Connection, touched: Mapping[str, set[str]]) -> Mapping[str, set[Grant]]:
        keys = [(table, record) for table, records in touched.items() for record in records]
        done = [self.planned.pop(key) for key in keys if key in self.planned]
        remember(connection, self.metadata, self.source, done, self.known)
        return self.inner.grants(connection, touched)
