"""A colleague's change that waits for this person's word, or a note of hers to be read."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout

from tfworker.actions.phrases import count, say
from tfworker.actions.values import ADMIT, DECLINE, READ, TrayItem
from tfworker.ui.parts import Card, Chip, Flow, Kind, LineField, plain, strong
from tfworker.ui.row import Row
from tfworker.ui.theme import current


class Held(Card):
    """answered(held_id, choice, why). note_wanted(note_id, family_id): she reads it first."""

    answered = Signal(str, str, str)
    note_wanted = Signal(str, str)

    def __init__(self, item: TrayItem) -> None:
        super().__init__()
        self.about = item
        self.setObjectName(f"held:{item.held_id}")
        chips = [Chip(item.heading, Kind.INFO)]
        if item.overdue:
            chips.append(Chip(say("tray.late"), Kind.WARN))
        what = item.what[:1].upper() + item.what[1:]
        about = " · ".join(part for part in (item.family_label, f"{item.who}, {item.made_words}") if part)
        self.add(Flow(*chips), Row(strong(what), f"\n{about}"))
        self.setAccessibleName(f"{item.heading}: {what}")
        self.say(item.reason)
        self._say_values(item)
        if item.with_it:
            self.say(count("tray.with_it", item.with_it), ink="muted")
        self._why: LineField | None = None
        self._asked = ""  # the answer she last gave
        if not item.may_decide:
            self.say(item.decided_by_words, ink="muted")
        elif item.to_read:
            self._offer_reading(item)
        else:
            self._offer_answers()

    def set_missing(self, name: str, words: str) -> bool:
        """Mark the Why that was left out; False for any other field."""
        if self._why is None or name != "why" or not self._asked:
            return False
        self._why.set_missing(words)
        self._why.editor.setFocus()
        return True

    def _say_values(self, item: TrayItem) -> None:
        was = {value.field: value.words for value in item.was}
        for value in item.values:
            name = f"{value.label[:1].upper()}{value.label[1:]}: "
            before = was.get(value.field)
            self.say(name, strong(value.words), say("tray.was", was=before) if before else "")

    def _offer_reading(self, item: TrayItem) -> None:
        read = plain(say("tray.mark_read"), icon_name="check")
        read.setObjectName("mark_read")
        read.clicked.connect(lambda: self._answer(READ))
        buttons = Flow(to_right=True)
        if item.note_id and item.family_id:
            look = plain(say("tray.read_note"))
            look.setObjectName("read_note")
            look.clicked.connect(lambda: self.note_wanted.emit(item.note_id, item.family_id))
            buttons.add(look)
        buttons.add(read)
        self.add(buttons)

    def _offer_answers(self) -> None:
        self._why = LineField(say("tray.why_field"))
        self._why.setObjectName("held_why")
        self._why.entered.connect(self._on_why)
        admit, decline = plain(say("tray.admit"), icon_name="check"), plain(say("tray.decline"))
        admit.setObjectName("admit")
        decline.setObjectName("decline")
        admit.clicked.connect(lambda: self._answer(ADMIT))
        decline.clicked.connect(lambda: self._answer(DECLINE))
        row = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        row.setSpacing(current().space("s"))
        row.addWidget(self._why)
        row.addWidget(Flow(decline, admit, to_right=True))
        self.body.addLayout(row)

    def _on_why(self) -> None:
        """Enter in the Why goes on with declining, which asked for it; before that it answers nothing."""
        if self._asked == DECLINE:
            self._answer(DECLINE)

    def _answer(self, choice: str) -> None:
        self._asked = choice
        self.answered.emit(self.about.held_id, choice, self._why.value() if self._why is not None else "")
