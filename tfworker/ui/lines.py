"""A list whose lines paint themselves: hundreds of lines for the price of those in sight.

Arrows move, Enter or a click opens. Each line says itself to a screen reader in one sentence.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from tfworker.ui.theme import current

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
ITEM = Qt.ItemDataRole.UserRole


class Line:
    """How one kind of line looks and what it says. Subclass it; it holds no state of a list."""

    def height(self, item: Any, width: int) -> int:
        """How high the line is when it is `width` wide, in pixels."""
        raise NotImplementedError

    def draw(self, painter: QPainter, rect: QRect, item: Any) -> None:
        """Paint it; ground, focus ring and rule are painted already."""
        raise NotImplementedError

    def words(self, item: Any) -> str:
        """The line in one sentence, for a screen reader."""
        raise NotImplementedError

    def key(self, item: Any) -> Hashable:
        """What makes it the same line when the list is shown anew."""
        raise NotImplementedError

    def tip(self, item: Any) -> str:
        """What a tool tip tells beyond the line; "" for nothing."""
        return ""

    def opens(self, item: Any) -> bool:
        """False for a heading: it cannot be chosen."""
        return True


class _Model(QAbstractListModel):
    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line
        self.items: list[Any] = []

    def set_items(self, items: Sequence[Any]) -> None:
        self.beginResetModel()
        self.items = list(items)
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.items[index.row()]
        if role == ITEM:
            return item
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._line.words(item)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._line.tip(item) or None
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self._line.opens(self.items[index.row()]):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags


class _Delegate(QStyledItemDelegate):
    """Ground, ring and rule of a line; the line itself does the rest."""

    def __init__(self, view: "Lines", line: Line) -> None:
        super().__init__(view)
        self._view, self._line = view, line

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        width = self._view.viewport().width()
        return QSize(width, self._line.height(index.data(ITEM), width))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = current()
        state: QStyle.StateFlag = option.state  # absent from Qt's stubs
        rect: QRect = option.rect
        item = index.data(ITEM)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._line.opens(item):
            painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.colour("line"))
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            hovered = bool(state & QStyle.StateFlag.State_MouseOver)
            shape = QRectF(rect).adjusted(1, 1, -1, -2)
            if chosen or hovered:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("accent_weak" if chosen else "sunk"))
                painter.drawRoundedRect(shape, theme.px(8), theme.px(8))
            if chosen and self._view.hasFocus():
                painter.setPen(QPen(theme.colour("accent"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(shape, theme.px(8), theme.px(8))
        self._line.draw(painter, rect, item)
        painter.restore()


class Lines(QListView):
    """The list.

    name: what a screen reader calls it. opened: the item, by Enter or click. left_upwards: the
    person pressed Up on the first line: a search field above takes the focus.
    """

    opened = Signal(object)
    left_upwards = Signal()

    def __init__(self, name: str, line: Line) -> None:
        super().__init__()
        self._line = line
        self._model = _Model(line)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self, line))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.clicked.connect(self._on_clicked)
        current().changed.connect(self.scheduleDelayedItemsLayout)

    def set_items(self, items: Sequence[Any]) -> None:
        """Show these; the line that was chosen stays chosen if it is among them, and stays in sight."""
        chosen, top = self.chosen(), self.verticalScrollBar().value()
        self._model.set_items(items)
        if chosen is not None:
            self.choose(self._line.key(chosen))
        self.verticalScrollBar().setValue(top)

    def items(self) -> list[Any]:
        """What is shown, in order."""
        return self._model.items

    def chosen(self) -> Any | None:
        """The item of the current line."""
        index = self.currentIndex()
        return index.data(ITEM) if index.isValid() else None

    def choose(self, key: Hashable) -> bool:
        """Make the line with this key the current one. False if there is none."""
        return self._choose_first(lambda item: self._line.key(item) == key)

    def choose_first(self) -> bool:
        """Make the first line that opens the current one. False if there is none."""
        return self._choose_first(self._line.opens)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if (item := self.chosen()) is not None:
                self.opened.emit(item)
            return
        if event.key() == Qt.Key.Key_Home:
            # Qt looks at the first line only, and a heading cannot be chosen.
            self.choose_first()
            self.scrollToTop()
            return
        before = self.currentIndex().row()
        super().keyPressEvent(event)
        if event.key() == Qt.Key.Key_Up and self.currentIndex().row() == before:
            self.left_upwards.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            # A line's height depends on the width: at once, or the chosen one scrolls to where it was.
            self.doItemsLayout()
            if self.currentIndex().isValid():
                self.scrollTo(self.currentIndex())

    def content_height(self) -> int:
        """How high the list is with every line in sight, in pixels."""
        width = self.viewport().width()
        return sum(self._line.height(item, width) for item in self.items())

    def _choose_first(self, fits: Callable[[Any], bool]) -> bool:
        for row, item in enumerate(self._model.items):
            if fits(item):
                self.setCurrentIndex(self._model.index(row))
                return True
        return False

    def _on_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(ITEM))
