"""What every answer carries, and the one line each request leaves in the log: no content, no query."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from litestar.enums import ScopeType
from litestar.types import Message, Receive, Scope, Send

from sync.ops import new_id
from tfworker.log import Log

REQUEST_ID = "request_id"
DEVICE = "device"
ROUTES = frozenset({"/v1/enrol", "/v1/token", "/v1/push", "/v1/pull", "/health", "/ready"})
HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    # Ignored over plain HTTP, so it may always be said.
    (b"strict-transport-security", b"max-age=63072000"),
]

log = Log("council.http")


async def watched(
    app: Callable[[Scope, Receive, Send], Awaitable[None]], scope: Scope, receive: Receive, send: Send
) -> None:
    """Run one request: give it an id, add the headers, log how it went."""
    if scope["type"] != ScopeType.HTTP:
        await app(scope, receive, send)
        return
    request_id = new_id()
    state: dict[str, Any] = scope.setdefault("state", {})
    state[REQUEST_ID] = request_id
    begun = time.perf_counter()
    status, size = 0, 0

    async def send_and_count(message: Message) -> None:
        nonlocal status, size
        if message["type"] == "http.response.start":
            status = message["status"]
            own = (b"x-request-id", request_id.encode())
            message["headers"] = [*message.get("headers", ()), *HEADERS, own]
        elif message["type"] == "http.response.body":
            size += len(message.get("body", b""))
        await send(message)

    try:
        await app(scope, receive, send_and_count)
    finally:
        took = round((time.perf_counter() - begun) * 1000, 1)
        step = scope["path"] if scope["path"] in ROUTES else "unknown"
        who = state.get(DEVICE)
        log.info("request", request=request_id, step=step, status=status, ms=took, bytes=size, device=who)
