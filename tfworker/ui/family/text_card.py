"""A text on a card that is edited where it stands: kept while typed, saved with Ctrl+S."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from tfworker.actions.desk import Desk
from tfworker.actions.values import Disputed
from tfworker.errors import Problem
from tfworker.ui.family.dispute import Dispute
from tfworker.ui.keeper import Keeper
from tfworker.ui.parts import Button, Card, Flow, Kind, Label, NarrativeField, Notice, plain, quiet
from tfworker.ui.tasks import Tasks

Save = Callable[[Desk, str], object]


class TextCard(Card):
    """The card.

    empty: what stands there while nobody has written. lines: how high the editor begins.
    saved(result): of the act. review_wanted(card_id). problem_met(problem): the editor is still open
    and has the text.
    """

    saved = Signal(object)
    problem_met = Signal(object)
    review_wanted = Signal(str)

    def __init__(self, title: str, *, empty: str, lines: int = 4) -> None:
        super().__init__(title)
        self._empty_words = empty
        self._text = ""
        self._disputed: Disputed | None = None
        self._waiting: str | None = None  # writing that was kept and not saved
        self._keeper: Keeper | None = None
        self._act: Save | None = None
        self._tasks: Tasks | None = None
        self.edit_button = quiet("Edit")
        self.edit_button.setAccessibleName(f"Edit {title.lower()}")
        self.edit_button.clicked.connect(self.edit)
        self.add_beside_title(self.edit_button)
        self.shown = Label(size="narrative").selectable()
        self.field = NarrativeField(title, name_shown=False)
        self.field.set_lines(lines, 18)
        self.field.edited.connect(self._on_edited)
        self._below = QWidget()
        self._below_column = QVBoxLayout(self._below)
        self._below_column.setContentsMargins(0, 0, 0, 0)
        self._below.hide()
        self._state = Label(size="small", ink="muted").one_line()
        self._buttons = self._make_buttons()
        self.add(self._below, self.shown, self.field, self._buttons)
        self._close()
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self._put_away)

    # what it shows

    def open_for(self, place: str, act: Save, tasks: Tasks, desk_source: Callable[[], Desk]) -> None:
        """Stand for another record: what is typed is kept under this place from now on.

        act: saves the text; run on the vault's thread.
        """
        self.leave()
        self._tasks, self._act = tasks, act
        if self._keeper is not None:
            self._keeper.deleteLater()
        self._keeper = Keeper(tasks, desk_source, place, self._unsaved, self)
        self._keeper.failed.connect(self.problem_met)
        self._keeper.was_kept.connect(lambda: self._state.set_words("Kept on this laptop, not saved yet"))
        self._close()
        self._text, self._disputed = "", None
        self._offer(None)
        self._keeper.look(self._on_kept)

    def show_text(self, text: str, note: str, disputed: Disputed | None, *, may_write: bool) -> None:
        """Show the text as it is now. An open editor keeps what is typed in it."""
        self._text = text
        self.set_note(note)
        self.shown.set_words(text or self._empty_words)
        self.shown.set_ink("text" if text else "muted")
        self.edit_button.setVisible(may_write and not self.is_open())
        self._disputed = disputed
        self._show_below()

    def is_open(self) -> bool:
        """She is writing in it."""
        return not self.field.isHidden()

    @property
    def is_unsaved(self) -> bool:
        """Something is typed that the vault does not have, not even as kept writing."""
        return self._keeper is not None and self._keeper.is_unsaved

    # writing

    def edit(self) -> None:
        """Open the editor with the text as it stands."""
        self._open(self._text)

    def save(self) -> None:
        """Save what is typed; the editor closes once it is in the vault."""
        keeper, act = self._keeper, self._act
        if not self.is_open() or keeper is None or act is None or self._tasks is None:
            return
        text = self.field.value()
        if text == self._text:
            self._give_up()
            return
        self._tasks.run(
            keeper.saving(lambda desk: act(desk, text)),
            done=lambda result: self._on_saved(keeper, result),
            failed=self._on_failed,
        )

    def leave(self) -> None:
        """Keep what is typed, without asking."""
        if self._keeper is not None:
            self._keeper.flush()

    def _open(self, text: str) -> None:
        self.field.set_value(text)
        self.field.show()
        self._buttons.show()
        self.shown.hide()
        self.edit_button.hide()
        self._state.set_words("")
        self.field.setFocus()
        editor = self.field.editor
        assert isinstance(editor, QPlainTextEdit)
        editor.moveCursor(QTextCursor.MoveOperation.End)

    def _close(self) -> None:
        self.field.hide()
        self._buttons.hide()
        self.shown.show()
        self.edit_button.show()

    def _put_away(self) -> None:
        """Esc: back to reading; what was typed waits, and says so."""
        if not self.is_open():
            return
        self.leave()
        text = self.field.value()
        self._close()
        if text != self._text:
            self._offer(text)

    def _give_up(self) -> None:
        """Throw away what is typed, on her word."""
        if self._keeper is not None:
            self._keeper.drop()
        self._close()
        self._offer(None)

    def _on_saved(self, keeper: Keeper, result: object) -> None:
        # By now the card may stand for another family, whose editor must stay as it is.
        if keeper is self._keeper:
            self._close()
            self._offer(None)
        self.saved.emit(result)

    def _on_failed(self, problem: Problem) -> None:
        if self._keeper is not None:
            self._keeper.keep_now()
        self.problem_met.emit(problem)

    def _on_edited(self) -> None:
        self._state.set_words("")
        if self._keeper is not None:
            self._keeper.typed()

    def _unsaved(self) -> Mapping[str, Any]:
        return {"text": self.field.value()} if self.field.value() != self._text else {}

    def _on_kept(self, kept: Mapping[str, Any] | None) -> None:
        if kept is not None and not self.is_open():
            self._offer(str(kept.get("text", "")))

    def _offer(self, text: str | None) -> None:
        """Say that unsaved writing waits, to be taken up on her word; None takes it back."""
        self._waiting = text
        self._show_below()

    def _take_up(self) -> None:
        text, self._waiting = self._waiting, None
        self._show_below()
        if text is not None:
            self._open(text)

    def _show_below(self) -> None:
        """Below the title: the mark of a dispute, and writing that waits."""
        while (item := self._below_column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if self._disputed is not None:
            mark = Dispute(self._disputed)
            mark.review_wanted.connect(self.review_wanted)
            self._below_column.addWidget(mark)
        if self._waiting is not None and self._waiting != self._text:
            notice = Notice(
                "You have writing here that is not saved",
                "",
                Kind.INFO,
                action="Go on writing",
                on_action=self._take_up,
            )
            notice.closed.connect(self._give_up)
            self._below_column.addWidget(notice)
        self._below.setVisible(self._below_column.count() > 0)

    def _make_buttons(self) -> Flow:
        keep = plain("Save", hint="Ctrl+S")
        keep.clicked.connect(self.save)
        throw = quiet("Throw away")
        throw.clicked.connect(self._give_up)
        made: list[Button] = [keep, throw]
        return Flow(*made, self._state)
