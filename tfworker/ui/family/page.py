"""A family's page: what stands above every tab, the tabs, and the panel in which things are changed."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut

from tfworker.actions import values
from tfworker.actions.desk import Desk
from tfworker.actions.family import family_page, header
from tfworker.actions.notes import note
from tfworker.ui.family.dispute import Dispute
from tfworker.ui.family.panels import Panels
from tfworker.ui.family.questions import load_lists
from tfworker.ui.family.sheets import TABS, Sheets
from tfworker.ui.parts import Chip, Kind, Page, Words, primary, strong
from tfworker.ui.tasks import Task, Tasks


class FamilyPage(Page):
    """The page of one family at a time.

    arrive(family_id=..., tab="story" | "people" | "plan" | "notes", note_id=...): tab and note are
    optional.
    note_wanted(family_id, kind, visit_id or ""): write a note. draft_opened(draft_id).
    note_opened(note_id): a finished note is in sight. review_wanted(card_id). saved(): something was
    saved; counts elsewhere may differ.
    """

    note_wanted = Signal(str, str, str)
    note_opened = Signal(str)
    draft_opened = Signal(str)
    review_wanted = Signal(str)
    saved = Signal()

    def __init__(self, tasks: Tasks, desk_source: Callable[[], Desk]) -> None:
        super().__init__(scrolls=False)
        self._tasks, self._desk = tasks, desk_source
        self._loading: Task | None = None
        self._reading: Task | None = None
        self.sheets = Sheets(tasks, desk_source)
        self.panels = Panels(self.sheets, tasks, desk_source)
        self.body.addWidget(self.panels.dock, 1)
        self._new_note = primary("New note", icon_name="plus")
        self._new_note.clicked.connect(lambda: self._want_note("visit", ""))
        self.set_actions(self._new_note)
        self._new_note.hide()
        self._listen()
        self._bind_keys()

    @property
    def family_id(self) -> str:
        """The family that is shown; "" before the first."""
        return self.sheets.family_id

    # what the window calls

    def arrive(self, **where: object) -> None:
        """Show a family; the tab stays where it was when it is the same one."""
        family_id = str(where.get("family_id") or self.family_id)
        note_id = str(where.get("note_id") or "")
        tab = str(where.get("tab") or ("notes" if note_id else ""))
        is_other = family_id != self.family_id
        if is_other:
            self._open_for(family_id)
            tab = tab or TABS[0][0]
        if tab:
            self.sheets.tabs.turn_to(tab)
        if is_other or tab:
            # After the turn: the ring stands on the tab that shows.
            self.sheets.focus_tab()
        self.refresh()
        if note_id:
            self.open_note(note_id)

    def refresh(self) -> None:
        """Read everything that shows again, after a sync or a save. What is being typed stays."""
        if not self.family_id:
            return
        if self._loading is not None:
            self._loading.drop()
        self.sheets.mark_stale()
        desk, family_id = self._desk(), self.family_id
        if self.sheets.tabs.current() == "story":
            self._loading = self._tasks.run(
                lambda: family_page(desk, family_id),
                done=self.show_family,
                failed=self.show_problem,
            )
        else:
            self._loading = self._tasks.run(
                lambda: header(desk, family_id),
                done=self.show_header,
                failed=self.show_problem,
            )
        open_note = self.sheets.notes.shown_note()
        if open_note is not None:
            self.open_note(open_note)

    def leave(self) -> None:
        """Keep what is typed anywhere on the page."""
        self.sheets.story.leave()
        panel = self.panels.panel()
        if panel is not None:
            panel.leave()

    def save(self) -> None:
        """Save the form that is open, else the text that is being edited."""
        panel = self.panels.panel()
        if panel is not None:
            panel.save()
        else:
            self.sheets.story.save()

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Ctrl+N", "New note"),
            ("Ctrl+Tab, Ctrl+Shift+Tab", "The next tab, the one before"),
            ("Ctrl+E", "Edit the story so far"),
            ("Alt+Y", "Show what you wrote where there are two versions"),
            ("Esc", "Put a form away; what you typed stays"),
        )

    # what it shows

    def show_family(self, page: values.FamilyPage) -> None:
        """The page as it opens."""
        self.sheets.took("story")
        self.show_header(page.header)
        self.sheets.story.show_story(page.story, page.header)

    def show_header(self, header: values.FamilyHeader) -> None:
        """What stands above every tab."""
        self.set_title(header.label)
        chips = [Chip.of(chip) for chip in header.chips]
        if header.disputed:
            chips.append(Chip("Two versions", Kind.WARN))
        if header.unsent:
            chips.append(Chip(f"{header.unsent} on this laptop only", Kind.INFO))
        self.set_chips(*chips)
        self.set_subtitle(*_subtitle(header))
        self._new_note.setVisible(header.may_write)
        self.sheets.show_header(header)

    def open_note(self, note_id: str) -> None:
        """Read a finished note in its tab."""
        self.sheets.tabs.turn_to("notes")
        if self._reading is not None:
            self._reading.drop()
        desk = self._desk()
        self._reading = self._tasks.run(
            lambda: note(desk, note_id), done=self._show_note, failed=self.show_problem
        )

    def _show_note(self, view: values.NoteView) -> None:
        if view.family_id == self.family_id:
            self.sheets.notes.show_note(view)
            self.note_opened.emit(view.note_id)

    def _open_for(self, family_id: str) -> None:
        self.leave()
        self.panels.put_away()
        self._tasks.run(load_lists, done=lambda _: None, failed=self.show_problem)
        self.sheets.open_for(family_id)
        # Nothing of the family before may stand above this one, not even for a moment.
        self.set_title("")
        self.set_chips()
        self.set_subtitle("")
        self._new_note.hide()

    def _want_note(self, kind: str, visit_id: str) -> None:
        if self.family_id:
            self.note_wanted.emit(self.family_id, kind, visit_id)

    def _on_saved(self) -> None:
        self.refresh()
        self.saved.emit()

    def _show_mine(self) -> None:
        for mark in self.findChildren(Dispute):
            if mark.isVisible():
                mark.turn()

    # putting it together

    def _listen(self) -> None:
        sheets, panels = self.sheets, self.panels
        panels.saved.connect(lambda _: self._on_saved())
        sheets.story.saved.connect(self._on_saved)
        for speaker in (panels, sheets, sheets.story):
            speaker.problem_met.connect(self.show_problem)
        for sheet in (sheets.story, sheets.people, sheets.plan):
            sheet.review_wanted.connect(self.review_wanted)
        sheets.story.note_opened.connect(self.open_note)
        sheets.notes.note_opened.connect(self.open_note)
        sheets.notes.draft_opened.connect(self.draft_opened)
        sheets.notes.note_wanted.connect(self._want_note)

    def _bind_keys(self) -> None:
        keys: dict[str, Callable[[], None]] = {
            "Ctrl+N": lambda: self._want_note("visit", ""),
            "Ctrl+Tab": lambda: self.sheets.tabs.turn_by(1),
            "Ctrl+Shift+Tab": lambda: self.sheets.tabs.turn_by(-1),
            "Ctrl+E": self._edit_story,
            "Alt+Y": self._show_mine,
        }
        for key, does in keys.items():
            QShortcut(QKeySequence(key), self).activated.connect(does)

    def _edit_story(self) -> None:
        header = self.sheets.header
        if header is not None and header.may_write:
            self.sheets.tabs.turn_to("story")
            self.sheets.story.story.edit()


def _subtitle(header: values.FamilyHeader) -> tuple[Words, ...]:
    """Lead worker, next visit, children seen: one line."""
    workers = ", ".join(header.other_workers)
    with_others = f" with {workers}" if workers else ""
    visit = strong(header.next_visit_words) if header.next_visit_at else header.next_visit_words
    before = "Next visit " if header.next_visit_at else ""
    return (
        f"Lead worker {header.lead_worker}{with_others} · {before}", visit,
        f" · {header.children_seen.words}",
    )  # fmt: skip
