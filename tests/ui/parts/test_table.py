from dataclasses import dataclass

import pytest
from PySide6.QtCore import QModelIndex, Qt

from tfworker.ui.parts import Cell, Column, Kind, Rows, Table, meter_cell
from tfworker.ui.parts.table import CELL

ASCENDING, DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


@dataclass(frozen=True)
class Worker:
    name: str
    families: int
    late: int = 0


BRIGHT, DALE, HALE = Worker("A. Bright", 8), Worker("C. Dale", 11, 2), Worker("G. Hale", 13, 1)


@pytest.fixture
def rows(qapp):
    columns = [
        Column("Worker", lambda row: Cell(row.name, strong=True), lambda row: row.name),
        Column("Caseload", lambda row: meter_cell(row.families, 12), lambda row: row.families, share=1),
        Column("Late", lambda row: Cell(str(row.late), Kind.WARN) if row.late else "–"),
    ]
    made = Rows(columns, key=lambda row: row.name)
    made.set_rows([DALE, HALE, BRIGHT])
    return made


@pytest.fixture
def table(rows, qtbot):
    made = Table("Caseloads", rows)
    qtbot.addWidget(made)
    made.resize(700, 300)
    made.show()
    return made


def test_rows_stand_in_the_order_given(rows):
    assert rows.rows() == [DALE, HALE, BRIGHT]
    assert (rows.rowCount(), rows.columnCount()) == (3, 3)
    assert (rows.rowCount(rows.index(0, 0)), rows.columnCount(rows.index(0, 0))) == (0, 0)


def test_a_cell_gives_words_and_what_a_screen_reader_says(rows):
    index = rows.index(1, 1)

    assert rows.data(index) == "13 of 12"
    assert rows.data(index, Qt.ItemDataRole.AccessibleTextRole) == "Caseload: 13 of 12, over capacity"
    assert rows.data(index, CELL).ink == "danger"
    assert rows.data(QModelIndex()) is None


def test_plain_words_are_a_cell_too(rows):
    assert rows.cell(2, 2) == Cell("–")


@pytest.mark.parametrize(
    "column, order, names",
    [
        (0, ASCENDING, ["A. Bright", "C. Dale", "G. Hale"]),
        (1, DESCENDING, ["G. Hale", "C. Dale", "A. Bright"]),
        (2, ASCENDING, ["C. Dale", "G. Hale", "A. Bright"]),  # cannot be sorted: as given
        (-1, ASCENDING, ["C. Dale", "G. Hale", "A. Bright"]),
    ],
)
def test_rows_are_sorted_by_what_stands_behind_the_words(rows, column, order, names):
    rows.sort(column, order)

    assert [row.name for row in rows.rows()] == names


def test_new_rows_come_sorted_as_the_person_last_chose(rows):
    rows.sort(1, ASCENDING)
    rows.set_rows([HALE, BRIGHT])

    assert rows.rows() == [BRIGHT, HALE]


def test_equal_rows_keep_their_order_both_ways(rows):
    twins = [Worker("b", 1), Worker("a", 1)]
    rows.set_rows(twins)
    for order in (ASCENDING, DESCENDING):
        rows.sort(1, order)

        assert rows.rows() == twins


def test_return_opens_the_row_the_person_is_on(table, qtbot):
    table.pick("G. Hale")
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)

    assert opened.args == [HALE]


def test_arrow_keys_walk_through_the_rows(table, qtbot):
    table.pick("C. Dale")
    with qtbot.waitSignal(table.picked) as picked:
        qtbot.keyClick(table, Qt.Key.Key_Down)

    assert picked.args == [HALE]
    assert table.current_row() == HALE


def test_tab_into_a_table_lands_on_its_first_row_and_tab_leaves_it(table, qtbot):
    table.activateWindow()
    qtbot.waitUntil(table.isActiveWindow)
    table.clearFocus()
    table.setFocus(Qt.FocusReason.TabFocusReason)

    assert table.current_row() == DALE
    assert table.shows_ring
    assert not table.tabKeyNavigation()


def test_the_selection_stays_on_its_row_when_rows_change(table, rows):
    table.pick("G. Hale")
    rows.set_rows([BRIGHT, Worker("New", 1), HALE])
    rows.sort(1, DESCENDING)

    assert table.current_row() == HALE


def test_a_row_that_is_gone_leaves_nothing_selected(table, rows):
    table.pick("G. Hale")
    rows.set_rows([BRIGHT])

    assert table.current_row() is None


def test_a_double_click_opens(table, qtbot):
    where = table.visualRect(table.model().index(1, 0)).center()
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)

    assert opened.args == [HALE]


def test_the_spare_width_goes_to_the_column_that_wants_it(table):
    table.resize(600, 300)
    narrow = [table.columnWidth(at) for at in range(3)]
    table.resize(900, 300)
    wide = [table.columnWidth(at) for at in range(3)]

    assert [after - before for before, after in zip(narrow, wide, strict=True)] == [0, 300, 0]


def test_a_whole_table_is_as_high_as_its_rows(rows, qtbot):
    table = Table("Caseloads", rows, whole=True)
    qtbot.addWidget(table)
    three = table.sizeHint().height()
    rows.set_rows([DALE])

    assert three - table.sizeHint().height() == 2 * table.verticalHeader().defaultSectionSize()
