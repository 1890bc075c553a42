"""A banner in the page that says what happened and what can be done. Never a dialog: writing goes on."""

from collections.abc import Callable
from typing import Self

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from tfworker.errors import Problem
from tfworker.ui.parts.button import Button, Look
from tfworker.ui.parts.chip import Kind
from tfworker.ui.parts.flow import Flow
from tfworker.ui.parts.label import Label
from tfworker.ui.theme import current, icon

ICONS = {
    Kind.DANGER: "alert-circle-outline",
    Kind.WARN: "alert-outline",
    Kind.INFO: "information-outline",
    Kind.OK: "check-circle-outline",
    Kind.ACCENT: "information-outline",
    Kind.QUIET: "information-outline",
}


class _Mark(QWidget):
    """The banner's sign, so that its colour is not the only one."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self._kind = kind
        side = current().px(20)
        self.setFixedSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        ink = "muted" if self._kind is Kind.QUIET else self._kind.value
        icon(ICONS[self._kind], ink).paint(QPainter(self), QRect(0, 0, self.width(), self.height()))


class Notice(QFrame):
    """A banner: title, advice, one action or two perhaps, and a button that takes it away.

    closed: the person took it away, with its button or, from within it, Escape.
    """

    closed = Signal()

    def __init__(
        self,
        title: str,
        advice: str = "",
        kind: Kind = Kind.WARN,
        *,
        action: str = "",
        on_action: Callable[[], None] | None = None,
        other: str = "",
        on_other: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        theme = current()
        self.setProperty("part", "notice")
        self.setProperty("kind", kind.value)
        self.setAccessibleName(f"{title}. {advice}".strip())
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.title, self.advice = title, advice
        words = QVBoxLayout()
        words.setSpacing(theme.px(2))
        head = Label(title)
        head.setProperty("strong", True)
        words.addWidget(head)
        if advice:
            words.addWidget(Label(advice))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space("m"), theme.space("s"), theme.space("s"), theme.space("s"))
        row.setSpacing(theme.space("m"))
        row.addWidget(_Mark(kind), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        buttons = Flow(to_right=not other)
        for words_on, does in ((action, on_action), (other, on_other)):
            if words_on and does is not None:
                act = Button(words_on)
                act.clicked.connect(lambda _=False, does=does: does())
                buttons.add(act)
        if other:
            # Two of them leave no room beside the words: they stand below.
            words.addWidget(buttons)
            buttons = Flow(to_right=True)
        close = Button("Take this message away", Look.QUIET, icon_name="close")
        close.set_words_hidden(True)
        close.clicked.connect(self.closed)
        buttons.add(close)
        row.addWidget(buttons, 0, Qt.AlignmentFlag.AlignTop if other else Qt.AlignmentFlag(0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """In a panel, Escape is the panel's: it goes, and its banners with it."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    @classmethod
    def of(cls, problem: Problem, *, action: str = "", on_action: Callable[[], None] | None = None) -> Self:
        """The banner of a Problem: its title and its advice."""
        return cls(problem.title, problem.advice, Kind.WARN, action=action, on_action=on_action)
