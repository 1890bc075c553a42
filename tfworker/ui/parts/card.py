"""A card: one subject on its own sheet of paper, titled, with a quiet note at the right."""

from typing import Self

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from tfworker.ui.parts.label import Label, Words
from tfworker.ui.theme import current


class Card(QFrame):
    """A bordered sheet. Put widgets in with add(), or lay them out in `body`.

    title: 17 px, "" for none. note: small and muted at the right, e.g. "updated 2 Nov".
    quiet: the sunken ground, for what lies inside another card.
    fills: what is in it takes the spare height, such as a table that scrolls; else it stays at the top.
    """

    def __init__(self, title: str = "", *, note: str = "", quiet: bool = False, fills: bool = False) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self.setProperty("quiet", quiet)
        high = QSizePolicy.Policy.Expanding if fills else QSizePolicy.Policy.Minimum
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, high)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme = current()
        margin = theme.space("l")
        self._title = Label(title, size="section")
        self._note = Label(note, size="small", ink="muted").one_line()
        # A widget of its own: a row of hidden things would still narrow what Qt lays out below it.
        self._top = QWidget()
        self._head = QHBoxLayout(self._top)
        self._head.setContentsMargins(0, 0, 0, 0)
        self._head.setSpacing(theme.space("s"))
        self._head.addWidget(self._title, 1)
        self._head.addWidget(self._note)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.body = QVBoxLayout()
        outer.addLayout(self.body)
        if not fills:
            outer.addStretch(1)
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(theme.space("s"))
        self.body.addWidget(self._top)
        self._show_head()

    def set_title(self, *words: Words) -> None:
        self._title.set_words(*words)
        self._show_head()

    def set_note(self, words: str) -> None:
        self._note.set_words(words)
        self._show_head()

    def add(self, *widgets: QWidget) -> Self:
        """Put widgets below what is there. Gives the card back."""
        for widget in widgets:
            self.body.addWidget(widget)
        return self

    def add_beside_title(self, widget: QWidget) -> None:
        """Put a small thing, a chip or a quiet button, at the right of the title."""
        self._head.addWidget(widget)
        self._top.show()

    def say(self, *words: Words, size: str = "body", ink: str = "text") -> Label:
        """Put words below what is there. Gives their label."""
        label = Label(*words, size=size, ink=ink)
        self.body.addWidget(label)
        return label

    def clear(self) -> None:
        """Take out everything but the title row, and delete it."""
        while self.body.count() > 1:
            empty_item(self.body, self.body.count() - 1)

    def _show_head(self) -> None:
        self._title.setVisible(bool(self._title.words()))
        self._note.setVisible(bool(self._note.words()))
        self._top.setVisible(bool(self._title.words() or self._note.words() or self._head.count() > 2))
        if self._title.words():
            self.setAccessibleName(self._title.words())


def empty_item(layout: QLayout, place: int) -> None:
    """Take the item at this place out of a layout and delete what it held, layouts within included."""
    item = layout.takeAt(place)
    if item is None:
        return
    widget, inner = item.widget(), item.layout()
    if widget is not None:
        widget.hide()
        widget.deleteLater()
    elif inner is not None:
        while inner.count():
            empty_item(inner, 0)
