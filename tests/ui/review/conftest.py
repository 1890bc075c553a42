"""Real desks for the pages, and the page over the desk each file of tests has of its own."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.actions.conftest import caseload, office
from tests.ui.stage import arrived
from tfworker.actions.desk import Desk
from tfworker.ui.review import ReviewPage
from tfworker.ui.tasks import Tasks

__all__ = ["caseload", "office", "page"]


@pytest.fixture
def page(qtbot: QtBot, tasks: Tasks, desk: Desk) -> Iterator[ReviewPage]:
    yield from arrived(qtbot, tasks, ReviewPage(tasks, lambda: desk))
