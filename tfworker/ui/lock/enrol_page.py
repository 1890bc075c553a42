"""A new laptop: where the council is, who you are, and the passphrase this laptop shall have."""

import platform

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from tfworker.actions.values import EnrolRequest, Place, Progress
from tfworker.errors import Problem
from tfworker.rules.passphrase import SHORTEST
from tfworker.ui.lock.sheet import Sheet
from tfworker.ui.lock.strength import strength
from tfworker.ui.parts.button import plain, primary
from tfworker.ui.parts.field import LineField
from tfworker.ui.parts.label import Label
from tfworker.ui.parts.notice import Notice
from tfworker.ui.theme import current

EXPLAIN = (
    f"At least {SHORTEST} characters; four words that do not belong together are easy to "
    "remember. Only you know it: nobody can read it back to you."
)


class EnrolPage(Sheet):
    """Asks for what enrolling needs, then shows how far the first sync is.

    enrol_asked: an EnrolRequest. cancel_asked: stop; what was fetched so far stays.
    """

    enrol_asked = Signal(object)
    cancel_asked = Signal()

    def __init__(self, place: Place, council: str = "") -> None:
        super().__init__(place)
        self.council = LineField("Address of your council", council, hint="https://")
        self.user = LineField("Staff number or e-mail")
        self.password = LineField("Password", help="The one the office gave you", secret=True)
        self.code = LineField("One-time code", help="From the office; it works once and not for long")
        self.passphrase = LineField("New passphrase for this laptop", help=EXPLAIN, secret=True)
        self.again = LineField("The same passphrase again", secret=True)
        self.passphrase.edited.connect(self._say_strength)
        self.again.entered.connect(self._on_asked)
        self._strength = Label(size="small", ink="muted")
        self._strength.hide()
        self._enrol = primary("Set up this laptop")
        self._enrol.clicked.connect(self._on_asked)
        self._sheets = (self._form(), self._progress())
        self.card.set_title("Set up this laptop")
        self.card.add(*self._sheets)
        self.show_form()

    def fields(self) -> tuple[LineField, ...]:
        """In the order they stand."""
        return (self.council, self.user, self.password, self.code, self.passphrase, self.again)

    def show_form(self) -> None:
        """The fields, as they were left."""
        self._turn_to(0)
        self.setFocusProxy(self.council if not self.council.value() else self.user)

    def show_progress(self, progress: Progress) -> None:
        """How far it is: its words, and counts where they are known."""
        self._turn_to(1)
        known = progress.done is not None and progress.total
        self._bar.setRange(0, progress.total or 0)
        self._bar.setValue(progress.done or 0)
        self._step.set_words(progress.words)
        counts = f"{progress.done:,} of {progress.total:,}" if known else ""
        if not known and progress.done is not None:
            counts = f"{progress.done:,}"
        counts = progress.detail or counts
        self._counts.set_words(counts)
        self._counts.setVisible(bool(counts))

    def show_problem(self, problem: Problem) -> None:
        """Back to the fields, with what went wrong above them; secrets are kept for another try."""
        self._drop_notice()
        notice = Notice.of(problem)
        notice.closed.connect(self._drop_notice)
        self._notices.addWidget(notice)
        self.show_form()

    def _turn_to(self, sheet: int) -> None:
        for place, widget in enumerate(self._sheets):
            widget.setVisible(place == sheet)

    def _drop_notice(self) -> None:
        while (item := self._notices.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _say_strength(self) -> None:
        judged = strength(self.passphrase.value(), (self.user.value(), self.council.value()))
        self._strength.set_words(judged.words)
        self._strength.set_ink("ok" if judged.is_enough else "warn")
        self._strength.setVisible(bool(judged.words))

    def _on_asked(self) -> None:
        if not self._is_complete():
            return
        self._drop_notice()
        self.enrol_asked.emit(
            EnrolRequest(
                council=self.council.value(),
                user=self.user.value(),
                password=self.password.value(),
                code=self.code.value(),
                passphrase=self.passphrase.value(),
                device_name=platform.node(),
            )
        )

    def _is_complete(self) -> bool:
        """Say at each field what is missing; True if nothing is. The first that lacks has the focus."""
        missing = {field: "Missing" for field in self.fields() if not field.value()}
        judged = strength(self.passphrase.value(), (self.user.value(), self.council.value()))
        if self.passphrase not in missing and not judged.is_enough:
            missing[self.passphrase] = judged.words
        if self.again not in missing and self.again.value() != self.passphrase.value():
            missing[self.again] = "The two are not the same"
        for field in self.fields():
            field.set_missing(missing.get(field, ""))
        first = next((field for field in self.fields() if field in missing), None)
        if first is not None:
            first.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return first is None

    def _form(self) -> QWidget:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current().space("m"))
        self._notices = QVBoxLayout()
        column.addLayout(self._notices)
        for field in self.fields():
            column.addWidget(field)
            if field is self.passphrase:
                column.addWidget(self._strength)
        column.addWidget(self._enrol)
        return form

    def _progress(self) -> QWidget:
        sheet = QWidget()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current().space("m"))
        self._step = Label()
        self._counts = Label(size="small", ink="muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("How far it is")
        cancel = plain("Cancel")
        cancel.setToolTip("What was fetched so far stays on this laptop")
        cancel.clicked.connect(self.cancel_asked)
        for widget in (self._step, self._bar, self._counts, cancel):
            column.addWidget(widget)
        return sheet
