"""The mark on a value that two people changed at once: what stands, what else was written, and Review."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tfworker.actions.values import Disputed
from tfworker.ui.parts import Chip, Flow, Kind, Label, Words, quiet, strong
from tfworker.ui.theme import current


class Dispute(QWidget):
    """One disputed value.

    what: its field in words, "" where the place says it. at_once: show every version without a key
    (a phone number: she must not ring before she has seen both).
    review_wanted(card_id): she wants to decide it.
    """

    review_wanted = Signal(str)

    def __init__(self, disputed: Disputed, what: str = "", *, at_once: bool = False) -> None:
        super().__init__()
        self._disputed, self._at_once = disputed, at_once
        self._mine = quiet("Show what you wrote")
        self._mine.clicked.connect(self.turn)
        self._mine.setVisible(disputed.mine is not None and not at_once)
        review = quiet("Decide in Review")
        review.clicked.connect(lambda: self.review_wanted.emit(disputed.card_id))
        head = Flow(Chip("Two versions", Kind.WARN), gap=current().space("s"))
        # The chip says "two versions" already; what follows is what to do about it.
        warning = disputed.warning.removeprefix("Two versions: ")
        said = f"{what}: {warning}" if what else warning[:1].upper() + warning[1:]
        head.add(Label(said, ink="warn").one_line())
        head.add(self._mine)
        head.add(review)
        self._versions = Label()
        self._versions.setVisible(at_once)
        self._say_versions(at_once)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._versions)
        self.setAccessibleName(f"Two versions. {said}")

    def turn(self) -> None:
        """Show or hide what this laptop wrote; versions that must be in sight stay so."""
        if self._at_once or self._disputed.mine is None:
            return
        shown = not self._versions.isVisibleTo(self)
        self._versions.setVisible(shown)
        self._mine.set_words("Hide what you wrote" if shown else "Show what you wrote")

    def versions(self) -> str:
        """What is said of the versions, shown or not."""
        return self._versions.words()

    def _say_versions(self, at_once: bool) -> None:
        said = self._disputed
        pieces: list[Words] = ["In use now: ", strong(said.stands)] if at_once else []
        if said.mine is not None and said.mine != said.stands:
            pieces += ["   You wrote: " if at_once else "You wrote: ", strong(said.mine)]
        elif said.mine is not None:
            pieces += ["   That is what you wrote" if at_once else "What stands is what you wrote"]
        for other in said.others:
            pieces += ["   Somebody else wrote: ", strong(other)]
        self._versions.set_words(*pieces)
        self._versions.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)


def disputes(
    marks: Mapping[str, Disputed], names: Mapping[str, str], *, at_once: bool = False
) -> list[Dispute]:
    """A mark for each disputed field, one for each card and text. names: {field: what it is called}."""
    return [Dispute(mark, names.get(field, ""), at_once=at_once) for field, mark in marks.items()]
