import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.ui.walk import cut_off, nameless, reachable
from tfworker.actions.values import Connection, Status
from tfworker.errors import Problem
from tfworker.ui.keys import CheatSheet
from tfworker.ui.parts import Card, LineField, NarrativeField, Page, Panel, plain, primary
from tfworker.ui.shell import Shell
from tfworker.ui.theme import Scheme
from tfworker.ui.window import MainWindow

NONE, CONTROL, ALT, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
OFFLINE = Status(
    Connection.OFFLINE,
    "Offline",
    None,
    "Last synced today 08:42",
    3,
    "3 on this laptop only",
    1,
    "1 needs you",
)


class Diary(Page):
    """A page that writes down what the window asks of it."""

    def __init__(self, title, asked):
        super().__init__(title, "what stands below the title")
        self.asked = asked
        self.field = LineField(f"Word in {title}")
        self.set_actions(plain("Print"), primary("New note"))
        self.add(Card("A card").add(self.field, NarrativeField("What happened")))

    def arrive(self, **where):
        self.asked.append(("arrive", self.title(), where))

    def leave(self):
        self.asked.append(("leave", self.title()))

    def save(self):
        self.asked.append(("save", self.title()))

    def keys(self):
        return (("Ctrl+F", "Find in this page"),)


class Jot(Panel):
    def __init__(self, asked):
        super().__init__("Quick jot")
        self.asked = asked
        self.field = NarrativeField("Jot")
        self.add(self.field)
        self.set_actions(primary("Keep"))

    def arrive(self, **where):
        self.asked.append(("arrive", "jot", where))
        self.field.editor.setFocus()

    def leave(self):
        self.asked.append(("leave", "jot"))

    def save(self):
        self.asked.append(("save", "jot"))


@pytest.fixture
def asked():
    return []


@pytest.fixture
def shell(tasks, asked):
    made = Shell(tasks)
    for name, icon in (("today", "calendar-today"), ("caseload", "home-group"), ("review", "call-split")):
        made.register(name, name.title(), icon, lambda shell, name=name: Diary(name.title(), asked))
    made.register("family", "Family", "", lambda shell: Diary("Pearce family", asked))
    made.register_panel("jot", lambda shell: Jot(asked))
    made.register_panel("worried", lambda shell: Panel("I’m worried now"))
    return made


@pytest.fixture
def window(shell, qtbot, asked):
    made = MainWindow(shell, "Families Matter", "Ashcombe Vale A")
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    asked.clear()
    return made


def test_the_first_page_of_the_rail_comes_up(window):
    assert window.page().title() == "Today"
    assert window.rail._items["today"].isChecked()


def test_the_window_is_named_after_the_programme_whatever_it_shows(window, shell):
    shell.go("family", family_id="f1")

    assert window.windowTitle() == "Families Matter"


def test_a_click_in_the_rail_leaves_one_page_and_arrives_at_another(window, qtbot, asked):
    qtbot.mouseClick(window.rail._items["caseload"], Qt.MouseButton.LeftButton)

    assert asked == [("leave", "Today"), ("arrive", "Caseload", {})]


def test_a_page_is_made_once_and_kept(window, shell):
    shell.go("caseload")
    first = window.page()
    shell.go("today")
    shell.go("caseload")

    assert window.page() is first


def test_a_page_outside_the_rail_keeps_the_mark_where_it_was(window, shell):
    shell.go("caseload")
    shell.go("family", family_id="f1")

    assert window.page().title() == "Pearce family"
    assert window.rail._items["caseload"].isChecked()


def test_a_click_on_the_current_page_keeps_its_mark(window, qtbot):
    item = window.rail._items["today"]
    qtbot.mouseClick(item, Qt.MouseButton.LeftButton)

    assert item.isChecked()


@pytest.mark.parametrize("number, title", [(1, "Today"), (2, "Caseload"), (3, "Review")])
def test_alt_and_a_number_goes_to_a_page(number, title, window, shell, qtbot):
    shell.go("family")
    qtbot.keyClick(window, getattr(Qt.Key, f"Key_{number}"), ALT)

    assert window.page().title() == title


def test_alt_left_goes_back(window, shell, qtbot):
    shell.go("caseload")
    qtbot.keyClick(window, Qt.Key.Key_Left, ALT)

    assert window.page().title() == "Today"


def test_control_s_saves_the_page_that_is_up(window, qtbot, asked):
    qtbot.keyClick(window.page().field.editor, Qt.Key.Key_S, CONTROL)

    assert asked == [("save", "Today")]


@pytest.mark.parametrize(
    "key, modifiers, signal",
    [("Key_F5", Qt.KeyboardModifier.NoModifier, "sync_asked"), ("Key_L", CONTROL, "lock_asked")],
)
def test_keys_that_the_application_carries_out(key, modifiers, signal, window, shell, qtbot):
    with qtbot.waitSignal(getattr(shell, signal)):
        qtbot.keyClick(window, getattr(Qt.Key, key), modifiers)


def test_a_panel_opens_by_key_beside_the_page_and_takes_the_focus(window, qtbot, asked):
    qtbot.keyClick(window, Qt.Key.Key_J, CONTROL)

    assert asked == [("arrive", "jot", {})]
    assert window.panel().field.editor.hasFocus()
    assert window.page().isVisible()


def test_escape_puts_a_panel_away_and_its_text_stays(window, qtbot, asked):
    page_field = window.page().field.editor
    page_field.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_J, CONTROL)
    panel = window.panel()
    qtbot.keyClicks(panel.field.editor, "ring school")
    qtbot.keyClick(panel.field.editor, Qt.Key.Key_Escape)
    closed = window.panel()
    qtbot.keyClick(window, Qt.Key.Key_J, CONTROL)

    assert closed is None
    assert window.panel() is panel
    assert panel.field.value() == "ring school"
    assert ("leave", "jot") in asked


def test_the_focus_goes_back_where_it_was(window, qtbot):
    page_field = window.page().field.editor
    page_field.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_J, CONTROL)
    qtbot.keyClick(window.panel().field.editor, Qt.Key.Key_Escape)

    assert page_field.hasFocus()


def test_control_s_in_a_panel_saves_the_panel(window, shell, qtbot, asked):
    shell.open_panel("jot")
    qtbot.keyClick(window.panel().field.editor, Qt.Key.Key_S, CONTROL)

    assert asked[-1] == ("save", "jot")


def test_another_panel_takes_its_place(window, shell, qtbot, asked):
    shell.open_panel("jot", family_id="f1")
    qtbot.keyClick(window, Qt.Key.Key_W, CONTROL | SHIFT)

    assert asked == [("arrive", "jot", {"family_id": "f1"}), ("leave", "jot")]
    assert window.panel().accessibleName() == "I’m worried now"


def test_f1_shows_the_keys_of_the_page_too(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_F1)
    sheet = window.panel()
    words = [label.text() for label in sheet.findChildren(type(sheet._title))]

    assert isinstance(sheet, CheatSheet)
    assert "Ctrl+F" in words
    assert "Ctrl+S" in words


def test_locking_and_closing_leave_page_and_panel(window, shell, asked):
    shell.open_panel("jot")
    asked.clear()
    shell.lock()
    locked = list(asked)
    asked.clear()
    window.close()

    assert locked == asked == [("leave", "jot"), ("leave", "Today")]


def test_counts_and_status_are_shown(window, shell):
    shell.set_count("review", 3)
    shell.set_count("nowhere", 3)
    shell.set_status(OFFLINE)
    shown = window.status.said()
    shell.set_syncing(True)
    syncing = window.status.said()
    shell.set_syncing(False)

    assert window.rail._items["review"].text() == "Review  ·  3"
    assert window.rail._items["review"].accessibleName() == "Review, 3"
    assert shown == ["Offline", "Last synced today 08:42", "3 on this laptop only", "1 needs you"]
    assert syncing[0] == "Syncing.."
    assert window.status.said() == shown


def test_a_problem_becomes_a_banner_on_the_page_that_is_up(window, shell):
    shell.show_problem(Problem("The disk is full", "Free some space."))

    assert window.page().notices.count() == 1


def test_everything_reachable_has_a_name(window, shell):
    shell.open_panel("jot")

    assert len(reachable(window)) > 10
    assert nameless(window) == []


def tabbed(window, qtbot, *, back=False):
    """What Tab (or Shift+Tab) stops at, from the first item of the rail once round."""
    window.rail.focus_current()
    first, names = QApplication.focusWidget(), []
    while not names or QApplication.focusWidget() is not first:
        names.append(QApplication.focusWidget().accessibleName())
        key = Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab
        qtbot.keyClick(QApplication.focusWidget(), key, SHIFT if back else NONE)
    return names


def test_tab_goes_from_rail_to_page_to_status_whatever_came_later(window, shell, qtbot):
    """A page made long after the status line, with a card that came on top of what was there."""
    shell.go("today")
    page = window.page()
    shell.set_status(OFFLINE)
    page.body.insertWidget(0, Card("Came later").add(plain("Acknowledge")))
    QApplication.processEvents()
    there = tabbed(window, qtbot)

    assert there == [
        "Today", "Caseload", "Review", "I’m worried now", "Quick jot", "Lock",
        "Print", "New note", "Acknowledge", "Word in Today", "What happened",
        "3 on this laptop only", "1 needs you",
    ]  # fmt: skip
    assert tabbed(window, qtbot, back=True) == [there[0], *reversed(there[1:])]


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
@pytest.mark.parametrize(
    "size, scale", [((1360, 850), 1), ((1024, 700), 1), ((1024, 700), 2), ((1360, 850), 2)]
)
def test_nothing_is_cut_off(size, scale, scheme, look, shell, qtbot):
    look.set_text_scale(scale)
    look.set_scheme(scheme)
    window = MainWindow(shell, "Families Matter", "Ashcombe Vale A")
    qtbot.addWidget(window)
    window.resize(*size)
    shell.set_status(OFFLINE)
    shell.set_count("review", 12)
    window.show()
    without_panel = cut_off(window)
    shell.open_panel("jot")

    assert window.size().toTuple() == size
    assert without_panel == cut_off(window) == []


def test_a_narrow_window_keeps_the_names_of_the_rail(window, qtbot):
    window.resize(700, 600)
    qtbot.waitUntil(lambda: window.rail.width() < 100)

    assert nameless(window) == []
    assert window.rail._items["today"].toolTip() == "Today"


def test_in_a_narrow_window_a_panel_takes_the_pages_place(window, shell, qtbot):
    window.resize(600, 600)
    shell.open_panel("jot")
    hidden = window.page().isVisible()
    shell.close_panel()

    assert (hidden, window.page().isVisible()) == (False, True)
