"""What comes next: promises made at the visit, each with an owner and a day, and the next visit."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from tfworker.actions.values import ActionDraft
from tfworker.actions.wording import words_of
from tfworker.records.words import OwnerKind
from tfworker.ui import dates
from tfworker.ui.note.opener import Opener
from tfworker.ui.parts import (
    Card,
    ChipToggle,
    ChoiceField,
    DateField,
    Flow,
    Kind,
    LineField,
    TimeField,
    plain,
)
from tfworker.ui.theme import current


class Promises(Card):
    """edited: a promise was put down or taken back, or the next visit changed."""

    edited = Signal()

    def __init__(self, actions: tuple[ActionDraft, ...], next_visit_at: datetime | None) -> None:
        super().__init__("Next")
        self.setObjectName("next")
        self._promises: list[tuple[ChipToggle, ActionDraft]] = []
        self._flow = Flow()
        self._more = Opener("action", "Put down an action")
        self._more.setObjectName("action")
        self._visit = Opener("next visit", "Plan the next visit")
        self._visit.setObjectName("next_visit")
        self._what = LineField("What", hint="Ring the housing officer")
        owners = [(choice.code, choice.words) for choice in words_of(OwnerKind)]
        self._owner = ChoiceField("Whose", owners, OwnerKind.WORKER.value)
        self._name = LineField("Name", hint="Optional")
        self._due = DateField("By")
        self._form = self._action_form()
        at = dates.local(next_visit_at) if next_visit_at else None
        self.visit_day = DateField("Next visit", at.date() if at else None)
        self.visit_time = TimeField("At", at.time() if at else None)
        self._visit_form = self._next_form()
        self.add(self._flow, self._form, self._visit_form)
        for action in actions:
            self._put(action)
        self._flow.add(self._more)
        self._flow.add(self._visit)
        self._form.hide()
        self._visit.setChecked(at is not None)
        self._visit_form.setVisible(at is not None)
        self._listen()

    def promised(self) -> tuple[ActionDraft, ...]:
        """The promises that are ticked; words left in the open form count."""
        found = [action for chip, action in self._promises if chip.isChecked()]
        if self._form.isVisibleTo(self) and self._what.value():
            found.append(self._written())
        return tuple(found)

    def next_visit_at(self) -> datetime | None:
        """When the next visit is planned for; None until day and time can be read."""
        day, at = self.visit_day.value(), self.visit_time.value()
        if not self._visit.isChecked() or day is None or at is None:
            return None
        return dates.instant(day, at)

    def fields(self) -> dict[str, DateField | LineField]:
        """{field of NoteDraft: the field to mark}."""
        return {"next_visit_at": self.visit_day, "what": self._what}

    def _put(self, action: ActionDraft) -> None:
        due = f", {dates.near(action.due, dates.today())}" if action.due else ""
        owner = f"{action.owner_name}: " if action.owner_name else ""
        chip = ChipToggle(f"{owner}{action.what}{due}", Kind.INFO, on=True)
        chip.setToolTip("Untick to take it back")
        chip.toggled.connect(self.edited)
        self._promises.append((chip, action))
        self._flow.add(chip)

    def _written(self) -> ActionDraft:
        owner = str(self._owner.value() or OwnerKind.WORKER.value)
        return ActionDraft(self._what.value(), owner, self._name.value(), self._due.value())

    def _on_add(self) -> None:
        if not self._what.value():
            self._more.setChecked(False)
            return
        action = self._written()
        self._put(action)
        self._flow.put_last(self._more, self._visit)
        for field in (self._what, self._name):
            field.set_value("")
        self._due.set_value(None)
        self._more.setChecked(False)
        self._more.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _on_more(self, wanted: bool) -> None:
        self._form.setVisible(wanted)
        if wanted:
            self._what.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_visit(self, wanted: bool) -> None:
        self._visit_form.setVisible(wanted)
        if wanted:
            self.visit_day.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _listen(self) -> None:
        self._more.toggled.connect(self._on_more)
        self._visit.toggled.connect(self._on_visit)
        self._what.entered.connect(self._on_add)
        for field in (self._what, self._name, self._owner, self._due, self.visit_day, self.visit_time):
            field.edited.connect(self.edited)

    def _action_form(self) -> QWidget:
        form = QWidget()
        column = QBoxLayout(QBoxLayout.Direction.TopToBottom, form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current().space("s"))
        second = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        second.setSpacing(current().space("s"))
        self._what.setObjectName("action_what")
        self._due.setObjectName("action_due")
        self._name.setObjectName("action_name")
        self._owner.setObjectName("action_owner")
        put = plain("Put down")
        put.setObjectName("action_put")
        put.clicked.connect(self._on_add)
        for field in (self._owner, self._name):
            second.addWidget(field, 1)
        column.addWidget(self._what)
        column.addLayout(second)
        self._due.add_beside(put)
        column.addWidget(self._due)
        return form

    def _next_form(self) -> QWidget:
        form = QWidget()
        row = QBoxLayout(QBoxLayout.Direction.LeftToRight, form)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(current().space("s"))
        self.visit_day.setObjectName("next_day")
        self.visit_time.setObjectName("next_time")
        row.addWidget(self.visit_day, 3, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.visit_time, 2, Qt.AlignmentFlag.AlignTop)
        return form
