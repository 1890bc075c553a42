"""Words and chips drawn straight onto a painter, for lines of a list. They look as the parts do."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from tfworker.actions.values import Chip
from tfworker.ui.parts.chip import Kind, inks
from tfworker.ui.theme import current

CHIP_GAP = 6  # px at 100 %, between two chips
CHIP_PAD = 11  # px at 100 %, at either side of a chip's words


@dataclass(frozen=True)
class Pen:
    """How words are drawn. size, ink: names of the theme; weight as in a font."""

    size: str = "body"
    ink: str = "text"
    weight: int = 400

    def width(self, words: str) -> int:
        return QFontMetrics(current().font(self.size, self.weight)).horizontalAdvance(words)

    def height(self) -> int:
        return QFontMetrics(current().font(self.size, self.weight)).height()

    def draw(self, painter: QPainter, rect: QRect, words: str) -> int:
        """Draw on one line from the left, in the middle of the rectangle's height, cut with "…".

        Gives the width that was used.
        """
        font = current().font(self.size, self.weight)
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
        painter.setFont(font)
        painter.setPen(current().colour(self.ink))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        return metrics.horizontalAdvance(shown)


STRONG = Pen(weight=600)
BODY = Pen()
MUTED = Pen(ink="muted")
SMALL = Pen("small", "muted")
CHIP = Pen("small", weight=600)


def chip_width(words: str) -> int:
    return CHIP.width(words) + 2 * current().px(CHIP_PAD)


def chip_height() -> int:
    return max(current().px(22), CHIP.height() + current().px(4))


def draw_chip(painter: QPainter, rect: QRect, chip: Chip) -> int:
    """Draw a chip from the left, in the middle of the rectangle's height. Gives its width."""
    theme = current()
    ink, ground = inks(Kind(chip.tone))
    width, high = min(chip_width(chip.words), rect.width()), chip_height()
    shape = QRectF(rect.left(), rect.top() + (rect.height() - high) / 2, width, high)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(ground))
    painter.drawRoundedRect(shape, high / 2, high / 2)
    pad = theme.px(CHIP_PAD)
    within = shape.toRect().adjusted(pad, 0, 2 - pad, 0)
    Pen("small", ink, 600).draw(painter, within, chip.words)
    return width


def chips_width(chips: Sequence[Chip]) -> int:
    """The room that all of these take beside each other."""
    return sum(chip_width(chip.words) + current().px(CHIP_GAP) for chip in chips)


def draw_chips(painter: QPainter, rect: QRect, chips: Sequence[Chip]) -> None:
    """Draw as many chips as there is room for; how many are left out is said by a last one, "+2"."""
    gap = current().px(CHIP_GAP)
    left = rect.left()
    for place, chip in enumerate(chips):
        rest = len(chips) - place - 1
        more = chip_width(f"+{rest}") + gap if rest else 0
        room = rect.right() - left
        if chip_width(chip.words) + more > room and place:
            draw_chip(painter, _from(rect, left), Chip(f"+{rest + 1}", chip.tone))
            return
        left += draw_chip(painter, _from(rect, left, more), chip) + gap


def _from(rect: QRect, left: int, less: int = 0) -> QRect:
    return QRect(left, rect.top(), max(0, rect.right() - left - less), rect.height())
