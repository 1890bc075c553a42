"""One version on its own sheet: where and whose, what it says, and the button that takes it."""

from collections.abc import Sequence
from itertools import zip_longest

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout

from tfworker.actions.values import Side, SideValue
from tfworker.ui.parts import Button, Card, Chip, Flow, Kind, Label, Look, Words, underlined
from tfworker.ui.review.differences import differing
from tfworker.ui.theme import current

LONG = 48  # characters; above this a value is set as text, not as a figure


class Use(Button):
    """Takes a version; taken, it says so and has the main button's colours."""

    def __init__(self, key: str) -> None:
        super().__init__("Use this one", hint=key)
        # Not the button's own shortcut: that clicks a tenth of a second late, and Enter may follow sooner.
        QShortcut(QKeySequence(key), self).activated.connect(self.click)

    def set_taken(self, taken: bool) -> None:
        self._look = Look.PRIMARY if taken else Look.PLAIN
        self._icon_name = "check" if taken else ""
        self.setProperty("kind", self._look.value)
        self.set_words("Using this one" if taken else "Use this one")
        self.update()


class SideSheet(Card):
    """One side. others: the values it is told apart from. number: its key, 1, 2, ...

    taken(key): the person takes this one.
    """

    taken = Signal(str)

    def __init__(self, side: Side, others: Sequence[SideValue], number: int, *, may_decide: bool) -> None:
        super().__init__()
        self.key = side.key
        self.setObjectName(f"side:{number}")
        who = ", ".join(part for part in (side.who, side.at_words) if part)
        self.setAccessibleName(f"{side.where.words}, {who}")
        chips = [Chip.of(side.where)]
        if side.stands:
            chips.append(Chip("In use now", Kind.QUIET))
        self._put_head(chips, who)
        if side.did:
            self.say(side.did[:1].upper() + side.did[1:], size="small", ink="muted")
        for value, other in zip_longest(side.values, others):
            if value is not None:
                self._say(value, other, named=len(side.values) > 1)
        self.use = Use(str(number))
        self.use.setObjectName(f"use:{number}")
        self.use.clicked.connect(lambda: self.taken.emit(self.key))
        self.body.addStretch(1)
        self.add(self.use)
        self.use.setVisible(may_decide)

    def set_taken(self, taken: bool) -> None:
        self.use.set_taken(taken)

    def _put_head(self, chips: Sequence[Chip], who: str) -> None:
        """Where it is at the left, whose it is at the right."""
        row = QHBoxLayout()
        row.setSpacing(current().space("s"))
        row.addWidget(Flow(*chips), 1)
        whose = Label(who, size="small", ink="muted")
        whose.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        row.addWidget(whose, 1)
        self.body.addLayout(row)

    def _say(self, value: SideValue, other: SideValue | None, *, named: bool) -> None:
        if named:
            self.say(value.label[:1].upper() + value.label[1:], size="small", ink="muted")
        pieces = differing(value.words, other.words if other is not None else "")
        words: list[Words] = [underlined(piece) if differs else piece for piece, differs in pieces]
        size = "narrative" if len(value.words) > LONG else "value"
        self.add(Label(*words, size=size).selectable())
