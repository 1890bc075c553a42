"""One step of a round as one request: its token, and when it has left."""

import threading
from collections.abc import Callable

import pytest

from sync.errors import SignedOut, Unreachable
from sync.http import transport
from sync.http.client import HubClient
from sync.http.packing import pack
from sync.http.transport import HttpTransport, OnItsWay
from tests.sync.scripted import LONG, QUICK, answer, problem, script

SIGNED_OUT = problem("401 Unauthorized", "signed_out")


def test_an_expired_token_is_renewed_once_and_then_kept() -> None:
    renewed: list[str] = []

    def renew() -> str:
        renewed.append("asked")
        return "new"

    with script(SIGNED_OUT, answer(b"[1]"), answer(b"[2]")) as server, HubClient(server.url, QUICK) as client:
        way = HttpTransport(client, "old", renew)
        assert way.send("push", b"{}") == b"[1]"
        assert way.send("pull", b"{}") == b"[2]"

    tokens = [request.split(b"Bearer ")[1].split(b"\r\n")[0] for request in server.asked]
    assert renewed == ["asked"]
    assert tokens == [b"old", b"new", b"new"]


def test_a_renewed_token_that_is_refused_ends_the_round() -> None:
    with script(SIGNED_OUT, SIGNED_OUT) as server, HubClient(server.url, QUICK) as client:
        way = HttpTransport(client, "old", lambda: "new")
        with pytest.raises(SignedOut):
            way.send("push", b"{}")


def test_without_a_token_the_first_step_gets_one() -> None:
    with script(answer(b"[]")) as server, HubClient(server.url, QUICK) as client:
        HttpTransport(client, "", lambda: "new").send("push", b"{}")

    assert b"Bearer new\r\n" in server.asked[0]


def test_a_token_that_cannot_be_renewed_ends_the_round() -> None:
    def renew() -> str:
        raise Unreachable("no network")

    with script(SIGNED_OUT) as server, HubClient(server.url, QUICK) as client, pytest.raises(Unreachable):
        HttpTransport(client, "old", renew).send("push", b"{}")
    with script(SIGNED_OUT) as server, HubClient(server.url, QUICK) as client, pytest.raises(SignedOut):
        HttpTransport(client, "old").send("push", b"{}")


@pytest.mark.parametrize("body", [b"{}", LONG, bytes(range(256)) * 4_000], ids=["short", "long", "dense"])
def test_a_request_travels_whole_while_its_sender_works(body: bytes) -> None:
    with script(answer(b"[1]")) as server, HubClient(server.url, QUICK) as client:
        pending = HttpTransport(client, "token").begin("push", body)
        assert server.heard.wait(5)
        assert pending.answer() == b"[1]"

    sent = server.asked[0].partition(b"\r\n\r\n")
    packed, encoding = pack(body)
    assert sent[2] == packed
    assert (b"Content-Encoding: zstd" in sent[0]) is (encoding is not None)
    assert b"Bearer token\r\n" in sent[0] + b"\r\n"


def test_the_sender_goes_on_once_the_request_has_left_and_no_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "LEAVES_S", 30)
    may_leave, begun = threading.Event(), threading.Event()
    pending: list[OnItsWay] = []

    def ask(left: Callable[[], None]) -> bytes:
        begun.set()
        may_leave.wait(30)
        left()
        return b"answer"

    sender = threading.Thread(target=lambda: pending.append(OnItsWay(ask)))
    sender.start()
    begun.wait(30)
    sender.join(0.05)
    went_on_before = not sender.is_alive()
    may_leave.set()
    sender.join(30)

    assert not went_on_before
    assert pending[0].answer() == b"answer"


def test_a_request_that_cannot_leave_holds_nobody_up() -> None:
    with HubClient("http://127.0.0.1:9", QUICK) as client:
        pending = HttpTransport(client, "token").begin("push", b"{}")
        with pytest.raises(Unreachable):
            pending.answer()
