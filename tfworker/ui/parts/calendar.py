"""A small button that opens a month to pick a day from."""

from collections.abc import Callable
from datetime import date
from typing import cast

from PySide6.QtCore import QDate, QEvent, QLocale, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QMenu, QWidgetAction

from tfworker.ui.parts.button import Button, Look
from tfworker.ui.theme import current


class CalendarButton(Button):
    """Opens a month, Monday first, at the day `shown` gives. picked: the day that was chosen.

    It stands inside its line at the right. Tab passes it by: Alt+Down in the line does the same.
    """

    picked = Signal(object)  # datetime.date

    def __init__(self, name: str, line: QLineEdit, shown: Callable[[], date]) -> None:
        super().__init__(
            f"Calendar for {name.replace('&', '')}", Look.QUIET, icon_name="calendar-blank-outline"
        )
        self.set_words_hidden(True)
        self.setToolTip("Pick from a calendar (Alt+Down in the field)")
        self._shown = shown
        self._line = line
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setParent(line)
        line.setTextMargins(0, 0, current().control("height"), 0)
        line.installEventFilter(self)
        self.clicked.connect(self.open)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._line and event.type() is QEvent.Type.Resize:
            side = self._line.height() - 4
            self.setGeometry(self._line.width() - side - 2, 2, side, side)
        return super().eventFilter(watched, event)

    def open(self) -> None:
        """Show the month below the button; choosing a day or Esc closes it."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        month = QCalendarWidget(menu)
        month.setLocale(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
        month.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        month.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        # Qt paints weekends red; here red means safety.
        plain = QTextCharFormat()
        plain.setForeground(current().colour("text"))
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            month.setWeekdayTextFormat(day, plain)
        shown = self._shown()
        month.setSelectedDate(QDate(shown.year, shown.month, shown.day))
        action = QWidgetAction(menu)
        action.setDefaultWidget(month)
        menu.addAction(action)

        def choose(day: QDate) -> None:
            self.picked.emit(cast(date, day.toPython()))
            menu.close()

        month.clicked.connect(choose)
        month.activated.connect(choose)
        menu.popup(self._line.mapToGlobal(QPoint(0, self._line.height())))
        month.setFocus()
