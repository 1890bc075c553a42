"""A chip that opens a small form below it: "+ visitor"."""

from tfworker.ui.parts import ChipToggle


class Opener(ChipToggle):
    """On while its form is open; it keeps its plus, since nothing is ticked by it."""

    def __init__(self, words: str, says: str) -> None:
        super().__init__(words, icon_name="plus")
        self._ticked = False
        self.setAccessibleName(says)
