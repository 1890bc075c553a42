"""Signing in to the council again, when the laptop's session there has ended. Work goes on without it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal

from tfworker.actions.desk import Desk
from tfworker.actions.syncing import sign_in
from tfworker.errors import Problem
from tfworker.ui.parts import LineField, Panel, primary
from tfworker.ui.tasks import Tasks


class SignInPanel(Panel):
    """Asks for the council password. signed_in(): the council has let her in; a round may run."""

    signed_in = Signal()

    def __init__(self, tasks: Tasks, desk_source: Callable[[], Desk]) -> None:
        super().__init__("Sign in to the council", "Your work is kept on this laptop meanwhile.")
        self.setObjectName("sign_in")
        self._tasks, self._desk = tasks, desk_source
        self.password = LineField("Council password", help="Not the passphrase of this laptop", secret=True)
        self.password.setObjectName("council_password")
        self.password.entered.connect(self._sign_in)
        self._button = primary("Sign in")
        self._button.clicked.connect(self._sign_in)
        self.add(self.password)
        self.set_actions(self._button)

    def arrive(self, **where: object) -> None:
        self.password.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """A password does not stay in a field."""
        self.password.set_value("")

    def _sign_in(self) -> None:
        password = self.password.value()
        if not password:
            self.password.set_missing("Type your council password")
            return
        desk = self._desk()
        self._tasks.run_long(
            lambda _: sign_in(desk, password), done=self._on_done, failed=self._on_failed, busy=self._wait
        )

    def _wait(self, busy: bool) -> None:
        self._button.setEnabled(not busy)

    def _on_done(self, _: None) -> None:
        self.clear_notices()
        self.put_away.emit()
        self.signed_in.emit()

    def _on_failed(self, problem: Problem) -> None:
        self.show_problem(problem)
        self.password.select_all()
