"""A real socket in the hub's place, which says exactly the bytes of a test."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sync.http.client import Patience

QUICK = Patience(connect_s=2.0, silence_s=0.5, total_s=1.0)
LONG = b'{"rows": [' + b"1, " * 2_000 + b"1]}"


class Script:
    """A server that answers each request with the next of its answers, and keeps what it was asked."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.asked: list[bytes] = []
        self.heard = threading.Event()  # a request has come, whole
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve)

    def _serve(self) -> None:
        while self.answers:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        while self.answers:
            request = self._request(connection)
            if not request:
                return
            self.asked.append(request)
            self.heard.set()
            answer = self.answers.pop(0)
            connection.sendall(answer)
            if b"Connection: close" in answer or not answer:
                return

    @staticmethod
    def _request(connection: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            part = connection.recv(65536)
            if not part:
                return b""
            data += part
        head, _, body = data.partition(b"\r\n\r\n")
        lines = [line.lower() for line in head.split(b"\r\n")]
        length = next(int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length"))
        while len(body) < length:
            body += connection.recv(65536)
        return head + b"\r\n\r\n" + body


@contextmanager
def script(*answers: bytes) -> Iterator[Script]:
    server = Script(*answers)
    server.thread.start()
    try:
        yield server
    finally:
        server.answers.clear()
        server.listener.shutdown(socket.SHUT_RDWR)  # wakes accept
        server.listener.close()
        server.thread.join(5)


def answer(body: bytes, status: str = "200 OK", kind: str = "application/json", *, more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


def problem(status: str, code: str, detail: str = "A sentence.", *, more: str = "") -> bytes:
    body = f'{{"code": "{code}", "detail": "{detail}"}}'.encode()
    return answer(body, status, "application/problem+json", more=more)
