"""The lock screen: one field, one button, the numbers that matter."""

from PySide6.QtCore import Qt, Signal

from tfworker.actions.values import Place
from tfworker.errors import Problem
from tfworker.ui.lock.sheet import Sheet
from tfworker.ui.parts.button import primary
from tfworker.ui.parts.field import LineField
from tfworker.ui.parts.label import Label
from tfworker.ui.parts.tick import Tick

UNLOCK, UNLOCKING = "Unlock", "Unlocking.."


class UnlockPage(Sheet):
    """Asks for the passphrase.

    unlock_asked: the passphrase, as typed. The page then waits for show_problem() or to be taken away.
    """

    unlock_asked = Signal(str)

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.passphrase = LineField("Your passphrase for this laptop", secret=True)
        self.passphrase.entered.connect(self._on_asked)
        self._shown = Tick("Show what I type")
        self._shown.toggled.connect(self.passphrase.set_shown)
        self._unlock = primary(UNLOCK, icon_name="lock-open-variant-outline")
        self._unlock.clicked.connect(self._on_asked)
        self._said = Label(ink="danger")
        self._said.hide()
        self.card.set_title("Locked")
        if place.advice:
            self.card.say(place.advice, ink="warn")
        self.card.add(self.passphrase, self._shown, self._said, self._unlock)
        self.setFocusProxy(self.passphrase)

    def show_problem(self, problem: Problem) -> None:
        """Say why it did not open, in one sentence or two, and let another try follow."""
        self.set_busy(False)
        self._said.set_words(" ".join(part for part in (_sentence(problem.title), problem.advice) if part))
        self._said.show()
        self.passphrase.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.passphrase.select_all()

    def set_busy(self, busy: bool) -> None:
        """While the key is derived, which takes about a second."""
        self._unlock.setEnabled(not busy)
        self.passphrase.setEnabled(not busy)
        self._unlock.set_words(UNLOCKING if busy else UNLOCK)

    def clear(self) -> None:
        """Forget what was typed and said: before the page shows again."""
        self.passphrase.set_value("")
        self._shown.setChecked(False)
        self._said.hide()
        self.set_busy(False)

    def said(self) -> str:
        """The sentence in red; "" if there is none."""
        return "" if self._said.isHidden() else self._said.words()

    def _on_asked(self) -> None:
        passphrase = self.passphrase.value()
        if not passphrase:
            self.passphrase.set_missing("Type your passphrase")
            return
        self._said.hide()
        self.set_busy(True)
        self.unlock_asked.emit(passphrase)


def _sentence(words: str) -> str:
    return words if words.endswith((".", "?", "!")) else f"{words}."
