"""Two versions of one thing: a person takes one, types another or keeps both, and goes on with a key."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.actions.caseload_of import BRIGHT, FIRTH
from tests.actions.desks import Office
from tests.ui.stage import part, press, says, settle, write
from tests.ui.walk import cut_off, nameless
from tfworker.actions.desk import Desk
from tfworker.actions.people import change_contact_point, people
from tfworker.actions.plan import change_goal
from tfworker.actions.review import cards
from tfworker.actions.syncing import sync_now
from tfworker.ui.parts import LineField
from tfworker.ui.review import ReviewPage
from tfworker.ui.tasks import Tasks

HERS, LEADERS = "07700 900381", "07700 900318"


@pytest.fixture
def desk(office: Office) -> Desk:
    """A. Bright, whose leader changed the same number and the same goal while she was out."""
    worker, leader = office.desk(BRIGHT), office.desk(FIRTH)
    first, second = office.caseload.families
    office.clock.advance(minutes=75)
    change_contact_point(leader, first.family, first.mobile, {"value": LEADERS})
    change_goal(leader, second.family, second.goal, {"due": date(2026, 12, 20)})
    sync_now(leader)
    office.clock.advance(minutes=25)
    change_contact_point(worker, first.family, first.mobile, {"value": HERS})
    change_goal(worker, second.family, second.goal, {"due": date(2026, 12, 11)})
    sync_now(worker)
    return worker


def number(desk: Desk, office: Office) -> str | None:
    ids = office.caseload.families[0]
    cards = people(desk, ids.family).people
    return next(p.value for card in cards for p in card.contact_points if p.id == ids.mobile)


def test_both_versions_stand_beside_each_other(page: ReviewPage) -> None:
    words = says(page)

    assert "Two versions of Dana’s mobile number" in words
    assert "when it was “07700 900214”" in words
    assert HERS in words
    assert LEADERS in words
    assert "On your laptop" in words
    assert "1 of 2" in words
    assert part(page, "use:1").hasFocus()
    assert not part(page, "save").isEnabled()
    for forbidden in ("merge", "revision", "conflict"):
        assert forbidden not in words.lower()


def test_everything_has_a_name_and_nothing_is_cut_off(page: ReviewPage) -> None:
    assert nameless(page) == []
    for width in (1154, 818, 560):
        page.resize(width, 700)
        QTest.qWait(0)
        assert cut_off(page) == []


def test_one_key_takes_a_version_and_enter_goes_on(
    qtbot: QtBot, tasks: Tasks, page: ReviewPage, desk: Desk, office: Office
) -> None:
    QTest.keyClick(page, Qt.Key.Key_2)
    assert "Using this one" in [
        button.accessibleName() for button in page.findChildren(type(part(page, "use:2")))
    ]
    with qtbot.waitSignal(page.settled):
        QTest.keyClick(part(page, "save"), Qt.Key.Key_Return)
    settle(qtbot, tasks)

    assert number(desk, office) == LEADERS
    assert "Two versions of the goal" in says(page)
    assert len(cards(desk)) == 1


def test_with_enter_alone_nothing_is_decided(
    qtbot: QtBot, tasks: Tasks, page: ReviewPage, desk: Desk
) -> None:
    why = part(page, "why")
    QTest.keyClick(why.editor, Qt.Key.Key_Return)  # type: ignore[attr-defined]
    settle(qtbot, tasks)

    assert len(cards(desk)) == 2


def test_typing_what_is_right_takes_neither(
    qtbot: QtBot, tasks: Tasks, page: ReviewPage, desk: Desk, office: Office
) -> None:
    press(page, "use:1")
    write(page, "typed:value", "07700 900999")
    write(page, "why", "Dana read it out")
    with qtbot.waitSignal(page.settled):
        QTest.keyClick(part(page, "why").editor, Qt.Key.Key_Return)  # type: ignore[attr-defined]

    sync_now(desk)
    assert number(desk, office) == "07700 900999"


def test_keys_typed_into_a_field_stay_there(page: ReviewPage) -> None:
    write(page, "typed:value", "12")

    assert part(page, "typed:value").value() == "12"  # type: ignore[attr-defined]
    assert part(page, "use:1").accessibleName() == "Use this one"


def test_a_version_taken_after_typing_empties_the_field(page: ReviewPage) -> None:
    write(page, "typed:value", "07700 900999")
    press(page, "use:1")

    assert part(page, "typed:value").value() == ""  # type: ignore[attr-defined]


def test_keeping_both_makes_a_second_number(
    qtbot: QtBot, tasks: Tasks, page: ReviewPage, desk: Desk, office: Office
) -> None:
    press(page, "keep_both")
    with qtbot.waitSignal(page.settled):
        press(page, "save")
    settle(qtbot, tasks)

    ids = office.caseload.families[0]
    values = [point.value for card in people(desk, ids.family).people for point in card.contact_points]
    assert sorted(values) == [LEADERS, HERS]


def test_the_next_ones_stand_below_and_open(qtbot: QtBot, tasks: Tasks, page: ReviewPage, desk: Desk) -> None:
    other = cards(desk)[1]
    press(page, f"open:{other.card_id}")
    settle(qtbot, tasks)

    assert "Two versions of the goal" in says(page)
    assert "2 of 2" in says(page)
    write(page, "typed:due", "18/12/2026")
    with qtbot.waitSignal(page.settled):
        press(page, "save")
    settle(qtbot, tasks)


def test_a_day_that_cannot_be_read_is_not_saved(
    page: ReviewPage, tasks: Tasks, qtbot: QtBot, desk: Desk
) -> None:
    press(page, f"open:{cards(desk)[1].card_id}")
    settle(qtbot, tasks)
    write(page, "typed:due", "soon")

    assert not part(page, "save").isEnabled()
    assert part(page, "typed:due").text() == "soon"  # type: ignore[attr-defined]


def test_a_refresh_leaves_what_is_being_typed(qtbot: QtBot, tasks: Tasks, page: ReviewPage) -> None:
    write(page, "typed:value", "07700 9")
    page.refresh()
    settle(qtbot, tasks)

    assert part(page, "typed:value").value() == "07700 9"  # type: ignore[attr-defined]


def test_settled_meanwhile_by_somebody_else_it_says_so(
    qtbot: QtBot, tasks: Tasks, page: ReviewPage, desk: Desk, office: Office
) -> None:
    leader = office.desks[1]
    sync_now(leader)
    from tfworker.actions.review import decide

    card = next(card for card in cards(leader) if "mobile" in card.title)
    decide(leader, card.card_id, card.sides[0].key)
    sync_now(leader)
    sync_now(desk)
    press(page, "use:1")
    press(page, "save")
    settle(qtbot, tasks)

    assert "Two versions of the goal" in says(page)
    assert "Somebody has decided this already" in says(page) or len(cards(desk)) == 1


def test_when_all_is_settled_it_says_what_will_stand_here(
    qtbot: QtBot, tasks: Tasks, page: ReviewPage
) -> None:
    for _ in range(2):
        press(page, "use:1")
        with qtbot.waitSignal(page.settled):
            press(page, "save")
        settle(qtbot, tasks)

    assert "Nothing waits for you" in says(page)
    assert page.findChild(QWidget, "save") is None


def test_with_nothing_left_the_focus_stays_on_the_page_and_no_family_is_offered(
    qtbot: QtBot, tasks: Tasks, page: ReviewPage
) -> None:
    for _ in range(2):
        QTest.keyClick(page, Qt.Key.Key_1)
        QTest.keyClick(part(page, "save"), Qt.Key.Key_Return)
        settle(qtbot, tasks)

    assert "Nothing waits for you" in says(page)
    assert "To the family" not in [button.text() for button in page.findChildren(QAbstractButton)]
    qtbot.waitUntil(page.hasFocus)


def test_coming_back_begins_at_the_first_version(qtbot: QtBot, tasks: Tasks, page: ReviewPage) -> None:
    part(page, "use:1").clearFocus()
    page.arrive()
    settle(qtbot, tasks)

    assert part(page, "use:1").hasFocus()


def test_a_round_that_brings_a_card_leaves_the_focus_where_she_writes(
    qtbot: QtBot, tasks: Tasks, page: ReviewPage
) -> None:
    """In a panel beside the page, a 1 and Enter would else decide what she has not even read."""
    found = page._waiting
    assert found is not None
    panel = LineField("Jot")
    page.body.addWidget(panel)
    QApplication.processEvents()
    panel.editor.setFocus()
    page.show_waiting(replace(found, cards=found.cards[1:]))
    QApplication.processEvents()

    assert "Two versions of the goal" in says(page)
    assert panel.editor.hasFocus()
