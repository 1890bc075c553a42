"""One thing that was found: what it is, whose, and the passage with the words in it."""

from collections.abc import Hashable

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from tfworker.actions.values import Chip, Hit, Tone
from tfworker.ui.brush import MUTED, SMALL, STRONG, Pen, chip_height, draw_chip
from tfworker.ui.lines import Line
from tfworker.ui.theme import current

PAD = 10  # px at 100 %
FOUND = Pen("body", "accent", 600)
TONES = {"note": Tone.ACCENT, "person": Tone.INFO, "family": Tone.OK}


class HitLine(Line):
    """Two lines: the heading, and the passage."""

    def height(self, item: Hit, width: int) -> int:
        passage = MUTED.height() if _passage(item) else 0
        return max(STRONG.height(), chip_height()) + passage + current().px(20)

    def key(self, item: Hit) -> Hashable:
        return (item.kind.code, item.record)

    def words(self, item: Hit) -> str:
        said = (item.kind.words, item.title, _whose(item), _passage(item))
        return ". ".join(part for part in said if part)

    def draw(self, painter: QPainter, rect: QRect, item: Hit) -> None:
        theme = current()
        pad, gap = theme.px(PAD), theme.px(8)
        high = max(STRONG.height(), chip_height())
        head = QRect(rect.left() + pad, rect.top() + theme.px(8), rect.width() - 2 * pad, high)
        chip = Chip(item.kind.words, TONES.get(item.kind.code, Tone.PLAIN))
        left = head.left() + draw_chip(painter, head, chip) + gap
        whose = _whose(item)
        room = head.right() - left - (SMALL.width(whose) + gap if whose else 0)
        left += STRONG.draw(painter, QRect(left, head.top(), max(0, room), high), item.title) + gap
        SMALL.draw(painter, QRect(left, head.top(), max(0, head.right() - left), high), whose)
        if _passage(item):
            below = QRect(head.left(), head.bottom() + theme.px(3), head.width(), MUTED.height())
            self._draw_passage(painter, below, item)

    def _draw_passage(self, painter: QPainter, rect: QRect, item: Hit) -> None:
        before, after = _one_line(item.before), _one_line(item.after)
        # What stands before may not push the words themselves out of sight.
        while before and MUTED.width(before) > rect.width() // 2:
            before = "…" + before[max(2, len(before) // 4) :].partition(" ")[2]
        left = rect.left()
        for pen, words in ((MUTED, before), (FOUND, _one_line(item.found)), (MUTED, after)):
            room = QRect(left, rect.top(), max(0, rect.right() - left), rect.height())
            left += pen.draw(painter, room, words)


def _whose(item: Hit) -> str:
    family = item.family_label if item.family_label != item.title else ""
    return " · ".join(part for part in (family, item.on_words) if part)


def _passage(item: Hit) -> str:
    return "" if item.found == item.title else f"{item.before}{item.found}{item.after}"


def _one_line(words: str) -> str:
    return words.replace("\n", " ")
