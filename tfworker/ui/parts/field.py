"""Labelled fields. A field names itself to a screen reader and says below what is missing or wrong.

Nothing here refuses text: a value that makes no sense stays where it was typed, and is said to.
"""

from collections.abc import Callable, Hashable, Sequence
from datetime import date, time, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from tfworker.ui import dates
from tfworker.ui.parts.calendar import DateLine
from tfworker.ui.parts.choice import Choice
from tfworker.ui.parts.label import Label, restyle
from tfworker.ui.parts.narrative import Narrative
from tfworker.ui.theme import current


class Field(QWidget):
    """A label, its editor, and a line for help or for what is missing.

    edited: the person changed the value (not raised by set_value).
    name_shown: False where the card's title already says it; the editor keeps the name.
    """

    edited = Signal()

    def __init__(self, name: str, editor: QWidget, *, help: str = "", name_shown: bool = True) -> None:
        super().__init__()
        theme = current()
        self.editor = editor
        self._name, self._help = name, help
        self._label = QLabel(name)
        self._label.setProperty("type", "small")
        self._label.setProperty("ink", "muted")
        self._label.setWordWrap(True)
        self._label.setBuddy(editor)
        if not name_shown:
            self._label.hide()
        self._message = Label(help, size="small", ink="muted")
        self._row = QHBoxLayout()
        self._row.setSpacing(theme.space("xs"))
        self._row.addWidget(editor, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space("xs"))
        column.addWidget(self._label)
        column.addLayout(self._row)
        column.addWidget(self._message)
        editor.setAccessibleName(name.replace("&", ""))
        self.setFocusProxy(editor)
        self.set_missing("")

    def set_missing(self, words: str) -> None:
        """Say below the field what is missing or wrong; "" takes it back and shows the help again."""
        self._message.set_words(words or self._help)
        self._message.set_ink("danger" if words else "muted")
        self._message.setVisible(bool(words or self._help))
        self.editor.setAccessibleDescription(words or self._help)
        self.editor.setProperty("missing", bool(words))
        restyle(self.editor)

    def missing(self) -> str:
        """What is said to be missing; "" if nothing is."""
        return self._message.words() if self.editor.property("missing") else ""

    def add_beside(self, widget: QWidget) -> None:
        """Put a small button at the right of the editor."""
        self._row.addWidget(widget)


class LineField(Field):
    """One line of text.

    hint: grey words inside while it is empty; an example, never the label.
    secret: dots instead of letters, kept out of the input method's memory.
    """

    entered = Signal()  # Return was pressed

    def __init__(
        self, name: str, value: str = "", *, hint: str = "", help: str = "", secret: bool = False
    ) -> None:
        self._line = QLineEdit(value)
        super().__init__(name, self._line, help=help)
        self._is_secret = secret
        self._line.setPlaceholderText(hint)
        if secret:
            self._line.setEchoMode(QLineEdit.EchoMode.Password)
        self._line.textEdited.connect(self._on_edited)
        self._line.returnPressed.connect(self.entered)

    def value(self) -> str:
        """The text, without blanks around it; exactly as typed if the field is secret."""
        return self._line.text() if self._is_secret else self._line.text().strip()

    def set_value(self, value: str) -> None:
        self._line.setText(value)

    def set_read_only(self, read_only: bool) -> None:
        self._line.setReadOnly(read_only)
        restyle(self._line)

    def set_shown(self, shown: bool) -> None:
        """Whether a secret's letters can be read."""
        self._line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    def select_all(self) -> None:
        self._line.selectAll()

    def _on_edited(self) -> None:
        self.set_missing("")
        self.edited.emit()


class NarrativeField(Field):
    """Several lines of a person's own words, 15 px, at most about 90 characters wide; grows as it fills."""

    def __init__(
        self, name: str, value: str = "", *, hint: str = "", help: str = "", name_shown: bool = True
    ) -> None:
        self._words = Narrative(value)
        super().__init__(name, self._words, help=help, name_shown=name_shown)
        self._words.setPlaceholderText(hint)
        self._words.textChanged.connect(self._on_changed)
        self._quiet = False

    def value(self) -> str:
        """The text exactly as typed."""
        return self._words.toPlainText()

    def set_value(self, value: str) -> None:
        """Replace the text, if it differs: the cursor stays when it does not."""
        if value != self.value():
            self._quiet = True
            self._words.setPlainText(value)
            self._quiet = False

    def set_read_only(self, read_only: bool) -> None:
        self._words.setReadOnly(read_only)
        restyle(self._words)

    def set_lines(self, least: int, most: int = 24) -> None:
        """Between how many lines it grows; beyond that it scrolls."""
        self._words.set_lines(least, most)

    def _on_changed(self) -> None:
        if not self._quiet:
            self.set_missing("")
            self.edited.emit()


class ChoiceField(Field):
    """One of a list, or nothing yet.

    choices: (value, words). value() is None while "Choose" stands there.
    """

    def __init__(
        self,
        name: str,
        choices: Sequence[tuple[Hashable, str]],
        value: Hashable | None = None,
        *,
        help: str = "",
        empty: str = "Choose",
    ) -> None:
        self._choice = Choice()
        super().__init__(name, self._choice, help=help)
        self._empty = empty
        self.set_choices(choices)
        self.set_value(value)
        self._choice.activated.connect(self._on_activated)

    def set_choices(self, choices: Sequence[tuple[Hashable, str]]) -> None:
        """Offer these instead; what was chosen stays chosen if it is still among them."""
        before = self.value()
        self._choice.clear()
        self._choice.addItem(self._empty, None)
        for value, words in choices:
            self._choice.addItem(words, (value,))
        self.set_value(before)

    def value(self) -> Hashable | None:
        held = self._choice.currentData()
        return held[0] if held else None

    def set_value(self, value: Hashable | None) -> None:
        """Choose this; what is not among the choices shows as nothing chosen."""
        held = (self._choice.itemData(place) for place in range(self._choice.count()))
        places = (at for at, item in enumerate(held) if item and item[0] == value)
        self._choice.setCurrentIndex(0 if value is None else next(places, 0))

    def _on_activated(self) -> None:
        self.set_missing("")
        self.edited.emit()


class _TypedField(Field):
    """A line that holds a date or a time: read leniently, written back in full when left."""

    wrong = ""  # what to say when the text is none

    def __init__(self, name: str, line: QLineEdit, hint: str, help: str) -> None:
        self._line = line
        super().__init__(name, self._line, help=help)
        self._line.setPlaceholderText(hint)
        self._line.textEdited.connect(self._on_edited)
        self._line.editingFinished.connect(self._on_left)
        self._line.setMinimumWidth(current().px(128))

    def text(self) -> str:
        """What is typed, sense or not."""
        return self._line.text().strip()

    def is_wrong(self) -> bool:
        """There is text, and it cannot be read."""
        return bool(self.text()) and self._read() is None

    def set_read_only(self, read_only: bool) -> None:
        self._line.setReadOnly(read_only)
        restyle(self._line)

    def _read(self) -> date | time | None:
        raise NotImplementedError

    def _show(self) -> None:
        raise NotImplementedError

    def _on_edited(self) -> None:
        self.set_missing("")
        self.edited.emit()

    def _on_left(self) -> None:
        if self.is_wrong():
            self.set_missing(self.wrong)
        else:
            self._show()


class DateField(_TypedField):
    """A date, dd/mm/yyyy. Also reads "9 Nov", "today", 9.11.16; arrows up and down move a day.

    today: what "today" and a missing year are taken from.
    """

    wrong = "Write the date as day/month/year, such as 09/11/2016"

    def __init__(
        self,
        name: str,
        value: date | None = None,
        *,
        help: str = "",
        today: Callable[[], date] = dates.today,
    ) -> None:
        line = DateLine(lambda: self.value() or today())
        super().__init__(name, line, "dd/mm/yyyy", help)
        self._today = today
        self._button = line.button
        line.picked.connect(self._on_picked)
        line.stepped.connect(self._on_stepped)
        self.set_value(value)

    def value(self) -> date | None:
        """The date, or None while the field is empty or cannot be read (see is_wrong)."""
        return dates.parse_date(self.text(), self._today())

    def set_value(self, value: date | None) -> None:
        self._line.setText(dates.form(value) if value else "")

    def set_read_only(self, read_only: bool) -> None:
        super().set_read_only(read_only)
        self._button.setVisible(not read_only)

    def _read(self) -> date | None:
        return self.value()

    def _show(self) -> None:
        if (value := self.value()) is not None:
            self.set_value(value)

    def _on_stepped(self, days: int) -> None:
        self._on_picked((self.value() or self._today()) + timedelta(days=days))

    def _on_picked(self, day: date) -> None:
        self.set_value(day)
        self._on_edited()


class TimeField(_TypedField):
    """A time of day, 24 hours. Also reads 1530, 15.30 and 3.30pm."""

    wrong = "Write the time as hours:minutes, such as 15:30"

    def __init__(self, name: str, value: time | None = None, *, help: str = "") -> None:
        super().__init__(name, QLineEdit(), "hh:mm", help)
        self.set_value(value)

    def value(self) -> time | None:
        """The time, or None while the field is empty or cannot be read (see is_wrong)."""
        return dates.parse_time(self.text())

    def set_value(self, value: time | None) -> None:
        self._line.setText(dates.clock(value) if value else "")

    def _read(self) -> time | None:
        return self.value()

    def _show(self) -> None:
        self.set_value(self.value())
