"""The line at the bottom that is always there: connected or not, since when, and what is not yet received."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy

from tfworker.actions.values import Connection, Progress, Status
from tfworker.ui.parts.button import quiet
from tfworker.ui.parts.chip import Chip, Kind
from tfworker.ui.parts.flow import Flow
from tfworker.ui.parts.focus import KeyboardFocus
from tfworker.ui.parts.label import Label
from tfworker.ui.theme import current

KINDS = {
    Connection.ONLINE: Kind.OK,
    Connection.OFFLINE: Kind.WARN,
    Connection.SIGNED_OUT: Kind.WARN,
    Connection.REFUSED: Kind.DANGER,
}
SYNCING = "Syncing.."
LAPTOP, PERSON = "laptop", "person"  # the totals, as `listed` names them
PAD = 4  # px at 100 %


class Total(KeyboardFocus, QAbstractButton):
    """One of the totals: words underlined with dots, that open the list of what was counted."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "total")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def words(self) -> str:
        return self.text()

    def set_words(self, words: str) -> None:
        self.setText(words)
        self.setAccessibleName(words)
        self.setAccessibleDescription("Opens the list")
        self.setToolTip("Opens the list")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        theme = current()
        words = self.fontMetrics().size(Qt.TextFlag.TextSingleLine, self.text())
        return QSize(words.width() + 2 * theme.px(PAD), words.height() + 2 * theme.px(PAD))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = theme.colour("accent" if self.underMouse() or self.has_keyboard_focus else "text")
        pad = theme.px(PAD)
        painter.setPen(ink)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.setPen(QPen(ink, 1, Qt.PenStyle.DotLine))
        painter.drawLine(pad, self.height() - pad, self.width() - pad, self.height() - pad)
        if self.has_keyboard_focus:
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), pad, pad)


class StatusLine(QFrame):
    """The status line. hints: the keys worth knowing, at the right.

    listed(group): the person wants the list behind a total, LAPTOP or PERSON.
    stop_asked(): the person wants the round that runs to stop after the page it is at.
    """

    listed = Signal(str)
    stop_asked = Signal()

    def __init__(self, hints: str = "") -> None:
        super().__init__()
        theme = current()
        self.setProperty("part", "status")
        self._status: Status | None = None
        self._syncing = False
        self._progress: Progress | None = None
        self._chip = Chip("", Kind.QUIET)
        self._synced, self._trouble, self._come, self._clock = (
            Label(size="small", ink=ink).one_line() for ink in ("muted", "muted", "warn", "warn")
        )
        self.laptop, self.need = Total(), Total()
        self.laptop.setObjectName("total_laptop")
        self.need.setObjectName("total_person")
        self.laptop.clicked.connect(lambda: self.listed.emit(LAPTOP))
        self.need.clicked.connect(lambda: self.listed.emit(PERSON))
        self._stop = quiet("Stop")
        self._stop.setObjectName("stop_sync")
        self._stop.setToolTip("What has come so far stays; the rest comes with the next sync")
        self._stop.clicked.connect(self.stop_asked)
        self._said = Flow(self._chip, *self._labels(), self._stop, gap=theme.px(14), line_gap=theme.px(2))
        self._hints = Label(hints, size="small", ink="muted").one_line()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(18), theme.px(4), theme.px(18), theme.px(4))
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
        if not syncing:
            self._progress = None
        self._show()

    def set_progress(self, progress: Progress) -> None:
        """How far a round is that has words for it: a long one, which can be stopped."""
        self._progress = progress if progress.detail else None
        self._show()

    def said(self) -> list[str]:
        """What the line says now, chip first."""
        chip = [self._chip.text()] if self._chip.text() else []
        return chip + [label.words() for label in self._labels() if label.words()]

    def set_narrow(self, narrow: bool) -> None:
        """Leave the hints out where there is no room for them; F1 has them all."""
        self._hints.setVisible(not narrow)

    def _labels(self) -> tuple[Label | Total, ...]:
        return (self._synced, self._trouble, self._come, self.laptop, self.need, self._clock)

    def _show(self) -> None:
        status = self._status
        if self._syncing:
            self._chip.set_state(SYNCING, Kind.INFO)
        elif status is not None:
            self._chip.set_state(status.words, KINDS[status.connection])
        self._chip.setToolTip(status.advice if status is not None else "")
        words = ("",) * 6 if status is None else self._words(status)
        for label, said in zip(self._labels(), words, strict=True):
            label.set_words(said)
            label.setVisible(bool(said))
        self._trouble.setToolTip(status.advice if status is not None else "")
        self._stop.setVisible(self._syncing and self._progress is not None)
        self._chip.setVisible(bool(self._chip.text()))
        self.setAccessibleName(f"Status: {'. '.join(self.said())}")

    def _words(self, status: Status) -> tuple[str, ...]:
        """In the order of the labels. How far the round is stands in place of why the last one stopped."""
        going = self._progress.detail if self._progress is not None else ""
        trouble = " · ".join(part for part in (status.trouble, status.again_words) if part)
        come = "" if going else status.come_words
        need = status.needs_you_words if status.needs_you else ""
        return (
            status.last_synced_words,
            going or ("" if self._syncing else trouble),
            come,
            status.laptop_words,
            need,
            status.clock_words,
        )
