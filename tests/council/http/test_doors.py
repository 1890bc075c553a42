"""The council's doors, over real HTTP: who comes in, what is refused, and that no answer says too much."""

import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import zstandard
from sqlalchemy import text

from sync.errors import Busy, NotAllowed, SignedOut, TooLarge, TooOld
from sync.http.client import HubClient
from sync.http.packing import MAX_REQUEST, pack
from sync.http.transport import HttpTransport
from sync.memory import FakeClock
from sync.wire import PROTOCOL, PullReply, PullRequest, decode, encode
from tests.council.county import PASSWORD, County
from tests.council.laptop import Laptop
from tfworker.council.devices import DeviceState
from tfworker.council.refusals import NotRecognised
from tfworker.council.service import Council

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def client(address: str) -> Iterator[HubClient]:
    with HubClient(address) as client:
        yield client


@pytest.fixture
def enrolled(client: HubClient, with_account: Council, laptop: Laptop) -> dict[str, Any]:
    code = with_account.devices.make_code("W001")
    return client.post("/v1/enrol", laptop.enrol_message("W001", code))


def pull_request(**more: Any) -> bytes:
    return encode(PullRequest(**{"protocol": PROTOCOL, "generation": "a" * 32, "cursor": {}} | more))


def post(address: str, path: str, body: bytes, **headers: str) -> requests.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.post(address + path, data=body, headers=JSON | named, timeout=10)


def test_a_laptop_is_let_in_and_pulls_only_its_worker_families(
    client: HubClient, enrolled: dict[str, Any], county: County
) -> None:
    reply = decode(PullReply, HttpTransport(client, enrolled["access_token"]).send("pull", pull_request()))
    scopes = {gained.scope for gained in reply.gained if gained.scope.startswith("family:")}

    assert enrolled["worker_id"] == county.worker["W001"]
    assert (enrolled["role"], enrolled["roles"]) == ("fsw", ["fsw"])
    assert enrolled["team_name"] == "Team T01"
    assert enrolled["emergency_numbers"] == [{"name": "Duty team", "phone": "01632 960001"}]
    assert scopes == {f"family:{county.family[ref]}" for ref in ("F-1", "F-2")}


WRONG = {
    "password": {"password": "kettle violet harbour 53"},
    "login": {"login": "W999"},
    "code": {"code": "0000-0000-0000-0000"},
}


def test_wrong_used_and_run_out_are_one_answer(
    client: HubClient, with_account: Council, clock: FakeClock
) -> None:
    said = []
    code = with_account.devices.make_code("W001")
    for wrong in WRONG.values():
        with pytest.raises(SignedOut) as refused:
            client.post("/v1/enrol", Laptop(clock).enrol_message("W001", code) | wrong)
        said.append(str(refused.value))
    client.post("/v1/enrol", Laptop(clock).enrol_message("W001", code))
    run_out = with_account.devices.make_code("W001")
    clock.advance(minutes=11)
    for worthless in (code, run_out):
        with pytest.raises(SignedOut) as refused:
            client.post("/v1/enrol", Laptop(clock).enrol_message("W001", worthless))
        said.append(str(refused.value))

    assert set(said) == {NotRecognised.detail}


def test_tokens_are_traded_and_the_round_goes_on(
    client: HubClient, enrolled: dict[str, Any], laptop: Laptop, clock: FakeClock
) -> None:
    kept = {"refresh": enrolled["refresh_token"]}

    def renew() -> str:
        new = client.post("/v1/token", laptop.refresh_message(kept["refresh"]))
        kept["refresh"] = new["refresh_token"]
        return str(new["access_token"])

    transport = HttpTransport(client, enrolled["access_token"], renew)
    for _ in range(3):
        assert decode(PullReply, transport.send("pull", pull_request())).epoch
        clock.advance(minutes=16)

    assert kept["refresh"] != enrolled["refresh_token"]


def test_a_laptop_signs_in_again_with_the_password(
    client: HubClient, enrolled: dict[str, Any], laptop: Laptop, clock: FakeClock
) -> None:
    clock.advance(days=40)
    with pytest.raises(SignedOut):
        client.post("/v1/token", laptop.refresh_message(enrolled["refresh_token"]))
    new = client.post("/v1/token", laptop.sign_in_message("W001", enrolled["device_id"]))

    assert HttpTransport(client, new["access_token"]).send("pull", pull_request())


def test_a_lost_laptop_and_a_closed_account_are_refused_at_once(
    client: HubClient, enrolled: dict[str, Any], with_account: Council
) -> None:
    transport = HttpTransport(client, enrolled["access_token"])
    with_account.devices.set_state(enrolled["device_id"], DeviceState.LOST)
    with pytest.raises(NotAllowed, match="This laptop may not connect"):
        transport.send("pull", pull_request())

    with_account.devices.set_state(enrolled["device_id"], DeviceState.ACTIVE)
    with_account.accounts.disable("W001")
    with pytest.raises(NotAllowed, match="Your account is closed"):
        transport.send("pull", pull_request())


def test_guessing_is_slowed_down(client: HubClient, with_account: Council, laptop: Laptop) -> None:
    message = laptop.enrol_message("W001", "wrong", "wrong")
    for _ in range(4):
        with pytest.raises(SignedOut):
            client.post("/v1/enrol", message)
    with pytest.raises(Busy) as refused:
        client.post("/v1/enrol", message | {"password": PASSWORD})

    assert refused.value.retry_after_s == 2


def test_an_old_laptop_is_told_before_anything_is_taken(client: HubClient, enrolled: dict[str, Any]) -> None:
    with pytest.raises(TooOld):
        HttpTransport(client, enrolled["access_token"]).send("pull", pull_request(protocol=0))


BODIES = {
    "nothing": b"",
    "not JSON": b"\x00\xff",
    "half a JSON": b'{"protocol": 1, "gener',
    "another message": b'{"hello": "there"}',
    "a list": b"[]",
    "very deep": b"[" * 100_000,
    "half a character pair": b'{"login": "\\ud800"}',
}


@pytest.mark.parametrize("path", ["/v1/enrol", "/v1/token", "/v1/push", "/v1/pull"])
def test_what_cannot_be_read_is_400_without_being_quoted(
    address: str, enrolled: dict[str, Any], path: str
) -> None:
    for body in BODIES.values():
        answer = post(address, path, body, Authorization=f"Bearer {enrolled['access_token']}")
        assert answer.status_code == 400, body[:20]
        check_problem(answer, "unreadable")


def check_problem(answer: requests.Response, code: str) -> None:
    said = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert set(said) == {"title", "status", "code", "detail", "request_id"}
    assert said["code"] == code
    assert said["request_id"] == answer.headers["X-Request-Id"]


def test_a_batch_over_the_limit_is_413(address: str, client: HubClient, enrolled: dict[str, Any]) -> None:
    transport = HttpTransport(client, enrolled["access_token"])
    with pytest.raises(TooLarge):
        transport.send("push", b'{"x": "' + b"a" * MAX_REQUEST + b'"}')


def test_so_is_a_body_that_is_not_packed(address: str, enrolled: dict[str, Any]) -> None:
    signed_in = f"Bearer {enrolled['access_token']}"
    answer = post(address, "/v1/push", b" " * (MAX_REQUEST + 1), Authorization=signed_in)

    check_problem(answer, "too_large")


def test_a_bomb_is_413_and_unpacks_nothing(address: str, enrolled: dict[str, Any]) -> None:
    bomb = zstandard.ZstdCompressor().compress(bytes(1_000_000_000))
    assert len(bomb) < 100_000
    signed_in = f"Bearer {enrolled['access_token']}"
    answer = post(address, "/v1/push", bomb, Content_Encoding="zstd", Authorization=signed_in)

    assert answer.status_code == 413
    check_problem(answer, "too_large")


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd, zstd"])
def test_other_packings_are_refused(address: str, encoding: str) -> None:
    assert post(address, "/v1/enrol", b"{}", Content_Encoding=encoding).status_code == 400


def test_a_cut_frame_is_refused(address: str) -> None:
    packed, _ = pack(b'{"a": ' + b"1" * 5_000 + b"}")

    assert post(address, "/v1/enrol", packed[:-5], Content_Encoding="zstd").status_code == 400


def test_only_json_is_taken(address: str) -> None:
    answer = requests.post(
        address + "/v1/enrol", data=b"a=b", headers={"Content-Type": "text/plain"}, timeout=10
    )

    check_problem(answer, "unreadable")


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer x", "Basic eDp5", "bearer tfa_" + "A" * 43])
def test_nobody_pushes_or_pulls_without_a_token(address: str, header: str | None) -> None:
    for path in ("/v1/push", "/v1/pull"):
        headers = {"Authorization": header} if header else {}
        answer = post(address, path, pull_request(), **headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        check_problem(answer, "signed_out")


NOT_THERE = [
    ("GET", "/"),
    ("GET", "/docs"),
    ("GET", "/schema"),
    ("GET", "/schema/openapi.json"),
    ("GET", "/v1/enrol"),
    ("DELETE", "/v1/push"),
    ("TRACE", "/v1/push"),
    ("GET", "/v1/../health/../../etc/passwd"),
    ("POST", "/health"),
    ("GET", "/v1/pull?debug=1"),
]


@pytest.mark.parametrize("method, path", NOT_THERE)
def test_what_is_not_offered_is_not_there(address: str, method: str, path: str) -> None:
    answer = requests.request(method, address + path, timeout=10)

    assert answer.status_code in (404, 405)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "traceback" not in answer.text.lower()


def test_every_answer_carries_what_keeps_a_browser_out(address: str) -> None:
    for path in ("/health", "/nowhere"):
        headers = requests.get(address + path, timeout=10).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "Server" not in headers


def test_health_and_ready(address: str, with_account: Council) -> None:
    assert requests.get(address + "/health", timeout=10).json() == {"status": "ok"}
    assert requests.get(address + "/ready", timeout=10).json() == {"status": "ok"}

    with with_account.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert requests.get(address + "/health", timeout=10).status_code == 200
    answer = requests.get(address + "/ready", timeout=10)
    assert answer.status_code == 503
    check_problem(answer, "busy")


def test_a_fault_of_ours_says_nothing_of_itself(
    address: str, enrolled: dict[str, Any], with_account: Council
) -> None:
    """A table is gone: the message of that error would hold the statement."""
    with with_account.engine.begin() as connection:
        connection.execute(text("ALTER TABLE device RENAME TO device_elsewhere"))
    signed_in = f"Bearer {enrolled['access_token']}"
    answer = post(address, "/v1/pull", pull_request(), Authorization=signed_in)

    assert answer.status_code in (500, 503)
    assert "device" not in answer.text
    assert "SELECT" not in answer.text


def test_a_request_cut_in_the_middle_leaves_the_council_well(address: str, enrolled: dict[str, Any]) -> None:
    parts = urlsplit(address)
    head = (
        f"POST /v1/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {enrolled['access_token']}\r\nContent-Length: 5000\r\n\r\n"
    )
    with socket.create_connection((str(parts.hostname), int(parts.port or 0))) as connection:
        connection.sendall(head.encode() + b'{"protocol": 1')

    assert requests.get(address + "/health", timeout=10).status_code == 200


def test_answers_are_packed_only_for_who_unpacks_them(address: str, enrolled: dict[str, Any]) -> None:
    signed_in = f"Bearer {enrolled['access_token']}"
    plain = post(address, "/v1/pull", pull_request(), Authorization=signed_in, Accept_Encoding="identity")
    packed = post(address, "/v1/pull", pull_request(), Authorization=signed_in, Accept_Encoding="zstd")

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "zstd"
    assert json.loads(plain.content)["epoch"]
