"""The way to the hub over HTTP: what counts as an answer, and what everything else counts as.

The other end is a real socket that says exactly the bytes of the test.
"""

import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import zstandard

from sync.errors import Busy, NotAllowed, SignedOut, SyncProblem, TimedOut, TooLarge, TooOld, Unreachable
from sync.http import packing
from sync.http.client import HubClient, Patience, checked_address
from sync.http.packing import pack, unpack
from sync.http.transport import HttpTransport
from tests.sync.scripted import LONG, QUICK, answer, problem, script


def send(url: str) -> bytes:
    with HubClient(url, QUICK) as client:
        return client.post_bytes("/v1/pull", b"{}", "token")


def test_a_good_answer_is_its_body() -> None:
    with script(answer(b'{"a": 1}')) as server:
        assert send(server.url) == b'{"a": 1}'

    request = server.asked[0].lower()
    assert request.startswith(b"post /v1/pull http/1.1\r\n")
    assert b"authorization: bearer token\r\n" in request
    assert b"accept-encoding: zstd\r\n" in request


def test_a_packed_answer_is_unpacked() -> None:
    packed, encoding = pack(LONG)
    with script(answer(packed, more=f"Content-Encoding: {encoding}\r\n")) as server:
        assert send(server.url) == LONG


def test_a_long_request_is_packed_and_a_short_one_is_not() -> None:
    with script(answer(b"{}"), answer(b"{}")) as server, HubClient(server.url, QUICK) as client:
        client.post_bytes("/v1/push", LONG)
        client.post_bytes("/v1/push", b'{"short": true}')
    long, short = (request.partition(b"\r\n\r\n") for request in server.asked)

    assert b"content-encoding: zstd" in long[0].lower()
    assert unpack(long[2], 100_000) == LONG
    assert b"content-encoding" not in short[0].lower()
    assert short[2] == b'{"short": true}'


def test_one_connection_serves_a_whole_round() -> None:
    with script(*[answer(b"{}")] * 3) as server, HubClient(server.url, QUICK) as client:
        for _ in range(3):
            client.post_bytes("/v1/pull", b"{}")

    assert server.connections == 1


PORTAL = b"<html><body>Welcome to Station WiFi. Please log in.</body></html>"
NOT_THE_HUB = {
    "a captive portal's page": answer(PORTAL, kind="text/html"),
    "a captive portal's page that calls itself JSON": answer(PORTAL),
    "a captive portal's redirect": answer(b"", "302 Found", more="Location: http://portal.example/\r\n"),
    "a portal's own 401": answer(PORTAL, "401 Unauthorized", "text/html"),
    "a firewall's 403": answer(PORTAL, "403 Forbidden", "text/html"),
    "a portal's 511": answer(PORTAL, "511 Network Authentication Required", "text/html"),
    "a proxy's 502": answer(PORTAL, "502 Bad Gateway", "text/html"),
    "a 500 of the hub": problem("500 Internal Server Error", "fault"),
    "no such address": problem("404 Not Found", "not_found"),
    "half a JSON": answer(b'{"rows": [1, 2'),
    "nothing at all": answer(b""),
    "no answer": b"",
    "noise": b"\x00\x01\x02\r\n\r\n",
    "half a body": answer(b"{}").replace(b"Content-Length: 2", b"Content-Length: 2000")
    + b"Connection: close",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-Ty",
    "packed in another way": answer(b"{}", more="Content-Encoding: br\r\n"),
    "not really packed": answer(b"{}", more="Content-Encoding: zstd\r\n"),
    "half a frame": answer(pack(LONG)[0][:-9], more="Content-Encoding: zstd\r\n"),
    "an empty 401": answer(b"", "401 Unauthorized", "application/problem+json"),
}


@pytest.mark.parametrize("said", NOT_THE_HUB.values(), ids=NOT_THE_HUB.keys())
def test_what_is_not_the_hubs_answer_is_no_answer(said: bytes) -> None:
    with script(said) as server, pytest.raises(Unreachable):
        send(server.url)


def test_nobody_is_followed_elsewhere() -> None:
    portal = answer(b"", "307 Temporary Redirect", more="Location: /login\r\n")
    with script(portal, answer(b"{}")) as server:
        with HubClient(server.url, QUICK) as client, pytest.raises(Unreachable):
            client.post_bytes("/v1/push", b"{}", "token")
        assert len(server.asked) == 1


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(Unreachable):
        send(f"http://127.0.0.1:{port}")


def test_a_server_that_falls_silent_is_left() -> None:
    said = answer(b"{}").replace(b"Content-Length: 2", b"Content-Length: 2000")
    with script(said, b"never sent") as server, pytest.raises(Unreachable):
        send(server.url)


def test_a_line_that_drips_is_left_in_time() -> None:
    """Each byte comes before the patience between two of them ends; all of them never do."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer(b"").replace(b"Content-Length: 0", b"Content-Length: 100000"))
                while not stop.wait(0.1):
                    try:
                        connection.sendall(b" ")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            with pytest.raises(Unreachable):
                send(f"http://127.0.0.1:{listener.getsockname()[1]}")
        finally:
            stop.set()
            thread.join(5)


@pytest.mark.parametrize("step", ["put", "get"])
def test_a_part_of_a_file_has_its_own_patience(step: str) -> None:
    """It cannot be made smaller: on a slow line it takes longer than any other question may."""
    patience = Patience(connect_s=2.0, silence_s=5.0, total_s=0.0, file_s=60.0)
    with script(answer(b"{}")) as server, HubClient(server.url, patience) as client:
        assert HttpTransport(client, "token").send(step, b"{}") == b"{}"


@pytest.mark.parametrize("step", ["push", "pull"])
def test_no_other_step_has_the_patience_of_a_file(step: str) -> None:
    patience = Patience(connect_s=2.0, silence_s=5.0, total_s=0.0, file_s=60.0)
    with script(answer(b"{}")) as server, HubClient(server.url, patience) as client, pytest.raises(TimedOut):
        HttpTransport(client, "token").send(step, b"{}")


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = zstandard.ZstdCompressor().compress(bytes(packing.MAX_REPLY + 1))
    assert len(bomb) < 10_000
    with script(answer(bomb, more="Content-Encoding: zstd\r\n")) as server, pytest.raises(Unreachable):
        send(server.url)


SAID: dict[str, tuple[bytes, type[SyncProblem]]] = {
    "signed out": (problem("401 Unauthorized", "signed_out"), SignedOut),
    "not allowed": (problem("403 Forbidden", "device_refused"), NotAllowed),
    "too old": (problem("426 Upgrade Required", "too_old"), TooOld),
    "too large": (problem("413 Content Too Large", "too_large"), TooLarge),
    "too large for a proxy": (answer(PORTAL, "413 Content Too Large", "text/html"), TooLarge),
    "wait": (problem("429 Too Many Requests", "wait"), Busy),
    "overloaded": (answer(b"", "503 Service Unavailable", "text/html"), Busy),
}


@pytest.mark.parametrize("said, raised", SAID.values(), ids=SAID.keys())
def test_what_the_hub_says_is_what_is_raised(said: bytes, raised: type[SyncProblem]) -> None:
    with script(said) as server, pytest.raises(raised):
        send(server.url)


def test_the_hubs_sentence_is_kept() -> None:
    said = problem("401 Unauthorized", "not_recognised", "Ask your manager.")
    with script(said) as server, pytest.raises(SignedOut, match=r"^Ask your manager\.$"):
        HubClient(server.url, QUICK).post("/v1/enrol", {"code": "x"})


def in_a_minute() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)


PATIENCE = {
    "seconds": (lambda: "7", 7.0, 7.0),
    "a date": (in_a_minute, 50.0, 60.0),
    "a date gone by": (lambda: "Sun, 06 Nov 1994 08:49:37 GMT", 0.0, 0.0),
    "noise": (lambda: "soon", 30.0, 30.0),
    "a week": (lambda: "604800", 3600.0, 3600.0),
}


@pytest.mark.parametrize("text, least, most", PATIENCE.values(), ids=PATIENCE.keys())
def test_how_long_the_hub_asks_to_wait(text: Callable[[], str], least: float, most: float) -> None:
    said = problem("503 Service Unavailable", "busy", more=f"Retry-After: {text()}\r\n")
    with script(said) as server, pytest.raises(Busy) as raised:
        send(server.url)

    assert least <= raised.value.retry_after_s <= most


def test_an_answer_that_is_no_object_is_no_answer_to_a_question() -> None:
    with script(answer(b"[1]")) as server, HubClient(server.url, QUICK) as client, pytest.raises(Unreachable):
        client.post("/v1/token", {})


SAFE = ["https://council.example.org", "http://127.0.0.1:8417", "http://localhost", "http://[::1]:80"]
UNSAFE = [
    "http://council.example.org",
    "http://192.0.2.1",
    "http://localhost.example.org",
    "council.example.org",
    "ftp://council.example.org",
    "https://",
    "",
    "https://name:word@council.example.org",
    "https://council.example.org/?next=x",
]


@pytest.mark.parametrize("address", SAFE)
def test_an_address_loses_only_what_does_not_matter(address: str) -> None:
    assert checked_address(f"  {address}/ ") == address


@pytest.mark.parametrize("address", UNSAFE)
def test_records_never_travel_in_the_clear(address: str) -> None:
    with pytest.raises(ValueError, match="the address must"):
        HubClient(address)


def test_no_password_file_changes_what_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login x password y\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with script(answer(b"{}"), answer(b"{}")) as server, HubClient(server.url, QUICK) as client:
        client.post_bytes("/v1/enrol", b"{}")
        client.post_bytes("/v1/push", b"{}", "token")

    assert b"authorization" not in server.asked[0].lower()
    assert b"Bearer token" in server.asked[1]
