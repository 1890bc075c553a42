"""The rail at the left: programme and team, the pages, and below them what must always be at hand."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout

from tfworker.ui.parts.button import Button, danger, plain, primary
from tfworker.ui.parts.focus import KeyboardFocus
from tfworker.ui.parts.label import Label
from tfworker.ui.parts.scroll import Scroll
from tfworker.ui.theme import current, icon

PAD, ICON, INDENT = 15, 17, 44  # px at 100 %
KEYS = ("Ctrl+Shift+W", "Ctrl+J", "Ctrl+L")  # of the three buttons below; the window binds them


class _Item(KeyboardFocus, QAbstractButton):
    """One page in the rail: icon, words and a count such as "Review · 3"."""

    def __init__(self, words: str, icon_name: str) -> None:
        super().__init__()
        self._words, self._icon_name, self._count, self._narrow = words, icon_name, 0, False
        self.setProperty("part", "nav")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_count(0)

    def set_count(self, count: int) -> None:
        self._count = count
        self.setText(f"{self._words}  ·  {count}" if count else self._words)
        self.setAccessibleName(f"{self._words}, {count}" if count else self._words)
        self.setToolTip(self.accessibleName() if self._narrow else "")
        self.update()

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self.set_count(self._count)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        theme = current()
        width = (
            0 if self._narrow else theme.px(INDENT + PAD) + self.fontMetrics().horizontalAdvance(self.text())
        )
        return QSize(max(theme.control("touch"), width), theme.px(39))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, on = current(), self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(theme.colour("accent"), 2) if self.has_keyboard_focus else Qt.PenStyle.NoPen)
        ground = "accent_weak" if on else "sunk" if self.underMouse() else "surface"
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(shape, theme.px(8), theme.px(8))
        ink = "accent" if on else "muted"
        side = theme.px(ICON)
        left = (self.width() - side) // 2 if self._narrow else theme.px(PAD)
        icon(self._icon_name, ink).paint(painter, QRect(left, (self.height() - side) // 2, side, side))
        painter.setPen(theme.colour(ink))
        if self._narrow:
            self._paint_count(painter)
        else:
            words = self.rect().adjusted(theme.px(INDENT), 0, 0, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())

    def _paint_count(self, painter: QPainter) -> None:
        if self._count:
            corner = self.rect().adjusted(0, 2, -4, 0)
            painter.drawText(
                corner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, str(self._count)
            )


class Rail(QFrame):
    """The rail.

    picked: the name of a page the person wants. worried, jot, lock: the three buttons below.
    """

    picked = Signal(str)
    worried = Signal()
    jot = Signal()
    lock = Signal()

    def __init__(self, programme: str, team: str) -> None:
        super().__init__()
        self.setProperty("part", "rail")
        self.setAccessibleName("Pages")
        self._items: dict[str, _Item] = {}
        theme = current()
        self._programme = Label(programme, size="section")
        self._team = Label(team, size="small", ink="muted")
        if not team:
            self._team.hide()
        self._list = Scroll(gutter=False)
        self._list.body.setSpacing(theme.space("xs"))
        self._list.body.setContentsMargins(0, 0, 0, 0)
        self._below = (
            danger("I’m worried now", icon_name="alert-circle-outline"),
            primary("Quick jot", icon_name="auto-fix"),
            plain("Lock", icon_name="lock-outline"),
        )
        for button, signal in zip(self._below, (self.worried, self.jot, self.lock), strict=True):
            button.clicked.connect(signal)
        column = QVBoxLayout(self)
        side = theme.space("m")
        column.setContentsMargins(side, theme.space("l"), side, theme.px(14))
        column.setSpacing(theme.space("xs"))
        column.addWidget(self._programme)
        column.addWidget(self._team)
        column.addSpacing(theme.space("s"))
        column.addWidget(self._list, 1)
        for button in self._below:
            column.addWidget(button)
        self.set_narrow(False)

    def add(self, name: str, words: str, icon_name: str) -> None:
        """A further page, below those there."""
        item = _Item(words, icon_name)
        item.clicked.connect(lambda: self._on_clicked(name))
        self._items[name] = item
        self._list.body.addWidget(item)

    def set_current(self, name: str) -> None:
        """Mark the page that shows; one that is not in the rail leaves nothing marked."""
        for each, item in self._items.items():
            item.setChecked(each == name)

    def focus_current(self) -> None:
        """Put the focus on the page that shows, without a ring: for when the window opens."""
        for item in self._items.values():
            if item.isChecked():
                item.setFocus(Qt.FocusReason.MouseFocusReason)

    def set_count(self, name: str, count: int) -> None:
        """How many wait there; 0 shows nothing. A page that is not in the rail is passed over."""
        if name in self._items:
            self._items[name].set_count(count)

    def set_who(self, programme: str, team: str) -> None:
        self._programme.set_words(programme)
        self._team.set_words(team)
        self._team.setVisible(bool(team) and self._programme.isVisibleTo(self))

    def set_narrow(self, narrow: bool) -> None:
        """Icons only, for a narrow window; names stay as tool tips and for screen readers."""
        theme = current()
        self._programme.setVisible(not narrow)
        self._team.setVisible(not narrow and bool(self._team.words()))
        for item in self._items.values():
            item.set_narrow(narrow)
        for button, key in zip(self._below, KEYS, strict=True):
            button.set_words_hidden(narrow)
            button.setToolTip(f"{button.accessibleName()} ({key})")
        self.setFixedWidth(theme.control("rail_narrow" if narrow else "rail"))

    def buttons(self) -> tuple[Button, ...]:
        """I'm worried now, Quick jot, Lock."""
        return self._below

    def _on_clicked(self, name: str) -> None:
        # A click on the current page must not unmark it; the window marks the one that comes up.
        self._items[name].setChecked(True)
        self.picked.emit(name)
