"""The line at the bottom that is always there: connected or not, since when, and what is not yet received."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout

from tfworker.actions.values import Connection, Status
from tfworker.ui.parts.chip import Chip, Kind
from tfworker.ui.parts.flow import Flow
from tfworker.ui.parts.label import Label
from tfworker.ui.theme import current

KINDS = {
    Connection.ONLINE: Kind.OK,
    Connection.OFFLINE: Kind.WARN,
    Connection.SIGNED_OUT: Kind.WARN,
    Connection.REFUSED: Kind.DANGER,
}
SYNCING = "Syncing.."


class StatusLine(QFrame):
    """The status line. hints: the keys worth knowing, at the right."""

    def __init__(self, hints: str = "") -> None:
        super().__init__()
        theme = current()
        self.setProperty("part", "status")
        self._status: Status | None = None
        self._syncing = False
        self._chip = Chip("", Kind.QUIET)
        self._synced, self._laptop, self._need = (
            Label(size="small", ink="muted").one_line() for _ in range(3)
        )
        self._said = Flow(self._chip, self._synced, self._laptop, self._need, gap=theme.px(14))
        self._hints = Label(hints, size="small", ink="muted").one_line()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(18), theme.px(7), theme.px(18), theme.px(7))
        row.addWidget(self._said, 1)
        row.addWidget(self._hints, 0, Qt.AlignmentFlag.AlignVCenter)
        self._show()

    def set_status(self, status: Status) -> None:
        """Show how things stand, as the action says it."""
        self._status = status
        self._show()

    def set_syncing(self, syncing: bool) -> None:
        """While a round runs the chip says so; the counts stay."""
        self._syncing = syncing
        self._show()

    def said(self) -> list[str]:
        """What the line says now, chip first."""
        labels = (self._synced, self._laptop, self._need)
        chip = [self._chip.text()] if self._chip.text() else []
        return chip + [label.words() for label in labels if label.words()]

    def set_narrow(self, narrow: bool) -> None:
        """Leave the hints out where there is no room for them; F1 has them all."""
        self._hints.setVisible(not narrow)

    def _show(self) -> None:
        status = self._status
        if self._syncing:
            self._chip.set_state(SYNCING, Kind.INFO)
        elif status is not None:
            self._chip.set_state(status.words, KINDS[status.connection])
        self._chip.setToolTip(status.advice if status is not None else "")
        words = ("", "", "")
        if status is not None:
            need = status.needs_you_words if status.needs_you else ""
            words = (status.last_synced_words, status.laptop_words, need)
        for label, said in zip((self._synced, self._laptop, self._need), words, strict=True):
            label.set_words(said)
            label.setVisible(bool(said))
        self._chip.setVisible(bool(self._chip.text()))
        self.setAccessibleName(f"Status: {'. '.join(self.said())}")
