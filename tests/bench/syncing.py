"""B1, B2, B3: push, pull, and rounds in which little or nothing happens."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sync.device.pull import pull
from sync.device.push import push
from sync.sql.triggers import open_gate, shut_gate
from tests.actions.caseload_of import FIRTH
from tests.bench.figure import Figure, median_of, timed
from tests.bench.place import Place, context, note, write_notes
from tests.bench.raw import PAGE, ROW, RawClient
from tfworker.actions.desk import Desk
from tfworker.actions.syncing import sync_now
from tfworker.store.connection import open_raw

KEY = bytes(32)
ROUNDS = 30


def figures(place: Place, desk: Desk, notes: int) -> Iterator[Figure]:
    """B1, B2 and B3 in one go: what is pushed is what is pulled."""
    leader = place.laptop(FIRTH)
    write_notes(place.caseload, desk, notes)
    ours = timed(lambda: push(context(desk)))
    sync_now(desk)
    with _raw_server(place.database) as raw:
        up, down = _raw_round(raw, place.folder, notes)
    yield Figure("B1", f"push {notes:,} new notes", ours, up, "≤ 1.7 s and ≤ 2 × raw", _met(ours, 1.7, up, 2))
    _empty(leader)
    ours = timed(lambda: pull(context(leader), set()))
    what = f"pull {notes:,} notes into an empty vault, searchable"
    yield Figure("B2", what, ours, down, "≤ 1.6 s and ≤ 2.5 × raw", _met(ours, 1.6, down, 2.5))
    yield from _small_rounds(place, desk, leader)


def _small_rounds(place: Place, desk: Desk, other: Desk) -> Iterator[Figure]:
    sync_now(desk)
    nothing = median_of(ROUNDS, lambda: sync_now(desk))
    yield Figure("B3", "a round with nothing new", nothing * 1000, None, "≤ 10 ms", nothing <= 0.010, "ms")

    def once(number: int) -> float:
        for writer in (other, desk):
            with writer.vault.write() as connection:
                writer.save(connection, [note(place.caseload, writer, number)])
        sync_now(other)
        return timed(lambda: sync_now(desk))

    each = sorted(once(number) for number in range(ROUNDS))[ROUNDS // 2]
    yield Figure("B3", "a round with one note each way", each * 1000, None, "≤ 20 ms", each <= 0.020, "ms")


def _met(ours: float, most: float, raw: float, times: float) -> bool:
    return ours <= most and ours <= times * raw


def _empty(desk: Desk) -> None:
    """Make the vault as empty as a new laptop's."""
    schema = desk.vault.schema
    with desk.vault.write() as connection:
        open_gate(connection)
        for table in schema:
            connection.execute(table.table.delete())
        for name in ("cursor", "held_scope"):
            connection.execute(schema.own(name).delete())
        shut_gate(connection)


@contextmanager
def _raw_server(database: str) -> Iterator[RawClient]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.raw", database], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield RawClient(process.stdout.readline().strip())
    finally:
        process.kill()
        process.wait()


def _raw_round(raw: RawClient, folder: Path, notes: int) -> tuple[float, float]:
    """Seconds to push and to pull the same notes with none of our logic."""
    from tests.bench.place import NOTE

    rows = [
        (f"{n:032x}", 1, f"family:{n % 50}", f"{n % 50}", "2026-11-16", f"{NOTE}{n}") for n in range(notes)
    ]
    source, target = open_raw(folder / "raw-a.db", KEY), open_raw(folder / "raw-b.db", KEY)
    for database in (source, target):
        database.execute(
            "CREATE TABLE raw_note (id TEXT PRIMARY KEY, version, scope, family, at, body) WITHOUT ROWID"
        )
        database.execute("CREATE VIRTUAL TABLE raw_words USING fts5(body, content='', detail=column)")
    source.execute("BEGIN")
    source.executemany(ROW, rows)
    source.execute("COMMIT")

    def up() -> None:
        after = ""
        while page := _page(source, after):
            raw.post("/push", page)
            after = page[-1][0]

    def down() -> None:
        after = ""
        while page := raw.post("/pull", after):
            target.execute("BEGIN")
            target.executemany(ROW, page)
            target.executemany("INSERT INTO raw_words (body) VALUES (?)", [(row[5],) for row in page])
            target.execute("COMMIT")
            after = page[-1][0]

    took = timed(up), timed(down)
    source.close()
    target.close()
    return took


def _page(database: object, after: str) -> list[tuple[str, ...]]:
    query = "SELECT * FROM raw_note WHERE id > ? ORDER BY id LIMIT ?"
    return list(database.execute(query, (after, PAGE)).fetchall())  # type: ignore[attr-defined]
