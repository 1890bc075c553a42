"""B5: one save beside the same inserts as prepared statements."""

from collections.abc import Iterator

from sync.ops import encode_content
from tests.bench.figure import Figure, p95, timed
from tests.bench.place import Place, note
from tfworker.actions.desk import Desk
from tfworker.store.connection import open_raw

SAVES = 400
KEY = bytes(32)


def figures(place: Place, desk: Desk) -> Iterator[Figure]:
    """Row, op, search index and fsync; p95 of some hundred saves, after a few to warm up."""

    def save(number: int) -> float:
        change = note(place.caseload, desk, number)

        def work() -> None:
            with desk.vault.write() as connection:
                desk.save(connection, [change])

        return timed(work)

    ours = p95([save(number) for number in range(SAVES + 20)][20:])
    raw = p95(_raw(place, desk))
    what = "save a note: row, op, search index, fsync (p95)"
    yield Figure("B5", what, ours * 1000, raw * 1000, "≤ 2 × raw", ours <= 2 * raw, "ms")


def _raw(place: Place, desk: Desk) -> list[float]:
    database = open_raw(place.folder / "raw-save.db", KEY)
    names = list(note(place.caseload, desk, 0).patch)
    database.execute(f"CREATE TABLE note (id TEXT PRIMARY KEY, {', '.join(names)})")
    database.execute("CREATE TABLE op (pos INTEGER PRIMARY KEY, op_id TEXT UNIQUE, record, content)")
    database.execute("CREATE VIRTUAL TABLE words USING fts5(body, content='', detail=column)")
    marks = ", ".join("?" * (len(names) + 1))
    took = []
    for number in range(SAVES):
        change = note(place.caseload, desk, number)
        row = (change.record, *(str(value) for value in change.patch.values()))
        content = encode_content(change.patch, {})

        def work(row: tuple[str, ...] = row, content: bytes = content) -> None:
            database.execute("BEGIN IMMEDIATE")
            database.execute(f"INSERT INTO note VALUES ({marks})", row)
            database.execute(
                "INSERT INTO op (op_id, record, content) VALUES (?, ?, ?)", (row[0], row[0], content)
            )
            database.execute("INSERT INTO words (body) VALUES (?)", (row[4],))
            database.execute("COMMIT")

        took.append(timed(work))
    database.close()
    return took[20:]
