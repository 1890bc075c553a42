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


class Memory:
    """What was imported from one source: table import_row.

    known: {(table, reference): Known}. set_aside: {(table, reference): id} of what a killed run
    had named but not made. Both are as `recall` found them.
    """

    def __init__(self, metadata: MetaData, source: str) -> None:
        self.source = source
        self.metadata = metadata
        self.table = metadata.tables["import_row"]
        self.known: dict[Key, Known] = {}
        self.set_aside: dict[Key, str] = {}

    def recall(self, connection: Connection) -> None:
        """Read everything this source has a line for."""
        table = self.table
        query = select(table.c.table_name, table.c.reference, table.c.record, table.c.word)
        for name, reference, record, word in connection.execute(query.where(table.c.source == self.source)):
            if word is None:
                self.set_aside[name, reference] = record
            else:
                self.known[name, reference] = Known(record, word)

    def meet(self, connection: Connection, references: Mapping[str, Iterable[str]]) -> dict[Key, Known]:
        """Records that are here under a reference though not imported from this source.

        references: {table: references}. What such a record says now stands for the source's last
        word, so the import changes only what it says differently.
        """
        found: dict[Key, Known] = {}
        for name, wanted in references.items():
            table = self.metadata.tables[name]
            column = table.c[NATURAL_KEY[name]]
            for row in fetch(connection, select(table), column, wanted):
                word = {c: v for c, v in row.items() if c not in ENVELOPE}
                found[name, row[column.name]] = Known(row["id"], msgspec.to_builtins(word))
        return found

    def set_ids_aside(self, connection: Connection, planned: Iterable[Planned]) -> None:
        """Keep the ids of records that others will name before they are made themselves."""
        rows = [{**self._line(one), "word": None} for one in planned if one.key not in self.set_aside]
        if rows:
            connection.execute(insert(self.table), rows)
        self.set_aside.update((one.key, one.record) for one in planned)

    def remember(self, connection: Connection, planned: Sequence[Planned]) -> None:
        """Write down the source's word on each of these records."""
        new = [one for one in planned if not self._has_line(one.key)]
        if new:
            connection.execute(insert(self.table), [{**self._line(one), "word": one.word} for one in new])
        old = [one for one in planned if self._has_line(one.key)]
        if old:
            table = self.table
            names = (table.c.table_name == bindparam("t"), table.c.reference == bindparam("r"))
            where = (table.c.source == self.source, *names)
            statement = update(table).where(*where).values(word=bindparam("new"))
            words = [{"t": one.key[0], "r": one.key[1], "new": one.word} for one in old]
            connection.execute(statement, words)

    def _has_line(self, key: Key) -> bool:
        return key in self.known or key in self.set_aside

    def _line(self, one: Planned) -> dict[str, str]:
        table, reference = one.key
        return {"source": self.source, "table_name": table, "reference": reference, "record": one.record}


class Remembering:
    """The council's authority for the length of an import: it also keeps the importer's memory.

    The hub asks for grants at the end of each of its transactions, after the writes; that is the
    moment to write down what went in.
    """

    def __init__(self, inner: Authority, memory: Memory, planned: Iterable[Planned]) -> None:
        self.inner = inner
        self.memory = memory
        # {(table, record): not remembered yet}
        self.planned = {(one.table, one.record): one for one in planned}

    def judge(
        self, connection: Connection, caller: Caller, proposed: Sequence[Proposed]
    ) -> Sequence[Verdict]:
        return self.inner.judge(connection, caller, proposed)

    def grants(self, connection: Connection, touched: Mapping[str, set[str]]) -> Mapping[str, set[Grant]]:
        keys = [(table, record) for table, records in touched.items() for record in records]
        done = [self.planned.pop(key) for key in keys if key in self.planned]
        self.memory.remember(connection, done)
        return self.inner.grants(connection, touched)
