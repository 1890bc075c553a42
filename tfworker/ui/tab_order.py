"""Tab goes where the eye goes: through a window as its layouts stand, whatever was made first.

Qt's own order is the order in which widgets were made or moved: a card put on top of a page after it
came up, or a page that was made after the status line, would be reached last.
"""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget


def tab_on(window: QWidget, *, forward: bool) -> bool:
    """Put the focus on the next (or previous) stop of this window, round and round. False if it has none."""
    order = list(stops(window))
    if not order:
        return False
    now = window.focusWidget()
    if now in order:
        place = order.index(now) + (1 if forward else -1)
    else:
        within = [place for place, stop in enumerate(order) if now is not None and now.isAncestorOf(stop)]
        place = within[0] if within else 0
        place -= 0 if forward else 1
    reasons = Qt.FocusReason
    order[place % len(order)].setFocus(reasons.TabFocusReason if forward else reasons.BacktabFocusReason)
    return True


def stops(within: QWidget) -> Iterator[QWidget]:
    """What Tab stops at, in order."""
    for child in _children(within):
        if not child.isVisible() or child.isWindow():
            continue
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.focusProxy() is None:
            if child.isEnabled():
                yield child
        else:
            yield from stops(child)


def _children(widget: QWidget) -> Iterator[QWidget]:
    """As laid out; then those that no layout places, as they were added."""
    if isinstance(widget, QScrollArea):
        yield from (content for content in (widget.widget(),) if content is not None)
        return
    layout = widget.layout()
    placed = [] if layout is None else list(_placed(layout))
    yield from placed
    yield from (child for child in widget.children() if isinstance(child, QWidget) and child not in placed)


def _placed(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _placed(inner)
