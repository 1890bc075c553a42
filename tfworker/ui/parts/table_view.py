"""How a table looks and is walked through."""

from collections.abc import Hashable
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from tfworker.ui.parts.chip import PAD, inks
from tfworker.ui.parts.meter import paint_bar
from tfworker.ui.parts.table import CELL, Cell, Index, Rows
from tfworker.ui.theme import current

SIDE = 9  # px at 100 %: free at either side of a cell
WIDEST = 420  # px at 100 %: a column's own wish; more only from its share of spare width
MEASURED = 100  # rows looked at for a column's width
METER = 150  # px at 100 %: a bar's least width


class _Painter(QStyledItemDelegate):
    """Paints cells: words, chips and meters, and the ring around the row the keyboard is on."""

    def __init__(self, view: "Table") -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell: Cell = index.data(CELL)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, rect, index)
        side = current().px(SIDE)
        room = rect.adjusted(side, 0, -side, 0)
        if cell.chip is not None and cell.words:
            self._paint_chip(painter, room, cell)
        else:
            if cell.meter is not None:
                room = self._paint_meter(painter, room, cell)
            self._paint_words(painter, room, cell, index.column())
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self._view.cell_size(index.data(CELL))

    def _paint_ground(self, painter: QPainter, rect: QRect, index: Index) -> None:
        view = self._view
        row_is_current = view.currentIndex().row() == index.row()
        selected = view.selectionModel().isRowSelected(index.row(), QModelIndex())
        if not selected and view.hovered != index.row():
            return
        last = index.column() == view.model().columnCount() - 1
        radius = current().px(8)
        # Each cell paints its part of one rounded ground: what lies beyond the cell is cut off.
        whole = QRectF(rect).adjusted(
            0 if index.column() == 0 else -2 * radius, 1, 0 if last else 2 * radius, -1
        )
        painter.setClipRect(rect)
        painter.setPen(Qt.PenStyle.NoPen)
        if selected and row_is_current and view.shows_ring:
            painter.setPen(QPen(current().colour("accent"), 2))
            whole.adjust(1, 0, -1, 0)
        painter.setBrush(current().colour("accent_weak" if selected else "sunk"))
        painter.drawRoundedRect(whole, radius, radius)

    def _paint_chip(self, painter: QPainter, room: QRect, cell: Cell) -> None:
        theme = current()
        assert cell.chip is not None
        ink, ground = inks(cell.chip)
        font = theme.font("small", 600)
        metrics = QFontMetrics(font)
        pad = theme.px(PAD)
        high = max(theme.px(22), metrics.height() + theme.px(4))
        wide = min(metrics.horizontalAdvance(cell.words) + 2 * pad, room.width())
        shape = QRectF(room.left(), room.center().y() - high / 2 + 0.5, wide, high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(shape, high / 2, high / 2)
        painter.setPen(theme.colour(ink))
        painter.setFont(font)
        words = metrics.elidedText(cell.words, Qt.TextElideMode.ElideRight, round(wide) - 2 * pad + 1)
        painter.drawText(shape, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_meter(self, painter: QPainter, room: QRect, cell: Cell) -> QRect:
        theme = current()
        assert cell.meter is not None
        words = QFontMetrics(theme.font()).horizontalAdvance(cell.words)
        wide = max(theme.px(40), room.width() - words - theme.px(24))
        high = theme.px(10)
        bar = QRectF(room.left(), room.center().y() - high / 2 + 0.5, min(wide, theme.px(240)), high)
        paint_bar(painter, bar, *cell.meter)
        return room.adjusted(round(bar.width()) + theme.px(16), 0, 0, 0)

    def _paint_words(self, painter: QPainter, room: QRect, cell: Cell, column: int) -> None:
        font = cell_font(cell)
        painter.setFont(font)
        painter.setPen(current().colour(cell.ink))
        ahead = self._view.rows.columns[column].ahead
        side = Qt.AlignmentFlag.AlignRight if ahead else Qt.AlignmentFlag.AlignLeft
        words = QFontMetrics(font).elidedText(cell.words, Qt.TextElideMode.ElideRight, room.width() + 1)
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, words)


def cell_font(cell: Cell) -> QFont:
    return current().font("body", 600 if cell.strong else 400)


class Table(QTableView):
    """A table of `rows`.

    name: what the table lists, for a screen reader.
    whole: as high as its rows, for a table within a page that scrolls; else it scrolls by itself.
    opened: the row the person opened, by Return or a double click.
    picked: the row the person is on now; None if on none.
    """

    opened = Signal(object)
    picked = Signal(object)

    def __init__(self, name: str, rows: Rows[Any], *, whole: bool = False) -> None:
        super().__init__()
        self.rows = rows
        self.hovered = -1
        self._whole = whole
        self._by_key = False
        self._key: Hashable | None = None
        self.setAccessibleName(name)
        self._set_habits()
        self.setModel(rows)
        self.setItemDelegate(_Painter(self))
        self.horizontalHeader().sortIndicatorChanged.connect(self._on_sort)
        rows.modelAboutToBeReset.connect(self._remember)
        rows.modelReset.connect(self._on_reset)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.rows.row(index.row())))
        self.entered.connect(lambda index: self._hover(index.row()))
        self._on_reset()

    @property
    def shows_ring(self) -> bool:
        """The keyboard is in the table: the current row has the ring."""
        return self._by_key and self.hasFocus()

    def current_row(self) -> Any:
        """The row the person is on; None if on none."""
        index = self.currentIndex()
        return self.rows.row(index.row()) if index.isValid() else None

    def pick(self, key: Hashable) -> None:
        """Go to the row of this key, if it is there."""
        place = self.rows.place(key)
        if place is not None:
            self.selectRow(place)

    def cell_size(self, cell: Cell) -> QSize:
        """The room a cell wishes for."""
        theme = current()
        font = theme.font("small", 600) if cell.chip is not None else cell_font(cell)
        wide = QFontMetrics(font).horizontalAdvance(cell.words) + 2 * theme.px(SIDE) + 2
        if cell.chip is not None:
            wide += 2 * theme.px(PAD)
        if cell.meter is not None:
            wide += theme.px(METER)
        return QSize(min(wide, theme.px(WIDEST)), theme.control("height"))

    def sizeHint(self) -> QSize:
        return QSize(current().px(480), self._height() if self._whole else current().px(320))

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(160), self._height() if self._whole else current().px(120))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._by_key = True
        row = self.current_row()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self.opened.emit(row)
        else:
            super().keyPressEvent(event)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_key = False
        super().mousePressEvent(event)

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._by_key = True
            if not self.currentIndex().isValid() and self.rows.rowCount():
                self.selectRow(0)
        self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def selectionChanged(self, selected: Any, deselected: Any) -> None:
        super().selectionChanged(selected, deselected)
        self.viewport().update()
        self.picked.emit(self.current_row())

    def _set_habits(self) -> None:
        views = QAbstractItemView
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(views.SelectionBehavior.SelectRows)
        self.setSelectionMode(views.SelectionMode.SingleSelection)
        self.setEditTriggers(views.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(views.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(views.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(
            QSizePolicy.Policy.Expanding,
            QSizePolicy.Policy.Fixed if self._whole else QSizePolicy.Policy.Expanding,
        )
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(True)
        head.setMinimumSectionSize(current().px(32))
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSortIndicatorShown(True)
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        upright = self.verticalHeader()
        upright.hide()
        upright.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        upright.setDefaultSectionSize(current().control("height"))
        if self._whole:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _height(self) -> int:
        rows = self.rows.rowCount() * self.verticalHeader().defaultSectionSize()
        bar = self.horizontalScrollBar()
        below = bar.sizeHint().height() if bar.maximum() > 0 else 0
        return self.horizontalHeader().sizeHint().height() + rows + below + 2

    def _share_width(self) -> None:
        """Give each column what it wishes for, and the spare width by shares."""
        columns = self.rows.columns
        metrics = QFontMetrics(current().font("small"))
        wishes = []
        for at, column in enumerate(columns):
            cells = (self.rows.cell(row, at) for row in range(min(self.rows.rowCount(), MEASURED)))
            head = metrics.horizontalAdvance(column.title) + current().px(32 if column.sort else 18)
            wishes.append(max([head, *(self.cell_size(cell).width() for cell in cells)]))
        spare = max(0, self.viewport().width() - sum(wishes))
        shares = [column.share for column in columns]
        total = sum(shares)
        if not total:
            shares, total = [0] * (len(columns) - 1) + [1], 1
        for at, wish in enumerate(wishes):
            self.setColumnWidth(at, wish + spare * shares[at] // total)

    def _remember(self) -> None:
        index = self.currentIndex()
        self._key = self.rows.key(index.row()) if index.isValid() else None

    def _on_reset(self) -> None:
        self._share_width()
        self.updateGeometry()
        if self._key is not None:
            self.pick(self._key)

    def _on_sort(self, column: int, order: Qt.SortOrder) -> None:
        self.rows.sort(column, order)

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()
