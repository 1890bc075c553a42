"""The mark on a disputed value: what stands, one's own version one key away, and the way to Review."""

from PySide6.QtCore import Qt

from tests.ui.sample import disputed, header, story
from tfworker.ui.family.dispute import Dispute, disputes
from tfworker.ui.parts import Button


def button(mark, name):
    return next(each for each in mark.findChildren(Button) if each.accessibleName() == name)


def shown(qtbot, mark):
    qtbot.addWidget(mark)
    mark.show()
    return mark


def test_ones_own_version_is_one_press_away(qtbot):
    mark = shown(qtbot, Dispute(disputed(), "Number"))
    assert not mark._versions.isVisible()

    qtbot.mouseClick(button(mark, "Show what you wrote"), Qt.MouseButton.LeftButton)
    assert mark._versions.isVisible()
    assert mark.versions() == "You wrote: 07700 900381"

    qtbot.mouseClick(button(mark, "Hide what you wrote"), Qt.MouseButton.LeftButton)
    assert not mark._versions.isVisible()


def test_versions_that_must_be_in_sight_cannot_be_hidden(qtbot):
    mark = shown(qtbot, Dispute(disputed(others=("07700 900111",)), "Number", at_once=True))

    mark.turn()

    assert mark._versions.isVisible()
    assert "In use now: 07700 900318" in mark.versions()
    assert "Somebody else wrote: 07700 900111" in mark.versions()


def test_a_dispute_between_others_offers_nothing_of_ones_own(qtbot):
    mark = shown(qtbot, Dispute(disputed(mine=None, others=("A", "B"))))

    assert not button(mark, "Show what you wrote").isVisible()


def test_review_is_asked_for_with_the_card(qtbot):
    mark = shown(qtbot, Dispute(disputed(card_id="card7")))

    with qtbot.waitSignal(mark.review_wanted) as wanted:
        qtbot.mouseClick(button(mark, "Decide in Review"), Qt.MouseButton.LeftButton)

    assert wanted.args == ["card7"]


def test_each_field_of_a_record_has_its_mark_under_its_name(qtbot):
    marks = disputes({"value": disputed(), "kind": disputed(card_id="b")}, {"value": "Number"})
    for mark in marks:
        qtbot.addWidget(mark)

    assert [mark.accessibleName() for mark in marks] == [
        "Two versions. Number: check before ringing",
        "Two versions. Check before ringing",
    ]


def test_alt_y_shows_what_she_wrote(bench):
    mine = disputed(mine="My story", stands="Another story", warning="Two versions: not decided yet")
    bench.page.sheets.story.show_story(story(disputed={"story_so_far": mine}), header())
    bench.page.activateWindow()
    bench.page.setFocus()
    bench.rest()
    assert "You wrote: My story" not in bench.said()

    bench.qtbot.keyClick(bench.page, Qt.Key.Key_Y, Qt.KeyboardModifier.AltModifier)

    assert "You wrote: My story" in bench.said()
