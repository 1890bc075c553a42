"""The raw parts: the same bytes through the same libraries with none of our logic.

`python -m tests.bench.raw DATABASE` serves two doors: /push decodes ops and inserts for each its row,
its ledger row and its content, into tables with the columns and indexes of the council's own; /pull
reads, encodes and compresses the rows again.
"""

import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import requests
import uvicorn
import zstandard
from litestar import Litestar, Request, Response, post

from sync.sql.outgoing import TRAVELS
from tfworker.actions.desk import Desk
from tfworker.store.connection import open_raw

KEY = bytes(32)
PAGE = 2_000
LIKE = {"raw_note": "visit_note", "raw_ledger": "ledger", "raw_content": "ledger_content"}
Values = list[Any]


def serve(database: str) -> None:
    """Serve until killed; prints the address."""
    with psycopg.connect(database, autocommit=True) as connection:
        for table, like in LIKE.items():
            connection.execute(f"CREATE TABLE {table} (LIKE {like} INCLUDING ALL)")
        columns = [c.name for c in connection.execute("SELECT * FROM raw_note").description or ()]
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    connection = psycopg.connect(database)
    numbers = count(1)

    @post("/push")
    async def push(request: Request[Any, Any, Any]) -> Response[bytes]:
        ops = _unpacked(await request.body())
        said = [msgspec.json.decode(op[12])["patch"] for op in ops]
        seqs = [next(numbers) for _ in ops]
        with connection.transaction(), connection.cursor() as cursor:
            _copy(cursor, "raw_note", (_note(*each, columns) for each in zip(ops, said, strict=True)))
            _copy(cursor, "raw_ledger", (_ledger(*each) for each in zip(seqs, ops, said, strict=True)))
            content = ((seq, op[11], op[12].encode(), None) for seq, op in zip(seqs, ops, strict=True))
            _copy(cursor, "raw_content", content, ["int8", "varchar", "bytea", "bytea"])
        return _packed([(op[3], seq, 1, "applied") for seq, op in zip(seqs, ops, strict=True)])

    @post("/pull")
    async def pull(request: Request[Any, Any, Any]) -> Response[bytes]:
        after = _unpacked(await request.body())
        query = "SELECT * FROM raw_note WHERE id > %s ORDER BY id LIMIT %s"
        with connection.transaction():
            return _packed(connection.execute(query, (after, PAGE)).fetchall())

    app = Litestar([push, pull], request_max_body_size=None)
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])


def _copy(
    cursor: psycopg.Cursor[Any], table: str, rows: Iterator[tuple[Any, ...]], binary: Sequence[str] = ()
) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN {'(FORMAT BINARY)' if binary else ''}") as copy:
        if binary:
            copy.set_types(binary)
        for row in rows:
            copy.write_row(row)


def _note(op: Values, said: dict[str, Any], columns: list[str]) -> tuple[Any, ...]:
    said |= {"id": op[6], "version": 1, "scope": "family:" + said["family_id"]}
    return tuple(map(said.get, columns))


def _ledger(seq: int, op: Values, said: dict[str, Any]) -> tuple[Any, ...]:
    """With texts as long as a ledger row's where it has something worked out."""
    _, n, chain, op_id, kind, table, record, *_ = op
    scope, made_at = said["scope"], op[9]
    return (
        seq, op_id, kind, table, record, 1, scope, record, record, record, n, made_at, made_at, "applied",
        None, None, chain, chain,
    )  # fmt: skip


def _packed(value: object) -> Response[bytes]:
    body = zstandard.compress(msgspec.json.encode(value))
    return Response(body, media_type="application/octet-stream", status_code=200)


def _unpacked(body: bytes) -> Any:
    return msgspec.json.decode(zstandard.decompress(body))


class RawLaptop:
    """The laptop's half: ops as a vault of ours keeps them, in a database like it."""

    def __init__(self, address: str, folder: Path, desk: Desk) -> None:
        """Copy the ops of a desk."""
        self.pushed = self.pulled = 0
        self.address, self.session = address, requests.Session()
        self.source, self.target = open_raw(folder / "raw-a.db", KEY), open_raw(folder / "raw-b.db", KEY)
        op = desk.vault.schema.own("op")
        with desk.vault.read() as connection:
            ops = connection.execute(op.select().with_only_columns(*(op.c[name] for name in TRAVELS)))
            rows = [tuple(row) for row in ops]
        self.source.execute(f"CREATE TABLE op ({', '.join(TRAVELS)}, PRIMARY KEY (pos))")
        self.source.execute("BEGIN")
        self.source.executemany(f"INSERT INTO op VALUES ({', '.join('?' * len(TRAVELS))})", rows)
        self.source.execute("COMMIT")
        self.columns = [column.name for column in desk.vault.schema["visit_note"].table.columns]
        names = ", ".join(self.columns[1:])
        self.target.execute(f"CREATE TABLE raw_note (id TEXT PRIMARY KEY, {names})")
        self.target.execute("CREATE VIRTUAL TABLE raw_words USING fts5(body, content='', detail=column)")

    def push(self) -> None:
        after = 0
        query = "SELECT * FROM op WHERE pos > ? ORDER BY pos LIMIT ?"
        while page := self.source.execute(query, (after, PAGE)).fetchall():
            self._post("/push", [(*op[:12], op[12].decode(), *op[13:]) for op in page])
            self.pushed += len(page)
            after = page[-1][0]

    def pull(self) -> None:
        after = ""
        insert = f"INSERT INTO raw_note VALUES ({', '.join('?' * len(self.columns))})"
        text = self.columns.index("what_happened")
        while page := self._post("/pull", after):
            self.target.execute("BEGIN")
            self.target.executemany(insert, page)
            self.target.executemany("INSERT INTO raw_words (body) VALUES (?)", [(r[text],) for r in page])
            self.target.execute("COMMIT")
            self.pulled += len(page)
            after = page[-1][0]

    def close(self) -> None:
        self.source.close()
        self.target.close()

    def _post(self, path: str, value: object) -> Any:
        body = zstandard.compress(msgspec.json.encode(value))
        headers = {"Content-Type": "application/octet-stream"}
        answer = self.session.post(self.address + path, data=body, headers=headers, timeout=60)
        answer.raise_for_status()
        return _unpacked(answer.content)


@contextmanager
def raw_laptop(database: str, folder: Path, desk: Desk) -> Iterator[RawLaptop]:
    """The raw parts, served, with the ops of a desk to send."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.raw", database], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        with closing(RawLaptop(process.stdout.readline().strip(), folder, desk)) as laptop:
            yield laptop
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    serve(sys.argv[1])
