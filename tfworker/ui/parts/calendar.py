"""A line for a date, with a month to pick a day from."""

from collections.abc import Callable
from datetime import date
from typing import cast

from PySide6.QtCore import QDate, QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QMenu, QToolButton, QWidgetAction

from tfworker.ui.parts.button import Button, Look
from tfworker.ui.theme import current, icon

SIZE = (300, 276)  # px at 100 %: a month with six weeks
STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}


class DateLine(QLineEdit):
    """A line with a calendar button inside it at the right. Tab passes the button by: Alt+Down opens too.

    shown: the day the month opens at. picked: the day that was chosen there.
    stepped: +1 or -1 day, by the arrow keys.
    """

    picked = Signal(object)  # datetime.date
    stepped = Signal(int)

    def __init__(self, shown: Callable[[], date]) -> None:
        super().__init__()
        self._shown = shown
        self.button = Button("Calendar", Look.QUIET, icon_name="calendar-blank-outline")
        self.button.set_words_hidden(True)
        self.button.setToolTip("Pick from a calendar (Alt+Down)")
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.setParent(self)
        self.button.clicked.connect(self.open)
        self.setTextMargins(0, 0, current().control("height"), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = self.height() - 4
        self.button.setGeometry(self.width() - side - 2, 2, side, side)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEPS.get(Qt.Key(event.key()))
        if step is None or self.isReadOnly():
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open()
        else:
            self.stepped.emit(step)

    def open(self) -> None:
        """Show the month below the line; choosing a day or Esc closes it."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        month = _month(self._shown())
        action = QWidgetAction(menu)
        action.setDefaultWidget(month)
        menu.addAction(action)

        def choose(day: QDate) -> None:
            self.picked.emit(cast(date, day.toPython()))
            menu.close()

        month.clicked.connect(choose)
        month.activated.connect(choose)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))
        month.setFocus()


def _month(shown: date) -> QCalendarWidget:
    month = QCalendarWidget()
    month.setLocale(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    month.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
    month.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    # Qt paints weekends red; here red means safety.
    plain = QTextCharFormat()
    plain.setForeground(current().colour("text"))
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        month.setWeekdayTextFormat(day, plain)
    for name, icon_name, words in (
        ("qt_calendar_prevmonth", "chevron-left", "The month before"),
        ("qt_calendar_nextmonth", "chevron-right", "The month after"),
    ):
        button = month.findChild(QToolButton, name)
        if button is None:  # another Qt may name its arrows otherwise
            continue
        button.setIcon(icon(icon_name))  # Qt's own arrows are black in the dark too
        button.setAccessibleName(words)
    month.setMinimumSize(current().px(SIZE[0]), current().px(SIZE[1]))
    month.setSelectedDate(QDate(shown.year, shown.month, shown.day))
    return month
