from datetime import date, time

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QCalendarWidget, QLabel

from tests.ui.walk import nameless
from tfworker.ui.parts import Card, ChoiceField, DateField, LineField, NarrativeField, Tick, TimeField

TODAY = date(2016, 11, 16)
KINDS = [("home", "Home visit"), ("office", "At the office")]


@pytest.fixture
def shown(qtbot):
    def show(widget):
        qtbot.addWidget(widget)
        widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)
        return widget

    return show


def date_field(value=None):
    return DateField("Date", value, today=lambda: TODAY)


@pytest.mark.parametrize(
    "make",
    [
        lambda: LineField("Telephone"),
        lambda: NarrativeField("What happened"),
        lambda: NarrativeField("What happened", name_shown=False),
        lambda: ChoiceField("Kind", KINDS),
        date_field,
        lambda: TimeField("From"),
        lambda: Tick("Put in the chronology"),
    ],
)
def test_every_field_says_its_name(make, shown):
    field = shown(make())

    assert nameless(field) == []


def test_the_label_belongs_to_its_editor(shown):
    field = shown(LineField("&Telephone"))
    (label,) = [each for each in field.findChildren(QLabel) if each.text() == "&Telephone"]

    assert label.buddy() is field.editor
    assert field.editor.accessibleName() == "Telephone"


def test_what_is_missing_is_said_below_and_to_a_screen_reader(shown):
    field = shown(LineField("Telephone", help="As the family gave it"))
    field.set_missing("A number is missing")

    assert field.missing() == "A number is missing"
    assert field.editor.accessibleDescription() == "A number is missing"


def test_typing_takes_the_message_back(shown, qtbot):
    field = shown(LineField("Telephone", help="As the family gave it"))
    field.set_missing("A number is missing")
    with qtbot.waitSignal(field.edited):
        qtbot.keyClicks(field.editor, "0")

    assert field.missing() == ""
    assert field.editor.accessibleDescription() == "As the family gave it"


def test_setting_a_value_is_not_an_edit(shown, qtbot):
    for field, value in (
        (LineField("Telephone"), "1"),
        (NarrativeField("What happened"), "words"),
        (ChoiceField("Kind", KINDS), "home"),
        (date_field(), TODAY),
        (TimeField("From"), time(9)),
    ):
        shown(field)
        with qtbot.assertNotEmitted(field.edited):
            field.set_value(value)

        assert field.value() == value


def test_a_narrative_keeps_every_character(shown):
    field = shown(NarrativeField("What happened"))
    field.editor.insertPlainText("  one\n\ntwo  ")

    assert field.value() == "  one\n\ntwo  "


def test_a_narrative_grows_with_what_is_in_it_and_then_scrolls(shown):
    field = shown(NarrativeField("What happened"))
    field.set_lines(4, 10)
    heights = []
    for lines in (1, 4, 8, 10, 40):
        field.set_value("line\n" * (lines - 1) + "line")
        heights.append(field.editor.sizeHint().height())

    assert heights[0] == heights[1] < heights[2] < heights[3] == heights[4]


def test_a_narrative_is_at_most_about_ninety_characters_wide(shown):
    field = shown(NarrativeField("What happened", "word " * 100))
    field.resize(1600, 300)
    QApplication.processEvents()
    editor = field.editor
    first_line = editor.document().firstBlock().layout().lineAt(0).textLength()

    assert 75 <= first_line <= 105


def test_tab_leaves_a_narrative(shown, qtbot):
    card = Card("Note")
    first, second = NarrativeField("What happened"), LineField("What it means")
    shown(card.add(first, second))
    first.editor.setFocus()
    qtbot.keyClick(first.editor, Qt.Key.Key_Tab)

    assert first.value() == ""
    assert second.editor.hasFocus()


def test_a_secret_is_kept_as_typed_and_a_line_is_trimmed(shown, qtbot):
    secret, line = shown(LineField("Passphrase", secret=True)), shown(LineField("Name"))
    for field in (secret, line):
        qtbot.keyClicks(field.editor, " a b ")
    secret.set_shown(True)

    assert (secret.value(), line.value()) == (" a b ", "a b")


@pytest.mark.parametrize("typed, shown_as", [("9 nov", "09/11/2016"), ("today", "16/11/2016"), ("", "")])
def test_a_date_is_written_out_when_its_field_is_left(typed, shown_as, shown, qtbot):
    field = shown(date_field())
    qtbot.keyClicks(field.editor, typed)
    qtbot.keyClick(field.editor, Qt.Key.Key_Return)

    assert field.text() == shown_as
    assert field.missing() == ""


def test_a_date_that_is_none_stays_as_typed_and_is_said(shown, qtbot):
    field = shown(date_field())
    qtbot.keyClicks(field.editor, "31/02/2016")
    qtbot.keyClick(field.editor, Qt.Key.Key_Return)

    assert field.text() == "31/02/2016"
    assert field.is_wrong()
    assert field.value() is None
    assert "day/month/year" in field.missing()


def test_arrow_keys_move_a_date_by_a_day(shown, qtbot):
    field = shown(date_field(date(2016, 11, 1)))
    with qtbot.waitSignal(field.edited):
        qtbot.keyClick(field.editor, Qt.Key.Key_Down)

    assert field.value() == date(2016, 10, 31)


def test_a_day_can_be_picked_from_the_calendar(shown, qtbot):
    field = shown(date_field(date(2016, 11, 1)))
    qtbot.keyClick(field.editor, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    month = QApplication.activePopupWidget().findChild(QCalendarWidget)
    month.setFocus()
    with qtbot.waitSignal(field.edited):
        month.activated.emit(month.selectedDate().addDays(3))

    assert field.value() == date(2016, 11, 4)


def test_a_read_only_date_is_not_moved(shown, qtbot):
    field = shown(date_field(TODAY))
    field.set_read_only(True)
    qtbot.keyClick(field.editor, Qt.Key.Key_Up)

    assert field.value() == TODAY


@pytest.mark.parametrize("typed, value", [("1530", time(15, 30)), ("3pm", time(15))])
def test_a_time_is_read_leniently(typed, value, shown, qtbot):
    field = shown(TimeField("From"))
    qtbot.keyClicks(field.editor, typed)
    qtbot.keyClick(field.editor, Qt.Key.Key_Return)

    assert field.value() == value
    assert field.text() == f"{value:%H:%M}"


def test_nothing_is_chosen_until_somebody_chooses(shown, qtbot):
    field = shown(ChoiceField("Kind", KINDS))
    before = field.value()
    with qtbot.waitSignal(field.edited):
        qtbot.keyClick(field.editor, Qt.Key.Key_Down)

    assert (before, field.value()) == (None, "home")


def test_new_choices_keep_what_was_chosen_if_they_can(shown):
    field = shown(ChoiceField("Kind", KINDS, "office"))
    field.set_choices([("office", "Office"), ("school", "At school")])
    kept = field.value()
    field.set_choices([("school", "At school")])

    assert (kept, field.value()) == ("office", None)


def test_a_choice_of_false_or_zero_is_a_choice(shown):
    field = shown(ChoiceField("Alone", [(False, "No"), (0.5, "Partly")], False))

    assert field.value() is False


def test_scrolling_past_a_choice_does_not_change_it(shown, qapp):
    field = shown(ChoiceField("Kind", KINDS, "home"))
    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    qapp.sendEvent(field.editor, wheel)

    assert field.value() == "home"


def test_a_click_on_the_words_ticks(shown, qtbot):
    tick = shown(Tick("Put in the chronology"))
    qtbot.mouseClick(tick, Qt.MouseButton.LeftButton, pos=QPoint(tick.width() - 5, tick.height() // 2))

    assert tick.isChecked()
