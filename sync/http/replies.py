"""What an answer means: the body, or the SyncProblem it stands for.

Only the hub's own word signs a device out or refuses it: a 401 or 403 that is not
problem+json (RFC 9457) came from something in between, and counts as no answer.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

from sync.errors import (
    Busy,
    NotAllowed,
    Overlong,
    SignedOut,
    SyncProblem,
    TooLarge,
    TooNew,
    TooOld,
    Unreachable,
    Unreadable,
)
from sync.http.packing import ENCODING, MAX_REPLY, Oversized, Unpackable, unpack

PROBLEM = "application/problem+json"
JSON = "application/json"
PATIENCE_S = 30.0  # when the hub asks for patience without saying how much
LONGEST_PATIENCE_S = 3600.0


class HubProblem(msgspec.Struct, frozen=True):
    """The hub's own account of a failure: a code for programs, a sentence for people."""

    code: str = ""
    detail: str = ""


def body_of(status: int, headers: Mapping[str, str], raw: bytes) -> bytes:
    """The JSON of a good answer, unpacked.

    headers: names in lower case. raw: as it came, still packed.
    Raises the SyncProblem that the answer stands for. Its text is the hub's own sentence where
    there is one.
    """
    kind = headers.get("content-type", "").split(";")[0].strip().lower()
    if status != 200:
        raise _problem(status, kind, headers, raw)
    if kind != JSON:
        raise Unreachable("something other than the hub answered")
    body = _unpacked(headers.get("content-encoding", ""), raw)
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except msgspec.DecodeError as error:
        raise Unreachable("the answer cannot be read") from error
    return body


def _unpacked(encoding: str, raw: bytes) -> bytes:
    match encoding.strip().lower():
        case "" | "identity":
            return raw
        case "zstd":
            try:
                return unpack(raw, MAX_REPLY)
            except Oversized as error:
                raise Overlong("the answer is larger than any of the hub's") from error
            except Unpackable as error:
                raise Unreachable("the answer cannot be unpacked") from error
    raise Unreachable(f"the answer is packed in another way than {ENCODING}")


def _problem(status: int, kind: str, headers: Mapping[str, str], raw: bytes) -> SyncProblem:
    said = _said(raw) if kind == PROBLEM else None
    match status:
        case 401 if said:
            return SignedOut(said.detail)
        case 403 if said:
            return NotAllowed(said.detail)
        case 400 if said and said.code == "unreadable":
            return Unreadable(said.detail)
        case 426 if said:
            return TooNew(said.detail) if said.code == "too_new" else TooOld(said.detail)
        case 413:
            return TooLarge("the hub takes less at once")
        case 429 | 503:
            return Busy(_patience(headers.get("retry-after", "")))
    code = said.code if said else "not from the hub"
    return Unreachable(f"no usable answer (status {status}, {code})")


def _said(raw: bytes) -> HubProblem | None:
    try:
        return msgspec.json.decode(raw, type=HubProblem)
    except msgspec.DecodeError:
        return None


def _patience(retry_after: str) -> float:
    """Seconds to wait. RFC 9110 allows a number of seconds or a date."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_PATIENCE_S)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return PATIENCE_S
    seconds = (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), LONGEST_PATIENCE_S)
