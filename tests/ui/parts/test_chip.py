import pytest
from PySide6.QtCore import Qt

from tests.ui.walk import nameless
from tfworker.actions import values
from tfworker.actions.values import Tone
from tfworker.ui.parts import Chip, ChipChoice, ChipToggle, Kind


@pytest.mark.parametrize("tone", Tone)
def test_every_tone_of_an_action_is_a_kind_of_chip(tone, qapp):
    chip = Chip.of(values.Chip("words", tone, "longer words"))

    assert chip.kind is (Kind.QUIET if tone is Tone.PLAIN else Kind(tone.value))
    assert chip.toolTip() == "longer words"


def test_a_kind_that_does_not_exist_is_refused():
    with pytest.raises(ValueError):
        Kind("pink")


def test_a_chip_says_its_words(qapp):
    chip = Chip("Caution: two workers", Kind.DANGER)
    chip.set_state("Late", Kind.WARN)

    assert (chip.accessibleName(), chip.text()) == ("Late", "Late")


def test_a_chip_is_wide_enough_for_its_words(qtbot):
    chip = Chip("Agreement: not yet J. Pearce", Kind.WARN)
    qtbot.addWidget(chip)
    chip.show()

    assert chip.width() > chip.fontMetrics().horizontalAdvance(chip.text())


def test_markup_in_words_is_shown_as_it_is(qapp):
    assert Chip("<b>bold</b>").textFormat() is Qt.TextFormat.PlainText


def test_a_toggle_is_switched_by_space(qtbot):
    toggle = ChipToggle("child, 11 & dog")
    qtbot.addWidget(toggle)
    toggle.show()
    with qtbot.waitSignal(toggle.toggled):
        qtbot.keyClick(toggle, Qt.Key.Key_Space)

    assert toggle.isChecked()
    assert toggle.accessibleName() == "child, 11 & dog"


def test_a_toggle_keeps_its_width_when_it_is_ticked(qtbot):
    toggle = ChipToggle("child, 11")
    qtbot.addWidget(toggle)
    before = toggle.sizeHint()
    toggle.setChecked(True)

    assert toggle.sizeHint() == before


def test_one_of_a_few_is_chosen_with_an_arrow_key(qtbot):
    choice = ChipChoice("Show", [("s", "Significant"), ("e", "Everything"), ("c", "Child’s voice")])
    qtbot.addWidget(choice)
    choice.show()
    choice.activateWindow()
    qtbot.waitUntil(choice.isActiveWindow)
    first, *_ = choice.findChildren(ChipToggle)
    first.setFocus()
    with qtbot.waitSignal(choice.chosen) as chosen:
        qtbot.keyClick(first, Qt.Key.Key_Right)

    assert chosen.args == ["e"]
    assert choice.value() == "e"
    assert nameless(choice) == []


def test_choosing_by_code_is_silent(qtbot):
    choice = ChipChoice("Show", [("s", "Significant"), ("e", "Everything")])
    qtbot.addWidget(choice)
    with qtbot.assertNotEmitted(choice.chosen):
        choice.set_value("e")

    assert choice.value() == "e"
