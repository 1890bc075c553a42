"""Blocking code that runs in turns: a thread of its own that moves only while it is resumed.

At any moment exactly one thread runs, so a run is the same every time it is played.
"""

from collections.abc import Callable
from threading import Lock, Thread
from typing import Any

_RETURNED = object()


class Fiber:
    """`work(fiber)` in turns. Inside it, `pause` hands back what it waits for."""

    def __init__(self, work: Callable[["Fiber"], Any]) -> None:
        self._work = work
        self._go, self._back = Lock(), Lock()
        self._go.acquire()
        self._back.acquire()
        self._in: Any = None
        self._out: Any = None
        self.done = False
        self.result: Any = None
        self.error: BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def resume(self, value: Any = None) -> Any:
        """Let it run until it pauses again (gives what it waits for) or ends (gives None).

        An exception as `value` is raised where it paused.
        """
        self._in = value
        self._go.release()
        self._back.acquire()
        return self._out

    def pause(self, wanted: Any) -> Any:
        """From inside: wait for the next turn; gives what `resume` was given, or raises it."""
        self._out = wanted
        self._back.release()
        self._go.acquire()
        if isinstance(self._in, BaseException):
            raise self._in
        return self._in

    def _run(self) -> None:
        self._go.acquire()
        try:
            if isinstance(self._in, BaseException):
                raise self._in
            self.result = self._work(self)
        except BaseException as error:  # handed to whoever resumed it, who looks at what it is
            self.error = error
        self._out, self.done = None, True
        self._back.release()
