"""Whether the note belongs in the chronology, and which goals and needs it is about."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tfworker.actions.values import Link
from tfworker.ui.parts import ChipToggle, Flow, Kind, Label
from tfworker.ui.theme import current


class Chronology(QWidget):
    """Yes, no, or not said yet: a person says it for every note.

    edited: she said it, or took it back.
    """

    edited = Signal()

    def __init__(self, significant: bool | None) -> None:
        super().__init__()
        self.setAccessibleName("Put in the chronology")
        self.yes, self.no = ChipToggle("Yes"), ChipToggle("No", Kind.QUIET)
        self.yes.setObjectName("chronology_yes")
        self.no.setObjectName("chronology_no")
        self._missing = Label(size="small", ink="danger")
        self._missing.hide()
        words = Label("Put in the chronology").one_line()
        for chip in (self.yes, self.no):
            chip.setAccessibleName(f"Put in the chronology: {chip.text().lower()}")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current().space("xs"))
        column.addWidget(Flow(words, self.yes, self.no))
        column.addWidget(self._missing)
        self.yes.setChecked(significant is True)
        self.no.setChecked(significant is False)
        self.yes.toggled.connect(lambda on: self._on_toggled(self.no, on))
        self.no.toggled.connect(lambda on: self._on_toggled(self.yes, on))

    def value(self) -> bool | None:
        """None until it has been said."""
        return True if self.yes.isChecked() else False if self.no.isChecked() else None

    def set_missing(self, words: str) -> None:
        self._missing.set_words(words)
        self._missing.setVisible(bool(words))
        self.yes.setAccessibleDescription(words)

    def _on_toggled(self, other: ChipToggle, on: bool) -> None:
        if on and other.isChecked():
            other.setChecked(False)
        self.set_missing("")
        self.edited.emit()


class Links(QWidget):
    """The family's goals and open needs, ticked when the note is about them. edited: one was."""

    edited = Signal()

    def __init__(
        self, goals: Sequence[Link], needs: Sequence[Link], goal_ids: Sequence[str], need_ids: Sequence[str]
    ) -> None:
        super().__init__()
        self._goals = [self._chip(link, f"Goal: {link.words}", link.id in goal_ids) for link in goals]
        self._needs = [self._chip(link, f"Need: {link.words}", link.id in need_ids) for link in needs]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        chips = (chip for chip, _ in (*self._goals, *self._needs))
        column.addWidget(Flow(Label("About", ink="muted").one_line(), *chips))
        if not self._goals and not self._needs:
            self.hide()

    def goal_ids(self) -> tuple[str, ...]:
        return tuple(link.id for chip, link in self._goals if chip.isChecked())

    def need_ids(self) -> tuple[str, ...]:
        return tuple(link.id for chip, link in self._needs if chip.isChecked())

    def _chip(self, link: Link, words: str, on: bool) -> tuple[ChipToggle, Link]:
        chip = ChipToggle(words, on=on)
        chip.setObjectName(f"link:{link.id}")
        chip.toggled.connect(self.edited)
        return chip, link
