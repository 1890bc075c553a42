"""An edit the council did not take: its reason, and its own values to correct and send again."""

from datetime import date

from PySide6.QtCore import Signal

from tfworker.actions.values import ReturnedEdit, TypedField
from tfworker.ui.parts import Card, Chip, Flow, Kind, plain, strong
from tfworker.ui.review.typed import TypedFields
from tfworker.ui.row import Row

TYPABLE = (str, int, date)  # a list of people or goals is chosen elsewhere, not typed
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
        typed = [] if edit.waits else [value for value in edit.values if isinstance(value.value, TYPABLE)]
        for value in edit.values:
            if value not in typed:
                self.say(f"{value.label[:1].upper()}{value.label[1:]}: {value.words}", ink="muted")
        if edit.waits:
            return
        fields = [
            TypedField(value.field, value.label, isinstance(value.value, str) and len(value.value) > LONG)
            for value in typed
        ]
        self._fields = TypedFields(fields, {value.field: [value.value] for value in typed})
        self._fields.fill(typed)
        self._before = self._fields.values()
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
        """Only what was changed is sent; a field that was emptied is sent as nothing."""
        assert self._fields is not None
        now = self._fields.values()
        names = self._before.keys() | now.keys()
        changed = {name: now.get(name) for name in names if now.get(name) != self._before.get(name)}
        self.corrected.emit(self.edit.op_id, changed)
