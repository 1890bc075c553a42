"""A fork server: everything is imported once, then every run is a fork of it.

The process forks before anything was opened and before any thread was started, so a run begins with
no connection of somebody else's. A run is two processes: one that follows (`tracing`) and the one
that is followed and does the work.
"""

import contextlib
import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.processes.tracing import Stop, Told, followed, left_alone

PATIENCE_S = 120


@dataclass(frozen=True, slots=True)
class Order:
    """A run: which work, in which folder, with what, and where it stops."""

    work: str
    folder: str
    stop: Stop = field(default_factory=Stop)
    given: Mapping[str, Any] = field(default_factory=dict)


class Run:
    """A run under way: lines that it tells, then how it ended."""

    def __init__(self, lines: Any) -> None:
        self._lines = lines
        self.told: Told | None = None
        # It may be dead before it came to saying who it is.
        first = self.line()
        self._pid = int(first.removeprefix("~pid ")) if self.told is None else 0

    def line(self) -> str:
        """The next line the process printed; "" once it has ended."""
        text = self._next()
        if text.startswith("~ended "):
            self.told = Told(**json.loads(text.removeprefix("~ended ")))
            return ""
        return text

    def _next(self) -> str:
        text = self._lines.readline()
        if not text:
            raise RuntimeError("the fork server is gone")
        return str(text).rstrip("\n")

    def kill(self) -> None:
        """End it here, wherever it is."""
        if self._pid:
            with contextlib.suppress(ProcessLookupError):  # it was at its end
                os.kill(self._pid, signal.SIGKILL)

    def end(self) -> Told:
        """Wait for its end."""
        while self.told is None:
            self.line()
        return self.told


class Nursery:
    """The fork server. Make it early: what it is forked from is what every run starts with."""

    def __init__(self, works: Mapping[str, Callable[[Order], None]]) -> None:
        ours, theirs = socket.socketpair()
        gc.collect()
        gc.freeze()
        sys.stdout.flush()
        self._pid = os.fork()
        if self._pid == 0:
            ours.close()
            _serve(theirs, works)
        theirs.close()
        self._socket = ours
        self._lines = ours.makefile("r", encoding="utf-8")
        ours.settimeout(PATIENCE_S)

    def start(self, order: Order) -> Run:
        self._socket.sendall(json.dumps(asdict(order)).encode() + b"\n")
        return Run(self._lines)

    def close(self) -> None:
        self._lines.close()
        self._socket.close()
        os.waitpid(self._pid, 0)


def _serve(there: socket.socket, works: Mapping[str, Callable[[Order], None]]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.setsid()
    gc.disable()  # no run lives long enough to need it
    with there.makefile("r", encoding="utf-8") as orders:
        for line in orders:
            told = json.loads(line)
            order = Order(**{**told, "stop": Stop(**told["stop"])})
            follower = os.fork()
            if follower == 0:
                os.dup2(there.fileno(), 1)
                _follow(order, works[order.work])
            os.waitpid(follower, 0)
    os._exit(0)


def _follow(order: Order, work: Callable[[Order], None]) -> None:
    folder = Path(order.folder)
    os.dup2(os.open(folder / "words", os.O_CREAT | os.O_WRONLY | os.O_TRUNC), 2)

    def body() -> None:
        os.write(1, f"~pid {os.getpid()}\n".encode())
        work(order)

    if order.stop.after_s:
        told = left_alone(body, order.stop.after_s)
    else:
        told = followed(body, order.stop, folder)
    os.write(1, b"~ended " + json.dumps(told.as_dict()).encode() + b"\n")
    os._exit(0)
