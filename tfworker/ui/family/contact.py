"""A number or address of a person, with whether it is safe to use, in words."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tfworker.actions.values import ContactPoint
from tfworker.records.words import SafeToCall
from tfworker.ui.chips import state_mark
from tfworker.ui.family.dispute import Dispute, disputes
from tfworker.ui.parts import Chip, Flow, Kind, Label, quiet
from tfworker.ui.theme import current

SAFE_KINDS = {SafeToCall.YES: Kind.OK, SafeToCall.ONLY_WHEN: Kind.WARN, SafeToCall.NO: Kind.DANGER}
NOT_GIVEN = "not on this laptop"
CALLING = frozenset({"value", "safe_to_call", "safe_note", "do_not_leave_message"})
NAMES = {"value": "Number", "safe_to_call": "Safe to call", "safe_note": "When it is safe",
         "do_not_leave_message": "Leave no message", "kind": "Kind"}  # fmt: skip


class Contact(QWidget):
    """One line. change_wanted(): she wants to change it. review_wanted(card_id)."""

    change_wanted = Signal()
    review_wanted = Signal(str)

    def __init__(self, point: ContactPoint, whose: str, *, may_write: bool) -> None:
        super().__init__()
        self.point = point
        code = point.safe_to_call.code
        # What nobody has said is shown as a warning, never as safe.
        kind = SAFE_KINDS.get(SafeToCall(code), Kind.WARN) if code in set(SafeToCall) else Kind.WARN
        value = Label(point.value if point.value is not None else NOT_GIVEN).one_line().selectable()
        value.setProperty("strong", True)
        what = Label(point.kind.words, ink="muted").one_line()
        words = Flow(what, value, Chip(point.safe_words, kind))
        if not point.current:
            words.add(Chip("No longer in use", Kind.QUIET))
        for sign in state_mark(point.whereabouts, point.disputed):
            words.add(sign)
        row = QHBoxLayout()
        row.setSpacing(current().space("xs"))
        row.addWidget(words, 1)
        if may_write:
            change = quiet("Change")
            change.setAccessibleName(f"Change {whose}’s {point.kind.words.lower()}")
            change.clicked.connect(self.change_wanted)
            row.addWidget(change, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        for mark in self.marks():
            mark.review_wanted.connect(self.review_wanted)
            column.addWidget(mark)
        self.setAccessibleName(f"{point.kind.words}: {point.value or NOT_GIVEN}. {point.safe_words}")

    def marks(self) -> list[Dispute]:
        """The marks of what is disputed; before ringing, both versions are in sight."""
        found = self.point.disputed
        return [
            mark
            for field in found
            for mark in disputes({field: found[field]}, NAMES, at_once=field in CALLING)
        ]
