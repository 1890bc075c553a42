"""The vault's own tables: what is on this laptop and never travels.

draft        what is being written: saved as it is typed, no op, gone when it is finished
fact         this laptop's place in the world, by name
schema_step  which migrations ran
search_stale records whose place in the search index is not up to date yet; empty after each commit
"""

from sqlalchemy import JSON, Column, Integer, MetaData, String, Table, Text

from tfworker.records.base import Instant

metadata = MetaData()

draft = Table(
    "draft",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("family_id", String(32), index=True),
    Column("body", JSON, nullable=False),
    Column("cursor", Integer, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("saved_at", Instant, nullable=False),
)

fact = Table(
    "fact",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("value", JSON, nullable=False),
)

schema_step = Table(
    "schema_step",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", String(80), nullable=False),
    Column("ran_at", Instant, nullable=False),
)

# No key and nothing unique: triggers add rows here, and a constraint that could fail would cost a
# statement journal for each row (see 0001_first.sql).
search_stale = Table(
    "search_stale",
    metadata,
    Column("entry", Integer),  # rowid in the search index
    Column("name", Text),  # what stands in the index now; NULL in both: nothing
    Column("words", Text),
)
