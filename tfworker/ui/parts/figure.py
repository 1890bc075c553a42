"""One number and what it counts, on a card: "47 families supported"."""

from tfworker.ui.parts.card import Card
from tfworker.ui.parts.label import Label
from tfworker.ui.theme import current


class Figure(Card):
    """ink: danger or warn when the number itself is the news."""

    def __init__(self, number: str, words: str, ink: str = "text") -> None:
        super().__init__()
        self.body.setSpacing(current().space("xs"))
        self._number = Label(size="figure")
        self._words = Label(size="small", ink="muted")
        self.add(self._number, self._words)
        self.set_figure(number, words, ink)

    def set_figure(self, number: str, words: str, ink: str = "text") -> None:
        self._number.set_words(number)
        self._number.set_ink(ink)
        self._words.set_words(words)
        self.setAccessibleName(f"{number} {words}")
