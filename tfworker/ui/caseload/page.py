"""Caseload: the worker's families with what matters, to sort, filter and open."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from tfworker.actions.caseload import caseload
from tfworker.actions.desk import Desk
from tfworker.actions.values import CaseRow
from tfworker.ui.brush import SMALL
from tfworker.ui.caseload.case_line import COLUMNS, CaseLine, columns, is_stacked
from tfworker.ui.caseload.views import ORDERS, VIEWS, counts, matching, of_view, ordered
from tfworker.ui.lines import Lines
from tfworker.ui.parts import Card, ChipToggle, ChoiceField, Empty, Flow, Label, LineField, Page
from tfworker.ui.tasks import Task, Tasks
from tfworker.ui.theme import current

NONE_YET = (
    "No family is allocated to you yet",
    "Families come with the next sync once somebody allocates them to you. Press F5 where there is a"
    " connection. If one should be here, ring your team leader.",
)
NO_FIT = ("No family fits", "Press Esc in the filter to clear it, or choose All above.")


class _Head(QWidget):
    """The names of the columns; a click sorts by one. The list beside the filter does it by keyboard."""

    picked = Signal(str)

    def __init__(self, lines: Lines) -> None:
        super().__init__()
        self._order = ""
        self._lines = lines
        self.setFixedHeight(SMALL.height() + current().px(8))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def _cells(self) -> list[QRect]:
        # As wide as the lines below: their scroll bar takes room that the head has.
        return columns(QRect(0, 0, self._lines.viewport().width(), self.height()))

    def set_order(self, name: str) -> None:
        self._order = name
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for cell, (name, words) in zip(self._cells(), COLUMNS, strict=True):
            SMALL.draw(painter, cell, f"{words} ↓" if name == self._order else words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for cell, (name, _) in zip(self._cells(), COLUMNS, strict=True):
            if cell.contains(event.position().toPoint()):
                self.picked.emit(name)


class CaseloadPage(Page):
    """The caseload.

    desk_source: gives the desk that is open now. family_opened(family_id): she wants that family.
    """

    family_opened = Signal(str)

    def __init__(self, tasks: Tasks, desk_source: Callable[[], Desk]) -> None:
        super().__init__("Caseload", scrolls=False)
        self._tasks, self._desk = tasks, desk_source
        self._rows: list[CaseRow] | None = None
        self._loading: Task | None = None
        self.filter = LineField("Filter", hint="Name, reference, place or worker")
        self.filter.add_beside(Label("/", size="small", ink="muted").one_line())
        self.order = ChoiceField("Sorted by", [(name, words) for name, (words, _) in ORDERS.items()], "mine")
        self.lines = Lines("Families", CaseLine())
        self._views = Flow(gap=current().px(6))
        self._view_group = QButtonGroup(self)
        self._columns = _Head(self.lines)
        self._empty = Card()
        self._sheet = Card(fills=True)
        self._compose()
        self._listen()

    # what the window calls

    def arrive(self, **where: object) -> None:
        """Come up with the families as they are now; the line and filter stay where they were."""
        self.refresh()
        self.lines.setFocus(Qt.FocusReason.MouseFocusReason)

    def refresh(self) -> None:
        """Read the caseload again; what shows stays until the news is there."""
        if self._loading is not None:
            self._loading.drop()
        desk = self._desk()
        self._loading = self._tasks.run(lambda: caseload(desk), done=self.show_rows, failed=self.show_problem)

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (("/", "Filter the families"), ("Up, Down, Enter", "Choose and open a family"),
                ("Esc", "Clear the filter"))  # fmt: skip

    # what it shows

    def show_rows(self, rows: list[CaseRow]) -> None:
        """Show these families."""
        self._rows = rows
        self._count_views()
        self._show()

    def shown(self) -> list[CaseRow]:
        """The families in the list, in its order."""
        return self.lines.items()

    def _show(self) -> None:
        if self._rows is None:
            return
        within = of_view(matching(self._rows, self.filter.value()), self._view())
        order = str(self.order.value() or "mine")
        self._columns.set_order(order)
        self.lines.set_items(ordered(within, order))
        if self.lines.chosen() is None:
            self.lines.choose_first()
        self._sheet.setVisible(bool(within))
        self._say_empty(bool(within))
        whole = len(self._rows)
        self.set_subtitle("" if len(within) == whole else f"{len(within)} of {whole} families")

    def _say_empty(self, any_shown: bool) -> None:
        self._empty.setVisible(not any_shown and self._rows is not None)
        if not any_shown:
            self._empty.clear()
            self._empty.add(Empty(*(NO_FIT if self._rows else NONE_YET), icon_name="home-group"))

    # views: chips, one of which is on

    def _view(self) -> str:
        return VIEWS[max(0, self._view_group.checkedId())].name

    def _count_views(self) -> None:
        found = counts(self._rows or [])
        for place, view in enumerate(VIEWS):
            button = self._view_group.button(place)
            assert isinstance(button, ChipToggle)
            button.set_words(f"{view.words} {found[view.name]}")
            button.setVisible(bool(found[view.name]) or button.isChecked() or place == 0)

    def _on_view(self, place: int, on: bool) -> None:
        if on:
            self._show()

    # putting it together

    def _compose(self) -> None:
        for place, view in enumerate(VIEWS):
            chip = ChipToggle(view.words, on=place == 0)
            self._view_group.addButton(chip, place)
            self._views.add(chip)
        self._views.setAccessibleName("Which families")
        tools = QWidget()
        row = QHBoxLayout(tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(current().space("m"))
        row.addWidget(self.filter, 3)
        row.addWidget(self.order, 2)
        within = QWidget()
        column = QVBoxLayout(within)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._columns)
        column.addWidget(self.lines, 1)
        self._sheet.body.setContentsMargins(*[current().px(6)] * 4)
        self._sheet.body.addWidget(within, 1)
        self._sheet.hide()
        self._empty.hide()
        whole = QWidget()
        upright = QVBoxLayout(whole)
        upright.setContentsMargins(0, 0, 0, 0)
        upright.setSpacing(current().space("m"))
        for widget in (tools, self._views, self._empty):
            upright.addWidget(widget)
        upright.addWidget(self._sheet, 1)
        upright.addStretch()
        self.add(whole)

    def _listen(self) -> None:
        self.filter.edited.connect(self._show)
        self.filter.entered.connect(self._open_first)
        self.order.edited.connect(self._show)
        self._columns.picked.connect(self._on_head_picked)
        self._view_group.idToggled.connect(self._on_view)
        self.lines.opened.connect(lambda row: self.family_opened.emit(row.family_id))
        self.lines.left_upwards.connect(lambda: self.filter.setFocus(Qt.FocusReason.TabFocusReason))
        self.lines.viewport().installEventFilter(self)
        self.filter.editor.installEventFilter(self)
        slash = QShortcut(QKeySequence("/"), self)
        slash.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        slash.activated.connect(lambda: self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.lines.viewport() and isinstance(event, QResizeEvent):
            self._columns.setVisible(not is_stacked(event.size().width()))
        if (
            watched is self.filter.editor
            and isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
        ):
            if event.key() == Qt.Key.Key_Down:
                self.lines.setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.filter.set_value("")
                self._show()
                return True
        return super().eventFilter(watched, event)

    def _on_head_picked(self, name: str) -> None:
        self.order.set_value(name)
        self._show()

    def _open_first(self) -> None:
        if self.shown():
            self.family_opened.emit(self.shown()[0].family_id)
