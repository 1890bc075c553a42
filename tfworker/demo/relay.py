"""The cable between one laptop and the council: a small TCP relay that can be cut and mended."""

import contextlib
import selectors
import socket
import threading
from types import TracebackType

CHUNK = 64 * 1024
LOOPBACK = "127.0.0.1"


class Relay:
    """Listens on a free loopback port and hands everything on to `port`, unless it is cut."""

    def __init__(self, port: int) -> None:
        self._target = (LOOPBACK, port)
        self._listener = socket.create_server((LOOPBACK, 0))
        self._lock = threading.Lock()
        self._is_cut = False
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._accept, name="relay", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Where the laptop finds the council."""
        return f"http://{LOOPBACK}:{self._listener.getsockname()[1]}"

    def cut(self) -> None:
        """Pull the plug: running connections break, new ones are refused."""
        with self._lock:
            self._is_cut = True
            for end in self._open:
                _shut(end)

    def mend(self) -> None:
        """Plug it in again."""
        with self._lock:
            self._is_cut = False

    def close(self) -> None:
        """End for good."""
        self.cut()
        _shut(self._listener)
        self._listener.close()
        self._thread.join(timeout=2)

    def __enter__(self) -> "Relay":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self._carry, args=(near,), name="relay-line", daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near:
            if self._is_cut:
                return
            try:
                far = socket.create_connection(self._target)
            except OSError:
                return  # the council is not there: the laptop sees the connection end
            with far, contextlib.suppress(OSError):
                with self._lock:
                    if self._is_cut:
                        return  # while it was being made
                    self._open |= {near, far}
                try:
                    _exchange(near, far)
                finally:
                    with self._lock:
                        self._open -= {near, far}


def _exchange(near: socket.socket, far: socket.socket) -> None:
    """Hand bytes on in both directions until both have ended; one side may end before the other."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(near, selectors.EVENT_READ, far)
        waiting.register(far, selectors.EVENT_READ, near)
        while waiting.get_map():
            for key, _ in waiting.select():
                assert isinstance(key.fileobj, socket.socket)
                data = key.fileobj.recv(CHUNK)
                if data:
                    key.data.sendall(data)
                else:
                    waiting.unregister(key.fileobj)
                    key.data.shutdown(socket.SHUT_WR)


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
