"""The small window beside the two laptops: what to try, the worker's cable, the passphrases."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from tfworker.ui.parts import Card, Chip, Kind, Label, Scroll, plain, primary, quiet, strong
from tfworker.ui.theme import current

TITLE = "What to try"
PLUGGED, PULLED = "The worker’s laptop is online", "The worker’s laptop has no network"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a laptop. Everything here is invented."""

    name: str
    role: str
    passphrase: str


class Guide(QWidget):
    """Nothing in it stops anybody: it can be moved, covered or closed.

    cut_asked(), mend_asked(): the worker's network. closed(): somebody closed this window.
    """

    cut_asked = Signal()
    mend_asked = Signal()
    closed = Signal()

    def __init__(self, family: str, people: Sequence[Person]) -> None:
        super().__init__()
        theme = current()
        self.setWindowTitle(TITLE)
        self.setProperty("ground", "bg")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._state = Chip(PLUGGED, Kind.OK)
        self.cut_button = primary("Cut the worker’s network")
        self.mend_button = plain("Plug it in again")
        self.cut_button.clicked.connect(lambda: self._set_cut(True))
        self.mend_button.clicked.connect(lambda: self._set_cut(False))
        scroll = Scroll()
        row = QHBoxLayout()
        row.setSpacing(theme.space("m"))
        row.addWidget(_steps(family), 3)
        side = QVBoxLayout()
        side.setSpacing(theme.space("m"))
        side.addWidget(self._network())
        side.addWidget(_passphrases(people))
        side.addStretch(1)
        row.addLayout(side, 2)
        scroll.body.addLayout(row)
        outer = QVBoxLayout(self)
        margin = theme.space("m")
        outer.setContentsMargins(margin, margin, margin, margin)
        outer.addWidget(scroll)
        self._show(is_cut=False)

    def says(self) -> str:
        """How the worker's network is, in words."""
        return self._state.text()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def _network(self) -> Card:
        card = Card()
        card.add(self._state)
        row = QHBoxLayout()
        row.setSpacing(current().space("s"))
        row.addWidget(self.cut_button)
        row.addWidget(self.mend_button)
        row.addStretch(1)
        card.body.addLayout(row)
        return card

    def _set_cut(self, is_cut: bool) -> None:
        (self.cut_asked if is_cut else self.mend_asked).emit()
        self._show(is_cut=is_cut)

    def _show(self, *, is_cut: bool) -> None:
        self._state.set_state(PULLED if is_cut else PLUGGED, Kind.WARN if is_cut else Kind.OK)
        self.cut_button.setEnabled(not is_cut)
        self.mend_button.setEnabled(is_cut)


def _steps(family: str) -> Card:
    card = Card(TITLE)
    steps = (
        ("Cut the worker’s network.", "It is the window on the left; everything in it goes on working."),
        (f"Open the {family} on both laptops.", "Change the same mobile number and goal, differently."),
        ("On the worker’s, write a note.", "Finish and lock it. Then say “I’m worried now”."),
        ("Plug it in again and press F5.", "All is received; what both of you changed waits in Review."),
        ("Settle one version on each laptop.", "Press F5 on both: they agree, and nothing was lost."),
        ("Lock with Ctrl+L, and unlock.", "You are back where you were. F1 tells all keys."),
    )
    for number, (what, then) in enumerate(steps, 1):
        card.add(Label(f"{number}  ", strong(what), f" {then}"))
    return card


def _passphrases(people: Sequence[Person]) -> Card:
    card = Card("Passphrases", note="invented, like everything here")
    for person in people:
        row = QHBoxLayout()
        row.addWidget(Label(f"{person.name}, {person.role}: ", strong(person.passphrase)).selectable(), 1)
        copy = quiet("Copy")
        copy.setAccessibleName(f"Copy the passphrase of the {person.role}")
        copy.clicked.connect(lambda _=False, words=person.passphrase: QApplication.clipboard().setText(words))
        row.addWidget(copy)
        card.body.addLayout(row)
    return card
