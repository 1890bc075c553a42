"""`sync.ports.Transport` over HTTP: one step of a round is one POST."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from sync.errors import SignedOut
from sync.http.client import HubClient

LEAVES_S = 0.1  # as long as a request is given to leave before its sender goes on working
PATHS = {"push": "/v1/push", "pull": "/v1/pull", "put": "/v1/file/put", "get": "/v1/file/get"}


class OnItsWay:
    """`sync.ports.Pending`: one request in a thread of its own, which ends with it."""

    def __init__(self, ask: Callable[[Callable[[], None]], bytes]) -> None:
        """ask: sends the request, calls what it is given once that has left, and gives the answer."""
        executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="request")
        left = Event()
        self._future = executor.submit(ask, left.set)
        self._future.add_done_callback(lambda _: left.set())
        executor.shutdown(wait=False)
        # Python runs one thread at a time: work begun now would keep the request here, and the hub waiting.
        left.wait(LEAVES_S)

    def answer(self) -> bytes:
        return self._future.result()

    def abandon(self) -> None:
        self._future.exception()


class HttpTransport:
    """The way to the hub for one signed-in device."""

    def __init__(
        self, client: HubClient, access_token: str = "", renew: Callable[[], str] | None = None
    ) -> None:
        """access_token: "" when there is none yet; then the first step begins with `renew`.

        renew: gets a new access token (and keeps the new refresh token, before it returns);
            raises a SyncProblem when it cannot. None: an expired token ends the round.
        """
        self._client = client
        self._token = access_token
        self._renew = renew

    def begin(self, step: str, body: bytes) -> "OnItsWay":
        """The same in a thread of its own. Nothing else may be sent until its answer is there."""
        return OnItsWay(lambda left: self._ask(step, body, left))

    def send(self, step: str, body: bytes) -> bytes:
        """Ask the hub to take one step ("push", "pull", "put" or "get").

        A step that the hub answers with "sign in" is tried once more after `renew`.
        Raises sync.errors.SyncProblem and nothing else for what the world does.
        """
        return self._ask(step, body, None)

    def _ask(self, step: str, body: bytes, left: Callable[[], None] | None) -> bytes:
        path = PATHS[step]
        if self._token or self._renew is None:
            try:
                return self._client.post_bytes(path, body, self._token, left)
            except SignedOut:
                if self._renew is None:
                    raise
        self._token = self._renew()
        return self._client.post_bytes(path, body, self._token, left)
