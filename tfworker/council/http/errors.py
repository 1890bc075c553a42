"""What an answer says when something went wrong: RFC 9457, a code, a sentence and the request's id.

Never a stack trace, a statement or a value: those stay here, and of them the log gets only the class
of the error and the lines of code it passed.
"""

import http
import math
from collections.abc import Mapping

import msgspec
from litestar import Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from sync.errors import NotAllowed, TooNew, TooOld
from sync.hub.past import BadMessage
from tfworker.council.http.bodies import HttpRequest
from tfworker.council.http.watch import REQUEST_ID
from tfworker.council.problems import CouncilUnreachable
from tfworker.council.refusals import Overloaded, Refusal, Unreadable
from tfworker.log import Log

MEDIA_TYPE = "application/problem+json"
BUSY_S = 5.0

log = Log("council.http")


def answer(request: HttpRequest, refusal: Refusal) -> Response[bytes]:
    """A refusal as its answer."""
    headers: dict[str, str] = {}
    if refusal.retry_after_s is not None:
        headers["Retry-After"] = str(max(1, math.ceil(refusal.retry_after_s)))
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return _problem(request, refusal.status, {"code": refusal.code, "detail": refusal.detail}, headers)


def _problem(
    request: HttpRequest, status: int, said: Mapping[str, str], headers: dict[str, str]
) -> Response[bytes]:
    problem = {"title": http.HTTPStatus(status).phrase, "status": status, **said}
    problem["request_id"] = request.scope["state"].get(REQUEST_ID, "")
    body = msgspec.json.encode(problem)
    return Response(content=body, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def _too_old(request: HttpRequest, _error: TooOld) -> Response[bytes]:
    detail = "This version of tfworker is too old for the council. Your work is kept; please update."
    return _problem(request, 426, {"code": "too_old", "detail": detail}, {"Upgrade": "tfworker"})


def _too_new(request: HttpRequest, _error: TooNew) -> Response[bytes]:
    detail = (
        "The council's service is older than this version of tfworker. Your work is kept; try again later."
    )
    return _problem(request, 426, {"code": "too_new", "detail": detail}, {"Upgrade": "tfworker"})


def _not_allowed(request: HttpRequest, _error: NotAllowed) -> Response[bytes]:
    detail = "Two laptops speak as this one. Your work is taken; this laptop must be enrolled again."
    return _problem(request, 403, {"code": "cloned", "detail": detail}, {})


def _unreadable(request: HttpRequest, _error: BadMessage) -> Response[bytes]:
    return answer(request, Unreadable())


def _database_away(request: HttpRequest, error: Exception) -> Response[bytes]:
    log.error("database does not answer", error, request=request.scope["state"].get(REQUEST_ID))
    return answer(request, Overloaded(BUSY_S))


def _of_the_framework(request: HttpRequest, error: HTTPException) -> Response[bytes]:
    """No such address, no such method: its own words might quote the request."""
    phrase = http.HTTPStatus(error.status_code).phrase
    said = {"code": phrase.lower().replace(" ", "_"), "detail": phrase}
    allowed = {name: text for name, text in (error.headers or {}).items() if name.lower() == "allow"}
    return _problem(request, error.status_code, said, allowed)


def _ours(request: HttpRequest, error: Exception) -> Response[bytes]:
    """A fault of ours: into the log, and an answer that says no more than that."""
    log.error("request failed", error, request=request.scope["state"].get(REQUEST_ID))
    said = {"code": "fault", "detail": "Something went wrong at the council. Nothing is lost; try again."}
    return _problem(request, 500, said, {})


HANDLERS: ExceptionHandlersMap = {
    Refusal: answer,
    TooOld: _too_old,
    TooNew: _too_new,
    NotAllowed: _not_allowed,
    BadMessage: _unreadable,
    CouncilUnreachable: _database_away,
    OperationalError: _database_away,
    InterfaceError: _database_away,
    PoolTimeout: _database_away,
    HTTPException: _of_the_framework,
    Exception: _ours,
}
