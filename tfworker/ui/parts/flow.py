"""A row that wraps: chips, actions and status words keep their size and go on in the next line."""

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

from tfworker.ui.theme import current


class FlowLayout(QLayout):
    """Items from left to right, wrapped like words. Items on one line are centred on each other.

    gap, line_gap: pixels between items and between lines; the theme's small space if not given.
    A single item wider than the line is narrowed to it, so that it can wrap inside itself.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        gap: int | None = None,
        *,
        line_gap: int | None = None,
        to_right: bool = False,
    ) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}  # {width: height}, until invalidated
        self._gap = current().space("s") if gap is None else gap
        self._line_gap = current().space("s") if line_gap is None else line_gap
        self._to_right = to_right
        self.setContentsMargins(QMargins(0, 0, 0, 0))
        if parent is not None:
            parent.setLayout(self)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def clear(self) -> None:
        """Take all items out and delete their widgets."""
        while (item := self.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        # Nested layouts ask some thirty times a round.
        if width not in self._heights:
            self._heights[width] = self._place(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def invalidate(self) -> None:
        """Something in it changed: the heights are measured anew."""
        self._heights = {}
        super().invalidate()

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """Everything on one line."""
        sizes = [item.sizeHint() for item in self._shown()]
        width = sum(size.width() for size in sizes) + self._gap * max(0, len(sizes) - 1)
        height = max((size.height() for size in sizes), default=0)
        return self._with_margins(QSize(width, height))

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._shown()]
        widest = max((size.width() for size in sizes), default=0)
        highest = max((size.height() for size in sizes), default=0)
        return self._with_margins(QSize(widest, highest))

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _with_margins(self, size: QSize) -> QSize:
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _place(self, rect: QRect, *, move: bool) -> int:
        """Put the items into the rectangle. The height they need, margins included."""
        margins = self.contentsMargins()
        space = rect.marginsRemoved(margins)
        top = space.top()
        for line in self._lines(space.width()):
            height = max(size.height() for _, size in line)
            if move:
                self._place_line(line, QRect(space.left(), top, space.width(), height))
            top += height + self._line_gap
        used = max(0, top - space.top() - self._line_gap)
        return used + margins.top() + margins.bottom()

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        left = 0
        for item in self._shown():
            size = item.sizeHint()
            if size.width() > width and item.hasHeightForWidth():
                size = QSize(width, item.heightForWidth(width))
            if not lines or left + size.width() > width:
                lines.append([])
                left = 0
            lines[-1].append((item, size))
            left += size.width() + self._gap
        return lines

    def _place_line(self, line: list[tuple[QLayoutItem, QSize]], rect: QRect) -> None:
        used = sum(size.width() for _, size in line) + self._gap * (len(line) - 1)
        left = rect.left() + (max(0, rect.width() - used) if self._to_right else 0)
        for item, size in line:
            top = rect.top() + (rect.height() - size.height()) // 2
            item.setGeometry(QRect(QPoint(left, top), size))
            left += size.width() + self._gap


class Flow(QWidget):
    """A widget around a FlowLayout, for where a layout wants a widget."""

    def __init__(
        self, *widgets: QWidget, gap: int | None = None, line_gap: int | None = None, to_right: bool = False
    ) -> None:
        super().__init__()
        self._flow = FlowLayout(self, gap, line_gap=line_gap, to_right=to_right)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for widget in widgets:
            self.add(widget)

    def add(self, widget: QWidget) -> None:
        self._flow.addWidget(widget)

    def put_last(self, *widgets: QWidget) -> None:
        """Move widgets to the end, or add them there."""
        for widget in widgets:
            self._flow.removeWidget(widget)
            self._flow.addWidget(widget)

    def set_widgets(self, *widgets: QWidget) -> None:
        """Show these instead; the ones before are deleted."""
        self._flow.clear()
        for widget in widgets:
            self.add(widget)
