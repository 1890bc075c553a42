"""A form in a panel beside the page: saved with Ctrl+S, kept while it is typed, never in the way.

When a save fails the form stays open as it is and says why at the blank that is meant.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal

from tfworker.actions.desk import Desk
from tfworker.actions.problems import BadInput
from tfworker.errors import Problem
from tfworker.ui.family.blank import Blank, Entry
from tfworker.ui.keeper import Keeper
from tfworker.ui.parts import Kind, Notice, Panel, primary
from tfworker.ui.tasks import Tasks

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Form:
    """What a panel asks, and what it does with the answers.

    place: where it is kept while unfinished; the same for the same record.
    act: run on the vault's thread with the desk and the answers; its result goes to `saved`.
    is_new: every answer that says something is given; else only those that were changed.
    """

    place: str
    title: str
    blanks: tuple[Blank, ...]
    act: Callable[[Desk, Answers], object]
    is_new: bool = False
    subtitle: str = ""
    save_words: str = "Save"


class FormPanel(Panel):
    """The panel of a form. saved(result): it is in the vault; the panel may go."""

    saved = Signal(object)

    def __init__(self, form: Form, tasks: Tasks, desk_source: Callable[[], Desk]) -> None:
        super().__init__(form.title, form.subtitle)
        self.form = form
        self._tasks = tasks
        self._entries = {blank.name: Entry(blank, self._on_edited) for blank in form.blanks}
        for entry in self._entries.values():
            self.add(entry.widget)
            message = entry.message()
            if message is not None:
                self.add(message)
        self._save_button = primary(form.save_words, hint="Ctrl+S")
        self._save_button.clicked.connect(self.save)
        self.set_actions(self._save_button)
        self.keeper = Keeper(tasks, desk_source, form.place, self.unsaved, self)
        self.keeper.failed.connect(self._on_keep_failed)
        self._is_saving = False

    def entry(self, name: str) -> Entry:
        """The blank of this field. KeyError if the form has none."""
        return self._entries[name]

    @property
    def is_unsaved(self) -> bool:
        """Something is typed that the vault does not have, not even as kept writing."""
        return self.keeper.is_unsaved

    def arrive(self, **where: object) -> None:
        """Take up what was kept of it, then let her type."""
        # Until it is known what was kept, a key typed here would overwrite it.
        self._set_open(False)
        self.keeper.look(self._take_up)

    def leave(self) -> None:
        """Keep what is not kept yet; the form can be opened again where it stopped."""
        self.keeper.flush()

    def answers(self) -> dict[str, Any]:
        """What is given to the act: changed answers, or for a new record all that say something."""
        said = {name: entry.value() for name, entry in self._entries.items()}
        if self.form.is_new:
            return {name: value for name, value in said.items() if value not in (None, "", [])}
        return {name: said[name] for name, entry in self._entries.items() if entry.is_changed()}

    def unsaved(self) -> dict[str, Any]:
        """What differs from how the form opened, as typed."""
        return {name: entry.raw() for name, entry in self._entries.items() if entry.is_changed()}

    def save(self) -> None:
        """Save, if every blank can be read; else say at the first that cannot."""
        if self._is_saving:
            return
        wrong = [entry for entry in self._entries.values() if entry.is_wrong()]
        for entry in wrong:
            entry.say("This cannot be read; see how it is written")
        if wrong:
            wrong[0].focus()
            return
        answers = self.answers()
        if not answers and not self.form.is_new:
            self.keeper.drop()
            self.saved.emit(None)
            return
        self.clear_notices()
        act = self.form.act
        work = self.keeper.saving(lambda desk: act(desk, answers))
        self._tasks.run(work, done=self.saved.emit, failed=self._failed, busy=self._on_busy)

    def _failed(self, problem: Problem) -> None:
        self.keeper.keep_now()
        entry = self._entries.get(problem.field) if isinstance(problem, BadInput) else None
        if entry is None:
            self.show_problem(problem)
            return
        entry.say(f"{problem.title}. {problem.advice}".strip() if problem.advice else problem.title)
        entry.focus()

    def _on_keep_failed(self, problem: Problem) -> None:
        self._set_open(True)
        self.show_problem(problem)

    def _on_busy(self, busy: bool) -> None:
        self._is_saving = busy
        self._save_button.setEnabled(not busy)

    def _on_edited(self) -> None:
        for entry in self._entries.values():
            if not entry.is_wrong():
                entry.say("")
        self.keeper.typed()

    def _take_up(self, kept: Answers | None) -> None:
        self._set_open(True)
        for name, raw in (kept or {}).items():
            if name in self._entries:
                self._entries[name].put_raw(raw)
        if kept:
            notice = Notice(
                "Picked up where you left off",
                "This is not saved yet.",
                Kind.INFO,
                action="Start again",
                on_action=self._start_again,
            )
            notice.closed.connect(self.clear_notices)
            self.notices.addWidget(notice)
        first = next(iter(self._entries.values()), None)
        if first is not None:
            first.focus()

    def _start_again(self) -> None:
        for entry in self._entries.values():
            entry.put(entry.blank.opened_with)
            entry.say("")
        self.clear_notices()
        self.keeper.drop()

    def _set_open(self, is_open: bool) -> None:
        for entry in self._entries.values():
            entry.widget.setEnabled(is_open)
        self._save_button.setEnabled(is_open)
