"""The card to settle: every version beside the other, and what can be done about it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout

from tfworker.actions.values import BOTH, TYPED, ReviewCard, SideValue, TypedField
from tfworker.ui.parts import Card, Chip, Flow, Kind, LineField, plain, primary, strong
from tfworker.ui.review.side import SideSheet
from tfworker.ui.review.typed import TypedFields
from tfworker.ui.theme import current

NARROW = 640  # px at 100 %: below this one version stands under the other


@dataclass(frozen=True)
class Decision:
    """What was decided. choice: a side's key, TYPED or BOTH; values: for TYPED, {field: value}."""

    card_id: str
    choice: str
    values: dict[str, object] = field(default_factory=dict)
    why: str = ""


class OpenCard(Card):
    """A card, open. decided(Decision): the person saves what she decided."""

    decided = Signal(object)

    def __init__(self, card: ReviewCard) -> None:
        super().__init__()
        self.card = card
        self.setObjectName("open_card")
        self.setAccessibleName(card.title)
        before, _, after = card.title.partition(card.subject)
        self.set_title(before, strong(card.subject), after)
        self.say(card.context, ink="muted")
        if card.why_words:
            self.say(card.why_words)
        chips = [Chip.of(chip) for chip in card.chips]
        if card.overdue:
            chips.append(Chip(card.late_words, Kind.WARN))
        if chips:
            self.add(Flow(*chips))
        self._choice = ""
        self._sheets = self._make_sheets(card)
        self._grid = QGridLayout()
        self._grid.setSpacing(current().space("m"))
        self.body.addLayout(self._grid)
        self._typed = TypedFields(_in_question(card), _examples(card), "Or type what is right")
        self._why = LineField("Why (optional)")
        self._both = plain("Keep both")
        self._save = primary("Save and next", icon_name="arrow-right", hint="Enter")
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        if card.may_decide:
            self._compose()
        else:
            self.say(card.decided_by_words, ink="muted")
        self.say(card.meanwhile, size="small", ink="muted")
        self._place(narrow=False)
        self._show()

    def choose(self, choice: str) -> None:
        """Take a side (its key), BOTH or TYPED. Saving is a step of its own, with Enter."""
        self._choice = choice
        if choice != TYPED:
            self._typed.clear()
            self._save.setEnabled(True)
            self._save.setFocus(Qt.FocusReason.TabFocusReason)
        self._show()

    def set_missing(self, name: str, words: str) -> bool:
        """Mark a typed field that cannot be saved; False if there is none of that name."""
        return self._typed.set_missing(name, words)

    def set_busy(self, busy: bool) -> None:
        self.setEnabled(not busy)

    def begin(self) -> None:
        """The focus goes to the first version's button."""
        if self.card.may_decide and self._sheets:
            self._sheets[0].use.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(narrow=self.width() < current().px(NARROW))

    def _make_sheets(self, card: ReviewCard) -> list[SideSheet]:
        sheets = []
        for number, side in enumerate(card.sides, 1):
            # The first is told apart from the second, every other one from the first.
            other = card.sides[0] if number > 1 else card.sides[1] if len(card.sides) > 1 else side
            sheet = SideSheet(side, other.values, number, may_decide=card.may_decide)
            sheet.taken.connect(self.choose)
            sheets.append(sheet)
        return sheets

    def _compose(self) -> None:
        names = {"typed": self._typed, "why": self._why, "keep_both": self._both, "save": self._save}
        for name, widget in names.items():
            widget.setObjectName(name)
        self._row.setSpacing(current().space("s"))
        # Where a field of several lines is typed into, the fields stand in line at their names.
        top, bottom = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
        at = top if self._typed.is_high else bottom
        if self.card.typed_fields:
            self._row.addWidget(self._typed, 3, at)
        self._row.addWidget(self._why, 3, at)
        self._both.setToolTip(self.card.keep_both_words)
        self._both.setAccessibleDescription(self.card.keep_both_words)
        self._row.addWidget(Flow(self._both, self._save, to_right=True), 0, bottom)
        self.body.addLayout(self._row)
        self._both.setVisible(self.card.keep_both)
        self._both.clicked.connect(lambda: self.choose(BOTH))
        self._save.clicked.connect(self._decide)
        self._why.entered.connect(self._decide)
        self._typed.entered.connect(self._decide)
        self._typed.edited.connect(self._on_typed)

    def _on_typed(self) -> None:
        self._choice = TYPED if self._typed.values() else "" if self._choice == TYPED else self._choice
        self._show()

    def _decide(self) -> None:
        if self._choice:
            values = self._typed.values() if self._choice == TYPED else {}
            self.decided.emit(Decision(self.card.card_id, self._choice, values, self._why.value()))

    def _show(self) -> None:
        for sheet in self._sheets:
            sheet.set_taken(sheet.key == self._choice)
        self._both.set_words("Keeping both" if self._choice == BOTH else "Keep both")
        self._save.setEnabled(bool(self._choice))

    def _place(self, *, narrow: bool) -> None:
        across = 1 if narrow else min(2, len(self._sheets))
        for place, sheet in enumerate(self._sheets):
            self._grid.addWidget(sheet, place // across, place % across)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1 if across > 1 else 0)
        directions = QBoxLayout.Direction
        self._row.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)


def _in_question(card: ReviewCard) -> list[TypedField]:
    """What may be typed of what the versions differ in; all that may be typed if that is none of it."""
    differ = {value.field for side in card.sides for value in side.values}
    return [one for one in card.typed_fields if one.field in differ] or list(card.typed_fields)


def _examples(card: ReviewCard) -> dict[str, Sequence[object]]:
    """{field: the values it has on some side}."""
    found: dict[str, list[object]] = {}
    values: list[SideValue] = [*card.was, *(value for side in card.sides for value in side.values)]
    for value in values:
        found.setdefault(value.field, []).append(value.value)
    return dict(found)
