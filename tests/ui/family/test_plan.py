"""Needs and plan: needs with where they come from, goals with their reading, promises, the plan's steps."""

import pytest
from PySide6.QtCore import Qt

from tests.ui.sample import action, goal, need, plan_card, plan_tab
from tests.ui.walk import cut_off, nameless
from tfworker.actions.plan import plan
from tfworker.ui import theme
from tfworker.ui.family.action import Promise
from tfworker.ui.family.plan import PlanSheet
from tfworker.ui.family.reading import Reading

READINGS = {
    "all three": ((3, 5, 8), "Now 5 of 10 · began at 3 · to reach 8"),
    "only where it is": ((None, 5, None), "Now 5 of 10"),
    "not read yet": ((None, None, 8), "No reading yet · to reach 8"),
    "nothing said": ((None, None, None), "No reading yet"),
    "worse than it began": ((6, 2, 9), "Now 2 of 10 · began at 6 · to reach 9"),
}


@pytest.mark.parametrize("numbers, words", READINGS.values(), ids=READINGS.keys())
def test_a_reading_in_words(qtbot, numbers, words):
    reading = Reading(*numbers)
    qtbot.addWidget(reading)

    assert reading.words == words
    assert reading.grab().width() > 0


def test_needs_goals_promises_and_gaps_are_on_the_page(bench):
    bench.tab("plan")
    said = bench.said()

    for part in ("Plan 1", "Active", "Calm mornings and a safe home.", "Not attending school regularly",
                 "Rent arrears", "No goal yet", "1 need has no goal", "Family: Dana",
                 "Now 5 of 10 · began at 3 · to reach 8"):  # fmt: skip
        assert part in said


def test_a_goal_gets_a_new_reading(bench):
    bench.tab("plan")
    bench.press("Change goal 1")
    scale = bench.form.entry("current_0_10").widget._scale
    bench.qtbot.mouseClick(scale.steps()[7], Qt.MouseButton.LeftButton)
    assert bench.form.answers() == {"current_0_10": 7}

    bench.save()

    assert plan(bench.desk, bench.ids.family).goals[0].current == 7
    assert "Now 7 of 10" in bench.said()


def test_a_goal_a_need_and_an_action_are_added(bench):
    bench.tab("plan")
    bench.press("Add a need")
    bench.form.entry("type").put("l:rent_arrears")
    bench.type("described_in_family_words", "We owe two months")
    bench.save()
    assert "We owe two months" in bench.said()

    bench.press("Add a goal")
    bench.type("statement", "The rent is paid by the tenth")
    bench.save()
    assert "The rent is paid by the tenth" in bench.said()

    bench.press("Add an action to goal 2")
    bench.type("what", "Set up the standing order")
    bench.type("due", "1/12")
    bench.save()

    goals = {line.statement: line for line in plan(bench.desk, bench.ids.family).goals}
    assert [a.what for a in goals["The rent is paid by the tenth"].actions] == ["Set up the standing order"]


def test_a_tick_finishes_a_promise_and_another_takes_it_back(bench):
    bench.tab("plan")
    tick = bench.page.sheets.plan.findChild(Promise).tick

    bench.qtbot.mouseClick(tick, Qt.MouseButton.LeftButton)
    bench.rest()
    assert plan(bench.desk, bench.ids.family).goals[0].actions[0].state.code == "done"


def test_a_promise_that_was_not_kept_says_why(bench):
    bench.tab("plan")
    bench.press("Ended otherwise: Ring the housing officer")
    bench.save()
    assert bench.form.entry("why").widget.missing() == "Say why"

    bench.type("why", "He is on leave")
    bench.save()

    assert plan(bench.desk, bench.ids.family).goals[0].actions[0].state.code == "not_done"


def test_the_plan_takes_its_next_step(bench):
    bench.tab("plan")
    bench.press("Next step")
    assert bench.form.entry("state").value() == "under_review"

    bench.save()

    assert plan(bench.desk, bench.ids.family).plan.state.code == "under_review"
    assert "Under review" in bench.said()


def test_a_goal_without_words_keeps_the_form_open(bench):
    bench.tab("plan")
    bench.press("Add a goal")
    bench.type("measure", "On four of five days")

    bench.save()

    assert "empty" in bench.form.entry("statement").widget.missing()
    assert bench.form.entry("measure").value() == "On four of five days"


def test_a_date_that_cannot_be_read_is_not_lost_and_not_saved(bench):
    bench.tab("plan")
    bench.press("Change goal 1")
    bench.form.entry("due").put_raw("32/13")

    bench.save()

    assert bench.form.entry("due").raw() == "32/13"
    assert bench.form.entry("due").widget.missing() != ""


def test_a_family_without_a_plan_can_start_one(qtbot):
    sheet = PlanSheet()
    qtbot.addWidget(sheet)
    sheet.show()
    sheet.show_plan(plan_tab(plan=None, goals=(), needs=(), loose_actions=(), gaps=()), may_write=True)

    assert sheet.plan.accessibleName() == "No plan yet"
    assert sheet._goal_button.isHidden()


@pytest.mark.parametrize("scale, width", [(1.0, 1098), (1.0, 740), (2.0, 1120)])
def test_a_full_plan_fits_and_everything_has_a_name(qapp, qtbot, scale, width):
    theme.install(qapp, theme.Scheme.LIGHT, scale)
    sheet = PlanSheet()
    qtbot.addWidget(sheet)
    sheet.resize(width, 700)
    long = "A very long goal in the family’s own words that goes on for more than one line of the card " * 2
    sheet.show_plan(
        plan_tab(
            plan=plan_card(aims=long), needs=(need(), need(id="n2", own_words=long)),
            goals=(goal(), goal(id="g2", statement=long, actions=(action(what=long),))),
        ),
        may_write=True,
    )  # fmt: skip
    sheet.show()

    assert cut_off(sheet) == []
    assert nameless(sheet) == []
