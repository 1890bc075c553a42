"""Letting a laptop in, and giving it new tokens. JSON in, JSON out; unknown fields are ignored.

POST /v1/enrol
    {"login": "W001" or e-mail, "password": "…", "code": "K7QF-2M9X-0TRA-PH4D",
     "device_public_key": base64 of the 32 bytes of an Ed25519 key,
     "device_name": "…" (optional), "app_version": "0.1.0",
     "replaces": device id that this laptop had before (optional: keeps its line)}
→ 200
    {"device_id", "line", "worker_id", "worker_name", "role", "roles": […], "team_name",
     "programme_name", "council_name", "access_token", "access_expires_s", "refresh_token",
     "emergency_numbers": [{"name", "phone"}, …]}
    role: the first of roles; "" when she has none.

POST /v1/token, to trade the refresh token (works once; 15 minutes of access each time)
    {"kind": "refresh", "refresh_token": "…", "time_ms": milliseconds since 1970 UTC,
     "signature": base64 of the Ed25519 signature over
         b"tfworker refresh 1\\n" + hex(SHA-256(refresh_token)) + b"\\n" + str(time_ms)}
POST /v1/token, when that no longer works: with the password, no new code
    {"kind": "sign_in", "login", "password", "device_id", "time_ms",
     "signature": over b"tfworker sign-in 1\\n" + device_id + b"\\n" + str(time_ms)}
→ 200 {"access_token", "access_expires_s", "refresh_token"}
    Keep the new refresh token before using the access token: then the old one is worthless.

Refusals are problem+json with `code` and a sentence in `detail`:
    401 not_recognised (one answer for anything wrong) or signed_out · 403 account_disabled,
    device_refused · 429 wait, with Retry-After · 400 unreadable · 413 too_large · 503 busy
"""

import base64
import binascii
from typing import Annotated

import msgspec
from litestar import Response, post
from litestar.concurrency import sync_to_thread

from tfworker.council.devices import NewDevice
from tfworker.council.enrolment import Enrolled, Proof, SignIn
from tfworker.council.http import bodies
from tfworker.council.http.bodies import HttpRequest
from tfworker.council.refusals import Unreadable
from tfworker.council.service import Council
from tfworker.council.sessions import Tokens

PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64
NAME_LENGTH, VERSION_LENGTH = 80, 32

Text = Annotated[str, msgspec.Meta(max_length=300)]
Time = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]


class EnrolRequest(msgspec.Struct, frozen=True):
    """See the module."""

    login: Text
    password: Text
    code: Text
    device_public_key: Text
    app_version: Text
    device_name: Text = ""
    replaces: Text | None = None


class RefreshRequest(msgspec.Struct, frozen=True, tag_field="kind", tag="refresh"):
    """See the module."""

    refresh_token: Text
    time_ms: Time
    signature: Text


class SignInRequest(msgspec.Struct, frozen=True, tag_field="kind", tag="sign_in"):
    """See the module."""

    login: Text
    password: Text
    device_id: Text
    time_ms: Time
    signature: Text


class EnrolReply(msgspec.Struct, frozen=True):
    """See the module."""

    device_id: str
    line: str
    worker_id: str
    worker_name: str
    role: str
    roles: tuple[str, ...]
    team_name: str
    programme_name: str
    council_name: str
    access_token: str
    access_expires_s: int
    refresh_token: str
    emergency_numbers: list[dict[str, str]]


@post("/v1/enrol", status_code=200)
async def enrol(request: HttpRequest) -> Response[bytes]:
    """Let a new laptop in."""
    asked = bodies.message(EnrolRequest, await bodies.read(request))
    device = NewDevice(
        public_key=_bytes(asked.device_public_key, PUBLIC_KEY_BYTES),
        name=_shown(asked.device_name, NAME_LENGTH),
        app_version=_shown(asked.app_version, VERSION_LENGTH),
        replaces=_shown(asked.replaces, NAME_LENGTH) if asked.replaces else None,
    )
    who = SignIn(asked.login, asked.password, _address(request))
    enrolled = await sync_to_thread(_council(request).enrolment.enrol, who, asked.code, device)
    return bodies.reply(request, msgspec.json.encode(_enrol_reply(enrolled)))


@post("/v1/token", status_code=200)
async def token(request: HttpRequest) -> Response[bytes]:
    """New tokens for a laptop that is in already."""
    asked = bodies.message(RefreshRequest | SignInRequest, await bodies.read(request))  # type: ignore[arg-type]
    tokens = await sync_to_thread(_tokens, _council(request), asked, _address(request))
    return bodies.reply(request, msgspec.json.encode(tokens))


def _tokens(council: Council, asked: RefreshRequest | SignInRequest, address: str) -> Tokens:
    signature = _bytes(asked.signature, SIGNATURE_BYTES)
    if isinstance(asked, RefreshRequest):
        return council.sessions.refresh(asked.refresh_token, asked.time_ms, signature)
    who = SignIn(asked.login, asked.password, address)
    return council.enrolment.sign_in(who, Proof(_shown(asked.device_id, 32), asked.time_ms, signature))


def _council(request: HttpRequest) -> Council:
    council: Council = request.app.state.council
    return council


def _address(request: HttpRequest) -> str:
    """Where the request came from; behind a proxy the server has put its word here already."""
    return request.client.host if request.client else ""


def _bytes(text: str, length: int) -> bytes:
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable from error
    if len(value) != length:
        raise Unreadable
    return value


def _shown(text: str, length: int) -> str:
    """Text that can be stored and listed: no control characters, not too long."""
    return "".join(letter for letter in text if letter.isprintable())[:length]


def _enrol_reply(enrolled: Enrolled) -> EnrolReply:
    return EnrolReply(
        device_id=enrolled.device_id,
        line=enrolled.line,
        worker_id=enrolled.worker_id,
        worker_name=enrolled.worker_name,
        role=enrolled.roles[0] if enrolled.roles else "",
        roles=enrolled.roles,
        team_name=enrolled.team_name,
        programme_name=enrolled.programme_name,
        council_name=enrolled.council_name,
        access_token=enrolled.tokens.access_token,
        access_expires_s=enrolled.tokens.access_expires_s,
        refresh_token=enrolled.tokens.refresh_token,
        emergency_numbers=enrolled.emergency_numbers,
    )
