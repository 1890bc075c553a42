from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from tests.ui.walk import cut_off, nameless, out_of_order
from tfworker.actions.values import EmergencyNumber, Place
from tfworker.errors import Problem
from tfworker.ui.lock.unlock_page import UnlockPage

PLACE = Place(
    Path(),
    True,
    "Ashcombe",
    "Families Matter",
    (EmergencyNumber("Duty team", "01632 960 001"),),
    "Sync soon.",
)
WRONG = Problem("This passphrase does not open the laptop", "Try again.")


@pytest.fixture
def page(qtbot):
    made = UnlockPage(PLACE)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_return_asks_to_unlock_with_what_was_typed(page, qtbot):
    editor = page.passphrase.editor
    qtbot.keyClicks(editor, " four words here ")
    with qtbot.waitSignal(page.unlock_asked) as asked:
        qtbot.keyClick(editor, Qt.Key.Key_Return)

    assert asked.args == [" four words here "]
    assert not editor.isEnabled()


def test_an_empty_passphrase_is_not_tried(page, qtbot):
    with qtbot.assertNotEmitted(page.unlock_asked):
        qtbot.keyClick(page.passphrase.editor, Qt.Key.Key_Return)

    assert page.passphrase.missing() == "Type your passphrase"


def test_a_wrong_one_is_said_in_a_sentence_and_can_be_tried_again(page, qtbot):
    editor = page.passphrase.editor
    qtbot.keyClicks(editor, "wrong")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    page.show_problem(WRONG)

    assert page.said() == "This passphrase does not open the laptop. Try again."
    assert editor.isEnabled()
    assert editor.selectedText()


def test_the_next_try_takes_the_sentence_away(page, qtbot):
    page.show_problem(WRONG)
    qtbot.keyClicks(page.passphrase.editor, "next")
    qtbot.keyClick(page.passphrase.editor, Qt.Key.Key_Return)

    assert page.said() == ""


def test_the_letters_show_only_when_asked(page):
    modes = [page.passphrase.editor.echoMode()]
    page._shown.setChecked(True)
    modes.append(page.passphrase.editor.echoMode())
    page.clear()
    modes.append(page.passphrase.editor.echoMode())

    assert modes == [QLineEdit.EchoMode.Password, QLineEdit.EchoMode.Normal, QLineEdit.EchoMode.Password]
    assert page.passphrase.value() == ""


def test_numbers_and_advice_stand_there(page):
    words = " ".join(label.text() for label in page.findChildren(QLabel))

    assert "01632 960 001" in words
    assert "Sync soon." in words


@pytest.mark.parametrize("scale", [1, 2])
def test_it_can_be_reached_named_and_read(scale, look, qtbot):
    look.set_text_scale(scale)
    page = UnlockPage(PLACE)
    qtbot.addWidget(page)
    page.resize(1024, 700)
    page.show()
    page.show_problem(WRONG)

    assert nameless(page) == out_of_order(page) == cut_off(page) == []
