"""What the tests of the note's page write into it."""

from PySide6.QtWidgets import QPlainTextEdit

from tests.actions.caseload_of import Caseload
from tests.ui.stage import part, press, write
from tfworker.ui.note import NotePage
from tfworker.ui.parts import NarrativeField


def area(page: NotePage) -> QPlainTextEdit:
    field = part(page, "what_happened")
    assert isinstance(field, NarrativeField)
    assert isinstance(field.editor, QPlainTextEdit)
    return field.editor


def fill(page: NotePage, ids: Caseload) -> None:
    """Everything a visit's note needs."""
    family = ids.families[0]
    press(page, f"there:{family.parent}")
    press(page, f"there:{family.younger}")
    press(page, f"alone:{family.younger}")
    write(page, "what_happened", "Mornings are calmer.")
    write(page, "child_means", "Breakfast together.")
    press(page, "chronology_yes")
