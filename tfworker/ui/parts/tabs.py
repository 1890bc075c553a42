"""Quiet tabs: words, the current one in the accent. They wrap when the window is narrow."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from tfworker.ui.parts.flow import Flow
from tfworker.ui.parts.focus import KeyboardFocus
from tfworker.ui.theme import current

PAD = 6  # px at 100 %, at either side of a tab's words


class _Tab(KeyboardFocus, QRadioButton):
    """One of a group to Qt and to a screen reader, which gives arrow keys and "1 of 8" for nothing."""

    def __init__(self, words: str) -> None:
        super().__init__(words.replace("&", "&&"))
        self.setProperty("part", "tab")
        self.setAccessibleName(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_words(self, words: str) -> None:
        self.setText(words.replace("&", "&&"))
        self.setAccessibleName(words)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        theme = current()
        width = self.fontMetrics().horizontalAdvance(self.accessibleName()) + 2 * theme.px(PAD)
        return QSize(width, theme.control("height"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        painter.setPen(theme.colour("accent" if on else "text" if self.underMouse() else "muted"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.accessibleName())
        if on:
            # The colour is never the only sign.
            line = QRectF(theme.px(PAD), self.height() - 4, self.width() - 2 * theme.px(PAD), 2)
            painter.fillRect(line, theme.colour("accent"))
        if self.has_keyboard_focus:
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.px(8), theme.px(8))


class _Sheets(QStackedWidget):
    """Takes the room there is: a long sheet must not make the others scroll."""

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        return QSize(current().px(320), current().px(140))

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(120), current().px(120))


class Tabs(QWidget):
    """Named sheets of which one shows. Ctrl+Tab is the page's own to bind.

    turned: the name of the sheet that came up, also when code turned to it.
    """

    turned = Signal(str)

    def __init__(self, name: str = "Parts of this page") -> None:
        super().__init__()
        theme = current()
        self._names: list[str] = []
        self._tabs = Flow(gap=theme.px(22), line_gap=0)
        self._tabs.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self.sheets: QStackedWidget = _Sheets()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space("s"))
        column.addWidget(self._tabs)
        column.addWidget(self.sheets, 1)
        self._group.idToggled.connect(self._on_toggled)

    def add(self, name: str, words: str, sheet: QWidget) -> None:
        """A further tab. name: what code calls it; words: what stands on it."""
        self._names.append(name)
        tab = _Tab(words)
        self.sheets.addWidget(sheet)
        self._group.addButton(tab, len(self._names) - 1)
        self._tabs.add(tab)
        if len(self._names) == 1:
            tab.setChecked(True)

    def set_words(self, name: str, words: str) -> None:
        """Write something else on a tab, such as "Documents · 2"."""
        tab = self._group.button(self._names.index(name))
        assert isinstance(tab, _Tab)
        tab.set_words(words)

    def turn_to(self, name: str) -> None:
        """Show this sheet. ValueError if there is none of that name."""
        self._group.button(self._names.index(name)).setChecked(True)

    def current(self) -> str:
        """The name of the sheet that shows; "" while there is none."""
        place = self._group.checkedId()
        return self._names[place] if place >= 0 else ""

    def turn_by(self, step: int) -> None:
        """The next (1) or the previous (-1) sheet, round and round."""
        if self._names:
            self._group.button((self._group.checkedId() + step) % len(self._names)).setChecked(True)

    def _on_toggled(self, place: int, on: bool) -> None:
        if on:
            self.sheets.setCurrentIndex(place)
            self.turned.emit(self._names[place])
