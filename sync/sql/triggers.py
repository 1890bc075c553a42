"""Triggers that keep row and op together on a laptop.

A change to a synced table aborts unless an op for that record was written in the same
transaction, or sync itself opened the gate for everything ("*") to apply what the hub sent. The
gate must be shut again before the commit: a gate left open makes the commit fail (a deferred
foreign key to a table that stays empty), so no later change can slip through it.

The guards use RAISE(FAIL) and no IN (...) on purpose. RAISE(ABORT) makes SQLite keep a statement
journal and IN builds a table for each row; SQLCipher locks and wipes all the memory that takes, and
20,000 guarded inserts took 2.1 s instead of 0.12 s. FAIL leaves earlier rows of the same statement in
place, which does no harm: each of them had its op, and the caller's transaction is rolled back.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from sync.sql.schema import Schema

OPEN_TO_ALL = "*"


def statements(schema: Schema) -> Iterator[str]:
    """The DDL, each statement safe to run again."""
    yield "DROP TRIGGER IF EXISTS sync_open_gate"
    yield (
        "CREATE TRIGGER sync_open_gate AFTER INSERT ON op BEGIN "
        "INSERT OR IGNORE INTO sync_gate (record) VALUES (NEW.record); END"
    )
    for table in schema:
        for verb, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            name = f"sync_guard_{table.name}_{verb.lower()}"
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield (
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table.name} "
                f"WHEN NOT EXISTS (SELECT 1 FROM sync_gate WHERE record = '{OPEN_TO_ALL}') "
                f"AND NOT EXISTS (SELECT 1 FROM sync_gate WHERE record = {row}.id) "
                "BEGIN SELECT RAISE(FAIL, 'a synced record may only change together with its op'); END"
            )


def install(connection: Connection, schema: Schema) -> None:
    """Put the triggers in place (laptop only; needs `PRAGMA foreign_keys = ON`)."""
    for statement in statements(schema):
        connection.execute(text(statement))


def open_gate(connection: Connection) -> None:
    """Let sync itself write: only to apply what the hub sent."""
    connection.exec_driver_sql(f"INSERT OR IGNORE INTO sync_gate (record) VALUES ('{OPEN_TO_ALL}')")


def shut_gate(connection: Connection) -> None:
    """Must be the last statement before the commit."""
    connection.exec_driver_sql("DELETE FROM sync_gate")
