"""What nobody holds any more ends on the interface thread, however busy the others are."""

import gc
import threading

from PySide6.QtCore import QObject

from tfworker.ui.tasks import Tasks

MANY = 200_000  # containers made, of which Python's own sweeping would begin after 700


class Page(QObject):
    """Something of Qt's that only a sweep can end: it holds itself."""

    ended_on: set[int] = set()

    def __init__(self) -> None:
        super().__init__()
        self.held = self

    def __del__(self) -> None:
        Page.ended_on.add(threading.get_ident())


def busy_work() -> int:
    return len([[n] for n in range(MANY)])


def test_a_busy_thread_ends_nothing_of_qts(qtbot, qapp):
    Page.ended_on.clear()
    tasks = Tasks()
    done = []
    for _ in range(20):
        Page()
    tasks.run(busy_work, done=done.append, failed=done.append)
    qtbot.waitUntil(lambda: done == [MANY])

    [Page() for _ in range(gc.get_threshold()[0])]
    qtbot.waitUntil(lambda: bool(Page.ended_on))
    tasks.close()

    assert Page.ended_on == {threading.main_thread().ident}


def test_python_sweeps_by_itself_once_the_last_is_closed(qapp):
    before = gc.isenabled()
    one, other = Tasks(), Tasks()
    assert not gc.isenabled()

    one.close()
    one.close()
    assert not gc.isenabled()

    other.close()
    assert gc.isenabled() == before
