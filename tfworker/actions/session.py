"""Signing in to the council: enrolment, and tokens that only this laptop's own key can renew.

The messages are those of the council's doors (POST /v1/enrol, POST /v1/token).
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import msgspec

from sync.errors import SignedOut, Unreachable
from sync.http.client import HubClient
from sync.http.transport import HttpTransport
from sync.ports import Clock
from tfworker.store import Vault
from tfworker.store.device import Device

Reply = TypeVar("Reply")

# Names of facts in the vault.
COUNCIL, LOGIN, WORKER, DEVICE, LINE = "council_url", "login", "worker_id", "device_id", "line"
DEVICE_NAME, REFRESH, FIRST_KNOWN = "device_name", "refresh_token", "worker_first_known"


class Enrolled(msgspec.Struct, frozen=True):
    """What the council says to a new laptop; unknown fields are ignored."""

    device_id: str
    line: str
    worker_id: str
    worker_name: str
    access_token: str
    refresh_token: str
    roles: tuple[str, ...] = ()
    team_name: str = ""
    programme_name: str = ""
    council_name: str = ""
    emergency_numbers: tuple[dict[str, str], ...] = ()


class Tokens(msgspec.Struct, frozen=True):
    """A new pair. The refresh token must be kept before the access token is used."""

    access_token: str
    refresh_token: str


@dataclass(frozen=True)
class Session:
    """The laptop's sign-in: renews itself with the device key, and with the password when that ends."""

    vault: Vault
    client: HubClient
    clock: Clock

    def renew(self) -> str:
        """A new access token for the refresh token. Raises SyncProblem."""
        refresh = self.vault.facts.get(REFRESH)
        if not refresh:
            raise SignedOut("no session is left")
        spoken = hashlib.sha256(refresh.encode()).hexdigest()
        return self._tokens({"kind": "refresh", "refresh_token": refresh}, "refresh", spoken)

    def sign_in(self, password: str) -> str:
        """A new access token for the council password. Raises SyncProblem."""
        facts = self.vault.facts.everything()
        asked = {
            "kind": "sign_in",
            "login": facts[LOGIN],
            "password": password,
            "device_id": facts[DEVICE],
        }
        return self._tokens(asked, "sign-in", facts[DEVICE])

    def again(self, client: HubClient) -> "Session":
        """The same sign-in over another connection."""
        return replace(self, client=client)

    def transport(self, access_token: str = "") -> HttpTransport:
        """The way to the council, which signs itself in when it must."""
        return HttpTransport(self.client, access_token, self.renew)

    def _tokens(self, asked: Mapping[str, str], what: str, subject: str) -> str:
        time_ms = int(self.clock.now().timestamp() * 1000)
        text = f"tfworker {what} 1\n{subject}\n{time_ms}".encode()
        signature = base64.b64encode(self.vault.device.signing.sign(text)).decode()
        reply = self.client.post("/v1/token", {**asked, "time_ms": time_ms, "signature": signature})
        tokens = _read(reply, Tokens)
        # Kept before the access token is used: then the old one is worthless.
        self.vault.facts.put({REFRESH: tokens.refresh_token})
        return tokens.access_token


def ask_to_enrol(client: HubClient, device: Device, asked: Mapping[str, str]) -> Enrolled:
    """Ask the council to let this laptop in. asked: login, password, code, device_name, app_version.

    Raises SyncProblem; SignedOut for anything wrong in what was typed.
    """
    key = base64.b64encode(device.signing.public_key().public_bytes_raw()).decode()
    return _read(client.post("/v1/enrol", {**asked, "device_public_key": key}), Enrolled)


def _read(reply: Mapping[str, Any], kind: type[Reply]) -> Reply:
    try:
        return msgspec.convert(reply, kind)
    except msgspec.ValidationError as error:
        raise Unreachable("the answer is not what was asked for") from error
