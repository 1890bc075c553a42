from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.ui.walk import cut_off, nameless, out_of_order
from tfworker.actions.values import EmergencyNumber, Place, Progress
from tfworker.errors import Problem
from tfworker.ui.lock.enrol_page import EnrolPage

PLACE = Place(Path(), False, "", "", (EmergencyNumber("Emergency", "999"),))
GOOD = "kettle orbit lemon sparrow"
TYPED = ("https://council.example.org", "4711", "from the office", "abcd-efgh", GOOD, GOOD)


@pytest.fixture
def page(qtbot):
    made = EnrolPage(PLACE)
    qtbot.addWidget(made)
    made.resize(1024, 900)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def fill(page, qtbot, typed=TYPED):
    for field, words in zip(page.fields(), typed, strict=True):
        qtbot.keyClicks(field.editor, words)


def test_what_was_typed_is_handed_on(page, qtbot):
    fill(page, qtbot)
    with qtbot.waitSignal(page.enrol_asked) as asked:
        qtbot.keyClick(page.again.editor, Qt.Key.Key_Return)

    (request,) = asked.args
    assert (request.council, request.user, request.password, request.code, request.passphrase) == TYPED[:5]
    assert GOOD not in repr(request)


@pytest.mark.parametrize("left_out", range(6))
def test_each_field_says_that_it_is_missing(left_out, page, qtbot):
    fill(page, qtbot, [*TYPED[:left_out], "", *TYPED[left_out + 1 :]])
    with qtbot.assertNotEmitted(page.enrol_asked):
        qtbot.mouseClick(page._enrol, Qt.MouseButton.LeftButton)

    field = page.fields()[left_out]
    assert field.missing() == "Missing"
    assert field.editor.hasFocus()


@pytest.mark.parametrize(
    "passphrase, again, where, said",
    [
        ("password", "password", "passphrase", "Far too easy to guess"),
        (GOOD, GOOD + "x", "again", "The two are not the same"),
    ],
)
def test_a_passphrase_that_will_not_do(passphrase, again, where, said, page, qtbot):
    fill(page, qtbot, [*TYPED[:4], passphrase, again])
    with qtbot.assertNotEmitted(page.enrol_asked):
        page._on_asked()

    assert getattr(page, where).missing() == said


def test_its_strength_is_said_while_it_is_typed(page, qtbot):
    qtbot.keyClicks(page.passphrase.editor, GOOD)

    assert page._strength.isVisible()
    assert page._strength.words() in ("Good", "Very good")


@pytest.mark.parametrize(
    "progress, counts",
    [
        (Progress("Asking the council"), ""),
        (Progress("Fetching your families", 812, 1660), "812 of 1,660"),
        (Progress("Fetching your families", 812), "812"),
    ],
)
def test_progress_shows_counts_where_they_are_known(progress, counts, page):
    page.show_progress(progress)

    assert page._step.words() == progress.words
    assert page._counts.words() == counts
    assert not page.council.isVisible()


def test_it_can_be_cancelled(page, qtbot):
    page.show_progress(Progress("Fetching your families", 1, 2))
    (cancel,) = [button for button in page.findChildren(type(page._enrol)) if button.text() == "Cancel"]
    with qtbot.waitSignal(page.cancel_asked):
        qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)


def test_a_problem_brings_the_form_back_as_it_was(page, qtbot):
    fill(page, qtbot)
    page.show_progress(Progress("Asking the council"))
    page.show_problem(Problem("The laptop could not be enrolled", "Check the code."))
    page.show_problem(Problem("The council cannot be reached"))

    assert page.code.isVisible()
    assert [field.value() for field in page.fields()] == list(TYPED)
    assert page._notices.count() == 1


@pytest.mark.parametrize("scale", [1, 2])
def test_it_can_be_reached_named_and_read(scale, look, qtbot):
    look.set_text_scale(scale)
    page = EnrolPage(PLACE)
    qtbot.addWidget(page)
    page.resize(1024, 700)
    page.show()
    page.show_problem(Problem("The laptop could not be enrolled", "Check the code. " * 8))
    form = nameless(page), out_of_order(page), cut_off(page)
    page.show_progress(Progress("Fetching your families", 812, 1660))

    assert form == ([], [], [])
    assert nameless(page) == cut_off(page) == []
