"""One blank of a form: what it asks, and the widget that takes the answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from enum import Enum, auto
from typing import Any, cast

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from tfworker.actions.values import Choice
from tfworker.ui.parts import (
    ChipToggle,
    ChoiceField,
    DateField,
    Field,
    Flow,
    Label,
    LineField,
    NarrativeField,
    Scale,
    Tick,
    TimeField,
)
from tfworker.ui.theme import current


class Asks(Enum):
    """What kind of answer a blank takes, and so the type of its value."""

    LINE = auto()  # str
    TEXT = auto()  # str, several lines
    DATE = auto()  # date | None
    TIME = auto()  # time | None
    CHOICE = auto()  # a code | None
    TICK = auto()  # bool
    PICKS = auto()  # list of ids
    SCORE = auto()  # 0 to 10 | None


EMPTY: dict[Asks, Any] = {Asks.LINE: "", Asks.TEXT: "", Asks.TICK: False, Asks.PICKS: []}


@dataclass(frozen=True)
class Blank:
    """One blank.

    name: the field, as the action calls it. before: what stands in it when the form opens.
    choices: for CHOICE and PICKS; code is the value.
    """

    name: str
    label: str
    asks: Asks = Asks.LINE
    before: Any = None
    choices: tuple[Choice, ...] = ()
    help: str = ""

    @property
    def opened_with(self) -> Any:
        """What it holds untouched: `before`, or the empty answer of its kind."""
        empty = EMPTY.get(self.asks)
        if self.asks is Asks.PICKS:
            return list(self.before or ())
        return self.before if self.before not in (None, "") else empty


class Entry:
    """The widget of a blank, and its answer.

    widget: to be laid out. `on_edited`: called when the person changes the answer.
    """

    def __init__(self, blank: Blank, on_edited: Callable[[], None]) -> None:
        self.blank = blank
        self.widget = _MAKERS[blank.asks](blank, on_edited)
        self._message: Label | None = None
        if not isinstance(self.widget, Field):
            self._message = Label(size="small", ink="danger")
            self._message.hide()
        self.put(blank.opened_with)

    def value(self) -> Any:
        """The answer, of the type its kind says."""
        widget = self.widget
        if isinstance(widget, Tick):
            return widget.isChecked()
        if isinstance(widget, _Picks | _Score):
            return widget.value()
        assert isinstance(widget, LineField | NarrativeField | DateField | TimeField | ChoiceField)
        return widget.value()

    def put(self, value: Any) -> None:
        widget = self.widget
        if isinstance(widget, Tick):
            widget.setChecked(bool(value))
        elif isinstance(widget, _Picks | _Score):
            widget.set_value(value)
        else:
            assert isinstance(widget, LineField | NarrativeField | DateField | TimeField | ChoiceField)
            widget.set_value(value)

    def is_changed(self) -> bool:
        """The answer is another one than the form opened with, or cannot be read."""
        return self.is_wrong() or self.value() != self.blank.opened_with

    def is_wrong(self) -> bool:
        """Something is typed that cannot be read as what is asked for."""
        return isinstance(self.widget, DateField | TimeField) and self.widget.is_wrong()

    def raw(self) -> Any:
        """The answer as a JSON value, exactly as typed."""
        if isinstance(self.widget, DateField | TimeField):
            return self.widget.text()
        return self.value()

    def put_raw(self, raw: Any) -> None:
        """What raw() gave, back into the widget."""
        if isinstance(self.widget, DateField | TimeField):
            cast(QLineEdit, self.widget.editor).setText(str(raw))
        else:
            self.put(raw)

    def say(self, words: str) -> None:
        """Say at the blank what is wrong; "" takes it back."""
        if isinstance(self.widget, Field):
            self.widget.set_missing(words)
        elif self._message is not None:
            self._message.set_words(words)
            self._message.setVisible(bool(words))

    def message(self) -> Label | None:
        """Where say() says it, for widgets that have no such line themselves."""
        return self._message

    def focus(self) -> None:
        self.widget.setFocus()


class _Picks(QWidget):
    """Several of a few, all in sight."""

    def __init__(self, blank: Blank, on_edited: Callable[[], None]) -> None:
        super().__init__()
        self._chips: dict[str, ChipToggle] = {}
        flow = Flow(gap=current().px(6))
        for choice in blank.choices:
            chip = ChipToggle(choice.words)
            chip.setAccessibleDescription(blank.label)
            chip.clicked.connect(lambda: on_edited())
            self._chips[choice.code] = chip
            flow.add(chip)
        _labelled(self, blank, flow)
        if self._chips:
            self.setFocusProxy(next(iter(self._chips.values())))

    def value(self) -> list[str]:
        return [code for code, chip in self._chips.items() if chip.isChecked()]

    def set_value(self, codes: list[str]) -> None:
        for code, chip in self._chips.items():
            chip.setChecked(code in (codes or ()))


class _Score(QWidget):
    """A reading from 0 to 10, or none."""

    def __init__(self, blank: Blank, on_edited: Callable[[], None]) -> None:
        super().__init__()
        self._scale = Scale(blank.label, was=blank.before)
        self._scale.chosen.connect(lambda _: on_edited())
        _labelled(self, blank, self._scale)
        self.setFocusProxy(self._scale.steps()[blank.before or 0])

    def value(self) -> int | None:
        return self._scale.value()

    def set_value(self, value: int | None) -> None:
        self._scale.set_value(value)


def _labelled(widget: QWidget, blank: Blank, editor: QWidget) -> None:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(current().space("xs"))
    column.addWidget(Label(blank.label, size="small", ink="muted"))
    column.addWidget(editor)
    if blank.help:
        column.addWidget(Label(blank.help, size="small", ink="muted"))


def _line(blank: Blank, on_edited: Callable[[], None]) -> QWidget:
    field = LineField(blank.label, help=blank.help)
    field.edited.connect(on_edited)
    return field


def _text(blank: Blank, on_edited: Callable[[], None]) -> QWidget:
    field = NarrativeField(blank.label, help=blank.help)
    field.set_lines(2, 12)
    field.edited.connect(on_edited)
    return field


def _date(blank: Blank, on_edited: Callable[[], None]) -> QWidget:
    field = DateField(blank.label, help=blank.help)
    field.edited.connect(on_edited)
    return field


def _time(blank: Blank, on_edited: Callable[[], None]) -> QWidget:
    field = TimeField(blank.label, help=blank.help)
    field.edited.connect(on_edited)
    return field


def _choice(blank: Blank, on_edited: Callable[[], None]) -> QWidget:
    choices = [(choice.code, choice.words) for choice in blank.choices]
    field = ChoiceField(blank.label, choices, help=blank.help, empty="Not said")
    field.edited.connect(on_edited)
    return field


def _tick(blank: Blank, on_edited: Callable[[], None]) -> QWidget:
    tick = Tick(blank.label)
    tick.clicked.connect(lambda: on_edited())
    return tick


_MAKERS: dict[Asks, Callable[[Blank, Callable[[], None]], QWidget]] = {
    Asks.LINE: _line,
    Asks.TEXT: _text,
    Asks.DATE: _date,
    Asks.TIME: _time,
    Asks.CHOICE: _choice,
    Asks.TICK: _tick,
    Asks.PICKS: _Picks,
    Asks.SCORE: _Score,
}

Answer = str | bool | date | time | int | list[str] | None
