"""The keys of the window, and the sheet that tells them."""

from PySide6.QtWidgets import QGridLayout, QWidget

from tfworker.ui.parts.label import Label
from tfworker.ui.parts.panel import Panel
from tfworker.ui.theme import current

EVERYWHERE = (
    ("Ctrl+S", "Save"),
    ("F5", "Sync now"),
    ("Ctrl+Shift+W", "I’m worried now"),
    ("Ctrl+J", "Quick jot"),
    ("Ctrl+L", "Lock"),
    ("Alt+1, Alt+2, ...", "The pages in the rail"),
    ("Alt+Left", "Back to the page before"),
    ("Esc", "Put a panel away; its text stays"),
    ("Alt+Down", "Open a calendar or a list"),
    ("F1", "This sheet"),
)


class CheatSheet(Panel):
    """All keys on one sheet. more: those of the page that is up, (key, words)."""

    def __init__(self, more: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__("Keys")
        if more:
            self.add(Label("On this page", size="small", ink="muted"), _table(more))
            self.add(Label("Everywhere", size="small", ink="muted"))
        self.add(_table(EVERYWHERE))


def _table(keys: tuple[tuple[str, str], ...]) -> QWidget:
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(current().space("l"))
    grid.setColumnStretch(1, 1)
    for row, (key, words) in enumerate(keys):
        label = Label(key).one_line()
        label.setProperty("strong", True)
        grid.addWidget(label, row, 0)
        grid.addWidget(Label(words), row, 1)
    return table
