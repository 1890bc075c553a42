"""Words on a page. Whatever is shown is plain text: nothing a record holds is read as markup."""

from dataclasses import dataclass
from html import escape
from typing import Self

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

LONG = 60  # characters from which words may wrap and want more room between the lines
STYLE = "white-space: pre-wrap; line-height: 125%"


@dataclass(frozen=True)
class Piece:
    """Some of a label's words, said with more weight. Made by strong(), slanted() and underlined()."""

    words: str
    tag: str

    def html(self) -> str:
        return f"<{self.tag}>{escape(self.words)}</{self.tag}>"


Words = str | Piece


def strong(words: str) -> Piece:
    return Piece(words, "b")


def slanted(words: str) -> Piece:
    return Piece(words, "i")


def underlined(words: str) -> Piece:
    """For the characters in which two versions differ."""
    return Piece(words, "u")


class Label(QLabel):
    """Words that wrap.

    size: small, body, narrative, section, value, page or figure.
    ink: text, muted, accent, danger, warn, info or ok.
    """

    def __init__(
        self, *words: Words, size: str = "body", ink: str = "text", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._heights: dict[int, int] = {}  # {width: height}, until words or font change
        self.setProperty("type", size)  # "size" is already a property of every widget
        self.setProperty("ink", ink)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.set_words(*words)

    def sizeHint(self) -> QSize:
        """One line if it is short; Qt would rather wrap a few words into a block."""
        if not self.wordWrap() or self.textFormat() is not Qt.TextFormat.PlainText:
            return super().sizeHint()
        self.ensurePolished()
        words = self.fontMetrics().size(0, self.text())
        return QSize(words.width() + 2, words.height())

    def heightForWidth(self, width: int) -> int:
        # Qt asks before it has given the label its font, and layouts keep the answer.
        self.ensurePolished()
        # Nested layouts ask each label some thirty times a round: a page of a hundred took a second.
        if width not in self._heights:
            self._heights[width] = super().heightForWidth(width)
        return self._heights[width]

    def changeEvent(self, event: QEvent) -> None:
        """A new font or style: the heights are measured anew."""
        self._heights = {}
        super().changeEvent(event)

    def set_words(self, *words: Words) -> None:
        """Show these words instead. A line break in them is kept."""
        self._heights = {}
        plain = "".join(word if isinstance(word, str) else word.words for word in words)
        if len(plain) < LONG and all(isinstance(word, str) for word in words):
            self.setTextFormat(Qt.TextFormat.PlainText)
            self.setText(plain)
        else:
            self.setTextFormat(Qt.TextFormat.RichText)
            html = "".join(escape(word) if isinstance(word, str) else word.html() for word in words)
            self.setText(f'<div style="{STYLE}">{html}</div>')
        self.setAccessibleName(plain)

    def words(self) -> str:
        """What is shown, without its weights."""
        return self.accessibleName()

    def set_ink(self, ink: str) -> None:
        if self.property("ink") != ink:
            self.setProperty("ink", ink)
            restyle(self)

    def one_line(self) -> Self:
        """Never wrap: for short words beside others. Gives the label back."""
        self.setWordWrap(False)
        return self

    def selectable(self) -> Self:
        """Let the words be marked and copied with the mouse. Gives the label back."""
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        return self


def restyle(widget: QWidget) -> None:
    """Have the style sheet read a widget's properties again, after one of them changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
