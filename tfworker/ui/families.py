"""The families on this laptop, to name one in a panel."""

from collections.abc import Callable, Hashable

from tfworker.actions.caseload import caseload
from tfworker.actions.desk import Desk
from tfworker.actions.values import CaseRow
from tfworker.errors import Problem
from tfworker.ui.parts import ChoiceField
from tfworker.ui.tasks import Tasks


class FamilyField(ChoiceField):
    """One of the families on this laptop, by name; or `nobody`, which is its first choice.

    value(): a family's id, "" for nobody, None while neither was chosen.
    """

    def __init__(self, name: str, nobody: str, *, help: str = "") -> None:
        super().__init__(name, [("", nobody)], help=help)
        self._nobody = nobody
        self._wanted: Hashable | None = None

    def load(
        self, tasks: Tasks, desk_source: Callable[[], Desk], failed: Callable[[Problem], object]
    ) -> None:
        """Offer the families as they are now. What was chosen, or asked for, stays chosen."""
        desk = desk_source()
        tasks.run(lambda: caseload(desk), done=self._show_rows, failed=failed)

    def ask_for(self, family_id: str | None) -> None:
        """Choose this family, now or as soon as the families are there; None takes the choice back."""
        self._wanted = family_id
        self.set_value(family_id)

    def family_id(self) -> str | None:
        """The family chosen; None for nobody, chosen or not."""
        chosen = self.value() if self.value() is not None else self._wanted
        return str(chosen) if chosen else None

    def _show_rows(self, rows: list[CaseRow]) -> None:
        named = sorted(((row.family_id, row.label) for row in rows), key=lambda named: named[1].casefold())
        wanted = self._wanted if self.value() is None else self.value()
        self.set_choices([("", self._nobody), *named])
        self.set_value(wanted)

    def _on_activated(self) -> None:
        self._wanted = None
        super()._on_activated()
