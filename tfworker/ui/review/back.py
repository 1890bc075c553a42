"""An edit the council did not take: its reason, and its own values to correct and send again."""

from PySide6.QtCore import Signal

from tfworker.actions.values import ReturnedEdit, TypedField
from tfworker.ui.parts import Card, Chip, Flow, Kind, plain, strong
from tfworker.ui.review.typed import TypedFields
from tfworker.ui.row import Row

LONG = 80  # characters; above this a value has room for several lines


class Returned(Card):
    """corrected(op_id, values): send this instead. let_go(op_id): it is no longer wanted."""

    corrected = Signal(str, dict)
    let_go = Signal(str)

    def __init__(self, edit: ReturnedEdit) -> None:
        super().__init__()
        self.edit = edit
        self.setObjectName(f"returned:{edit.op_id}")
        about = " · ".join(part for part in (edit.family_label, f"written {edit.made_words}") if part)
        chip = Chip("Waits for somebody", Kind.INFO) if edit.waits else Chip("Came back to you", Kind.WARN)
        self.add(Row(strong(edit.what), f"\n{about}", chips=(chip,)))
        self.say(edit.reason)
        self._fields: TypedFields | None = None
        if edit.waits:
            for value in edit.values:
                self.say(f"{value.label}: {value.words}", ink="muted")
            return
        fields = [
            TypedField(value.field, value.label, isinstance(value.value, str) and len(value.value) > LONG)
            for value in edit.values
        ]
        self._fields = TypedFields(fields, {value.field: [value.value] for value in edit.values})
        self._fields.fill(edit.values)
        again, leave = plain("Send this instead"), plain("Let it go")
        again.setObjectName("send_again")
        leave.setObjectName("let_go")
        again.clicked.connect(self._correct)
        leave.clicked.connect(lambda: self.let_go.emit(edit.op_id))
        self._fields.entered.connect(self._correct)
        self.add(self._fields, Flow(leave, again, to_right=True))

    def set_missing(self, name: str, words: str) -> bool:
        return self._fields is not None and self._fields.set_missing(name, words)

    def _correct(self) -> None:
        assert self._fields is not None
        self.corrected.emit(self.edit.op_id, self._fields.values())
