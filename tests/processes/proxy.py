"""A bad line: real sockets between a laptop and its council, cut, doubled, delayed and dripping by seed."""

import random
import socket
import threading
import time
from collections import Counter
from contextlib import suppress
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit

CHUNK = 64 * 1024
SILENCE_S = 20.0


class Fault(StrEnum):
    """What becomes of one request and its answer."""

    NONE = "none"
    REFUSED = "refused"  # nobody takes the connection
    CUT_REQUEST = "cut request"  # the council gets a part of it
    LOST_ANSWER = "lost answer"  # done, but nobody hears of it
    CUT_ANSWER = "cut answer"
    DOUBLED = "doubled"  # arrives twice
    LATE = "late"  # given up on, and arrives afterwards
    DRIPPING = "dripping"  # a few bytes at a time
    STRANGER = "stranger"  # a captive portal answers


WEIGHTS = {Fault.NONE: 6}  # beside 1 for each fault
PORTAL = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<html>Pay first"


class BadLine:
    """Stands between; use as a context. faults: how many of each there were.

    From `heal` on everything goes through untouched.
    """

    def __init__(self, url: str, seed: int) -> None:
        parts = urlsplit(url)
        self._council = (parts.hostname or "", parts.port or 0)
        self._draw = random.Random(seed)
        self._healed = False
        self._late: list[threading.Thread] = []
        self._open: list[tuple[socket.socket, threading.Thread]] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._accept, name="bad line")
        self.faults: Counter[str] = Counter()
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for laptop, thread in self._open:
            with suppress(OSError):
                laptop.shutdown(socket.SHUT_RDWR)
            thread.join()
        for late in self._late:
            late.join()

    def heal(self) -> None:
        """From here on the line is good; what is on its way still arrives, before anything new."""
        self._healed = True
        for late in self._late:
            late.join()

    # -- one connection after the other, as a laptop makes them --------------------------------

    def _accept(self) -> None:
        while True:
            try:
                laptop, _ = self._listener.accept()
            except OSError:
                return
            laptop.settimeout(SILENCE_S)
            # A laptop may begin a new connection while it still holds the one before.
            self._open.append((laptop, threading.Thread(target=self._serve, args=(laptop,))))
            self._open[-1][1].start()

    def _serve(self, laptop: socket.socket) -> None:
        with laptop, suppress(OSError):
            while (request := _message(laptop)) and self._carry(laptop, request):
                pass

    def _carry(self, laptop: socket.socket, request: bytes) -> bool:
        """Carry one request; whether the connection goes on."""
        fault = Fault.NONE if self._healed else self._drawn()
        self.faults[fault] += 1
        match fault:
            case Fault.REFUSED:
                return False
            case Fault.CUT_REQUEST:
                self._send_part(request)
                return False
            case Fault.LATE:
                self._late.append(threading.Thread(target=self._arrive_late, args=(request,)))
                self._late[-1].start()
                return False
            case Fault.STRANGER:
                laptop.sendall(PORTAL)
                return True
        answer = self._ask(request)
        if fault is Fault.DOUBLED:
            answer = self._ask(request)
        return self._give(laptop, answer, fault)

    def _give(self, laptop: socket.socket, answer: bytes, fault: Fault) -> bool:
        if fault is Fault.LOST_ANSWER:
            return False
        if fault is Fault.CUT_ANSWER:
            laptop.sendall(answer[: self._draw.randrange(len(answer))])
            return False
        size = max(1, len(answer) // 20) if fault is Fault.DRIPPING else CHUNK
        for start in range(0, len(answer), size):
            laptop.sendall(answer[start : start + size])
            if fault is Fault.DRIPPING:
                time.sleep(0.001)
        return True

    def _drawn(self) -> Fault:
        kinds = list(Fault)
        return self._draw.choices(kinds, [WEIGHTS.get(kind, 1) for kind in kinds])[0]

    # -- the other side ----------------------------------------------------------------------------

    def _ask(self, request: bytes) -> bytes:
        with socket.create_connection(self._council, SILENCE_S) as council:
            council.sendall(request)
            return _message(council)

    def _send_part(self, request: bytes) -> None:
        with socket.create_connection(self._council, SILENCE_S) as council:
            council.sendall(request[: self._draw.randrange(1, len(request))])

    def _arrive_late(self, request: bytes) -> None:
        time.sleep(0.03)
        self._ask(request)


def _message(peer: socket.socket) -> bytes:
    """One whole HTTP message with its length named; b"" when the peer has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = peer.recv(CHUNK)
        if not more:
            return b""
        data += more
    head = data.partition(b"\r\n\r\n")[0]
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    wanted = len(head) + 4 + (int(lengths[0].partition(b":")[2]) if lengths else 0)
    while len(data) < wanted:
        more = peer.recv(CHUNK)
        if not more:
            return b""
        data += more
    return data
