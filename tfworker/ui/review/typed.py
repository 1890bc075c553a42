"""What the reviewer types herself. Every field starts empty: neither version is more right than the other."""

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tfworker.actions.values import SideValue, TypedField
from tfworker.ui.parts import ChoiceField, DateField, Field, Label, LineField, NarrativeField
from tfworker.ui.theme import current


class TypedFields(QWidget):
    """Fields for some columns of a record.

    examples: {field: values it has had}, from which a day or a number is known to be one.
    lead: what all of them are for. edited: something was typed. entered: Return in a line.
    """

    edited = Signal()
    entered = Signal()

    def __init__(
        self, fields: Sequence[TypedField], examples: Mapping[str, Sequence[object]], lead: str = ""
    ) -> None:
        super().__init__()
        self._examples = examples
        self._fields: dict[str, Field] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current().space("s"))
        if lead and len(fields) > 1:
            column.addWidget(Label(lead, size="small", ink="muted"))
        for one in fields:
            name = lead if lead and len(fields) == 1 else one.label[:1].upper() + one.label[1:]
            field = self._field(one, name)
            field.setObjectName(f"typed:{one.field}")
            field.edited.connect(self.edited)
            self._fields[one.field] = field
            column.addWidget(field)

    @property
    def is_high(self) -> bool:
        """More than one line: several fields, or one of several lines."""
        return len(self._fields) > 1 or any(isinstance(f, NarrativeField) for f in self._fields.values())

    def values(self) -> dict[str, object]:
        """{field: value} of what is filled in; nothing for what is left empty."""
        found = {name: self._value(name, field) for name, field in self._fields.items()}
        return {name: value for name, value in found.items() if value not in (None, "")}

    def fill(self, values: Sequence[SideValue]) -> None:
        """Put values in, to be corrected."""
        for value in values:
            field = self._fields.get(value.field)
            if isinstance(field, DateField):
                field.set_value(value.value if isinstance(value.value, date) else None)
            elif isinstance(field, ChoiceField):
                field.set_value(value.value if isinstance(value.value, str | bool) else None)
            elif isinstance(field, LineField | NarrativeField):
                field.set_value("" if value.value is None else str(value.value))

    def set_missing(self, name: str, words: str) -> bool:
        """Mark a field; False if there is none of that name."""
        if name not in self._fields:
            return False
        self._fields[name].set_missing(words)
        return True

    def clear(self) -> None:
        """Empty again: a version was taken instead."""
        for field in self._fields.values():
            if isinstance(field, DateField | ChoiceField):
                field.set_value(None)
            elif isinstance(field, LineField | NarrativeField):
                field.set_value("")

    def focus_first(self) -> None:
        for field in self._fields.values():
            field.editor.setFocus()
            return

    def _field(self, one: TypedField, name: str) -> Field:
        if one.choices:
            return ChoiceField(name, [(choice.code, choice.words) for choice in one.choices])
        kinds = {type(value) for value in self._examples.get(one.field, ())}
        if bool in kinds:
            return ChoiceField(name, [(True, "Yes"), (False, "No")])
        if date in kinds:
            return DateField(name)
        if one.long:
            long = NarrativeField(name)
            long.set_lines(2, 8)
            return long
        line = LineField(name)
        line.entered.connect(self.entered)
        return line

    def _value(self, name: str, field: Field) -> object:
        if isinstance(field, DateField | ChoiceField):
            return field.value()
        assert isinstance(field, LineField | NarrativeField)
        words = field.value().strip()
        is_number = any(type(value) is int for value in self._examples.get(name, ()))
        return int(words) if is_number and words.isdigit() else words
