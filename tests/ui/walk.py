"""A walk over a shown window as a person takes it: with Tab, with a screen reader, with tired eyes."""

from itertools import pairwise

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget


def reachable(top: QWidget) -> list[QWidget]:
    """What Tab reaches inside a shown window, in the order it does."""
    found: list[QWidget] = []
    widget = top
    while (widget := widget.nextInFocusChain()) is not top:
        tabs_to = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if tabs_to and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None:
            found.append(widget)
    return found


def nameless(top: QWidget) -> list[str]:
    """Reachable widgets a screen reader could say nothing about: should be empty."""
    return [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in reachable(top)
        if not widget.accessibleName()
    ]


def out_of_order(top: QWidget) -> list[str]:
    """Neighbours in the tab order of which the second lies wholly above the first: should be empty.

    Only within one parent: columns side by side may go up from one to the next.
    """
    found = []
    for first, second in pairwise(reachable(top)):
        if first.parent() is second.parent() and second.geometry().bottom() <= first.geometry().top():
            found.append(f"{second.accessibleName()} after {first.accessibleName()}")
    return found


def settle() -> None:
    """Let layouts come to rest: a wrapped line may ask for another round, and that for one more."""
    for _ in range(4):
        QApplication.processEvents()


def cut_off(top: QWidget) -> list[str]:
    """Words that have less room than they need: should be empty.

    What a scroll area has scrolled away is not cut off; what sticks out of its own parent is.
    """
    settle()
    found = []
    for label in top.findChildren(QLabel):
        if label.isVisible() and label.text():
            wide = 0 if label.wordWrap() else label.sizeHint().width()
            high = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
            if label.width() < wide or label.height() < high:
                found.append(f"{label.text()[:40]!r} has {label.size().toTuple()}, needs {(wide, high)}")
    for button in top.findChildren(QAbstractButton):
        hint = button.minimumSizeHint()
        if button.isVisible() and (button.width() < hint.width() or button.height() < hint.height()):
            found.append(f"{button.text()!r} has {button.size().toTuple()}, needs {hint.toTuple()}")
    for widget in top.findChildren(QWidget):
        parent = widget.parentWidget()
        if widget.isVisible() and parent is not None and parent.layout() is not None:
            room: QRect = parent.rect()
            if widget.geometry().right() > room.right() or widget.geometry().bottom() > room.bottom():
                found.append(f"{type(widget).__name__} sticks out of {type(parent).__name__}")
    return found
