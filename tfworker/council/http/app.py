"""The web application: routes, error answers, and what every answer carries.

No documentation pages, no debug answers: what is not named here does not exist.
"""

from typing import Any

from litestar import Litestar

from tfworker.council.http import enrolment, health, steps
from tfworker.council.http.errors import HANDLERS
from tfworker.council.http.pace import Pace
from tfworker.council.http.watch import watched
from tfworker.council.service import Council


class App(Litestar):
    """Litestar with every answer watched, also those to addresses that no route knows."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await watched(super().__call__, scope, receive, send)


def create_app(council: Council) -> Litestar:
    """The council as an ASGI application. Closing the council is the caller's business."""
    app = App(
        route_handlers=[
            enrolment.enrol,
            enrolment.token,
            steps.push,
            steps.pull,
            steps.put,
            steps.get,
            health.health,
            health.ready,
        ],
        exception_handlers=HANDLERS,
        openapi_config=None,
        debug=False,
        logging_config=None,
        request_max_body_size=None,  # bodies.read counts, packed and unpacked
    )
    app.state.council = council
    app.state.pace = Pace(council.clock)
    return app
