"""Reading what a laptop sends and answering it: JSON bytes, zstd where it pays, never too much."""

from typing import Any, TypeVar

import anyio
import msgspec
from litestar import Request, Response

from sync.http.packing import ENCODING, MAX_REQUEST, Oversized, Unpackable, pack, unpack
from tfworker.council.refusals import BodyTooLarge, TooSlow, Unreadable

JSON = "application/json"
ARRIVES_WITHIN_S = 120  # 4 MiB at 300 kbit/s

M = TypeVar("M")
HttpRequest = Request[Any, Any, Any]


async def read(request: HttpRequest) -> bytes:
    """The JSON bytes of a request, unpacked.

    Raises BodyTooLarge (before unpacking a byte of it), TooSlow, Unreadable.
    """
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != JSON:
        raise Unreadable
    packed = await _received(request)
    match request.headers.get("content-encoding", "").strip().lower():
        case "" | "identity":
            return packed
        case "zstd":
            try:
                return unpack(packed, MAX_REQUEST)
            except Oversized as error:
                raise BodyTooLarge from error
            except Unpackable as error:
                raise Unreadable from error
    raise Unreadable


async def _received(request: HttpRequest) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        with anyio.fail_after(ARRIVES_WITHIN_S):
            async for part in request.stream():
                size += len(part)
                if size > MAX_REQUEST:
                    raise BodyTooLarge
                parts.append(part)
    except TimeoutError as error:
        raise TooSlow from error
    return b"".join(parts)


def message(kind: type[M], body: bytes) -> M:
    """The message these bytes are. Raises Unreadable, which never quotes them."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable from error


def reply(request: HttpRequest, body: bytes) -> Response[bytes]:
    """A good answer, packed if the laptop can unpack it."""
    accepted = request.headers.get("accept-encoding", "").lower()
    packed, encoding = pack(body) if ENCODING in accepted else (body, None)
    headers = {"Content-Encoding": encoding} if encoding else None
    return Response(content=packed, status_code=200, media_type=JSON, headers=headers)
