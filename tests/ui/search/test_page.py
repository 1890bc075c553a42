"""Search while one types: through real widgets, the last tests over a real vault."""

import pytest
from PySide6.QtCore import Qt

from tests.ui.sample import hit
from tests.ui.walk import cut_off, nameless
from tfworker.actions.values import Choice
from tfworker.ui import theme
from tfworker.ui.parts import Label
from tfworker.ui.search import SearchPage
from tfworker.ui.search.hit_line import HitLine

OPENS = {
    "note": ("note_opened", ["note1", "f" * 32]),
    "person": ("person_opened", ["note1", "f" * 32]),
    "goal": ("goal_opened", ["note1", "f" * 32]),
    "family": ("family_opened", ["f" * 32]),
    "something new": ("family_opened", ["f" * 32]),
}


def no_desk():
    raise AssertionError("these values came from no desk")


@pytest.fixture
def page(qtbot, tasks):
    """The page over values; nothing is read."""
    made = SearchPage(tasks, no_desk)
    qtbot.addWidget(made)
    made.resize(1154, 780)
    made.show()
    return made


def said(page):
    return " ".join(label.words() for label in page.findChildren(Label) if label.isVisible())


@pytest.mark.parametrize("kind", OPENS)
def test_enter_opens_what_was_found(qtbot, page, kind):
    name, args = OPENS[kind]
    page.show_hits("tenancy", [hit(kind=Choice(kind, kind))])
    page.lines.setFocus()

    with qtbot.waitSignal(getattr(page, name)) as opened:
        qtbot.keyClick(page.lines, Qt.Key.Key_Return)

    assert opened.args == args


def test_before_anything_is_typed_it_says_what_it_looks_in(qtbot, page):
    qtbot.waitUntil(lambda: "What are you looking for?" in said(page))


def test_nothing_found_says_the_words_and_what_to_try(qtbot, page):
    page.show_hits("tenncy", [])

    qtbot.waitUntil(lambda: "Nothing here holds “tenncy”" in said(page))


def test_a_line_says_the_passage_whole():
    words = HitLine().words(hit())

    assert words.startswith("Note. Home visit, 55 minutes. Pearce family · 16 Nov.")
    assert "about the tenancy hearing" in words


@pytest.mark.parametrize("scale, width", [(1.0, 1154), (1.0, 700), (2.0, 1232)])
def test_it_fits_and_everything_has_a_name(qapp, qtbot, tasks, scale, width):
    theme.install(qapp, theme.Scheme.LIGHT, scale)
    page = SearchPage(tasks, no_desk)
    qtbot.addWidget(page)
    page.resize(width, 700)
    page.show_hits("tenancy", [hit(record=f"note{n}") for n in range(12)])
    page.show()
    page.grab()

    assert cut_off(page) == []
    assert nameless(page) == []


def test_typing_finds_notes_people_and_families_in_the_vault(qtbot, desk, tasks, caseload):
    page = SearchPage(tasks, lambda: desk)
    qtbot.addWidget(page)
    page.show()
    page.arrive()

    qtbot.keyClicks(page.field.editor, "reed")
    qtbot.waitUntil(lambda: bool(page.shown()))
    assert {found.family_id for found in page.shown()} == {caseload.families[0].family}

    page.field.set_value("")
    qtbot.keyClicks(page.field.editor, "calmer chart week 2")
    qtbot.waitUntil(lambda: [found.kind.code for found in page.shown()] == ["note"] * 3)
    with qtbot.waitSignal(page.note_opened):
        qtbot.keyClick(page.field.editor, Qt.Key.Key_Return)


def test_an_answer_to_words_typed_over_is_never_shown(qtbot, desk, tasks):
    page = SearchPage(tasks, lambda: desk)
    qtbot.addWidget(page)
    page.show()
    shown = []
    page.lines.model().modelReset.connect(lambda: shown.append(len(page.shown())))

    page.field.set_value("reed")
    page.look()
    page.field.set_value("zzzzz")
    page.look()
    qtbot.waitUntil(lambda: not tasks.is_busy)

    assert shown == [0]
