"""A jot is kept with one key, about a family or nobody, and goes where its author wants it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.actions.caseload_of import Caseload
from tests.ui.stage import full_disk, part, press, says, settle, show, take_down, write
from tests.ui.walk import nameless
from tfworker.actions.desk import Desk
from tfworker.actions.jots import jots, save_jot
from tfworker.ui.families import FamilyField
from tfworker.ui.note import JotPanel
from tfworker.ui.tasks import Tasks


@pytest.fixture
def panel(qtbot: QtBot, tasks: Tasks, desk: Desk) -> Iterator[JotPanel]:
    panel = JotPanel(tasks, lambda: desk, lambda: "")
    show(qtbot, panel)
    panel.resize(400, 700)
    panel.arrive()
    settle(qtbot, tasks)
    yield panel
    take_down(panel)


def family_field(panel: JotPanel) -> FamilyField:
    field = part(panel, "jot_family")
    assert isinstance(field, FamilyField)
    return field


def test_typed_and_kept_with_one_key(qtbot: QtBot, tasks: Tasks, panel: JotPanel, desk: Desk) -> None:
    write(panel, "jot_words", "Ask about the school bus form")
    with qtbot.waitSignal(panel.put_away):
        QTest.keyClick(panel.words.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    kept = jots(desk)
    assert [(jot.text, jot.family_id) for jot in kept] == [("Ask about the school bus form", None)]
    assert panel.words.value() == ""


def test_it_is_kept_by_itself_once_however_often_it_is_saved(
    qtbot: QtBot, tasks: Tasks, panel: JotPanel, desk: Desk
) -> None:
    write(panel, "jot_words", "Ask about")
    panel.save()
    write(panel, "jot_words", " the bus")
    panel.leave()
    settle(qtbot, tasks)

    assert [jot.text for jot in jots(desk)] == ["Ask about the bus"]
    assert not panel.is_unsaved
    assert panel.words.value() == "Ask about the bus"


def test_within_two_seconds_of_a_key(qtbot: QtBot, panel: JotPanel, desk: Desk) -> None:
    write(panel, "jot_words", "Ask")

    qtbot.waitUntil(lambda: [jot.text for jot in jots(desk)] == ["Ask"], timeout=2000)


def test_words_taken_out_again_take_the_jot_away(
    qtbot: QtBot, tasks: Tasks, panel: JotPanel, desk: Desk
) -> None:
    write(panel, "jot_words", "Ask")
    panel.save()
    panel.words.editor.clear()  # type: ignore[attr-defined]
    panel.save()
    settle(qtbot, tasks)

    assert jots(desk) == []


def test_an_older_one_opens_again(
    qtbot: QtBot, tasks: Tasks, panel: JotPanel, desk: Desk, caseload: Caseload
) -> None:
    jot = save_jot(desk, "The bus form", family_id=caseload.families[1].family)
    panel.arrive(jot_id=jot.jot_id)
    settle(qtbot, tasks)

    assert panel.words.value() == "The bus form"
    assert family_field(panel).family_id() == caseload.families[1].family
    assert panel.where() == {"jot_id": jot.jot_id}


def test_writing_it_up_needs_a_family(
    qtbot: QtBot, tasks: Tasks, panel: JotPanel, caseload: Caseload
) -> None:
    write(panel, "jot_words", "The bus form")
    press(panel, "jot_write_up")
    assert family_field(panel).missing() == "Choose the family the note is about"

    family_field(panel).ask_for(caseload.families[0].family)
    with qtbot.waitSignal(panel.note_wanted) as wanted:
        press(panel, "jot_write_up")
    assert wanted.args[1] == caseload.families[0].family


def test_an_empty_one_is_not_kept(panel: JotPanel, desk: Desk) -> None:
    press(panel, "jot_keep")

    assert panel.words.missing() == "Write a word or two"
    assert jots(desk) == []


def test_a_full_disk_leaves_the_words_where_they_are(
    qtbot: QtBot, tasks: Tasks, panel: JotPanel, desk: Desk
) -> None:
    panel.words.set_value("bus " * 100_000)
    write(panel, "jot_words", "!")
    with full_disk(desk):
        press(panel, "jot_keep")
        settle(qtbot, tasks)

        assert panel.words.value().startswith("!bus")
        assert panel.is_unsaved
        assert "disk" in says(panel).lower()


def test_everything_has_a_name(panel: JotPanel) -> None:
    assert nameless(panel) == []
