"""I'm worried now: three fields, from any page, with or without a network; then whom to ring."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tfworker.actions.concerns import open_concerns, raise_concern
from tfworker.actions.desk import Desk
from tfworker.actions.values import Concern, Whereabouts
from tfworker.errors import Problem
from tfworker.ui.families import FamilyField
from tfworker.ui.keeper import Keeper
from tfworker.ui.parts import Card, Chip, Kind, Label, LineField, NarrativeField, Panel, plain, primary
from tfworker.ui.tasks import Tasks
from tfworker.ui.theme import current

PLACE = "worried"  # where the form is kept while it is being written
DANGER = "If somebody is in danger now, ring 999 first."


class WorriedPanel(Panel):
    """Writes one concern, and then says whether the council has it.

    here: gives the family whose page is up, "" if none is.
    raised(): a concern is on this laptop and should be sent at once.
    """

    raised = Signal()

    def __init__(self, tasks: Tasks, desk_source: Callable[[], Desk], here: Callable[[], str]) -> None:
        super().__init__("I’m worried now", DANGER)
        self.setObjectName("worried")
        self._tasks, self._desk, self._here = tasks, desk_source, here
        self._concern: Concern | None = None
        self._is_sending = False
        self._keeper = Keeper(tasks, desk_source, PLACE, self._body, self)
        self._keeper.failed.connect(self.show_problem)
        self.family = FamilyField("Which family", "Not on my list")
        self.seen = NarrativeField("What you saw or heard", help="In the words that were said")
        self.seen.set_lines(6)
        self.told = LineField("Who you have told", hint="Nobody yet")
        names = ("worried_family", "worried_seen", "worried_told")
        for field, name in zip((self.family, self.seen, self.told), names, strict=True):
            field.setObjectName(name)
            field.edited.connect(self._keeper.typed)
        self._form, self._after = QWidget(), QWidget()
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(current().space("m"))
        for field in (self.family, self.seen, self.told):
            form.addWidget(field)
        self._said = QVBoxLayout(self._after)
        self._said.setContentsMargins(0, 0, 0, 0)
        self.add(self._form, self._after)
        self._show_form()
        enter = QShortcut(QKeySequence("Ctrl+Return"), self)
        enter.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        enter.activated.connect(self._raise)

    @property
    def is_unsaved(self) -> bool:
        """Words in it that the vault does not have yet."""
        return self._keeper.is_unsaved

    def where(self) -> dict[str, object]:
        """What brings the panel back as it is: its words are kept by themselves."""
        return {}

    def said(self) -> str:
        """What it says of the concern last raised; "" while one is being written."""
        return self._concern.sending_words if self._concern is not None else ""

    # what the window calls

    def arrive(self, **where: object) -> None:
        self.family.load(self._tasks, self._desk, self.show_problem)
        if self._concern is not None:
            self.refresh()
            return
        if not self._body():
            self._keeper.look(self._take_up)
        self.seen.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        self._keeper.flush()
        if self._concern is not None and self._concern.whereabouts is not Whereabouts.LAPTOP:
            self._write_another()

    def refresh(self) -> None:
        """After a round: say whether the council has the concern by now."""
        if self._concern is not None:
            desk = self._desk()
            self._tasks.run(lambda: open_concerns(desk), done=self._look_at, failed=self.show_problem)

    def _look_at(self, concerns: list[Concern]) -> None:
        mine = self._concern
        now = next((one for one in concerns if mine and one.concern_id == mine.concern_id), None)
        if now is not None:
            self._show_concern(now)

    # writing

    def _body(self) -> Mapping[str, Any]:
        body = {
            "family_id": self.family.family_id() or "",
            "seen": self.seen.value(),
            "told": self.told.value(),
        }
        return body if body["seen"].strip() or body["told"] else {}

    def _take_up(self, kept: Mapping[str, Any] | None) -> None:
        """Go on with what was being written when the laptop was locked or closed."""
        if self._body() or self._concern is not None:
            return
        kept = kept or {}
        self.seen.set_value(str(kept.get("seen") or ""))
        self.told.set_value(str(kept.get("told") or ""))
        self.family.ask_for(str(kept.get("family_id") or self._here()) or None)

    def _raise(self) -> None:
        if self._is_sending or self._concern is not None:
            return
        if not self.seen.value().strip():
            self.seen.set_missing("Write what you saw or heard")
            self.seen.editor.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._is_sending = True
        self._keeper.flush()
        family, seen, told = self.family.family_id(), self.seen.value(), self.told.value()
        work = self._keeper.saving(lambda desk: raise_concern(desk, family, seen, told))
        self._tasks.run(work, done=self._on_raised, failed=self._on_failed)

    def _on_raised(self, concern: Concern) -> None:
        self._is_sending = False
        self.clear_notices()
        self._show_concern(concern)
        self.raised.emit()

    def _on_failed(self, problem: Problem) -> None:
        self._is_sending = False
        self._keeper.keep_now()
        self.show_problem(problem)

    # what stands in the panel

    def _show_form(self) -> None:
        self._form.show()
        self._after.hide()
        tell = primary("Tell my team leader")
        tell.setObjectName("worried_tell")
        tell.setToolTip("Ctrl+Return")
        tell.clicked.connect(self._raise)
        self.set_actions(tell)

    def _show_concern(self, concern: Concern) -> None:
        if concern == self._concern:
            return
        self._concern = concern
        while (item := self._said.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        card = Card(concern.family_label or "No family named", note=concern.raised_words)
        waits = concern.whereabouts is Whereabouts.LAPTOP
        state = Label(concern.sending_words, size="section", ink="danger" if waits else "ok")
        state.setObjectName("worried_said")
        advice = (
            "It is on this laptop and is sent first, as soon as there is a connection. Do not wait for it."
            if waits
            else "Your team leader and the duty worker see it until one of them acknowledges it."
        )
        card.add(state, Label(advice))
        if concern.acknowledged_words:
            card.add(Chip(concern.acknowledged_words, Kind.OK))
        card.add(Label(concern.seen_or_said, size="narrative").selectable())
        if concern.told:
            card.say(f"Told: {concern.told}", size="small", ink="muted")
        self._said.addWidget(card)
        self._form.hide()
        self._after.show()
        another, away = plain("Write another"), primary("Close")
        another.clicked.connect(self._write_another)
        away.clicked.connect(self.put_away)
        another.setObjectName("worried_another")
        away.setObjectName("worried_close")
        self.set_actions(another, away)
        away.setFocus(Qt.FocusReason.OtherFocusReason)

    def _write_another(self) -> None:
        self._concern = None
        self.seen.set_value("")
        self.told.set_value("")
        self.family.ask_for(self._here() or None)
        self._show_form()
        if self.isVisible():
            self.seen.editor.setFocus(Qt.FocusReason.OtherFocusReason)
