"""One thing and where it is: what, which family, since when, why it is there and what to do."""

from collections.abc import Hashable
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from tfworker.actions.values import WorkItem
from tfworker.ui.brush import SMALL, STRONG, Pen
from tfworker.ui.chips import STATES
from tfworker.ui.lines import Line
from tfworker.ui.theme import current, icon

PAD, SIGN = 10, 16  # px at 100 %
SECTION = Pen("section", weight=600)
WRAP = Qt.TextFlag.TextWordWrap


@dataclass(frozen=True)
class Heading:
    """What stands above a group: its words, and how many there are in it."""

    words: str
    note: str = ""


Item = WorkItem | Heading


class ItemLine(Line):
    """Three lines: what and since when; which family; why and what to do, in full."""

    def height(self, item: Item, width: int) -> int:
        theme = current()
        if isinstance(item, Heading):
            return SECTION.height() + theme.px(26)
        high = STRONG.height() + theme.px(16)
        high += SMALL.height() if _beside(item) else 0
        return high + (_high(_below(item), _room(width)) if _below(item) else 0)

    def key(self, item: Item) -> Hashable:
        return ("heading", item.words) if isinstance(item, Heading) else item.key

    def words(self, item: Item) -> str:
        if isinstance(item, Heading):
            return ". ".join(part for part in (item.words, item.note) if part)
        state = STATES[item.where][0]
        said = (state, _what(item), item.family_label, item.since_words, item.why, item.to_do)
        return ". ".join(part.removesuffix(".") for part in said if part)

    def opens(self, item: Item) -> bool:
        return not isinstance(item, Heading)

    def draw(self, painter: QPainter, rect: QRect, item: Item) -> None:
        theme = current()
        pad = theme.px(PAD)
        if isinstance(item, Heading):
            top = rect.top() + theme.px(16)
            line = QRect(rect.left() + pad, top, rect.width() - 2 * pad, SECTION.height())
            used = SECTION.draw(painter, line, item.words)
            SMALL.draw(painter, line.adjusted(used + theme.px(10), 0, 0, 0), item.note)
            return
        _, sign, ink, _ = STATES[item.where]
        side = theme.px(SIGN)
        top = rect.top() + theme.px(8)
        at = QRect(rect.left() + pad, top + (STRONG.height() - side) // 2, side, side)
        icon(sign, ink).paint(painter, at)
        left = at.right() + theme.px(8)
        room = rect.right() - pad - left
        STRONG.draw(painter, QRect(left, top, room, STRONG.height()), _what(item))
        top += STRONG.height()
        if _beside(item):
            SMALL.draw(painter, QRect(left, top, room, SMALL.height()), _beside(item))
            top += SMALL.height()
        if _below(item):
            painter.setFont(theme.font("small"))
            painter.setPen(theme.colour("text" if item.hers else "muted"))
            painter.drawText(QRect(left, top, room, rect.bottom() - top), WRAP, _below(item))


def _what(item: WorkItem) -> str:
    return item.what[:1].upper() + item.what[1:]


def _beside(item: WorkItem) -> str:
    return " · ".join(part for part in (item.family_label, item.since_words) if part)


def _below(item: WorkItem) -> str:
    return " ".join(part for part in (item.why, item.to_do) if part)


def _room(width: int) -> int:
    theme = current()
    return max(40, width - 2 * theme.px(PAD) - theme.px(SIGN) - theme.px(8))


def _high(words: str, room: int) -> int:
    metrics = QFontMetrics(current().font("small"))
    return metrics.boundingRect(QRect(0, 0, room, 10_000), WRAP, words).height()
