"""The cable: what a laptop meets when it is whole, cut, plugged in again, or leads nowhere."""

import socket
import threading
from collections.abc import Iterator

import pytest

from tfworker.demo.relay import CHUNK, LOOPBACK, Relay

TIMEOUT_S = 10
LONG = b"x" * (3 * CHUNK + 17)


class Echo:
    """A council of few words: it sends back what it gets, once the other side has said all."""

    def __init__(self) -> None:
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        with line:
            heard = b""
            while data := line.recv(CHUNK):
                heard += data
                if data.endswith(b"\n"):
                    line.sendall(b"yes\n")
            line.sendall(heard)

    def close(self) -> None:
        """Safe to call twice."""
        if self._listener.fileno() >= 0:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()


@pytest.fixture
def echo() -> Iterator[Echo]:
    made = Echo()
    yield made
    made.close()


@pytest.fixture
def cable(echo: Echo) -> Iterator[Relay]:
    with Relay(echo.port) as made:
        yield made


def call(cable: Relay) -> socket.socket:
    """A line through the cable."""
    host, _, port = cable.address.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=TIMEOUT_S)


def ask(line: socket.socket) -> bytes:
    line.sendall(b"are you there?\n")
    return line.recv(CHUNK)


def is_dead(line: socket.socket) -> bool:
    """Whether nothing comes any more."""
    try:
        return line.recv(CHUNK) == b""
    except ConnectionError:
        return True


def test_what_is_said_is_answered(cable):
    with call(cable) as line:
        assert ask(line) == b"yes\n"


def test_a_side_that_has_said_all_still_hears_the_long_answer(cable):
    """A half-open line: the laptop has ended its request, the council has not yet ended its answer."""
    with call(cable) as line:
        line.sendall(LONG)
        line.shutdown(socket.SHUT_WR)
        heard = b"".join(iter(lambda: line.recv(CHUNK), b""))

    assert heard == LONG


def test_several_lines_do_not_mix(cable):
    with call(cable) as one, call(cable) as other:
        one.sendall(b"one")
        other.sendall(b"other")
        for line in (one, other):
            line.shutdown(socket.SHUT_WR)

        assert one.recv(CHUNK) == b"one"
        assert other.recv(CHUNK) == b"other"


def test_a_cut_breaks_the_line_that_is_open(cable):
    with call(cable) as line:
        ask(line)
        cable.cut()

        assert is_dead(line)


def test_a_cut_cable_refuses_a_new_line(cable):
    cable.cut()

    with call(cable) as line:
        assert is_dead(line)


def test_cutting_twice_is_cutting_once(cable):
    cable.cut()
    cable.cut()
    cable.mend()

    with call(cable) as line:
        assert ask(line) == b"yes\n"


def test_a_mended_cable_carries_new_lines_and_leaves_the_broken_one_broken(cable):
    with call(cable) as broken:
        ask(broken)
        cable.cut()
        cable.mend()

        assert is_dead(broken)
        with call(cable) as line:
            assert ask(line) == b"yes\n"


def test_a_council_that_is_not_there_ends_the_line(echo):
    echo.close()

    with Relay(echo.port) as cable, call(cable) as line:
        assert is_dead(line)


def test_a_closed_cable_listens_no_more(echo):
    cable = Relay(echo.port)
    port = int(cable.address.rsplit(":", 1)[1])
    cable.close()

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((LOOPBACK, port), timeout=TIMEOUT_S)
