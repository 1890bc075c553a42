"""The application from its lock screen to its pages and back: nothing typed is lost on the way."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from sync.memory import FakeClock
from tests.actions.caseload_of import BRIGHT, FIRTH, Caseload, caseload_of
from tests.actions.desks import PASSPHRASE, desk_alone
from tests.ui.stage import fill_disk, full_disk, part, press, says, settle, write
from tfworker.actions import session
from tfworker.actions.drafting import drafts
from tfworker.actions.opening import ENROLLED
from tfworker.actions.story import set_priority
from tfworker.app import App, Locked, fault_hook
from tfworker.ui import theme
from tfworker.ui.lock.enrol_page import EnrolPage
from tfworker.ui.lock.unlock_page import UnlockPage

NOBODY = "http://127.0.0.1:9"  # the port at which things are thrown away


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[None]:
    theme.install(qapp, theme.Scheme.LIGHT)
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def caseload() -> Caseload:
    return caseload_of(3)


def enrolled(place: Path, caseload: Caseload, staff_no: str = BRIGHT) -> Path:
    """A laptop's place as enrolling leaves it, its council out of reach."""
    desk = desk_alone(place, FakeClock(), caseload, staff_no)
    name = {BRIGHT: "A. Bright", FIRTH: "E. Firth"}[staff_no]
    known = {"name": name, "roles": [], "team": "", "programme": ""}
    desk.vault.facts.put({
        session.COUNCIL: NOBODY, session.WORKER: caseload.worker[staff_no], session.LINE: "L1",
        session.DEVICE: "D1", session.LOGIN: staff_no, session.FIRST_KNOWN: known,
        session.REFRESH: "long gone",
    })  # fmt: skip
    desk.vault.set_public_facts(
        {
            ENROLLED: True,
            "programme_name": "Families Matter",
            "council_name": "Ashcombe County Council",
            "emergency_numbers": [{"name": "Front door", "phone": "01632 960999"}],
        }
    )
    desk.vault.close()
    return place


@pytest.fixture
def start(qtbot: QtBot) -> Iterator[Callable[[Path], App]]:
    """An application that stands before its gate; closed at the end."""
    apps: list[App] = []

    def start(place: Path) -> App:
        app = App(place)
        apps.append(app)
        app.start()
        qtbot.waitUntil(lambda: app.gate is not None)
        return app

    yield start
    for app in apps:
        app.close()


@pytest.fixture
def app(start: Callable[[Path], App], tmp_path: Path, caseload: Caseload, qtbot: QtBot) -> App:
    """A. Bright's laptop, unlocked."""
    app = start(enrolled(tmp_path / "laptop", caseload))
    unlock(qtbot, app)
    return app


def unlock(qtbot: QtBot, app: App, passphrase: str = PASSPHRASE) -> None:
    assert isinstance(app.gate, UnlockPage)
    QTest.keyClicks(app.gate.passphrase.editor, passphrase)
    with qtbot.waitSignal(app.opened):
        QTest.keyClick(app.gate.passphrase.editor, Qt.Key.Key_Return)
    settle(qtbot, app.tasks)


def lock(qtbot: QtBot, app: App) -> None:
    assert app.window is not None
    with qtbot.waitActive(app.window):
        app.window.activateWindow()
    with qtbot.waitSignal(app.locked):
        QTest.keyClick(app.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)


def window(app: App) -> QWidget:
    assert app.window is not None
    return app.window


def area(app: App) -> QPlainTextEdit:
    editor = part(window(app), "what_happened").editor  # type: ignore[attr-defined]
    assert isinstance(editor, QPlainTextEdit)
    return editor


def go(qtbot: QtBot, app: App, name: str, **where: object) -> None:
    assert app.shell is not None
    app.shell.go(name, **where)
    settle(qtbot, app.tasks)


def test_an_empty_place_asks_to_be_set_up(start: Callable[[Path], App], tmp_path: Path) -> None:
    app = start(tmp_path / "new")

    assert isinstance(app.gate, EnrolPage)
    assert app.window is None
    assert not (tmp_path / "new").exists()


def test_leaving_while_the_key_is_being_made_closes_the_laptop(
    start: Callable[[Path], App], tmp_path: Path, caseload: Caseload, qtbot: QtBot
) -> None:
    place = enrolled(tmp_path / "laptop", caseload)
    app = start(place)
    assert isinstance(app.gate, UnlockPage)
    QTest.keyClicks(app.gate.passphrase.editor, PASSPHRASE)
    with qtbot.waitSignal(app.closed):
        QTest.keyClick(app.gate.passphrase.editor, Qt.Key.Key_Return)
        app.gate.close()

    assert app.top() is None
    assert app.window is None
    with pytest.raises(Locked):
        app.desk()
    unlock(qtbot, start(place))


def test_a_locked_laptop_shows_numbers_and_no_names(
    start: Callable[[Path], App], tmp_path: Path, caseload: Caseload
) -> None:
    app = start(enrolled(tmp_path / "laptop", caseload))
    assert app.gate is not None
    words = says(app.gate)

    assert app.gate.windowTitle() == "Families Matter"
    assert "01632 960999" in words
    assert "Reed" not in words
    assert "Bright" not in words


def test_a_wrong_passphrase_is_one_sentence_and_another_try(
    qtbot: QtBot, start: Callable[[Path], App], tmp_path: Path, caseload: Caseload
) -> None:
    app = start(enrolled(tmp_path / "laptop", caseload))
    gate = app.gate
    assert isinstance(gate, UnlockPage)
    QTest.keyClicks(gate.passphrase.editor, "not this one at all")
    QTest.keyClick(gate.passphrase.editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(gate.said()))
    assert app.window is None

    gate.clear()
    unlock(qtbot, app)
    assert app.window is not None
    assert app.gate is None


def test_it_opens_on_today_and_tells_its_connection(qtbot: QtBot, app: App) -> None:
    assert app.window is not None
    assert "A. Bright" in says(window(app))
    assert app.window.windowTitle() == "Families Matter"
    qtbot.waitUntil(lambda: app.window is not None and app.window.status.said()[0] == "Offline")
    assert "Everything received by the council" in app.window.status.said()


def test_what_is_saved_is_counted_in_the_status_line(qtbot: QtBot, app: App, caseload: Caseload) -> None:
    assert app.shell is not None
    app.shell.open_panel("worried")
    settle(qtbot, app.tasks)
    write(window(app), "worried_seen", "A bruise.")
    press(window(app), "worried_tell")
    qtbot.waitUntil(lambda: app.window is not None and "1 on this laptop only" in app.window.status.said())


def test_lock_saves_the_draft_and_unlock_comes_back_to_its_cursor(
    qtbot: QtBot, app: App, caseload: Caseload
) -> None:
    go(qtbot, app, "note", family_id=caseload.families[0].family, kind="visit")
    write(window(app), "what_happened", "Mum and both boys there.")
    for _ in range(6):
        QTest.keyClick(area(app), Qt.Key.Key_Left)
    lock(qtbot, app)
    assert app.window is None
    assert isinstance(app.gate, UnlockPage)
    assert [w for w in QApplication.topLevelWidgets() if w.isVisible()] == [app.gate]

    unlock(qtbot, app)
    assert area(app).toPlainText() == "Mum and both boys there."
    assert area(app).textCursor().position() == len("Mum and both boys ")


def test_unlock_comes_back_to_the_page_and_the_panel(qtbot: QtBot, app: App, caseload: Caseload) -> None:
    go(qtbot, app, "family", family_id=caseload.families[1].family)
    assert app.shell is not None
    app.shell.open_panel("jot")
    settle(qtbot, app.tasks)
    write(window(app), "jot_words", "The school bus form")
    lock(qtbot, app)
    unlock(qtbot, app)

    assert app.shell.here()[0] == "family"
    assert part(window(app), "jot_words").value() == "The school bus form"  # type: ignore[attr-defined]
    assert "Oakes family" in says(window(app))


def test_a_new_note_nobody_wrote_in_is_still_one_after_a_lock(
    qtbot: QtBot, app: App, caseload: Caseload
) -> None:
    go(qtbot, app, "note", family_id=caseload.families[0].family, kind="visit")
    lock(qtbot, app)
    unlock(qtbot, app)

    assert area(app).toPlainText() == ""


def test_a_lock_with_a_full_disk_keeps_the_text_behind_the_gate(
    qtbot: QtBot, app: App, caseload: Caseload
) -> None:
    go(qtbot, app, "note", family_id=caseload.families[0].family, kind="visit")
    text = "Visited at home. " * 60_000
    area(app).setPlainText(text)
    fill_disk(app.desk())
    kept = window(app)
    lock(qtbot, app)
    assert not kept.isVisible()
    unlock(qtbot, app)

    assert window(app) is kept
    assert area(app).toPlainText() == text
    app.window.page().save()  # type: ignore[union-attr]
    settle(qtbot, app.tasks)
    assert len(drafts(app.desk())) == 1


def test_closing_the_window_saves_the_draft_first(
    qtbot: QtBot, start: Callable[[Path], App], tmp_path: Path, caseload: Caseload
) -> None:
    place = enrolled(tmp_path / "laptop", caseload)
    app = start(place)
    unlock(qtbot, app)
    go(qtbot, app, "note", family_id=caseload.families[0].family, kind="visit")
    write(window(app), "what_happened", "Mum")
    with qtbot.waitSignal(app.closed):
        window(app).close()
    assert app.window is None

    again = start(place)
    unlock(qtbot, again)
    assert [line.first_words for line in drafts(again.desk())] == ["Mum"]
    assert "Mum" in says(window(again))


def close_with_unsent_work(qtbot: QtBot, app: App, caseload: Caseload) -> None:
    set_priority(app.desk(), caseload.families[0].family, "The hearing.")
    window(app).close()
    settle(qtbot, app.tasks)


def test_closing_with_unsent_work_says_so_and_a_second_close_closes(
    qtbot: QtBot, app: App, caseload: Caseload
) -> None:
    close_with_unsent_work(qtbot, app, caseload)

    said = says(window(app))
    assert "Not yet safe to close: 1 thing is on this laptop only" in said
    assert "closes by itself in 30 seconds" in said
    assert window(app).isVisible()
    with qtbot.waitSignal(app.closed):
        window(app).close()


def test_whoever_syncs_first_is_not_shut_out(qtbot: QtBot, app: App, caseload: Caseload) -> None:
    close_with_unsent_work(qtbot, app, caseload)
    notice = part(window(app), "closing_notice")
    sync = next(b for b in notice.findChildren(QAbstractButton) if b.text() == "Sync now")
    QTest.mouseClick(sync, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "The council cannot be reached" in says(window(app)))

    assert window(app).isVisible()
    assert "closes by itself" not in says(window(app))


def test_escape_keeps_the_window_open_and_takes_the_question_away(
    qtbot: QtBot, app: App, caseload: Caseload
) -> None:
    close_with_unsent_work(qtbot, app, caseload)
    focus = window(app).focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Escape)
    settle(qtbot, app.tasks)

    assert window(app).isVisible()
    assert "Not yet safe to close" not in says(window(app))
    window(app).close()
    settle(qtbot, app.tasks)
    assert "Not yet safe to close" in says(window(app))


def test_closing_with_everything_sent_asks_nothing(qtbot: QtBot, app: App) -> None:
    with qtbot.waitSignal(app.closed):
        window(app).close()


def test_a_window_with_text_the_disk_will_not_take_does_not_close_unasked(
    qtbot: QtBot, app: App, caseload: Caseload
) -> None:
    go(qtbot, app, "note", family_id=caseload.families[0].family, kind="visit")
    area(app).setPlainText("Visited at home. " * 60_000)
    with full_disk(app.desk()):
        window(app).close()
        settle(qtbot, app.tasks)

        assert window(app).isVisible()
        assert "Not closed: what you wrote is not saved yet" in says(window(app))


def test_two_laptops_in_one_process_keep_apart(
    qtbot: QtBot, start: Callable[[Path], App], tmp_path: Path, caseload: Caseload
) -> None:
    hers = start(enrolled(tmp_path / "hers", caseload))
    leaders = start(enrolled(tmp_path / "leaders", caseload, FIRTH))
    unlock(qtbot, hers)
    unlock(qtbot, leaders)

    assert hers.shell is not None
    assert leaders.shell is not None
    assert "team" not in [entry.name for entry in hers.shell.entries()]
    assert "team" in [entry.name for entry in leaders.shell.entries()]
    lock(qtbot, hers)
    assert hers.window is None
    assert window(leaders).isVisible()
    go(qtbot, leaders, "team")
    assert "Ashcombe Vale A" in says(window(leaders))


def test_f5_with_no_council_says_so_and_work_goes_on(qtbot: QtBot, app: App) -> None:
    qtbot.waitUntil(lambda: app.rounds is not None and not app.rounds.is_running)
    with qtbot.waitActive(window(app)):
        window(app).activateWindow()
    QTest.keyClick(window(app), Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: "The council cannot be reached" in says(window(app)))

    assert "Go on working" in says(window(app))
    go(qtbot, app, "caseload")


def test_a_fault_of_ours_is_said_without_its_text_and_work_goes_on(
    qtbot: QtBot, app: App, caplog: pytest.LogCaptureFixture
) -> None:
    hook = fault_hook(app)
    hook(ValueError, ValueError("Dana said"), None)
    settle(qtbot, app.tasks)

    assert "Something went wrong in the program. Your text is kept." in says(window(app))
    assert "Dana said" not in says(window(app))
    assert [record.msg for record in caplog.records if record.levelname == "ERROR"] == ["fault"]
    go(qtbot, app, "caseload")
