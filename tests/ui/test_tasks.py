import logging
import threading
from threading import Event, current_thread, main_thread

import pytest
import shiboken6
from PySide6.QtCore import QObject

from tfworker.errors import Problem
from tfworker.ui.tasks import OurFault, Stopped, Tasks

WAIT_S = 10  # a gate that never opens fails the test instead of hanging it


class Heard:
    """What the screen was told, in order."""

    def __init__(self):
        self.said = []
        self.threads = set()

    def hear(self, what):
        def ear(value):
            self.threads.add(current_thread())
            self.said.append((what, value))

        return ear

    @property
    def ears(self):
        return {"done": self.hear("done"), "failed": self.hear("failed")}


@pytest.fixture
def heard():
    return Heard()


def fail_with(error):
    def work(*_):
        raise error

    return work


def test_a_result_comes_back_on_the_interface_thread(tasks, heard, qtbot):
    threads = []

    tasks.run(lambda: threads.append(current_thread()) or 42, **heard.ears)
    qtbot.waitUntil(lambda: bool(heard.said))

    assert heard.said == [("done", 42)]
    assert heard.threads == {main_thread()}
    assert threads[0] is not main_thread()


def test_work_on_the_vault_is_done_and_delivered_in_order(tasks, heard, qtbot):
    order = []
    for n in range(50):
        tasks.run(lambda n=n: order.append(n) or n, **heard.ears)
    qtbot.waitUntil(lambda: len(heard.said) == 50)

    assert order == list(range(50))
    assert [value for _, value in heard.said] == list(range(50))


def test_a_save_does_not_wait_for_the_network(tasks, heard, qtbot):
    gate = Event()
    tasks.run_long(lambda watch: gate.wait(WAIT_S), done=heard.hear("round"), failed=heard.hear("failed"))
    tasks.run(lambda: "saved", **heard.ears)
    qtbot.waitUntil(lambda: bool(heard.said))

    assert heard.said == [("done", "saved")]
    gate.set()
    qtbot.waitUntil(lambda: not tasks.is_busy)


def test_a_problem_reaches_failed_as_it_is(tasks, heard, qtbot):
    problem = Problem("The disk is full", "Free some space.")

    tasks.run(fail_with(problem), **heard.ears)
    qtbot.waitUntil(lambda: bool(heard.said))

    assert heard.said == [("failed", problem)]


def test_our_fault_is_reported_and_shown_without_its_text(tasks, heard, qtbot, caplog):
    fault = ValueError("what Dana said")
    with caplog.at_level(logging.ERROR), qtbot.captureExceptions() as reported:
        tasks.run(fail_with(fault), **heard.ears)
        qtbot.waitUntil(lambda: bool(heard.said))

    (what, problem), *_ = heard.said
    assert what == "failed"
    assert isinstance(problem, OurFault)
    assert [kind for kind, *_ in reported] == [ValueError]
    assert "Dana" not in " ".join(record.getMessage() for record in caplog.records)
    assert [record.getMessage() for record in caplog.records] == ["work failed"]


def test_the_thread_goes_on_after_our_fault(tasks, heard, qtbot):
    with qtbot.captureExceptions():
        tasks.run(fail_with(KeyError()), **heard.ears)
        tasks.run(lambda: "next", **heard.ears)
        qtbot.waitUntil(lambda: len(heard.said) == 2)

    assert heard.said[1] == ("done", "next")


def test_a_callback_that_fails_does_not_take_the_next_with_it(tasks, heard, qtbot):
    with qtbot.captureExceptions() as reported:
        tasks.run(lambda: 1, done=fail_with(RuntimeError()), failed=heard.hear("failed"))
        tasks.run(lambda: 2, **heard.ears)
        qtbot.waitUntil(lambda: bool(heard.said))

    assert heard.said == [("done", 2)]
    assert len(reported) == 1


def test_busy_is_told_before_and_after(tasks, heard, qtbot):
    with qtbot.waitSignals([tasks.busy_changed, tasks.busy_changed]):
        tasks.run(lambda: 1, busy=heard.hear("busy"), **heard.ears)

    qtbot.waitUntil(lambda: len(heard.said) == 3)
    assert heard.said == [("busy", True), ("busy", False), ("done", 1)]
    assert not tasks.is_busy


def test_progress_is_thinned_out_but_the_last_word_arrives(tasks, heard, qtbot):
    def work(watch):
        for n in range(10_000):
            watch.progress(n)
        return "end"

    tasks.run_long(work, progress=heard.hear("progress"), **heard.ears)
    qtbot.waitUntil(lambda: "done" in dict(heard.said))

    progress = [value for what, value in heard.said if what == "progress"]
    assert len(progress) < 200
    assert progress == sorted(progress)
    assert progress[-1] == 9999


def test_long_work_hears_that_it_is_cancelled(tasks, heard, qtbot):
    begun = Event()

    def work(watch):
        begun.set()
        while not watch.cancelled():
            begun.wait(0.001)
        return "so far"

    task = tasks.run_long(work, **heard.ears)
    begun.wait(WAIT_S)
    task.cancel()
    qtbot.waitUntil(lambda: bool(heard.said))

    assert heard.said == [("done", "so far")]


def test_work_cancelled_before_it_began_fails_with_stopped(tasks, heard, qtbot):
    gate = Event()
    tasks.run(lambda: gate.wait(WAIT_S), **heard.ears)
    task = tasks.run(lambda: "never", **heard.ears)
    task.cancel()
    gate.set()
    qtbot.waitUntil(lambda: len(heard.said) == 2)

    assert isinstance(heard.said[1][1], Stopped)


def test_a_dropped_task_says_nothing_more(tasks, heard, qtbot):
    tasks.run(lambda: "old words", **heard.ears).drop()
    tasks.run(lambda: "new words", **heard.ears)
    qtbot.waitUntil(lambda: not tasks.is_busy)

    assert heard.said == [("done", "new words")]


class Screen(QObject):
    def __init__(self, heard):
        super().__init__()
        self.heard = heard

    def show_result(self, value):
        self.heard.append(value)


def test_a_deleted_screen_is_not_called(tasks, qtbot):
    said = []
    screen = Screen(said)
    gate = Event()
    tasks.run(lambda: gate.wait(WAIT_S), done=screen.show_result, failed=screen.show_result)
    shiboken6.delete(screen)
    gate.set()
    qtbot.waitUntil(lambda: not tasks.is_busy)

    assert said == []


def test_closing_makes_the_saves_asked_for_and_leaves_no_thread(qapp, heard):
    before = set(threading.enumerate())
    tasks = Tasks()
    saved = []
    for n in range(5):
        tasks.run(lambda n=n: saved.append(n), **heard.ears)
    tasks.run_long(lambda watch: [None for _ in iter(watch.cancelled, True)], **heard.ears)

    tasks.close()

    assert saved == [0, 1, 2, 3, 4]
    assert len(heard.said) == 6
    assert set(threading.enumerate()) == before


def test_work_after_closing_is_refused_loudly(qapp, heard):
    tasks = Tasks()
    tasks.close()

    with pytest.raises(RuntimeError):
        tasks.run(lambda: 1, **heard.ears)
