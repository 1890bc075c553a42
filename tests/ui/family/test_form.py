"""A form beside the page: kept while typed, saved once, never losing a word."""

import pytest
from PySide6.QtCore import Qt

from tests.ui.walk import nameless
from tfworker.actions import unfinished
from tfworker.actions.problems import BadInput
from tfworker.actions.values import Choice
from tfworker.errors import Problem
from tfworker.store.problems import DiskFull
from tfworker.ui.family.blank import Asks, Blank
from tfworker.ui.family.form import Form, FormPanel
from tfworker.ui.parts import Notice

COLOURS = (Choice("r", "Red"), Choice("g", "Green"))
BLANKS = (
    Blank("line", "A line", before="old"),
    Blank("text", "A text", Asks.TEXT),
    Blank("day", "A day", Asks.DATE),
    Blank("at", "A time", Asks.TIME),
    Blank("colour", "A colour", Asks.CHOICE, choices=COLOURS),
    Blank("yes", "Yes or no", Asks.TICK, True),
    Blank("picks", "Several", Asks.PICKS, ["r"], COLOURS),
    Blank("score", "A score", Asks.SCORE, 3),
)


@pytest.fixture
def open_form(qtbot, tasks, desk):
    """Opens a form whose act is the function given; gives the panel, ready to be typed in."""

    def opened(act, **changes):
        form = Form("test/1", "A form", BLANKS, act, **changes)
        panel = FormPanel(form, tasks, lambda: desk)
        qtbot.addWidget(panel)
        panel.show()
        panel.arrive()
        qtbot.waitUntil(lambda: not tasks.is_busy)
        return panel

    return opened


def gives(answers):
    return lambda desk, given: answers.append(dict(given)) or "saved"


def test_only_changed_answers_are_given(qtbot, open_form):
    given = []
    panel = open_form(gives(given))
    panel.entry("line").put("new")
    panel.entry("yes").put(False)
    panel.entry("picks").put(["g", "r"])
    panel.entry("score").put(5)

    with qtbot.waitSignal(panel.saved) as saved:
        panel.save()

    assert given == [{"line": "new", "yes": False, "picks": ["r", "g"], "score": 5}]
    assert saved.args == ["saved"]


def test_a_new_record_gets_every_answer_that_says_something(qtbot, open_form):
    given = []
    panel = open_form(gives(given), is_new=True)

    with qtbot.waitSignal(panel.saved):
        panel.save()

    assert given == [{"line": "old", "yes": True, "picks": ["r"], "score": 3}]


def test_nothing_changed_saves_nothing_and_closes(qtbot, open_form):
    given = []
    panel = open_form(gives(given))

    with qtbot.waitSignal(panel.saved):
        panel.save()

    assert given == []


def test_a_problem_with_a_field_is_said_at_that_field(qtbot, open_form):
    def refuses(desk, given):
        raise BadInput("day", "The day lies in the past", "Choose another")

    panel = open_form(refuses)
    panel.entry("line").put("new")

    panel.save()
    qtbot.waitUntil(lambda: bool(panel.entry("day").widget.missing()))

    assert panel.entry("day").widget.missing() == "The day lies in the past. Choose another"
    assert panel.entry("line").value() == "new"


def test_a_problem_with_a_score_or_a_tick_is_said_as_well(qtbot, open_form):
    def refuses(desk, given):
        raise BadInput("score", "A number from 0 to 10")

    panel = open_form(refuses)
    panel.entry("line").put("new")

    panel.save()
    qtbot.waitUntil(lambda: panel.entry("score").message().isVisible())

    assert panel.entry("score").message().words() == "A number from 0 to 10"


def test_any_other_problem_is_a_banner_and_the_form_stays(qtbot, open_form, tasks):
    def fails(desk, given):
        raise DiskFull

    panel = open_form(fails)
    panel.entry("line").put("new")

    panel.save()
    qtbot.waitUntil(lambda: panel.findChild(Notice) is not None and not tasks.is_busy)

    assert isinstance(DiskFull(), Problem)
    assert panel.entry("line").value() == "new"
    assert panel._save_button.isEnabled()


def test_a_form_put_away_goes_on_where_it_stopped(qtbot, open_form, tasks):
    panel = open_form(gives([]))
    qtbot.keyClicks(panel.entry("text").widget.editor, "Half a sent")
    panel.entry("day").put_raw("32/13")
    panel.leave()
    qtbot.waitUntil(lambda: not tasks.is_busy)

    again = open_form(gives([]))

    assert again.entry("text").value() == "Half a sent"
    assert again.entry("day").raw() == "32/13"
    assert again.entry("line").value() == "old"
    assert again.findChild(Notice).title == "Picked up where you left off"


def test_starting_again_forgets_what_was_kept(qtbot, open_form, tasks, desk):
    panel = open_form(gives([]))
    qtbot.keyClicks(panel.entry("text").widget.editor, "Wrong")
    panel.leave()
    qtbot.waitUntil(lambda: not tasks.is_busy)
    again = open_form(gives([]))

    again._start_again()
    qtbot.waitUntil(lambda: not tasks.is_busy)

    assert again.entry("text").value() == ""
    assert unfinished.kept(desk, "test/1") is None


def test_a_saved_form_is_not_kept_any_more(qtbot, open_form, tasks, desk):
    panel = open_form(gives([]))
    qtbot.keyClicks(panel.entry("text").widget.editor, "Whole")
    panel.leave()

    with qtbot.waitSignal(panel.saved):
        panel.save()
    qtbot.waitUntil(lambda: not tasks.is_busy)

    assert unfinished.kept(desk, "test/1") is None


def test_a_form_that_failed_is_kept(qtbot, open_form, tasks, desk):
    def fails(desk, given):
        raise DiskFull

    panel = open_form(fails)
    qtbot.keyClicks(panel.entry("text").widget.editor, "Precious")

    panel.save()
    qtbot.waitUntil(lambda: not tasks.is_busy)

    assert unfinished.kept(desk, "test/1") == {"text": "Precious"}


def test_two_presses_save_once(qtbot, open_form):
    given = []
    panel = open_form(gives(given))
    panel.entry("line").put("new")

    with qtbot.waitSignal(panel.saved):
        panel.save()
        panel.save()

    assert len(given) == 1


def test_escape_puts_it_away(qtbot, open_form):
    panel = open_form(gives([]))
    panel.activateWindow()
    panel.entry("line").focus()

    with qtbot.waitSignal(panel.put_away):
        qtbot.keyClick(panel.entry("line").widget.editor, Qt.Key.Key_Escape)


def test_every_blank_has_a_name(open_form):
    assert nameless(open_form(gives([]))) == []
