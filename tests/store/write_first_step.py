"""Writes the frozen first step of the vault's format from today's tables.

    python tests/store/write_first_step.py

Only until the first release: from then on the file never changes, and a new table or column is a
new step, written by hand beside it.
"""

from pathlib import Path

from sqlalchemy import MetaData
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.schema import CreateIndex, CreateTable

import tfworker.store.migrations
from sync.sql.tables import tables
from tfworker.records import metadata as records
from tfworker.store.tables import metadata as own

FILE = Path(tfworker.store.migrations.__file__).with_name("0001_first.sql")
HEAD = """\
-- The first format of the vault. Frozen: what ran on a laptop is never edited.
--
-- NOT NULL, PRIMARY KEY and UNIQUE say ON CONFLICT FAIL. With SQLite's default, ABORT, every insert
-- into a table with a trigger keeps a statement journal, and cipher_memory_security locks and wipes
-- every piece of memory that takes: 20,000 notes took 1.4 s instead of 0.1 s. A failing statement
-- raises either way, and the vault undoes the whole transaction.
"""


def script(*sets: MetaData) -> str:
    parts = [HEAD]
    for metadata in sets:
        for table in metadata.sorted_tables:
            parts.append(_failing(str(CreateTable(table).compile(dialect=dialect())).strip()) + ";")
            indexes = sorted(table.indexes, key=lambda index: str(index.name))
            parts += [str(CreateIndex(index).compile(dialect=dialect())) + ";" for index in indexes]
    lines = "\n".join(parts).splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _failing(statement: str) -> str:
    lines = []
    for line in statement.replace("\t", "    ").splitlines():
        body, comma = line.rstrip().removesuffix(","), line.rstrip().endswith(",")
        constraint = (
            body.strip().startswith(("CONSTRAINT", "PRIMARY KEY", "UNIQUE")) and "FOREIGN" not in body
        )
        if body.endswith(" NOT NULL") or constraint:
            body += " ON CONFLICT FAIL"
        lines.append(body + "," * comma)
    return "\n".join(lines)


def main() -> None:
    tables(records)
    FILE.write_text(script(records, own), encoding="utf-8")


if __name__ == "__main__":
    main()
