"""One family's line: in columns where there is room, else stacked."""

from collections.abc import Hashable

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from tfworker.actions.values import CaseRow, Chip, Tone
from tfworker.ui import dates
from tfworker.ui.brush import BODY, MUTED, SMALL, STRONG, Pen, chip_height, chips_width, draw_chip, draw_chips
from tfworker.ui.caseload.views import children_to_see
from tfworker.ui.lines import Line
from tfworker.ui.theme import current

SHARES = (33, 15, 16, 23, 13)  # per cent of the width for each of COLUMNS
COLUMNS = (("name", "Family"), ("status", "Where it stands"), ("visit", "Next visit"),
           ("children", "Children"), ("review", "Plan review"))  # fmt: skip
STACKED = 860  # px at 100 %: below this the columns would cut their words
CHIPS_BELOW = 600  # px at 100 %: below this the chips stand on a line of their own
PAD = 10  # px at 100 %, at either end of a line and between columns
WARN = Pen("body", "warn", 500)
SMALL_WARN = Pen("small", "warn", 500)


def is_stacked(width: int) -> bool:
    """True where the columns do not fit."""
    return width < current().px(STACKED)


def _chips_below(width: int) -> bool:
    return width < current().px(CHIPS_BELOW)


def columns(rect: QRect) -> list[QRect]:
    """Where each of COLUMNS stands in a line."""
    pad = current().px(PAD)
    left, found = rect.left() + pad, []
    room = rect.width() - 2 * pad
    for share in SHARES:
        width = room * share // 100
        found.append(QRect(left, rect.top(), width - pad, rect.height()))
        left += width
    return found


def marks(row: CaseRow) -> list[Chip]:
    """Its chips: cautions first, then what waits for a person, then what is not sent."""
    found = list(row.cautions)
    if row.disputed:
        words = "Two versions" if row.disputed == 1 else f"Two versions: {row.disputed}"
        found.append(Chip(words, Tone.WARN))
    if row.unsent:
        found.append(Chip(f"{row.unsent} not sent", Tone.INFO))
    return found


def review_words(row: CaseRow) -> str:
    """When the plan is reviewed."""
    if row.plan_review_due is None:
        return "No review date"
    day = dates.near(row.plan_review_due, dates.today())
    return f"Was due {day}" if row.plan_review_late else day


class CaseLine(Line):
    """See COLUMNS. The small second line of each column carries what explains the first."""

    def height(self, item: CaseRow, width: int) -> int:
        theme = current()
        if not is_stacked(width):
            return max(STRONG.height(), chip_height()) + SMALL.height() + theme.px(13)
        own_line = chip_height() + theme.px(4) if marks(item) and _chips_below(width) else 0
        return max(STRONG.height(), chip_height()) + own_line + 3 * SMALL.height() + theme.px(14)

    def key(self, item: CaseRow) -> Hashable:
        return item.family_id

    def words(self, item: CaseRow) -> str:
        said = [item.label, *(chip.words for chip in marks(item)), item.people, *_stands(item),
                f"Next visit: {item.next_visit_words}", *_children(item),
                f"Plan review: {review_words(item)}"]  # fmt: skip
        return ". ".join(part for part in said if part)

    def tip(self, item: CaseRow) -> str:
        return "\n".join((*(chip.words for chip in marks(item)), *item.children_seen.gaps))

    def draw(self, painter: QPainter, rect: QRect, item: CaseRow) -> None:
        if is_stacked(rect.width()):
            self._draw_stacked(painter, rect, item)
        else:
            self._draw_columns(painter, rect, item)

    def _draw_columns(self, painter: QPainter, rect: QRect, item: CaseRow) -> None:
        upper_high = max(STRONG.height(), chip_height())
        top = rect.top() + current().px(5)
        cells = columns(rect)
        uppers = [QRect(cell.left(), top, cell.width(), upper_high) for cell in cells]
        lowers = [QRect(cell.left(), top + upper_high, cell.width(), SMALL.height() + 2) for cell in cells]
        self._draw_name(painter, uppers[0], item)
        SMALL.draw(painter, lowers[0], _people(item))
        for place, words in enumerate(_stands(item)[:2]):
            (BODY, SMALL)[place].draw(painter, (uppers, lowers)[place][1], words)
        (BODY if item.next_visit_at else WARN).draw(painter, uppers[2], item.next_visit_words)
        SMALL.draw(painter, lowers[2], _role(item))
        seen, alone = _children(item)
        late = children_to_see(item)
        (WARN if late else BODY).draw(painter, uppers[3], seen)
        (SMALL_WARN if late else SMALL).draw(painter, lowers[3], alone)
        self._draw_review(painter, uppers[4], item)

    def _draw_name(self, painter: QPainter, rect: QRect, item: CaseRow) -> None:
        chips = marks(item)
        # A long name gives way to its marks: safety is read before spelling.
        least = rect.width() * 7 // 20
        room = max(least, rect.width() - chips_width(chips) - current().px(10)) if chips else rect.width()
        used = STRONG.draw(painter, QRect(rect.left(), rect.top(), room, rect.height()), item.label)
        left = rect.left() + used + current().px(10)
        draw_chips(painter, QRect(left, rect.top(), rect.right() - left, rect.height()), chips)

    def _draw_review(self, painter: QPainter, rect: QRect, item: CaseRow) -> None:
        words = review_words(item)
        if item.plan_review_late:
            draw_chip(painter, rect, Chip(words, Tone.WARN))
        else:
            (BODY if item.plan_review_due else MUTED).draw(painter, rect, words)

    def _draw_stacked(self, painter: QPainter, rect: QRect, item: CaseRow) -> None:
        theme = current()
        within = rect.adjusted(theme.px(PAD), theme.px(6), -theme.px(PAD), -theme.px(6))
        top = within.top()

        def line(high: int) -> QRect:
            nonlocal top
            found = QRect(within.left(), top, within.width(), high)
            top += high
            return found

        head = line(max(STRONG.height(), chip_height()))
        if _chips_below(rect.width()):
            STRONG.draw(painter, head, item.label)
            if chips := marks(item):
                draw_chips(painter, line(chip_height() + theme.px(4)), chips)
        else:
            self._draw_name(painter, head, item)
        stands = " · ".join((_people(item), *_stands(item)))
        SMALL.draw(painter, line(SMALL.height()), stands)
        visit = SMALL if item.next_visit_at else SMALL_WARN
        visit.draw(painter, line(SMALL.height()), f"{_visit(item)} · Plan review: {review_words(item)}")
        seen = SMALL_WARN if children_to_see(item) else SMALL
        seen.draw(painter, line(SMALL.height()), " · ".join(part for part in _children(item) if part))


def _people(item: CaseRow) -> str:
    return " · ".join(part for part in (item.people, item.family_ref) if part)


def _stands(item: CaseRow) -> list[str]:
    return [part for part in (item.status.words, item.intensity.words) if part]


def _role(item: CaseRow) -> str:
    """Who comes: nothing for a family one leads, else one's part in it or the lead worker."""
    if item.my_role.code == "lead":
        return ""
    return item.my_role.words if item.my_role.code else item.lead_worker


def _visit(item: CaseRow) -> str:
    return f"Next visit {item.next_visit_words}" if item.next_visit_at else item.next_visit_words


def _children(item: CaseRow) -> tuple[str, str]:
    """The two lines of the column: what is due first, else when they were seen, and seen alone."""
    seen = item.children_seen
    if seen.gaps:
        rest = len(seen.gaps) - 1
        return seen.gaps[0], f"and {rest} more" if rest else ""
    first, _, second = seen.words.partition("; ")
    return first, second[:1].upper() + second[1:]
