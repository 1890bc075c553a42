"""A table of rows: sorted by its heads, walked with the arrow keys, opened with Return.

The model is plain: `Rows.set_rows(rows)`, tested without a window. The view paints.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from tfworker.ui.parts.chip import Kind

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
CELL = Qt.ItemDataRole.UserRole  # the role under which the view finds a Cell


@dataclass(frozen=True)
class Cell:
    """What stands in one place of a table.

    chip: the words stand on a chip of this kind. meter: (n, m), a bar before the words "n of m".
    tip: longer words for the tool tip and the screen reader.
    """

    words: str
    chip: Kind | None = None
    strong: bool = False
    ink: str = "text"
    meter: tuple[float, float] | None = None
    tip: str = ""


def meter_cell(value: float, of: float) -> Cell:
    """A caseload's bar with "8 of 9" beside it; red beyond."""
    over = value > of
    words = f"{value:g} of {of:g}"
    return Cell(
        words, ink="danger" if over else "muted", meter=(value, of), tip="over capacity" if over else ""
    )


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column.

    show: what stands there for a row; a plain str will do. sort: the key to sort by, None if one
    cannot. share: how much of the spare width it takes. ahead: text to the right, for numbers.
    """

    title: str
    show: Callable[[Row], Cell | str]
    sort: Callable[[Row], Any] | None = None
    share: int = 0
    ahead: bool = False


class Rows(QAbstractTableModel, Generic[Row]):
    """The rows of a table, in their columns.

    key: what makes a row the same row after set_rows: the selection follows it.
    """

    def __init__(self, columns: Sequence[Column[Row]], key: Callable[[Row], Hashable]) -> None:
        super().__init__()
        self.columns = list(columns)
        self._key = key
        self._given: list[Row] = []
        self._rows: list[Row] = []
        self._sorted: tuple[int, Qt.SortOrder] | None = None

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these instead, sorted as the person last chose, or in the order given."""
        self.beginResetModel()
        self._given = list(rows)
        self._arrange()
        self.endResetModel()

    def row(self, place: int) -> Row:
        """The row at this place as it is sorted now."""
        return self._rows[place]

    def rows(self) -> list[Row]:
        """All rows as they are sorted now."""
        return list(self._rows)

    def key(self, place: int) -> Hashable:
        return self._key(self._rows[place])

    def place(self, key: Hashable) -> int | None:
        """Where the row of this key stands; None if it is not among them."""
        return next((at for at, row in enumerate(self._rows) if self._key(row) == key), None)

    def cell(self, place: int, column: int) -> Cell:
        shown = self.columns[column].show(self._rows[place])
        return Cell(shown) if isinstance(shown, str) else shown

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column that can be sorted; equal rows keep their order. -1: as given."""
        can_sort = 0 <= column < len(self.columns) and self.columns[column].sort is not None
        self.beginResetModel()
        self._sorted = (column, order) if can_sort else None
        self._arrange()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].ahead else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        cell = self.cell(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.words
        if role == CELL:
            return cell
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tip or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            title = self.columns[index.column()].title
            said = f"{cell.words}, {cell.tip}" if cell.tip else cell.words
            return f"{title}: {said}" if title else said
        return None

    def _arrange(self) -> None:
        self._rows = list(self._given)
        if self._sorted is not None:
            column, order = self._sorted
            by = self.columns[column].sort
            assert by is not None
            self._rows.sort(key=by, reverse=order is Qt.SortOrder.DescendingOrder)
