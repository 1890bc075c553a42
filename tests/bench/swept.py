"""Python's garbage as the app has it while a laptop syncs."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from tfworker.ui.sweeping import EVERY_MS, sweep


@contextmanager
def as_in_the_app() -> Iterator[None]:
    """Swept every EVERY_MS by another thread, as `tfworker.ui.sweeping` does it on the interface's, and
    not in the midst of a round at whichever object Python makes next."""
    over = Event()

    def sweep_now_and_then() -> None:
        while not over.wait(EVERY_MS / 1000):
            sweep()

    thread = Thread(target=sweep_now_and_then, name="sweeping", daemon=True)
    gc.disable()
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        gc.enable()
