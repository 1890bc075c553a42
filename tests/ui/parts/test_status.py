"""The status line: what is known from receipts, with a list behind each total."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.walk import cut_off, nameless
from tfworker.actions.values import Connection, Progress, Status
from tfworker.ui.parts import StatusLine


def status(**changes) -> Status:
    given = {
        "connection": Connection.OFFLINE, "words": "Offline", "last_synced_at": None,
        "last_synced_words": "Last synced today 08:42", "on_this_laptop_only": 3,
        "laptop_words": "3 on this laptop only", "needs_you": 1, "needs_you_words": "1 needs you",
    }  # fmt: skip
    return Status(**(given | changes))


@pytest.fixture
def line(qtbot):
    made = StatusLine("Keys F1")
    qtbot.addWidget(made)
    made.resize(1150, 60)
    made.show()
    made.set_status(status())
    return made


@pytest.mark.parametrize("name, group", [("laptop", "laptop"), ("need", "person")])
def test_each_total_opens_its_list_by_mouse_and_by_key(line, qtbot, name, group):
    total = getattr(line, name)
    with qtbot.waitSignal(line.listed) as by_mouse:
        qtbot.mouseClick(total, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(line.listed) as by_key:
        QTest.keyClick(total, Qt.Key.Key_Space)

    assert by_mouse.args == by_key.args == [group]
    assert total.accessibleName() == total.words()
    assert nameless(line) == []


def test_why_the_last_round_stopped_and_when_it_is_tried_again(line):
    line.set_status(status(trouble="The council is busy", again_words="next try today 10:42"))

    assert "The council is busy · next try today 10:42" in line.said()
    line.set_syncing(True)
    assert line.said()[0] == "Syncing.."
    assert not any("busy" in said for said in line.said())


def test_a_long_round_says_how_far_it_is_and_can_be_stopped(line, qtbot):
    line.set_syncing(True)
    line.set_progress(Progress("Fetching", 3400, None, "Families 12 of 50 · 3,400 records"))

    assert "Families 12 of 50 · 3,400 records" in line.said()
    with qtbot.waitSignal(line.stop_asked):
        qtbot.mouseClick(line._stop, Qt.MouseButton.LeftButton)
    line.set_syncing(False)
    assert not line._stop.isVisible()
    assert "Families 12 of 50 · 3,400 records" not in line.said()


def test_a_short_round_has_nothing_to_stop(line):
    line.set_syncing(True)
    line.set_progress(Progress("Sending", 1, 2))

    assert not line._stop.isVisible()


def test_with_everything_to_say_it_wraps_and_cuts_nothing_off(line):
    line.set_status(
        status(
            trouble="The council cannot be reached",
            again_words="next try today 10:42",
            come_words="12 of 50 families are here so far",
            clock_words="This laptop’s clock is 12 minutes fast",
        )
    )
    for width in (1150, 640, 420):
        line.resize(width, line.heightForWidth(width))
        assert cut_off(line) == []
