"""The SQLAlchemy driver: SQLite, SQLCipher and PostgreSQL through one set of statements.

`tables(metadata)` adds sync's own tables to the host's MetaData; `Schema(metadata)` reads what the
host's tables say about themselves; `save` is the one way a device writes a record.
"""

from sync.ops import Change
from sync.sql.device import SqlDevice
from sync.sql.hub import SqlHub
from sync.sql.saving import save
from sync.sql.schema import Schema
from sync.sql.tables import tables

__all__ = ["Change", "Schema", "SqlDevice", "SqlHub", "save", "tables"]
