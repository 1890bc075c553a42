"""Running the council's web application: in the foreground for ever, or beside a test or a demo."""

import gc
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT, SIGTERM, signal

import uvicorn

from sync.http.loopback import is_loopback
from tfworker.council.http import create_app
from tfworker.council.keeping_up import KeepingUp
from tfworker.council.service import Council
from tfworker.errors import Problem

LOOPBACK = "127.0.0.1"
PORT = 8417
LAST_WORDS_S = 10  # how long requests under way may take once the service is told to stop
STARTS_WITHIN_S = 30
# New objects between two looks for garbage. A batch of a push makes some 100,000 that all end with it;
# Python's 700 would look through them, and through everything the service holds, a hundred times.
SWEEP_AFTER = 100_000


class CannotServe(Problem):
    """The address is taken or unsafe, or the certificate cannot be read."""

    title = "The council cannot be served like this"


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen. port 0: any free one.

    certificate, key: PEM files; with them the service speaks TLS itself.
    proxy: address of the TLS proxy in front, whose word about the caller's address is believed.
    """

    host: str = LOOPBACK
    port: int = PORT
    certificate: Path | None = None
    key: Path | None = None
    proxy: str | None = None

    def check(self) -> None:
        """Refuse a place where records would travel in the clear. Raises CannotServe."""
        if not is_loopback(self.host) and not (self.certificate or self.proxy):
            raise CannotServe(
                "Records would travel in the clear",
                "Give --certificate and --key, or --behind-proxy ADDRESS when a proxy adds TLS.",
            )
        if self.certificate is None:
            return
        try:
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            raise CannotServe("The certificate or its key cannot be read") from error


def run(council: Council, place: Place) -> None:
    """Serve until SIGTERM or Ctrl+C; requests under way are finished first.

    Prints one line `serving http://127.0.0.1:PORT` once requests are taken. Raises CannotServe.
    """
    place.check()
    with _listening(place) as listener:
        server = _Server(_config(council, place), f"serving {_url(place, listener)}")
        # uvicorn raises the signal again once it has stopped; that is a good end, not a death.
        before = {number: signal(number, lambda *_: None) for number in (SIGTERM, SIGINT)}
        gc.freeze()  # what is loaded by now stays as long as the process
        gc.set_threshold(SWEEP_AFTER)
        try:
            with KeepingUp(council):
                server.run(sockets=[listener])
        finally:
            for number, handler in before.items():
                signal(number, handler)


@contextmanager
def serving(council: Council, place: Place | None = None) -> Iterator[str]:
    """Serve in a thread of this process as long as the block runs; gives the address."""
    place = place or Place(port=0)
    place.check()
    with _listening(place) as listener:
        server = _Server(_config(council, place))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="council")
        thread.start()
        try:
            if not server.is_up.wait(STARTS_WITHIN_S):
                raise CannotServe("The council did not start")
            yield _url(place, listener)
        finally:
            server.should_exit = True
            thread.join()


class _Server(uvicorn.Server):
    """uvicorn, saying when it takes requests."""

    def __init__(self, config: uvicorn.Config, words: str = "") -> None:
        super().__init__(config)
        self._words = words
        self.is_up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._words:
            print(self._words, flush=True)
        self.is_up.set()


def _config(council: Council, place: Place) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(council),
        log_config=None,  # the application writes its own line for each request
        access_log=False,
        server_header=False,
        proxy_headers=place.proxy is not None,
        forwarded_allow_ips=place.proxy,
        ssl_certfile=place.certificate,
        ssl_keyfile=place.key,
        timeout_graceful_shutdown=LAST_WORDS_S,
        timeout_keep_alive=75,  # longer than a round takes, shorter than most proxies wait
        h11_max_incomplete_event_size=64 * 1024,
        lifespan="on",
    )


@contextmanager
def _listening(place: Place) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    # Named as TCP, since only then does asyncio switch Nagle's delay off: 40 ms an answer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":  # there it would let two services share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((place.host, place.port))
            listener.listen(2048)
        except OSError as error:
            raise CannotServe(
                f"Port {place.port} on {place.host} cannot be used", "Stop what uses it, or give --port."
            ) from error
        yield listener
    finally:
        listener.close()


def _url(place: Place, listener: socket.socket) -> str:
    scheme = "https" if place.certificate else "http"
    host = f"[{place.host}]" if ":" in place.host else place.host
    return f"{scheme}://{host}:{listener.getsockname()[1]}"
