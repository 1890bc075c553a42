"""A real desk for the page: an encrypted vault with an invented caseload, the network down."""

import pytest

from tests.actions.conftest import caseload, desk, office
from tests.ui.family.bench import Bench
from tfworker.ui.family import FamilyPage

__all__ = ["bench", "caseload", "desk", "office"]


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
