"""The raw parts: the same bytes through the same libraries with none of our logic.

`python -m tests.bench.raw DATABASE` serves two doors: /push decodes and inserts a row and a ledger
row for each note, /pull reads, encodes and compresses them again.
"""

import socket
import sys
from typing import Any

import msgspec
import psycopg
import requests
import uvicorn
import zstandard
from litestar import Litestar, Request, Response, post

ROW = "INSERT INTO raw_note VALUES (?, ?, ?, ?, ?, ?)"
TABLES = (
    "CREATE TABLE raw_note (id text PRIMARY KEY, version int, scope text, family text, at text, body text)",
    "CREATE TABLE raw_ledger (seq bigint PRIMARY KEY, op text UNIQUE, record text, scope text, hash text, "
    "content text)",
)
PAGE = 2_000


def serve(database: str) -> None:
    """Serve until killed; prints the address."""
    with psycopg.connect(database, autocommit=True) as connection:
        for table in TABLES:
            connection.execute(table)
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    connection = psycopg.connect(database)

    @post("/push")
    async def push(request: Request[Any, Any, Any]) -> Response[bytes]:
        notes = msgspec.json.decode(zstandard.decompress(await request.body()), type=list[list[Any]])
        with connection.transaction(), connection.cursor() as cursor:
            with cursor.copy("COPY raw_note FROM STDIN") as copy:
                for row in notes:
                    copy.write_row(row)
            with cursor.copy("COPY raw_ledger FROM STDIN") as copy:
                for row in notes:
                    copy.write_row((_seq(), row[0], row[0], row[2], row[0] * 2, row[5]))
        return _packed(["applied"] * len(notes))

    @post("/pull")
    async def pull(request: Request[Any, Any, Any]) -> Response[bytes]:
        after = msgspec.json.decode(zstandard.decompress(await request.body()), type=str)
        query = "SELECT * FROM raw_note WHERE id > %s ORDER BY id LIMIT %s"
        with connection.transaction():
            return _packed(connection.execute(query, (after, PAGE)).fetchall())

    app = Litestar([push, pull], request_max_body_size=None)
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])


_last = 0


def _seq() -> int:
    global _last
    _last += 1
    return _last


def _packed(value: object) -> Response[bytes]:
    body = zstandard.compress(msgspec.json.encode(value))
    return Response(body, media_type="application/octet-stream", status_code=200)


class RawClient:
    """The laptop's half of the raw parts."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.session = requests.Session()

    def post(self, path: str, value: object) -> Any:
        body = zstandard.compress(msgspec.json.encode(value))
        headers = {"Content-Type": "application/octet-stream"}
        answer = self.session.post(self.address + path, data=body, headers=headers, timeout=60)
        answer.raise_for_status()
        return msgspec.json.decode(zstandard.decompress(answer.content))


if __name__ == "__main__":
    serve(sys.argv[1])
