"""Real desks for the pages: encrypted vaults with an invented caseload; and the page of a note."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.actions.caseload_of import Caseload
from tests.actions.conftest import caseload, desk, leaders_desk, office
from tests.ui.stage import settle, shown
from tfworker.actions.desk import Desk
from tfworker.ui.note import NotePage
from tfworker.ui.tasks import Tasks

__all__ = ["caseload", "desk", "leaders_desk", "office"]


@pytest.fixture
def page(qtbot: QtBot, tasks: Tasks, desk: Desk) -> Iterator[NotePage]:
    yield from shown(qtbot, NotePage(tasks, lambda: desk))


@pytest.fixture
def begin(qtbot: QtBot, tasks: Tasks, page: NotePage, caseload: Caseload) -> Callable[..., None]:
    """Begin a note about the first family."""

    def begin(**where: object) -> None:
        page.arrive(**({"family_id": caseload.families[0].family} | where))
        settle(qtbot, tasks)

    return begin
