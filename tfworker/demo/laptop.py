"""One laptop of the demo: the real application on a home of its own, and hands to work it."""

from pathlib import Path

from PySide6.QtWidgets import QLineEdit, QWidget

from tfworker.actions.syncing import status
from tfworker.actions.values import Status
from tfworker.app import App
from tfworker.demo.county import Login
from tfworker.demo.relay import Relay
from tfworker.demo.stage import Stage
from tfworker.store import Vault
from tfworker.ui.family import FamilyPage
from tfworker.ui.family.form import FormPanel
from tfworker.ui.lock.enrol_page import EnrolPage
from tfworker.ui.lock.unlock_page import UnlockPage
from tfworker.ui.parts import Page, Panel
from tfworker.ui.window import MainWindow


class Laptop:
    """A person's laptop with its cable to the council."""

    def __init__(self, stage: Stage, home: Path, login: Login, relay: Relay) -> None:
        self.stage = stage
        self.login = login
        self.relay = relay
        self.app = App(home)
        self.app.start()
        stage.wait(lambda: self.app.gate is not None, "the first screen")

    # the gate

    @property
    def window(self) -> MainWindow:
        assert self.app.window is not None
        return self.app.window

    @property
    def vault(self) -> Vault:
        return self.app.desk().vault

    def set_up(self) -> None:
        """Fill in the enrolment form and wait for the first round."""
        gate = self.app.gate
        assert isinstance(gate, EnrolPage)
        login = self.login
        answers = (self.relay.address, login.staff_no, login.password, login.code, *([login.passphrase] * 2))
        for field, answer in zip(gate.fields(), answers, strict=True):
            self.stage.type(field.editor, answer)
        self.stage.press(gate, "Set up this laptop")
        self.wait_open()

    def unlock(self, passphrase: str | None = None) -> None:
        """Type the passphrase at the lock screen; waits for nothing."""
        gate = self.app.gate
        assert isinstance(gate, UnlockPage)
        editor = gate.findChild(QLineEdit)
        assert editor is not None
        self.stage.type(editor, passphrase or self.login.passphrase)
        self.stage.keys(editor, "Return")

    def wait_open(self) -> None:
        self.stage.wait(lambda: self.app.window is not None and self.app.gate is None, "the desk to open")
        self.idle()

    def lock(self) -> None:
        self.stage.keys(self.window, "Ctrl+L")
        self.stage.wait(lambda: isinstance(self.app.gate, UnlockPage), "the lock screen")
        self.stage.wait(lambda: not self.app.tasks.is_busy, "the vault to close")

    # the pages

    def idle(self) -> None:
        """Wait until nothing is being read, saved or synced, and the screens and the status line show it."""
        rounds = self.app.rounds

        def is_quiet() -> bool:
            return not self.app.tasks.is_busy and not (rounds is not None and rounds.is_running)

        def says_so() -> bool:
            return is_quiet() and self._line_says(status(self.app.desk()))

        self.stage.wait(is_quiet, "the laptop to come to rest")
        self.stage.settle(self.window)
        self.stage.wait(says_so, "the status line to say how things stand")

    def go(self, name: str, **where: object) -> Page:
        """To a page of the rail, as its key or a link would."""
        assert self.app.shell is not None
        self.app.shell.go(name, **where)
        return self.page()

    def page(self) -> Page:
        self.idle()
        page = self.window.page()
        assert page is not None
        return page

    def family(self, family_id: str, tab: str) -> FamilyPage:
        page = self.go("family", family_id=family_id, tab=tab)
        assert isinstance(page, FamilyPage)
        return page

    def panel(self) -> Panel:
        """The panel of the window that is open."""
        self.stage.wait(lambda: self.window.panel() is not None, "a panel")
        self.idle()
        panel = self.window.panel()
        assert panel is not None
        return panel

    def form(self, page: FamilyPage) -> FormPanel:
        """The form that is open beside a family's page."""
        self.stage.wait(lambda: page.panels.panel() is not None, "a form")
        self.idle()
        panel = page.panels.panel()
        assert panel is not None
        return panel

    def answer(self, page: FamilyPage, button: str, **answers: str) -> None:
        """Open a form with its button, type the answers, save with Ctrl+S."""
        self.stage.press(page, button)
        form = self.form(page)
        for name, words in answers.items():
            self.stage.type(editor_of(form.entry(name).widget), words)
        self.stage.keys(form, "Ctrl+S")
        self.stage.wait(lambda: page.panels.panel() is None, "the form to be saved")
        self.idle()

    def sync(self) -> Status:
        """F5, and wait for the round to end."""
        self.stage.keys(self.window, "F5")
        self.idle()
        return status(self.app.desk())

    def _line_says(self, now: Status) -> bool:
        said = self.window.status.said()
        wanted = {now.words, now.last_synced_words, now.laptop_words}
        wanted |= {now.needs_you_words} if now.needs_you else set()
        stopped = " · ".join(part for part in (now.trouble, now.again_words) if part)
        wanted |= {part for part in (stopped, now.come_words, now.clock_words) if part}
        return wanted == set(said)

    def close(self) -> None:
        self.app.close()


def editor_of(widget: QWidget) -> QWidget:
    """The part of a field one types into."""
    return getattr(widget, "editor", widget)
