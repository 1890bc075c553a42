"""The smaller parts, each by what it promises."""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from tests.ui.walk import cut_off, nameless, out_of_order, settle
from tfworker.errors import Problem
from tfworker.ui.parts import (
    Button,
    Card,
    Chip,
    Empty,
    Figure,
    Flow,
    Happening,
    Kind,
    Look,
    Meter,
    Notice,
    Page,
    Scale,
    Tabs,
    Timeline,
    plain,
    primary,
)
from tfworker.ui.parts.timeline import AT_ONCE

FULL = Problem("The disk is full", "Free some space.")


@pytest.fixture
def shown(qtbot):
    def show(widget, size=None):
        qtbot.addWidget(widget)
        if size is not None:
            widget.resize(QSize(*size))
        widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)
        return widget

    return show


def words_in(widget):
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


# buttons


@pytest.mark.parametrize("look", Look)
def test_return_presses_a_button_as_space_does(look, shown, qtbot):
    button = shown(Button("Do it", look, icon_name="plus", hint="1"))
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        with qtbot.waitSignal(button.clicked):
            qtbot.keyClick(button, key)


def test_a_buttons_key_works_anywhere_in_the_window(shown, qtbot):
    page = QWidget()
    button = plain("Use this one").set_key("1")
    button.setParent(page)
    shown(page)
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(page, Qt.Key.Key_1)


def test_a_button_without_words_keeps_its_name(shown):
    button = shown(Button("&Lock && leave", icon_name="lock-outline"))
    button.set_words_hidden(True)

    assert button.accessibleName() == "Lock & leave"
    assert button.toolTip() == "Lock & leave"


def test_a_focus_ring_comes_with_a_key_and_not_with_a_click(shown, qtbot):
    button = shown(plain("Do it"))
    button.clearFocus()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    by_key = button.has_keyboard_focus
    button.clearFocus()
    button.setFocus(Qt.FocusReason.MouseFocusReason)

    assert (by_key, button.has_keyboard_focus) == (True, False)


@pytest.mark.parametrize("look", Look)
def test_the_ring_can_be_seen_on_every_look(look, shown):
    button = shown(Button("Do it", look))
    button.clearFocus()
    before = button.grab().toImage()
    button.setFocus(Qt.FocusReason.TabFocusReason)

    assert button.grab().toImage() != before


# flow


def test_a_flow_wraps_and_grows(shown):
    flow = shown(Flow(*(Chip(f"chip number {n}") for n in range(8))), (900, 50))
    wide = flow.heightForWidth(900)

    assert flow.heightForWidth(200) > 2 * wide


def test_hidden_things_take_no_room_in_a_flow(shown):
    chips = [Chip("one"), Chip("two")]
    flow = shown(Flow(*chips), (400, 40))
    chips[0].hide()
    QApplication.processEvents()

    assert chips[1].x() == 0
    assert flow.layout().sizeHint().width() == chips[1].sizeHint().width()


# card, figure, empty


def test_a_card_without_a_title_has_no_room_for_one(shown):
    card = shown(Card(), (400, 200))
    label = card.say("words")
    QApplication.processEvents()

    assert label.y() == card.body.contentsMargins().top() + 1  # its border


def test_a_card_is_emptied_but_for_its_title(shown):
    card = shown(Card("Gaps", note="2"))
    card.say("1 need has no goal")
    card.clear()

    assert words_in(card) == ["Gaps", "2"]


def test_words_in_cards_of_one_row_stand_at_the_top(shown):
    page = Page()
    figures = [Figure("47", "families supported"), Figure("2", "versions to settle, " * 6)]
    page.add_row(*figures)
    shown(page, (700, 500))

    assert figures[0].height() == figures[1].height()
    assert figures[0]._words.y() == figures[1]._words.y()


def test_an_empty_state_says_what_to_do(shown):
    empty = shown(Empty("No families yet", "They come with the first sync.", primary("Sync now")), (600, 400))

    assert empty.accessibleName() == "No families yet. They come with the first sync."
    assert cut_off(empty) == []


# meters


@pytest.mark.parametrize(
    "value, of, said",
    [(8, 9, "Caseload: 8 of 9"), (13, 12, "Caseload: 13 of 12, over capacity"), (0, 0, "Caseload: 0 of 0")],
)
def test_a_meter_says_its_numbers(value, of, said, shown):
    meter = shown(Meter("Caseload", value, of))

    assert meter.accessibleName() == said


def test_a_meter_tells_the_reading_before(shown):
    assert shown(Meter("School mornings", 5, 10, was=3)).words() == "5 of 10, was 3"


def test_a_scale_is_chosen_with_click_and_arrow(shown, qtbot):
    scale = shown(Scale("School mornings", "hard", "sorted", was=3))
    heard = []
    scale.chosen.connect(heard.append)
    steps = scale.steps()
    qtbot.mouseClick(steps[4], Qt.MouseButton.LeftButton)
    steps[4].setFocus()
    qtbot.keyClick(steps[4], Qt.Key.Key_Right)

    assert heard == [4, 5]
    assert scale.value() == 5
    assert steps[5].accessibleName() == "School mornings: 5 of 10"
    assert nameless(scale) == []


def test_a_scale_can_have_no_reading(shown, qtbot):
    scale = shown(Scale("School mornings"))
    before = scale.value()
    with qtbot.assertNotEmitted(scale.chosen):
        scale.set_value(7)
        chosen = scale.value()
        scale.set_value(None)

    assert (before, chosen, scale.value()) == (None, 7, None)


# notices and pages


def test_a_problem_is_a_banner_with_title_advice_and_action(shown, qtbot):
    heard = []
    notice = shown(Notice.of(FULL, action="Try again", on_action=lambda: heard.append("again")), (700, 80))
    act, close = notice.findChildren(Button)
    qtbot.mouseClick(act, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(notice.closed):
        qtbot.mouseClick(close, Qt.MouseButton.LeftButton)

    assert words_in(notice) == ["The disk is full", "Free some space."]
    assert heard == ["again"]


def test_the_same_problem_twice_is_one_banner(shown):
    page = shown(Page("Caseload"), (900, 600))
    page.show_problem(FULL)
    page.show_problem(FULL)
    page.show_problem(Problem("Another"))

    assert page.notices.count() == 2


def test_a_banner_goes_when_the_person_takes_it_away(shown, qtbot):
    page = shown(Page("Caseload"), (900, 600))
    notice = page.show_problem(FULL)
    notice.closed.emit()

    assert page.notices.count() == 0


@pytest.mark.parametrize(
    "size, scale", [((1100, 700), 1), ((700, 500), 1), ((420, 320), 1), ((1100, 700), 2), ((700, 500), 2)]
)
def test_a_pages_words_are_never_cut_off(size, scale, shown, look):
    look.set_text_scale(scale)
    page = Page("Pearce family", "Lead worker A. Bright · Next visit Thu 16 Nov 15:30")
    page.set_chips(Chip("Caution: two workers", Kind.DANGER), Chip("Agreement: not yet", Kind.WARN))
    page.set_actions(plain("Print", icon_name="printer-outline"), primary("New note", icon_name="plus"))
    page.show_problem(Problem("The council cannot be reached", "Your work is kept on this laptop. " * 3))
    card = Card("Story so far", note="updated 2 Nov")
    card.say("Two children, 8 and 11, living with their mother since March. " * 4)
    page.add(card)
    shown(page, size)

    assert cut_off(page) == []


@pytest.mark.parametrize("width, is_below", [(900, False), (330, True)])
def test_actions_stand_below_the_title_where_there_is_no_room_beside_it(width, is_below, shown):
    page = Page("Pearce family")
    button = primary("New note")
    page.set_actions(button)
    shown(page, (width, 600))
    settle()
    title = page._title

    top, under = button.rect().topLeft(), title.rect().bottomLeft()
    assert (button.mapTo(page, top).y() > title.mapTo(page, under).y()) is is_below


# tabs


@pytest.fixture
def tabs(shown):
    made = Tabs()
    for name in ("story", "people", "plan"):
        made.add(name, name.title(), QLabel(name))
    return shown(made, (600, 300))


def test_the_first_tab_shows_first(tabs):
    assert tabs.current() == "story"


def test_arrow_keys_turn_the_tabs(tabs, qtbot):
    first = tabs._group.button(0)
    first.setFocus()
    with qtbot.waitSignal(tabs.turned) as turned:
        qtbot.keyClick(first, Qt.Key.Key_Right)

    assert turned.args == ["people"]
    assert tabs.sheets.currentWidget().text() == "people"


def test_tabs_go_round(tabs):
    tabs.turn_by(-1)
    last = tabs.current()
    tabs.turn_by(1)

    assert (last, tabs.current()) == ("plan", "story")


def test_a_tab_can_carry_a_count(tabs):
    tabs.set_words("people", "People · 2")

    assert tabs._group.button(1).accessibleName() == "People · 2"
    with pytest.raises(ValueError):
        tabs.turn_to("nowhere")


def test_tabs_wrap_instead_of_being_cut_off(tabs, shown):
    for n in range(6):
        tabs.add(f"more {n}", f"A longer name {n}", QLabel())
    tabs.resize(300, 400)
    QApplication.processEvents()

    assert cut_off(tabs) == []


# timeline


def story(count):
    visit = (("Visit", Kind.ACCENT),)
    return [Happening(f"{n} Nov", "A. Bright", visit, f"Visit {n}", ("words",), key=n) for n in range(count)]


def test_a_chronology_opens_with_click_and_return(shown, qtbot):
    timeline = Timeline()
    timeline.set_rows(story(2))
    shown(timeline, (800, 400))
    heard = []
    timeline.opened.connect(heard.append)
    sheets = [row.sheet for row in timeline._made]
    qtbot.mouseClick(sheets[0], Qt.MouseButton.LeftButton)
    qtbot.keyClick(sheets[1], Qt.Key.Key_Return)

    assert heard == [0, 1]
    assert sheets[0].accessibleName() == "0 Nov, A. Bright, Visit, Visit 0"
    assert nameless(timeline) == []
    assert out_of_order(timeline) == []


def test_a_row_with_nothing_to_open_takes_no_focus(shown):
    timeline = Timeline()
    timeline.set_rows([Happening("9 Nov", "Housing", (), "Payment plan agreed")])

    assert timeline._made[0].sheet.focusPolicy() is Qt.FocusPolicy.NoFocus


def test_a_long_chronology_comes_in_parts(shown, qtbot):
    timeline = Timeline()
    timeline.set_rows(story(AT_ONCE + 5))
    shown(timeline, (800, 400))
    before = timeline.shown()
    qtbot.mouseClick(timeline._more, Qt.MouseButton.LeftButton)

    assert (before, timeline.shown()) == (AT_ONCE, AT_ONCE + 5)
    assert timeline._more.isHidden()


def test_new_rows_take_the_place_of_the_old(shown):
    timeline = shown(Timeline(), (800, 400))
    timeline.set_rows(story(3))
    timeline.set_rows(story(1))
    QApplication.processEvents()

    assert timeline.shown() == 1
    assert words_in(timeline).count("Visit 0") == 1


@pytest.mark.parametrize("width", [900, 360])
def test_a_chronology_is_read_in_narrow_windows_too(width, shown):
    timeline = Timeline()
    timeline.set_rows(story(2))
    shown(timeline, (width, 900))

    assert cut_off(timeline) == []
