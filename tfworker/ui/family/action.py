"""One promise: who does what by when, and the tick that it is done."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tfworker.actions.values import ActionLine
from tfworker.records.words import ActionState, OwnerKind
from tfworker.ui import dates
from tfworker.ui.chips import state_mark
from tfworker.ui.family.dispute import disputes
from tfworker.ui.parts import Chip, Flow, Kind, Label, Tick, quiet
from tfworker.ui.theme import current

OWNER_KINDS = {OwnerKind.FAMILY: Kind.OK, OwnerKind.WORKER: Kind.ACCENT, OwnerKind.AGENCY: Kind.INFO}
TICK = 31  # px at 100 %: as far in as the tick's words
NAMES = {"what": "What", "due": "By when", "state": "How it stands", "owner_kind": "Who", "owner_name": "Who"}


def owner_words(action: ActionLine) -> str:
    """ "Family: Dana", "Worker: A. Bright", "Agency: Housing"."""
    return ": ".join(part for part in (action.owner_kind.words, action.owner_name) if part)


class Promise(QWidget):
    """One line. finished(action, on): the tick was set or taken back. other_wanted(action): it ended
    some other way. review_wanted(card_id)."""

    finished = Signal(object, bool)
    other_wanted = Signal(object)
    review_wanted = Signal(str)

    def __init__(self, action: ActionLine, *, may_write: bool) -> None:
        super().__init__()
        self.action = action
        state = action.state.code
        self.tick = Tick(action.what, state == ActionState.DONE)
        self.tick.setEnabled(may_write and state in (ActionState.OPEN, ActionState.DONE))
        self.tick.setAccessibleName(f"Done: {action.what}. {owner_words(action)}, {action.due_words}")
        self.tick.clicked.connect(self._on_ticked)
        head = QHBoxLayout()
        head.addWidget(self.tick, 1)
        if may_write and state == ActionState.OPEN:
            other = quiet("Ended otherwise")
            other.setAccessibleName(f"Ended otherwise: {action.what}")
            other.clicked.connect(lambda: self.other_wanted.emit(self.action))
            head.addWidget(other)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._facts())
        for mark in disputes(action.disputed, NAMES):
            mark.review_wanted.connect(self.review_wanted)
            column.addWidget(mark)

    def put_back(self) -> None:
        """The tick as it was: what it asked for could not be done."""
        self.tick.setChecked(self.action.state.code == ActionState.DONE)

    def _facts(self) -> QWidget:
        action = self.action
        code = action.owner_kind.code
        kind = OWNER_KINDS[OwnerKind(code)] if code in set(OwnerKind) else Kind.QUIET
        flow = Flow(Chip(owner_words(action), kind))
        if action.overdue:
            flow.add(Chip(action.due_words[:1].upper() + action.due_words[1:], Kind.WARN))
        elif action.state.code == ActionState.OPEN:
            flow.add(Label(action.due_words, size="small", ink="muted").one_line())
        else:
            on = f" {dates.near(action.done_on, dates.today())}" if action.done_on else ""
            flow.add(Label(f"{action.state.words}{on}", size="small", ink="muted").one_line())
        if not action.visible_to_family:
            flow.add(Label("not shown to the family", size="small", ink="muted").one_line())
        for sign in state_mark(action.whereabouts, action.disputed):
            flow.add(sign)
        facts = QWidget()
        row = QHBoxLayout(facts)
        row.setContentsMargins(current().px(TICK), 0, 0, 0)
        row.addWidget(flow)
        return facts

    def _on_ticked(self, on: bool) -> None:
        self.finished.emit(self.action, on)
