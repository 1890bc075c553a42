"""A themed application for every test of the screens, and a walk over what a person can reach."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from tfworker.ui import theme
from tfworker.ui.tasks import Tasks


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> theme.Theme:
    """The theme, light at 100 % at the start of each test."""
    return theme.install(qapp, theme.Scheme.LIGHT)


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()


def reachable(top: QWidget) -> list[QWidget]:
    """What Tab reaches inside a shown window, in the order it does."""
    found: list[QWidget] = []
    widget = top
    while (widget := widget.nextInFocusChain()) not in (top, None):
        tabs_to = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if tabs_to and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None:
            found.append(widget)
    return found


def nameless(top: QWidget) -> list[str]:
    """Reachable widgets a screen reader could say nothing about: should be empty."""
    return [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in reachable(top)
        if not widget.accessibleName() and not isinstance(widget, QAbstractScrollArea)
    ]


def out_of_order(top: QWidget) -> list[str]:
    """Neighbours in the tab order of which the second lies wholly above the first: should be empty.

    Widgets side by side in different columns may go up; within one parent they may not.
    """
    found = []
    order = reachable(top)
    for first, second in pairwise(order):
        if first.parent() is second.parent():
            bottom = second.mapTo(top, second.rect().bottomLeft()).y()
            if bottom <= first.mapTo(top, first.rect().topLeft()).y():
                found.append(f"{second.accessibleName()} after {first.accessibleName()}")
    return found
