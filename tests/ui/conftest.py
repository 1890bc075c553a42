"""A themed application for every test of the screens."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from tfworker.ui import theme
from tfworker.ui.tasks import Tasks


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[theme.Theme]:
    """The theme, light at 100 % at the start of each test."""
    yield theme.install(qapp, theme.Scheme.LIGHT)
    # pytest-qt has closed the test's windows; without a running event loop they would linger half
    # deleted, and the next test would restyle them.
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()
