"""One need on its card: what it is, whose, how grave, who says so, and whether a goal answers it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tfworker.actions.values import NeedLine
from tfworker.records.words import NeedSeverity, NeedStatus
from tfworker.ui import dates
from tfworker.ui.chips import state_mark
from tfworker.ui.family.dispute import disputes
from tfworker.ui.parts import Chip, Flow, Kind, Label, slanted, strong
from tfworker.ui.theme import current

OVER = frozenset({NeedStatus.MET, NeedStatus.NOT_MET, NeedStatus.NOT_APPLICABLE})
NAMES = {"described_in_family_words": "In their words", "severity": "How serious", "status": "How it stands",
         "person_ids": "Whose need"}  # fmt: skip


class Need(QWidget):
    """The line. review_wanted(card_id)."""

    review_wanted = Signal(str)

    def __init__(self, need: NeedLine) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, current().space("xs"))
        column.setSpacing(current().px(2))
        column.addWidget(Label(strong(need.title)))
        if need.own_words:
            column.addWidget(Label(slanted(f"“{need.own_words}”")))
        column.addWidget(_chips(need))
        since = f"since {dates.near(need.identified_on, dates.today())}" if need.identified_on else ""
        source = f"from {need.source}" if need.source else ""
        said = " · ".join(part for part in (", ".join(need.people), source, since) if part)
        if said:
            column.addWidget(Label(said, size="small", ink="muted"))
        for mark in disputes(need.disputed, NAMES):
            mark.review_wanted.connect(self.review_wanted)
            column.addWidget(mark)


def _chips(need: NeedLine) -> Flow:
    grave = need.severity.code in (NeedSeverity.SIGNIFICANT, NeedSeverity.ACUTE)
    chips = Flow(gap=current().px(6))
    if need.severity.words:
        chips.add(Chip(need.severity.words, Kind.WARN if grave else Kind.QUIET))
    settled = need.status.code in OVER
    chips.add(Chip(need.status.words, Kind.OK if need.status.code == NeedStatus.MET else Kind.QUIET))
    if not need.goal_ids and not settled:
        chips.add(Chip("No goal yet", Kind.WARN))
    for sign in state_mark(need.whereabouts, need.disputed):
        chips.add(sign)
    return chips
