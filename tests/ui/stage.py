"""Pages on a stage: shown, waited for, and worked through their own widgets."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tfworker.actions.desk import Desk
from tfworker.ui.parts import Field, Page
from tfworker.ui.tasks import Tasks

Shown = TypeVar("Shown", bound=QWidget)
Arrived = TypeVar("Arrived", bound=Page)

SIZE = (1154, 820)  # px: what the window of 1360 × 850 leaves to a page
ALL_PAGES = 2**31 - 2


def show(qtbot: QtBot, widget: QWidget) -> None:
    """Put a page or panel on the screen and make it the active window. take_down() it afterwards."""
    widget.resize(*SIZE)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()


def take_down(widget: QWidget) -> None:
    """Away with it and its timers at once, before the desk and the threads it works with are closed."""
    widget.hide()
    shiboken6.delete(widget)


def shown(qtbot: QtBot, widget: Shown) -> Iterator[Shown]:
    """On the screen for one test: a fixture's `yield from`."""
    show(qtbot, widget)
    yield widget
    take_down(widget)


def arrived(qtbot: QtBot, tasks: Tasks, page: Arrived) -> Iterator[Arrived]:
    """On the screen for one test, with everything read that it shows."""
    for widget in shown(qtbot, page):
        widget.arrive()
        settle(qtbot, tasks)
        yield widget


def settle(qtbot: QtBot, tasks: Tasks) -> None:
    """Wait until all work asked for is done and told, and what came of it is laid out."""
    qtbot.waitUntil(lambda: not tasks.is_busy)
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def part(top: QWidget, name: str) -> QWidget:
    """The widget of this object name. Fails if it is not there."""
    found = top.findChild(QWidget, name)
    assert found is not None, name
    return found


def press(top: QWidget, name: str) -> None:
    """Click a button by its object name; it has to be there for a person too."""
    button = part(top, name)
    assert isinstance(button, QAbstractButton)
    assert button.isVisible(), name
    assert button.isEnabled(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def write(top: QWidget, name: str, words: str) -> None:
    """Type into a field by its object name, after what is in it."""
    field = part(top, name)
    assert isinstance(field, Field)
    assert field.isVisible(), name
    QTest.keyClicks(field.editor, words)


def says(top: QWidget) -> str:
    """Every word a person can read on it, for a look at what is said."""
    shown = [label for label in top.findChildren(QLabel) if label.isVisible()]
    return "\n".join(label.accessibleName() or label.text() for label in shown)


def fill_disk(desk: Desk) -> None:
    """From now on the vault can grow no more; one opened anew can."""
    with desk.vault.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


@contextmanager
def full_disk(desk: Desk) -> Iterator[None]:
    """The vault can grow no more, as on a full disk."""
    fill_disk(desk)
    yield
    with desk.vault.write() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {ALL_PAGES}")
