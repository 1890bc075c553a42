"""For whoever watches the service: GET /health (the process lives), GET /ready (it can serve)."""

from litestar import Response, get
from litestar.concurrency import sync_to_thread

from tfworker.council import database
from tfworker.council.http.bodies import JSON, HttpRequest
from tfworker.council.refusals import Overloaded
from tfworker.errors import Problem

FINE = b'{"status":"ok"}'


@get("/health")
async def health() -> Response[bytes]:
    """Asks nothing of the database: a restart would not bring it back."""
    return Response(content=FINE, media_type=JSON)


@get("/ready")
async def ready(request: HttpRequest) -> Response[bytes]:
    """503 while the database is away or of another version."""
    try:
        await sync_to_thread(database.check, request.app.state.council.engine)
    except Problem as problem:
        raise Overloaded(5.0) from problem
    return Response(content=FINE, media_type=JSON)
