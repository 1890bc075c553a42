"""An edit the council did not take: its reason, and its own values to correct and send again."""

from PySide6.QtCore import Signal

from tfworker.actions.phrases import say
from tfworker.actions.values import ReturnedEdit
from tfworker.ui.parts import Card, Chip, Flow, Kind, LineField, plain, quiet, strong
from tfworker.ui.review.typed import TypedFields
from tfworker.ui.row import Row


class Returned(Card):
    """corrected(op_id, values): save this instead. let_go(op_id, why): it is no longer wanted."""

    corrected = Signal(str, dict)
    let_go = Signal(str, str)

    def __init__(self, edit: ReturnedEdit) -> None:
        super().__init__()
        self.about = edit
        self.setObjectName(f"returned:{edit.op_id}")
        about = " · ".join(part for part in (edit.family_label, f"written {edit.made_words}") if part)
        chip = Chip("Waits for somebody", Kind.INFO) if edit.waits else Chip("Came back to you", Kind.WARN)
        what = edit.what[:1].upper() + edit.what[1:]
        self.add(Flow(chip), Row(strong(what), f"\n{about}"))
        self.setAccessibleName(f"{chip.text()}: {what}")
        self.say(edit.reason)
        self._fields: TypedFields | None = None
        names = {field.field for field in edit.typed_fields}
        typed = [value for value in edit.values if value.field in names]
        for value in edit.values:
            if value not in typed:
                self.say(f"{value.label[:1].upper()}{value.label[1:]}: {value.words}", ink="muted")
        if edit.waits:
            return
        self._fields = TypedFields(edit.typed_fields, {value.field: [value.value] for value in typed})
        self._fields.fill(typed)
        self._before = self._fields.values()
        self._giving_up = False
        again, leave = plain(say("returned.again")), quiet(say("returned.let_go"))
        self._why = LineField(say("returned.why"), help=say("returned.why.help"))
        self._why.setObjectName("let_go_why")
        self._why.hide()
        self._why.entered.connect(self._give_up)
        again.setObjectName("send_again")
        leave.setObjectName("let_go")
        again.clicked.connect(self._correct)
        leave.clicked.connect(self._give_up)
        self._leave = leave
        self._fields.entered.connect(self._correct)
        self.add(self._fields, self._why, Flow(leave, again, to_right=True))

    def set_missing(self, name: str, words: str) -> bool:
        return self._fields is not None and self._fields.set_missing(name, words)

    def _give_up(self) -> None:
        """Two steps: what is let go is written down with its reason, and not by a slip of the hand."""
        if self._giving_up:
            self.let_go.emit(self.about.op_id, self._why.value())
            return
        self._giving_up = True
        self._why.show()
        self._leave.set_words(say("returned.let_go_sure"))
        self._why.editor.setFocus()

    def _correct(self) -> None:
        """Only what was changed is sent; a field that was emptied is sent as nothing."""
        assert self._fields is not None
        now = self._fields.values()
        names = self._before.keys() | now.keys()
        changed = {name: now.get(name) for name in names if now.get(name) != self._before.get(name)}
        self.corrected.emit(self.about.op_id, changed)
