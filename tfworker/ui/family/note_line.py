"""One line of Visits and notes: a visit to come, a draft, or a finished note."""

from collections.abc import Hashable
from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from tfworker.actions.values import Chip, DraftLine, NoteLine, NotesTab, Tone, Whereabouts
from tfworker.ui import dates
from tfworker.ui.brush import SMALL, STRONG, chip_height, draw_chips
from tfworker.ui.chips import STATES
from tfworker.ui.lines import Line
from tfworker.ui.theme import current

PAD = 10  # px at 100 %


@dataclass(frozen=True)
class Heading:
    """What stands above a group of lines."""

    words: str


Item = NoteLine | DraftLine | Heading


def items(tab: NotesTab) -> list[Item]:
    """The lines of the tab under their headings; an empty group has none."""
    found: list[Item] = []
    groups = (("Planned", tab.planned), ("Being written", tab.drafts), ("Notes", tab.notes))
    for words, lines in groups:
        if lines:
            found += [Heading(words), *lines]
    return found


class NotesLine(Line):
    """Title and chips, who and when, and the first words."""

    def height(self, item: Item, width: int) -> int:
        theme = current()
        if isinstance(item, Heading):
            return SMALL.height() + theme.px(16)
        chips = chip_height() + theme.px(4) if _chips(item) else 0
        first = SMALL.height() if item.first_words else 0
        return STRONG.height() + SMALL.height() + first + chips + theme.px(16)

    def key(self, item: Item) -> Hashable:
        if isinstance(item, Heading):
            return ("heading", item.words)
        if isinstance(item, DraftLine):
            return ("draft", item.draft_id)
        return ("note", item.note_id or item.visit_id)

    def words(self, item: Item) -> str:
        if isinstance(item, Heading):
            return item.words
        chips = ". ".join(chip.words for chip in _chips(item))
        return ". ".join(part for part in (item.title, _when(item), chips, item.first_words) if part)

    def opens(self, item: Item) -> bool:
        return not isinstance(item, Heading)

    def draw(self, painter: QPainter, rect: QRect, item: Item) -> None:
        theme = current()
        pad = theme.px(PAD)
        top = rect.top() + theme.px(7)

        def line(high: int) -> QRect:
            nonlocal top
            found = QRect(rect.left() + pad, top, rect.width() - 2 * pad, high)
            top += high
            return found

        if isinstance(item, Heading):
            SMALL.draw(painter, line(SMALL.height() + theme.px(4)), item.words)
            return
        STRONG.draw(painter, line(STRONG.height()), item.title)
        SMALL.draw(painter, line(SMALL.height()), _when(item))
        if item.first_words:
            SMALL.draw(painter, line(SMALL.height()), item.first_words)
        if chips := _chips(item):
            draw_chips(painter, line(chip_height() + theme.px(4)), chips)


def _chips(item: NoteLine | DraftLine) -> tuple[Chip, ...]:
    if isinstance(item, DraftLine):
        return (Chip("Draft on this laptop", Tone.INFO),)
    return item.chips


def _when(item: NoteLine | DraftLine) -> str:
    if isinstance(item, DraftLine):
        return f"Kept {dates.moment(item.saved_at, dates.now())}"
    received = STATES[item.whereabouts][0].lower() if item.whereabouts is Whereabouts.COUNCIL else ""
    return " · ".join(part for part in (item.at_words, item.author, received) if part)
