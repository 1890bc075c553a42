"""`sync.ports.Transport` over HTTP: one step of a round is one POST."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sync.errors import SignedOut
from sync.http.client import HubClient

PATHS = {"push": "/v1/push", "pull": "/v1/pull", "put": "/v1/file/put", "get": "/v1/file/get"}


class OnItsWay:
    """`sync.ports.Pending`: one request in a thread of its own, which ends with it."""

    def __init__(self, ask: Callable[[], bytes]) -> None:
        executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="request")
        self._future = executor.submit(ask)
        executor.shutdown(wait=False)

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
        return OnItsWay(lambda: self.send(step, body))

    def send(self, step: str, body: bytes) -> bytes:
        """Ask the hub to take one step ("push", "pull", "put" or "get").

        A step that the hub answers with "sign in" is tried once more after `renew`.
        Raises sync.errors.SyncProblem and nothing else for what the world does.
        """
        path = PATHS[step]
        if self._token or self._renew is None:
            try:
                return self._client.post_bytes(path, body, self._token)
            except SignedOut:
                if self._renew is None:
                    raise
        self._token = self._renew()
        return self._client.post_bytes(path, body, self._token)
