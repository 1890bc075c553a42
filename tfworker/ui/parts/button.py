"""Buttons. A page has one primary button, at the top right; everything else is quieter."""

from enum import StrEnum
from typing import Self

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy

from tfworker.ui.parts.focus import KeyboardFocus
from tfworker.ui.theme import current, icon

PAD, GAP, ICON = 15, 6, 16  # px at 100 %
QUIET_PAD = 8  # px at 100 %: with no edge to be seen, its words belong near the words above them


class Look(StrEnum):
    PRIMARY = "primary"  # the one main action
    PLAIN = "plain"
    DANGER = "danger"  # outline: safety
    QUIET = "quiet"  # words only, for the least of them


class Button(KeyboardFocus, QPushButton):
    """A button.

    icon_name: Material Design icon before the words, "" for none.
    hint: a key shown after the words, quieter, such as "1" or "F5". It is only shown; see `set_key`.
    Return presses it as Space does. Use clicked.connect(...) as with any Qt button.
    """

    def __init__(self, words: str, look: Look = Look.PLAIN, *, icon_name: str = "", hint: str = "") -> None:
        super().__init__(words)
        self._look, self._icon_name, self._hint = look, icon_name, hint
        self._words_hidden = False
        self.setProperty("part", "button")
        self.setProperty("kind", look.value)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(True)
        policy = QSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self.set_words(words)

    def set_words(self, words: str) -> None:
        self.setText(words)
        self.setAccessibleName(words.replace("&&", "\0").replace("&", "").replace("\0", "&"))
        self.updateGeometry()

    def set_key(self, key: str) -> Self:
        """Press it with this key anywhere in the window, and show the key. Gives the button back."""
        self.setShortcut(QKeySequence(key))
        self._hint = key
        self.updateGeometry()
        return self

    def set_words_hidden(self, hidden: bool) -> None:
        """Show the icon alone, the words as tool tip: for the narrow rail."""
        self._words_hidden = hidden
        self.setToolTip(self.accessibleName() if hidden else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        theme = current()
        high = max(theme.control("height"), self.fontMetrics().height() + theme.px(12))
        if self._words_hidden:
            return QSize(theme.control("touch"), high)
        pad = QUIET_PAD if self._look is Look.QUIET else PAD
        return QSize(self._content_width() + 2 * theme.px(pad), high)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_shape(painter)
        self._paint_content(painter)

    def _words_width(self) -> int:
        return self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text()).width()

    def _content_width(self) -> int:
        theme = current()
        mark = theme.px(ICON) + (theme.px(GAP) if self.text() else 0) if self._icon_name else 0
        hint = self.fontMetrics().horizontalAdvance(self._hint) + theme.px(GAP) * 2 if self._hint else 0
        return mark + self._words_width() + hint

    def _paint_shape(self, painter: QPainter) -> None:
        theme, edge = current(), current().colour
        pressed, hovered = self.isDown(), self.underMouse() and self.isEnabled()
        fill, line = edge("surface"), edge("line")
        if self._look is Look.PRIMARY:
            fill = edge("accent_strong" if hovered or pressed else "accent")
            line = fill
            if not self.isEnabled():
                fill, line = edge("sunk"), edge("line")
        elif self._look is Look.DANGER:
            line = edge("danger")
            fill = edge("danger_weak") if hovered or pressed else fill
        elif self._look is Look.QUIET:
            fill = edge("accent_weak") if hovered or pressed else QColor(Qt.GlobalColor.transparent)
            line = fill
        elif pressed or hovered:
            fill, line = edge("accent_weak") if pressed else edge("sunk"), edge("edge")
        radius = theme.px(8)
        ring = self.has_keyboard_focus
        wide = 2.0 if ring and self._look is not Look.PRIMARY else 1.0
        painter.setPen(QPen(edge("accent") if wide > 1 else line, wide))
        painter.setBrush(fill)
        shape = QRectF(self.rect()).adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2)
        painter.drawRoundedRect(shape, radius, radius)
        if ring and self._look is Look.PRIMARY:
            # The accent would not show on itself: the ring lies inside, in the colour of the words.
            painter.setPen(QPen(edge("on_accent" if self.isEnabled() else "accent"), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(shape.adjusted(2.5, 2.5, -2.5, -2.5), radius - 2, radius - 2)

    def _ink(self) -> str:
        if not self.isEnabled():
            return "muted"
        inks = {Look.PRIMARY: "on_accent", Look.DANGER: "danger", Look.QUIET: "accent"}
        return inks.get(self._look, "text")

    def _paint_content(self, painter: QPainter) -> None:
        theme, ink = current(), self._ink()
        side, gap = theme.px(ICON), theme.px(GAP)
        if self._words_hidden:
            box = QRect(0, 0, side, side)
            box.moveCenter(self.rect().center())
            icon(self._icon_name, ink).paint(painter, box)
            return
        left = max(0, (self.width() - self._content_width()) // 2)
        if self._icon_name:
            place = QRectF(left, (self.height() - side) / 2, side, side)
            icon(self._icon_name, ink).paint(painter, place.toRect())
            left += side + gap
        painter.setPen(theme.colour(ink))
        words = self._words_width()
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic
        painter.drawText(QRect(left, 0, words + 2, self.height()), flags, self.text())
        if self._hint:
            painter.setPen(theme.colour("muted" if self._look is not Look.PRIMARY else ink))
            base = QPointF(left + words + 2 * gap, 0)
            rect = QRectF(base.x(), 0, self.width() - base.x(), self.height())
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, self._hint)


def primary(words: str, *, icon_name: str = "", hint: str = "") -> Button:
    return Button(words, Look.PRIMARY, icon_name=icon_name, hint=hint)


def plain(words: str, *, icon_name: str = "", hint: str = "") -> Button:
    return Button(words, Look.PLAIN, icon_name=icon_name, hint=hint)


def danger(words: str, *, icon_name: str = "", hint: str = "") -> Button:
    return Button(words, Look.DANGER, icon_name=icon_name, hint=hint)


def quiet(words: str, *, icon_name: str = "", hint: str = "") -> Button:
    return Button(words, Look.QUIET, icon_name=icon_name, hint=hint)
