"""What the council did not take comes back with its reason, its author's words in fields to correct."""

import pytest
from pytestqt.qtbot import QtBot

from tests.actions.caseload_of import BRIGHT, FIRTH
from tests.actions.desks import Office, refused
from tests.ui.stage import part, press, says, settle, write
from tests.ui.walk import cut_off, nameless
from tfworker.actions.desk import Desk
from tfworker.actions.returned import returned
from tfworker.actions.syncing import sync_now
from tfworker.council.service import DESK as COUNCILS_DESK
from tfworker.ui.review import ReviewPage
from tfworker.ui.tasks import Tasks

WORDS = "typed:described_in_family_words"


@pytest.fixture
def desk(office: Office) -> Desk:
    return refused(office)


def test_it_says_why_and_shows_what_was_written(page: ReviewPage) -> None:
    words = says(page)

    assert "Came back to you" in words
    assert "Your role does not allow this change." in words
    assert part(page, WORDS).value() == "The rent."  # type: ignore[attr-defined]
    assert nameless(page) == []
    assert cut_off(page) == []


def test_corrected_it_goes_again_with_only_what_was_changed(
    qtbot: QtBot, tasks: Tasks, page: ReviewPage, desk: Desk, office: Office
) -> None:
    allocation = {
        "family_id": office.caseload.families[0].family,
        "worker_id": office.caseload.worker[FIRTH],
        "role": "co_worker",
        "from_on": desk.today(),
    }
    office.council.hub.apply(COUNCILS_DESK, [desk.insert("allocation", allocation)])
    sync_now(desk)
    write(page, WORDS, " It is behind.")
    with qtbot.waitSignal(page.settled):
        press(page, "send_again")
    settle(qtbot, tasks)
    sync_now(desk)

    assert returned(desk) == []
    worker = office.desk(BRIGHT)
    with worker.vault.read() as connection:
        rows = connection.exec_driver_sql("SELECT described_in_family_words, person_ids FROM need").all()
    assert any(
        row[0] == "The rent. It is behind." and office.caseload.families[0].parent in row[1] for row in rows
    )


def test_let_go_takes_two_presses_and_is_written_down(
    qtbot: QtBot, tasks: Tasks, page: ReviewPage, desk: Desk
) -> None:
    press(page, "let_go")
    settle(qtbot, tasks)
    assert len(returned(desk)) == 1
    write(page, "let_go_why", "It is in the plan already")
    with qtbot.waitSignal(page.settled):
        press(page, "let_go")
    settle(qtbot, tasks)

    assert returned(desk) == []
    words = says(page)
    assert "Nothing waits for you" in words
    assert "You let it go" in words
    assert "It is in the plan already" in words
