"""The page a note is written on, and read on once it is finished."""

from collections.abc import Callable
from datetime import datetime
from time import monotonic

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from tfworker.actions.desk import Desk
from tfworker.actions.drafting import drop_draft, new_note, open_draft
from tfworker.actions.jots import jot_to_note
from tfworker.actions.notes import finish_note, missing, note
from tfworker.actions.problems import BadInput, NotHere
from tfworker.actions.values import Missing, NoteDraft, NoteView
from tfworker.errors import Problem
from tfworker.ui import dates
from tfworker.ui.note.editor import NoteEditor
from tfworker.ui.note.keeping import Keeping
from tfworker.ui.note.sheet import NoteSheet, state_chips
from tfworker.ui.note.when import as_wanted
from tfworker.ui.parts import Chip, Empty, Kind, Notice, Page, plain, primary, quiet
from tfworker.ui.tasks import Tasks

MISSING, UNSAVED, THROW = "missing", "unsaved", "throw away"  # topics of the page's banners


class NotePage(Page):
    """Write a note, or read one.

    arrive() takes one of: draft_id; jot_id (with family_id for a jot about nobody yet); note_id;
    family_id (with kind, a code of NoteKind or VisitType or "no_access", and visit_id for a planned
    visit); nothing: whatever was open.

    began(draft_id, family_id): this draft is on the page. finished(note_id, family_id): it was locked
    in this moment. put_by(): the person is done with it for now; its draft is saved.
    family_opened(family_id).
    """

    began = Signal(str, str)
    finished = Signal(str, str)
    put_by = Signal()
    family_opened = Signal(str)

    def __init__(self, tasks: Tasks, desk_source: Callable[[], Desk]) -> None:
        super().__init__("Note")
        self.setObjectName("note")
        self._tasks, self._desk = tasks, desk_source
        self._editor: NoteEditor | None = None
        self._shown: QWidget | None = None
        self._draft: NoteDraft | None = None
        self._note: NoteView | None = None
        self._saved_s: float | None = None
        self._saved_chip: Chip | None = None
        self._had_focus: QWidget | None = None
        self._wants_away = False
        self._leads = desk_source().me.leads
        self._keeping = Keeping(tasks, desk_source, self.draft, self)
        self._keeping.saved.connect(self._on_saved)
        self._keeping.failed.connect(self._on_not_saved)
        # While the focus is in a panel beside it, the key is the panel's.
        enter = QShortcut(QKeySequence("Ctrl+Return"), self)
        enter.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        enter.activated.connect(self._finish)
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._say_saved)

    @property
    def is_unsaved(self) -> bool:
        """Words on it that the vault does not have yet: the window must not be thrown away."""
        return self._keeping.is_unsaved

    def draft(self) -> NoteDraft | None:
        """The draft as it stands on the screen; None when no draft is being written."""
        return self._editor.draft() if self._editor is not None else None

    # what the window calls

    def arrive(self, **where: object) -> None:
        ids = {name: str(value) for name, value in where.items() if value}
        here = self._draft.draft_id if self._draft is not None else None
        if not ids or (here is not None and ids.get("draft_id") == here):
            if self._editor is not None:
                self._editor.begin()
            elif self._shown is None:
                self._show_empty()
            return
        self._keeping.now_if_unsaved()
        held = self._keeping.held(ids.get("draft_id", ""))
        if held is not None:
            self._show_draft(held)
            return
        desk = self._desk()
        if "note_id" in ids:
            read = ids["note_id"]
            self._tasks.run(lambda: note(desk, read), done=self._show_note, failed=self._on_gone)
        else:
            self._tasks.run(lambda: _begin(desk, ids), done=self._show_draft, failed=self._on_gone)

    def refresh(self) -> None:
        """Read a finished note again; a draft is the person's own and stays as it is."""
        if self._note is not None:
            desk, note_id = self._desk(), self._note.note_id
            self._tasks.run(lambda: note(desk, note_id), done=self._show_note, failed=self.show_problem)

    def leave(self) -> None:
        """Save at once; the cursor's place alone is worth it too, for a draft that was saved before."""
        if self._editor is not None and not self._editor.isEnabled():
            return  # it is being finished: a draft saved now would outlive the note
        draft = self.draft()
        moved = draft is not None and self._saved_s is not None and draft != self._draft
        if self._keeping.is_unsaved or moved:
            self._keeping.now()

    def save(self) -> None:
        if self._editor is not None and self._editor.isEnabled():
            self._keeping.now()

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (("Ctrl+Return", "Finish and lock"), ("Ctrl+S", "Save the draft now"))

    # a draft

    def _show_draft(self, draft: NoteDraft) -> None:
        is_new = draft.saved_at is None
        self._note = None
        self._draft = draft
        self._saved_s = None if is_new else monotonic() - _seconds_since(draft.saved_at)
        self._editor = NoteEditor(draft, leads=self._leads)
        self._editor.edited.connect(self._on_edited)
        self._editor.titled.connect(self._say_head)
        self._put(self._editor)
        finish = primary("Finish and lock")
        finish.setToolTip("Ctrl+Return")
        later, when = plain("Save for later"), quiet("Time and kind")
        names = ("finish", "later", "time_and_kind")
        acts = (self._finish, self._put_by, self._editor.toggle_when)
        for button, name, act in zip((finish, later, when), names, acts, strict=True):
            button.setObjectName(name)
            button.clicked.connect(act)
        self.set_actions(when, later, finish)
        self._editor.throw_away.clicked.connect(self._ask_throw_away)
        self._say_head()
        self._say_saved()
        self._clock.start()
        self._editor.begin()
        self.began.emit(draft.draft_id, draft.family_id)

    def _on_edited(self) -> None:
        self._keeping.touch()
        self.drop_notice(MISSING)

    def _on_saved(self, draft_id: str, at: datetime) -> None:
        if self._draft is not None and self._draft.draft_id == draft_id:
            self._draft = self.draft()
            self._saved_s = monotonic()
            self._say_saved()
            self.drop_notice(UNSAVED)
            if self._wants_away and not self._keeping.is_unsaved:
                self._wants_away = False
                self.put_by.emit()

    def _on_not_saved(self, problem: Problem) -> None:
        self._wants_away = False
        self._say_saved()
        self.show_notice(
            Notice(f"Not saved: {problem.title}", f"Your text is still here. {problem.advice}", Kind.DANGER),
            UNSAVED,
        )

    def _put_by(self) -> None:
        self._wants_away = True
        self._keeping.now()

    def _say_head(self) -> None:
        if self._editor is not None and self._draft is not None:
            self.set_title(self._editor.title())
            when = self._editor.when_words()
            self.set_subtitle(" · ".join(part for part in (self._draft.family_label, when) if part))

    def _say_saved(self) -> None:
        if self._editor is None:
            return
        if self._draft is not None and self._keeping.held(self._draft.draft_id):
            words, kind = "Draft, not saved", Kind.DANGER
        elif self._saved_s is None:
            words, kind = "New, nothing written yet", Kind.QUIET
        else:
            words, kind = f"Draft on this laptop, saved {_ago(monotonic() - self._saved_s)}", Kind.INFO
        if self._saved_chip is None:
            self._saved_chip = Chip(words, kind)
            self._saved_chip.setObjectName("saved")
            self.set_chips(self._saved_chip)
        elif self._saved_chip.text() != words:
            self._saved_chip.set_state(words, kind)

    # finishing

    def _finish(self) -> None:
        draft = self.draft()
        if draft is None or self._editor is None or not self._editor.isEnabled():
            return
        self._keeping.now()
        self._keeping.rest()
        desk = self._desk()
        # What is typed while the lock closes would be lost: for this moment nothing can be typed.
        self._had_focus = QApplication.focusWidget()
        self._editor.setEnabled(False)
        self._tasks.run(lambda: _finished(desk, draft), done=self._on_finished, failed=self._on_not_finished)

    def _on_finished(self, result: NoteView | tuple[Missing, ...]) -> None:
        if isinstance(result, NoteView):
            if self._draft is not None:
                self._keeping.forget(self._draft.draft_id)
            self._show_note(result)
            self.finished.emit(result.note_id, result.family_id)
            return
        self._let_write()
        self._ask_for(result)

    def _on_not_finished(self, problem: Problem) -> None:
        self._let_write()
        if isinstance(problem, BadInput):
            self._ask_for((Missing(problem.field, problem.title),))
        else:
            self._on_not_saved(problem)

    def _ask_for(self, gaps: tuple[Missing, ...]) -> None:
        assert self._editor is not None
        count = "One thing" if len(gaps) == 1 else f"{len(gaps)} things"
        verb = "is" if len(gaps) == 1 else "are"
        words = "; ".join(gap.words[:1].lower() + gap.words[1:] for gap in gaps)
        self.show_notice(
            Notice(f"{count} {verb} missing before it can be locked", f"Please {words}.", Kind.INFO), MISSING
        )
        self._editor.show_missing(gaps)

    def _let_write(self) -> None:
        if self._editor is not None:
            self._keeping.touch()
            self._editor.setEnabled(True)
            if self._had_focus is not None and self._editor.isAncestorOf(self._had_focus):
                self._had_focus.setFocus(Qt.FocusReason.OtherFocusReason)

    # a finished note

    def _show_note(self, view: NoteView) -> None:
        self._clock.stop()
        for topic in (MISSING, UNSAVED, THROW):
            self.drop_notice(topic)
        self._editor, self._draft, self._note, self._saved_chip = None, None, view, None
        self._put(NoteSheet(view))
        self.set_title(view.title)
        self.set_subtitle(f"{view.family_label} · {view.event_words}")
        self.set_chips(*state_chips(view))
        family = plain("To the family", icon_name="home-group")
        family.setObjectName("to_family")
        family.clicked.connect(lambda: self.family_opened.emit(view.family_id))
        self.set_actions(family)
        family.setFocus(Qt.FocusReason.OtherFocusReason)

    # throwing a draft away

    def _ask_throw_away(self) -> None:
        self.show_notice(
            Notice(
                "Throw this draft away?",
                "It is on this laptop only, and cannot be brought back.",
                action="Throw it away",
                on_action=self._throw_away,
            ),
            THROW,
        )

    def _throw_away(self) -> None:
        if self._draft is None:
            return
        desk, draft_id = self._desk(), self._draft.draft_id
        self._keeping.forget(draft_id)
        self._tasks.run(lambda: drop_draft(desk, draft_id), done=self._on_thrown, failed=self.show_problem)

    def _on_thrown(self, _: None) -> None:
        self.drop_notice(THROW)
        self._show_empty()
        self.put_by.emit()

    def _on_gone(self, problem: Problem) -> None:
        self._show_empty()
        self.show_problem(problem)

    def _show_empty(self) -> None:
        self._clock.stop()
        self._editor, self._draft, self._note, self._saved_chip = None, None, None, None
        self.set_title("Note")
        self.set_subtitle("")
        self.set_chips()
        self.set_actions()
        self._put(
            Empty(
                "No note is open",
                "Drafts wait on Today. A new note begins on the family’s page.",
                icon_name="text-box-outline",
            )
        )

    def _put(self, widget: QWidget) -> None:
        """Show this in the page's body, in place of what was there."""
        if self._shown is not None:
            self.body.removeWidget(self._shown)
            self._shown.hide()
            self._shown.deleteLater()
        self._shown = widget
        self.add(widget)
        widget.show()  # now, not with the next layout: only what shows can take the focus


def _begin(desk: Desk, ids: dict[str, str]) -> NoteDraft:
    if "draft_id" in ids:
        try:
            return open_draft(desk, ids["draft_id"])
        except NotHere:
            if "family_id" not in ids:
                raise
            # Nothing had been written in it when the laptop was locked.
            return new_note(desk, ids["family_id"])
    if "jot_id" in ids:
        return jot_to_note(desk, ids["jot_id"], ids.get("family_id"))
    draft = new_note(desk, ids["family_id"], visit_id=ids.get("visit_id"))
    return as_wanted(draft, ids.get("kind", ""))


def _finished(desk: Desk, draft: NoteDraft) -> NoteView | tuple[Missing, ...]:
    return missing(desk, draft) or finish_note(desk, draft)


def _seconds_since(at: datetime | None) -> float:
    return max(0.0, (dates.now() - at).total_seconds()) if at is not None else 0.0


def _ago(seconds: float) -> str:
    """ "1 s ago", "20 s ago", "4 min ago": in steps that do not ask to be watched."""
    whole = max(1, int(seconds))
    if whole >= 3600:
        return "earlier"
    if whole >= 60:
        return f"{whole // 60} min ago"
    return f"{whole if whole < 10 else whole - whole % 10} s ago"
