"""Chips: a state in words on a coloured ground. The colour is never the only sign."""

from collections.abc import Hashable, Sequence
from enum import StrEnum
from typing import Self

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QLabel, QSizePolicy, QWidget

from tfworker.actions import values
from tfworker.ui.parts.flow import Flow
from tfworker.ui.parts.focus import KeyboardFocus
from tfworker.ui.theme import current, icon

PAD, HIGH = 13, 22  # px at 100 %, beside the words and from top to bottom


class Kind(StrEnum):
    """What a chip is about; each is a pair of colour tokens."""

    ACCENT = "accent"
    DANGER = "danger"  # safety, over capacity
    WARN = "warn"  # late, offline, safer version in use
    INFO = "info"  # from elsewhere
    OK = "ok"  # received, done
    QUIET = "quiet"

    @classmethod
    def _missing_(cls, value: object) -> "Kind | None":
        """A Tone of actions.values is a Kind: its "plain" is our quiet."""
        return cls.QUIET if value == "plain" else None


def inks(kind: Kind) -> tuple[str, str]:
    """(ink, ground) tokens of a kind."""
    return ("muted", "sunk") if kind is Kind.QUIET else (kind.value, f"{kind.value}_weak")


class Chip(QLabel):
    """A state in words, not for clicking."""

    def __init__(self, words: str, kind: Kind = Kind.ACCENT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "chip")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_state(words, kind)

    @classmethod
    def of(cls, value: values.Chip) -> Self:
        """The chip an action gave."""
        chip = cls(value.words, Kind(value.tone))
        chip.setToolTip(value.detail)
        chip.setAccessibleDescription(value.detail)
        return chip

    @property
    def kind(self) -> Kind:
        return self._kind

    def set_state(self, words: str, kind: Kind) -> None:
        self._kind = kind
        self.setText(words)
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        words = self.fontMetrics().size(Qt.TextFlag.TextSingleLine, self.text())
        theme = current()
        return QSize(words.width() + 2 * theme.px(PAD), max(theme.px(HIGH), words.height() + theme.px(4)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        ink, ground = (current().colour(name) for name in inks(self._kind))
        painter = QPainter(self)
        _paint_ground(painter, self.rect(), ground, current().colour("line"), self._kind is Kind.QUIET)
        painter.setPen(ink)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class ChipToggle(KeyboardFocus, QAbstractButton):
    """A chip that is switched on and off by click, space or its letter; on, it has a tick and its colour.

    kind: its colours while it is on. icon_name: shown before the words while off, e.g. "plus".
    Signals: toggled(bool), clicked().
    """

    def __init__(
        self, words: str, kind: Kind = Kind.ACCENT, *, on: bool = False, icon_name: str = ""
    ) -> None:
        super().__init__()
        self._kind, self._icon_name = kind, icon_name
        self._ticked = True
        self.setProperty("part", "chip")
        self.setCheckable(True)
        self.setChecked(on)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_words(words)

    def set_words(self, words: str) -> None:
        self.setText(words.replace("&", "&&"))
        self.setAccessibleName(words)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        theme = current()
        words = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text())
        mark = theme.px(18) if self._ticked or self._icon_name else 0
        return QSize(
            words.width() + mark + 2 * theme.px(PAD), max(theme.px(32), words.height() + theme.px(8))
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, on = current(), self.isChecked()
        ink, ground = inks(self._kind) if on else ("text", "surface")
        painter = QPainter(self)
        margin = theme.px(2)
        shape = self.rect().adjusted(0, margin, 0, -margin)
        ring = self.has_keyboard_focus
        edge = theme.colour("accent" if ring else ink if on else "edge")
        _paint_ground(painter, shape, theme.colour(ground), edge, True, 2 if ring else 1)
        painter.setPen(theme.colour(ink if self.isEnabled() else "muted"))
        name = "check" if on and self._ticked else self._icon_name
        words = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text()).width()
        mark = theme.px(18) if name else 0
        left = (self.width() - words - mark) // 2
        if name:
            side = theme.px(14)
            icon(name, ink).paint(painter, QRect(left, (self.height() - side) // 2, side, side))
        place = QRect(left + mark, 0, words + 2, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic, self.text())


class _Choice(ChipToggle):
    """One of several: quiet words until it is the one."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self._ticked = False
        self.setAutoExclusive(True)
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, on = current(), self.isChecked()
        painter = QPainter(self)
        margin = theme.px(3)
        shape = self.rect().adjusted(0, margin, 0, -margin)
        ring = self.has_keyboard_focus
        if on or ring:
            ground = theme.colour("accent_weak") if on else QColor(Qt.GlobalColor.transparent)
            _paint_ground(painter, shape, ground, theme.colour("accent"), ring, 2)
        painter.setPen(theme.colour("accent" if on else "text" if self.underMouse() else "muted"))
        painter.drawText(
            self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextShowMnemonic, self.text()
        )


class ChipChoice(Flow):
    """One of a few, all in sight: "Significant / Everything / Child's voice". Arrow keys move it.

    choices: (value, words); the first is chosen until told otherwise.
    chosen: the value, when the person picks another one.
    """

    chosen = Signal(object)

    def __init__(self, name: str, choices: Sequence[tuple[Hashable, str]]) -> None:
        super().__init__(gap=current().space("xs"))
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._values = [value for value, _ in choices]
        for place, (_, words) in enumerate(choices):
            button = _Choice(words)
            button.setAccessibleDescription(name)
            self._group.addButton(button, place)
            self.add(button)
        self._group.button(0).setChecked(True)
        self._group.idToggled.connect(self._on_toggled)

    def value(self) -> Hashable:
        return self._values[self._group.checkedId()]

    def set_value(self, value: Hashable) -> None:
        """Choose without saying so: `chosen` stays silent. ValueError if it is not among the choices."""
        button = self._group.button(self._values.index(value))
        self._group.blockSignals(True)
        button.setChecked(True)
        self._group.blockSignals(False)

    def _on_toggled(self, place: int, on: bool) -> None:
        if on:
            self.chosen.emit(self._values[place])


def _paint_ground(
    painter: QPainter, rect: QRect, ground: QColor, edge: QColor, edged: bool, width: int = 1
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(ground)
    painter.setPen(QPen(edge, width) if edged else Qt.PenStyle.NoPen)
    inset = width / 2 if edged else 0.0
    shape = QRectF(rect).adjusted(inset, inset, -inset, -inset)
    painter.drawRoundedRect(shape, shape.height() / 2, shape.height() / 2)
