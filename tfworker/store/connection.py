"""The two connections to the encrypted database: one that writes and one that only reads.

Each is an SQLAlchemy engine with exactly one connection. Whoever takes it has it alone: another
thread waits its turn, so no lock is needed beside it and no transaction can slip into another's.
The connections are made here, before the engines, so that nothing an engine holds on to knows the
key.
"""

import binascii
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from sync.sql.on_sqlite import asked, must_write
from tfworker.store.problems import READONLY, VaultDamaged, problem_of

# A page of a sync is applied in well under a second; a minute means somebody forgot to let go.
WAIT_S = 60
# Today's figures, pinned: SQLCipher's next version must not read our files by other defaults.
CIPHER = 4

# SQLite serves small needs from a pool of some thirty blocks, and every kept statement sits on a few.
# With the driver's usual 128 the pool is empty; each need then takes memory from the system, which
# cipher_memory_security locks and unlocks: saving 20,000 notes took 1.9 s, and 0.3 s with 8;
# pulling as many 2.5 s with 16, 1.5 s with 8 and 1.4 s with 4.
KEPT_STATEMENTS = 4

# Of all but str, int and float the driver asks how to store it, and where nobody has said so it looks for
# a method by name and drops the error: 1.2 µs for each empty field of each row, for which 0.2 are enough.
for kind, same in ((type(None), {}.get), (bytes, bytes), (bool, int)):
    dbapi2.register_adapter(kind, same)

# Order matters (security.md A2). Before the key: SQLCipher must not write to a captured stderr, and
# must wipe and lock memory from the first page on.
BEFORE_KEY = ("PRAGMA cipher_log_level = NONE", "PRAGMA cipher_memory_security = ON")
AFTER_KEY = (
    f"PRAGMA cipher_compatibility = {CIPHER}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # what was committed survives a power cut
    "PRAGMA temp_store = MEMORY",
    "PRAGMA secure_delete = ON",  # what was deleted is overwritten
    "PRAGMA foreign_keys = ON",  # sync's gate is one
    "PRAGMA trusted_schema = OFF",
    "PRAGMA mmap_size = 0",
    "PRAGMA cache_size = -16384",  # KiB
    "SELECT count(*) FROM sqlite_master",  # the first read: a wrong key fails here
)


def open_raw(path: Path, key: bytes) -> Any:
    """A connection of `sqlcipher3` by the recipe, in autocommit, for use from any thread by turns.

    Raises dbapi2.DatabaseError with NOTADB when the key or the file is wrong.
    """
    connection = dbapi2.connect(
        str(path),
        isolation_level=None,
        check_same_thread=False,
        timeout=10,
        cached_statements=KEPT_STATEMENTS,
    )
    try:
        for statement in BEFORE_KEY:
            connection.execute(statement).fetchall()
        # Not through SQL: a statement's text would stay in caches, and a str cannot be wiped.
        spelled = bytearray(b"x'" + binascii.hexlify(key) + b"'")
        connection.set_key(spelled)
        spelled[:] = bytes(len(spelled))
        for statement in AFTER_KEY:
            connection.execute(statement).fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def writer(path: Path, key: bytes) -> Engine:
    """The engine whose one connection writes. Each transaction takes the write lock at its start.

    Raises dbapi2.OperationalError with READONLY when the file can only be read.
    """
    raw = open_raw(path, key)
    try:
        must_write(raw)
    except BaseException:
        raw.close()
        raise
    return _engine(raw, "BEGIN IMMEDIATE")


def reader(path: Path, key: bytes) -> Engine:
    """The engine whose one connection cannot write. A transaction sees one moment of the database."""
    raw = open_raw(path, key)
    raw.execute("PRAGMA query_only = ON")
    # A write through it is a mistake of ours, not a failing disk.
    return _engine(raw, "BEGIN", ours=frozenset({READONLY}))


def _engine(raw: Any, begin: str, ours: frozenset[int] = frozenset()) -> Engine:
    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=_once(raw),
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=WAIT_S,
        hide_parameters=True,
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
    )

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        # The driver itself begins nothing (isolation_level=None): the transaction is SQLAlchemy's.
        asked(connection, begin)

    @event.listens_for(engine, "commit")
    def on_commit(connection: Connection) -> None:
        # A page whose check fails is handed on as zeroes, and where it is the last of a long text
        # nothing else notices: SELECT succeeds, with NULs for words. Only this state tells of it.
        if asked(connection, "PRAGMA cipher_status") != [("1",)]:
            raise VaultDamaged

    @event.listens_for(engine, "handle_error", retval=True)
    def on_error(context: ExceptionContext) -> BaseException | None:
        return problem_of(context.original_exception, ours)

    # Into the pool with it now: what the pool has never seen, `dispose` would not close.
    engine.connect().close()
    return engine


def _once(raw: Any) -> Callable[[], Any]:
    """Gives the ready connection to the pool; a second one would need the key, which is gone."""
    spare = [raw]

    def give() -> Any:
        if not spare:
            raise RuntimeError("this vault has been closed")
        return spare.pop()

    return give


def fingerprint(*parts: str) -> str:
    """A short name for a set of definitions, to tell whether they changed."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
