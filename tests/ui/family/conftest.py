"""A real desk for the page: an encrypted vault with an invented caseload, the network down."""

import pytest

from tests.actions.conftest import caseload, desk, office
from tests.ui.family.bench import Bench
from tfworker.ui.family import FamilyPage
from tfworker.ui.tasks import Tasks

__all__ = ["bench", "caseload", "desk", "office", "tasks"]


@pytest.fixture
def tasks(qapp, desk):
    """As for every screen, but closed before the vault is: a save on its way finds it open."""
    made = Tasks()
    yield made
    made.close()


@pytest.fixture
def bench(qtbot, tasks, desk, caseload):
    """The page over the real desk, the first family open on its Story."""
    page = FamilyPage(tasks, lambda: desk)
    qtbot.addWidget(page)
    page.resize(1154, 780)
    page.show()
    made = Bench(page, qtbot, tasks, desk, caseload.families[0])
    made.open()
    return made
