"""A kept-alive connection to one hub: JSON out, JSON back, and the world's faults as SyncProblems."""

import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any, Self
from urllib.parse import urlsplit

import msgspec
import requests
import truststore
import urllib3
from requests.adapters import HTTPAdapter

from sync.errors import Overlong, TimedOut, Unreachable
from sync.http.loopback import is_loopback
from sync.http.packing import ENCODING, MAX_REPLY, pack
from sync.http.replies import body_of

FILE_STEPS = ("/v1/file/put", "/v1/file/get")
CHUNK = 64 * 1024  # bytes read at once, so that the deadline is looked at often


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for the hub, in seconds.

    silence_s: between two bytes; total_s: for one whole request and its answer, so that a line
    that drips one byte a second cannot hold a round for ever: then less is sent at once. It is less
    than what a round may be silent for (`sync.device.pacing.STALLED_AFTER_S`). file_s: for one part
    of a file, which cannot be made smaller.
    """

    connect_s: float = 10.0
    silence_s: float = 30.0
    total_s: float = 50.0
    file_s: float = 300.0


def checked_address(address: str) -> str:
    """A hub's address as typed by a person, ready for use: without white space or a last slash.

    Raises ValueError when it is no address, or when records would travel in the clear: http://
    is taken only for this machine itself.
    """
    text = address.strip().rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("the address must look like https://name")
    if parts.username is not None or parts.password is not None:
        raise ValueError("the address must not hold a name or password")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("the address must start with https://")
    return text


class HubClient:
    """One hub, one kept-alive connection. Not for two threads at once."""

    def __init__(self, base_url: str, patience: Patience | None = None) -> None:
        """Nothing is sent yet. Raises ValueError as `checked_address`."""
        self.base_url = checked_address(base_url)
        self._patience = patience or Patience()
        self._session = requests.Session()
        self._session.mount("https://", _SystemTrust())
        # A proxy in the environment must not see what stays on this machine.
        self._session.trust_env = not is_loopback(urlsplit(self.base_url).hostname or "")
        self._session.headers.update({
            "Accept": "application/json", "Accept-Encoding": ENCODING, "Content-Type": "application/json"
        })  # fmt: skip
        self._asking: dict[str, requests.PreparedRequest] = {}  # by path: all but body and token

    def post(self, path: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Send one JSON object without signing in; get one back.

        Raises SyncProblem; the text of SignedOut and NotAllowed is the hub's own sentence.
        """
        reply = self.post_bytes(path, msgspec.json.encode(payload))
        try:
            return msgspec.json.decode(reply, type=dict[str, Any])
        except msgspec.ValidationError as error:
            raise Unreachable("the answer is not what was asked for") from error

    def post_bytes(
        self, path: str, body: bytes, token: str | None = None, left: Callable[[], None] | None = None
    ) -> bytes:
        """Send JSON bytes, signed in with `token` if given; get JSON bytes back.

        left: called once the whole request has been handed to the connection.

        Raises SyncProblem for everything the world does, and nothing else.
        """
        request = self._request(path, body, token, left)
        patience = self._patience
        deadline = time.monotonic() + (patience.file_s if path in FILE_STEPS else patience.total_s)
        try:
            with self._session.send(
                request,
                timeout=(patience.connect_s, patience.silence_s),
                allow_redirects=False,  # the hub never redirects; a captive portal does
                **self._way,
            ) as reply:
                raw = _read(reply.raw, lambda: time.monotonic() > deadline)
                lowered = {name.lower(): value for name, value in reply.headers.items()}
        except (requests.ReadTimeout, urllib3.exceptions.ReadTimeoutError) as error:
            raise TimedOut(type(error).__name__) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            # The class says enough; the text of these may hold addresses.
            raise Unreachable(type(error).__name__) from error
        return body_of(reply.status_code, lowered, raw)

    def _request(
        self, path: str, body: bytes, token: str | None, left: Callable[[], None] | None
    ) -> requests.PreparedRequest:
        """What requests works out of an address is the same each time, and took half of a short exchange."""
        if path not in self._asking:
            plain = requests.Request("POST", self.base_url + path, auth=_no_password)
            self._asking[path] = self._session.prepare_request(plain)
        request = self._asking[path].copy()
        packed, encoding = pack(body)
        request.prepare_body(packed if left is None else _Leaving(packed, left), None)
        if encoding:
            request.headers["Content-Encoding"] = encoding
        if token is not None:
            request.headers["Authorization"] = f"Bearer {token}"
        return request

    @cached_property
    def _way(self) -> Mapping[str, Any]:
        """Proxies and certificates as the environment has them, once for this client."""
        return self._session.merge_environment_settings(self.base_url, {}, True, None, None)

    def close(self) -> None:
        """Give the connection back. The client can be used again and then opens a new one."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Leaving(BytesIO):
    """A body that says when the last of it has been read by who sends it."""

    def __init__(self, body: bytes, left: Callable[[], None]) -> None:
        super().__init__(body)
        self._left = left

    def read(self, size: int | None = -1) -> bytes:
        part = super().read(size)
        if not part:  # asked for once more: what came before has been sent
            self._left()
        return part


def _read(raw: urllib3.BaseHTTPResponse, is_late: Callable[[], bool]) -> bytes:
    """The whole body as it came. Raises Overlong when it is too large, TimedOut when too slow."""
    parts: list[bytes] = []
    size = 0
    # read1 gives what has come; read would wait for a whole chunk, however slowly it drips.
    while chunk := raw.read1(CHUNK, decode_content=False):
        parts.append(chunk)
        size += len(chunk)
        if size > MAX_REPLY:
            raise Overlong("the answer is larger than any of the hub's")
        if is_late():
            raise TimedOut("the answer took too long")
    return b"".join(parts)


def _no_password(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Leaves a request as it is, so that no .netrc adds a password of its own."""
    return request


class _SystemTrust(HTTPAdapter):
    """TLS against the operating system's certificates, where a council's own root is installed."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["ssl_context"] = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return super().init_poolmanager(*args, **kwargs)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        if verify is not True:
            super().cert_verify(conn, url, verify, cert)
            return
        # Without a file of certificates the context above decides, which asks the system.
        conn.cert_reqs, conn.ca_certs, conn.ca_cert_dir = "CERT_REQUIRED", None, None
