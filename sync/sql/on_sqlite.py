"""What has to be known of SQLite itself, by laptop and council alike."""

from typing import Any

from sqlalchemy import Connection

BUSY = 5  # SQLite's primary result code


def asked(connection: Connection, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The rows of a question on SQLite, past SQLAlchemy, which takes several times as long to ask it.

    Raises what the statement would raise through SQLAlchemy.
    """
    raw: Any = connection.connection.driver_connection
    errors: Any = connection.dialect.loaded_dbapi.Error
    try:
        found: list[tuple[Any, ...]] = raw.execute(statement, values).fetchall()
    except errors:  # asked again, so that whoever listens there hears of it
        return [tuple(row) for row in connection.exec_driver_sql(statement, values).all()]
    return found


def must_write(raw: Any) -> None:
    """Raise the driver's error with READONLY when SQLite has opened a file for reading only.

    It does so without a word when the one call that opens for writing fails, be it once. All could be
    read over that connection, and everything that is saved would be refused as long as it is kept.

    raw: a driver's connection in autocommit, outside a transaction. Nothing is written, and nobody who
    is writing is waited for.
    """
    (patience,) = raw.execute("PRAGMA busy_timeout").fetchone()
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        # On such a file this becomes a BEGIN, and raises nothing: only a statement that writes does.
        raw.execute("BEGIN IMMEDIATE")
        try:
            raw.execute("PRAGMA user_version = 0")
        finally:
            raw.execute("ROLLBACK")
    except Exception as error:
        # To be told that another one is writing takes a file that can be written.
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != BUSY:
            raise
    finally:
        raw.execute(f"PRAGMA busy_timeout = {patience}")
