"""Bytes of documents after a kill: none that were acknowledged are gone, none half there, none left over."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from sync.sql import Schema
from tests.processes.laptops import Laptop
from tfworker.store.attachments import FOLDER

TABLE = "document"


def faults_of_shelf(laptop: Laptop) -> Iterator[str]:
    """What is wrong with a laptop's bytes that was just opened again: a document written here and not
    received is there with every byte; what is said to be whole is."""
    if laptop.files is None:
        return
    state, op = laptop.schema.own("file_state"), laptop.schema.own("op")
    with laptop.read() as connection:
        here = {row.record: row for row in connection.execute(select(state))}
        written = connection.execute(
            select(op.c.record).where(op.c.table_name == TABLE, op.c.kind == "insert", op.c.content != b"")
        ).scalars()
        yield from ("the bytes of a document written here are gone" for r in written if r not in here)
    for record, row in here.items():
        if row.whole and not row.damaged and not laptop.files.is_whole(record):
            yield "bytes of a document that is said to be whole are gone"
        if row.damaged:
            yield "a document is said to be damaged"


def faults_of_hub(connection: Connection, schema: Schema) -> Iterator[str]:
    """What the council calls complete is what was promised, and what it says it has is complete."""
    file, part, document = schema.own("file"), schema.own("file_part"), schema[TABLE].table
    promised = {row.id: row for row in connection.execute(select(document))}
    complete = set(connection.execute(select(file.c.record).where(file.c.complete)).scalars())
    for record in complete:
        pieces = connection.execute(
            select(part.c.data).where(part.c.record == record).order_by(part.c.part)
        ).scalars()
        if hashlib.sha256(b"".join(pieces)).hexdigest() != promised[record].sha256:
            yield "the council has other bytes than were promised"
    for record, row in promised.items():
        if row.received_at is not None and record not in complete:
            yield "the council says it has bytes that it has not"


def faults_at_rest(laptop: Laptop, engine: Engine, schema: Schema, folder: Path) -> Iterator[str]:
    """At the end the council has the bytes of every document, the laptop those of each it may see, and
    its shelf nothing else."""
    if laptop.files is None:
        return
    state = laptop.schema.own("file_state")
    with laptop.read() as connection:
        here = {row.record: row for row in connection.execute(select(state))}
        may_see = set(connection.execute(select(laptop.schema[TABLE].table.c.id)).scalars())
    with engine.connect() as hub:
        document = schema[TABLE].table
        missing = hub.execute(select(document.c.id).where(document.c.received_at.is_(None))).scalars()
        yield from ("the council never gets the bytes of a document: gone" for _ in missing)
    yield from ("a document's bytes never come" for r in may_see if r not in here or not here[r].whole)
    yield from ("bytes of a document that is not here stay" for r in here.keys() - may_see)
    yield from ("bytes never come or are gone" for r in here.keys() & may_see if not laptop.files.is_whole(r))
    shelf = folder / "laptop" / FOLDER
    files = {path.name for path in shelf.iterdir()} if shelf.exists() else set()
    if files != {row.blob for row in here.values()}:
        yield "the shelf has other files than the store knows of"
