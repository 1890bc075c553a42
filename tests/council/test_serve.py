"""The council's service as a process: where it listens, and how it stops."""

import contextlib
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from sync.errors import SignedOut, Unreachable
from sync.http.client import HubClient
from tests.council.conftest import FACTS
from tfworker.council.serve import CannotServe, Place, serving
from tfworker.council.service import Council
from tfworker.council.setting_up import set_up


@pytest.fixture
def council_url(tmp_path: Path) -> str:
    """One database will do: none of this is about databases."""
    url = f"sqlite:///{tmp_path / 'council.db'}"
    set_up(url, FACTS).close()
    return url


@contextlib.contextmanager
def process(url: str, *more: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """`tfworker council serve` on a free port, and its address."""
    command = [sys.executable, "-m", "tfworker", "council", "serve", "--port", "0", "--database", url, *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            yield running, running.stdout.readline().strip().removeprefix("serving ")
        finally:
            running.kill()


def test_the_service_says_where_it_is_and_stops_when_told(council_url: str, home: Path) -> None:
    with process(council_url) as (running, address):
        assert requests.get(f"{address}/ready", timeout=10).json() == {"status": "ok"}

        running.send_signal(signal.SIGTERM)

        out, err = running.communicate(timeout=15)
        assert (running.returncode, out, err) == (0, "", "")
    lines = (home / "logs" / "app.log").read_text()
    assert '"step": "/ready"' in lines
    assert "127.0.0.1" not in lines


def test_records_never_travel_in_the_clear(council_url: str) -> None:
    with process(council_url, "--host", "0.0.0.0") as (running, address):
        err = running.communicate(timeout=15)[1]

    assert (running.returncode, address) == (1, "")
    assert err.startswith("tfworker: Records would travel in the clear.")
    assert err.count("\n") == 1


def test_a_proxy_in_front_may_stand_for_tls() -> None:
    Place(host="0.0.0.0", proxy="127.0.0.1").check()
    with pytest.raises(CannotServe):
        Place(host="0.0.0.0").check()


def test_a_port_that_is_taken_is_a_problem(council: Council) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = Place(port=taken.getsockname()[1])
        with pytest.raises(CannotServe), serving(council, place):
            pass


def test_requests_under_way_are_finished(council: Council) -> None:
    """The service is told to stop while one request is still arriving; it is answered all the same."""
    with serving(council) as address:
        parts = urlsplit(address)
        place = (str(parts.hostname), int(parts.port or 0))
        connection = socket.create_connection(place)
        head = ["POST /v1/token HTTP/1.1", "Host: x", "Content-Type: application/json", "Content-Length: 2"]
        connection.sendall("\r\n".join([*head, "", "{"]).encode())
        # By the time a request sent after it is answered, it is being read.
        assert requests.get(f"{address}/health", timeout=10).ok
        rest = threading.Thread(target=send_once_refused, args=(place, connection, b"}"))
        rest.start()
    rest.join()
    with connection:
        assert connection.recv(65536).startswith(b"HTTP/1.1 400")


def send_once_refused(place: tuple[str, int], connection: socket.socket, rest: bytes) -> None:
    """Send the rest of a request once the service takes no new ones."""
    with contextlib.suppress(OSError):
        while True:
            socket.create_connection(place, timeout=5).close()
    connection.sendall(rest)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of its own for 127.0.0.1, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "council")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(secret)
    return folder / "cert.pem", folder / "key.pem"


def test_tls_is_trusted_as_the_system_says(
    council: Council, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(council, Place(port=0, certificate=certificate[0], key=certificate[1])) as address:
        assert address.startswith("https://")
        with HubClient(address) as stranger, pytest.raises(Unreachable):
            stranger.post("/v1/token", {})
        # How a system's own store is named to OpenSSL.
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        with HubClient(address) as client, pytest.raises(SignedOut):
            client.post(
                "/v1/token", {"kind": "refresh", "refresh_token": "x", "time_ms": 1, "signature": SIGNATURE}
            )


SIGNATURE = "A" * 86 + "=="


def test_a_certificate_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(CannotServe):
        Place(certificate=tmp_path / "nothing.pem", key=None).check()


def test_a_council_that_is_not_set_up_is_not_served(tmp_path: Path) -> None:
    with process(f"sqlite:///{tmp_path / 'empty.db'}") as (running, _):
        err = running.communicate(timeout=15)[1]

    assert running.returncode == 1
    assert err == "tfworker: There is no council in this database yet. Run: tfworker council init\n"
