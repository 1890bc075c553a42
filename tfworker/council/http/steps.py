"""The steps of a sync round, bodies as in `sync.wire`: POST /v1/push and /v1/pull, and for the bytes
of documents POST /v1/file/put and /v1/file/get."""

from collections.abc import Callable

from litestar import Response, post
from litestar.concurrency import sync_to_thread

from sync.ports import Caller
from tfworker.council.http import bodies
from tfworker.council.http.bodies import HttpRequest
from tfworker.council.http.watch import DEVICE
from tfworker.council.refusals import NotSignedIn
from tfworker.council.service import Council


@post("/v1/push", status_code=200)
async def push(request: HttpRequest) -> Response[bytes]:
    """Take a laptop's ops; answer with their receipts."""
    return await _step(request, _council(request).hub.push)


@post("/v1/pull", status_code=200)
async def pull(request: HttpRequest) -> Response[bytes]:
    """Answer with a page of what the laptop has not seen."""
    return await _step(request, _council(request).hub.pull)


@post("/v1/file/put", status_code=200)
async def put(request: HttpRequest) -> Response[bytes]:
    """Take one part of a document."""
    return await _step(request, _council(request).hub.put)


@post("/v1/file/get", status_code=200)
async def get(request: HttpRequest) -> Response[bytes]:
    """Give one part of a document."""
    return await _step(request, _council(request).hub.get)


def _council(request: HttpRequest) -> Council:
    council: Council = request.app.state.council
    return council


async def _step(request: HttpRequest, take: Callable[[Caller, bytes], bytes]) -> Response[bytes]:
    # Who it is comes before the body: a stranger's megabytes are never read.
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn
    caller = await sync_to_thread(_council(request).sessions.caller, token)
    request.scope["state"][DEVICE] = caller.device
    request.app.state.pace.take(caller.device)
    body = await bodies.read(request)
    answer = await sync_to_thread(take, caller, body)
    return bodies.reply(request, answer)
