import pytest
from PySide6.QtCore import Qt

from tfworker.ui.parts import Label, slanted, strong, underlined
from tfworker.ui.parts.label import LONG

HOSTILE = "<img src='file:///etc/passwd'><b>bold</b> & <a href='x'>link</a>"


@pytest.mark.parametrize("words", [HOSTILE, HOSTILE + "x" * LONG])
def test_what_a_record_holds_is_never_read_as_markup(words, qapp):
    label = Label(strong(words), words)
    plain = Label(words)

    for each in (label, plain):
        if each.textFormat() is Qt.TextFormat.RichText:
            assert "<img" not in each.text()
            assert "<a " not in each.text()
        else:
            assert each.textFormat() is Qt.TextFormat.PlainText
    assert plain.words() == words


def test_pieces_carry_their_weight_and_are_said_plainly(qapp):
    label = Label("07700 900", underlined("381"), " ", slanted("agreed"), strong("!"))

    assert "<u>381</u>" in label.text()
    assert "<i>agreed</i>" in label.text()
    assert label.accessibleName() == label.words() == "07700 900381 agreed!"


def test_line_breaks_and_blanks_are_kept_in_long_words(qtbot):
    words = "one\n\ntwo   three " + "x" * LONG
    label = Label(words)
    qtbot.addWidget(label)
    one_line = Label("x" * (LONG + 1))
    qtbot.addWidget(one_line)

    assert label.words() == words
    assert label.heightForWidth(2000) > 2 * one_line.heightForWidth(2000)


def test_a_few_words_are_not_wrapped_into_a_block(qtbot):
    label = Label("Second meeting, four agencies")
    qtbot.addWidget(label)
    hint = label.sizeHint()

    assert label.heightForWidth(hint.width()) == hint.height()


def test_height_is_right_before_the_label_was_ever_shown(qtbot):
    label = Label("attached to the programme and to nothing else", size="page")
    qtbot.addWidget(label)
    before = label.heightForWidth(200)
    label.show()

    assert label.heightForWidth(200) == before


def test_a_new_ink_is_taken_on(qtbot, look):
    label = Label("words")
    qtbot.addWidget(label)
    label.show()
    label.set_ink("danger")

    assert label.palette().windowText().color() == look.colour("danger")
