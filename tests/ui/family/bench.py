"""The page of a family with hands on it: opens tabs, fills forms, waits for the vault."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from tests.actions.caseload_of import FamilyIds
from tests.ui.walk import settle
from tfworker.actions.desk import Desk
from tfworker.ui.family import FamilyPage
from tfworker.ui.family.form import FormPanel
from tfworker.ui.parts import Button, Chip, Label, Mark, Notice
from tfworker.ui.tasks import Tasks


@dataclass
class Bench:
    page: FamilyPage
    qtbot: Any
    tasks: Tasks
    desk: Desk
    ids: FamilyIds

    def open(self, **where: object) -> None:
        """Arrive at the family, and wait until it is read."""
        self.page.arrive(family_id=self.ids.family, **where)
        self.rest()

    def tab(self, name: str) -> None:
        self.page.sheets.tabs.turn_to(name)
        self.rest()

    def rest(self) -> None:
        """Until nothing is under way on the vault's thread."""
        self.qtbot.waitUntil(lambda: not self.tasks.is_busy, timeout=10_000)
        settle()

    def button(self, name: str, within: QWidget | None = None) -> Button:
        """The visible button of this name."""
        buttons = (within or self.page).findChildren(Button)
        found = [button for button in buttons if button.isVisible() and button.accessibleName() == name]
        assert found, f"no button {name!r} among {[b.accessibleName() for b in buttons if b.isVisible()]}"
        return found[0]

    def press(self, name: str, within: QWidget | None = None) -> None:
        self.qtbot.mouseClick(self.button(name, within), Qt.MouseButton.LeftButton)
        self.rest()

    @property
    def form(self) -> FormPanel:
        panel = self.page.panels.panel()
        assert panel is not None
        return panel

    def type(self, field: str, words: str) -> None:
        """Type into a blank of the form that is open, as with the keyboard."""
        editor: Any = self.form.entry(field).widget
        self.qtbot.keyClicks(editor.editor, words)

    def save(self) -> None:
        """Ctrl+S as the window passes it on."""
        self.page.save()
        self.rest()

    def said(self, within: QWidget | None = None) -> str:
        """Every word in sight."""
        settle()
        labels = (within or self.page).findChildren(Label)
        chips = [*(within or self.page).findChildren(Chip), *(within or self.page).findChildren(Mark)]
        return "\n".join(
            [label.words() for label in labels if label.isVisible()]
            + [chip.text() for chip in chips if chip.isVisible()]
        )

    def notices(self) -> list[str]:
        """The titles of the banners in sight."""
        settle()
        return [notice.title for notice in self.page.findChildren(Notice) if notice.isVisible()]
