"""A panel at the right of the page, for what can be written at any moment. It never blocks the page."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from tfworker.errors import Problem
from tfworker.ui.parts.button import Button, Look
from tfworker.ui.parts.flow import Flow
from tfworker.ui.parts.label import Label, Words
from tfworker.ui.parts.notice import Notice
from tfworker.ui.parts.scroll import Scroll
from tfworker.ui.theme import current

WIDTH = 400  # px at 100 %


class Panel(QFrame):
    """A panel. Subclass it and fill `body`.

    put_away: Esc, or its close button. The panel is only hidden: its text stays in it.
    The window calls arrive(**where) when it opens, save() on Ctrl+S, and leave() when the panel goes
    or the window locks.
    """

    put_away = Signal()

    def __init__(self, title: str, subtitle: str = "") -> None:
        super().__init__()
        theme = current()
        self.setProperty("part", "panel")
        self.setAccessibleName(title)
        self._title = Label(title, size="section")
        self._subtitle = Label(subtitle, size="small", ink="muted")
        if not subtitle:
            self._subtitle.hide()
        close = Button("Put away (Esc); what you wrote stays", Look.QUIET, icon_name="close")
        close.set_words_hidden(True)
        close.clicked.connect(self.put_away)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(close)
        self.notices = QVBoxLayout()
        self._scroll = Scroll()
        self.body = self._scroll.body
        self._actions = Flow(to_right=True)
        column = QVBoxLayout(self)
        side = theme.space("l")
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.space("s"))
        column.addLayout(head)
        column.addWidget(self._subtitle)
        column.addLayout(self.notices)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._actions)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.put_away)

    def arrive(self, **where: object) -> None:
        """The panel opens. Set the focus into its first field here."""

    def leave(self) -> None:
        """The panel goes, or the window locks. Save the draft here, without asking."""

    def save(self) -> None:
        """Ctrl+S while the focus is in it."""

    def set_title(self, title: str) -> None:
        self._title.set_words(title)
        self.setAccessibleName(title)

    def set_subtitle(self, *words: Words) -> None:
        self._subtitle.set_words(*words)
        self._subtitle.setVisible(bool(self._subtitle.words()))

    def set_actions(self, *buttons: Button) -> None:
        """The buttons below; the primary one last."""
        self._actions.set_widgets(*buttons)

    def add(self, *widgets: QWidget) -> None:
        for widget in widgets:
            self.body.addWidget(widget)

    def show_problem(self, problem: Problem) -> None:
        """Say a Problem at the top of the panel, in place of the one before."""
        self.clear_notices()
        notice = Notice.of(problem)
        notice.closed.connect(self.clear_notices)
        self.notices.addWidget(notice)

    def clear_notices(self) -> None:
        while (item := self.notices.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()


class PanelDock(QWidget):
    """Page and panel side by side; where that is too narrow the panel takes the page's place.

    page: what the panel opens beside.
    """

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self._page = page
        self._panel: Panel | None = None
        self._before: QWidget | None = None
        page.setParent(self)

    def panel(self) -> Panel | None:
        """The panel that is open."""
        return self._panel

    def open(self, panel: Panel) -> None:
        """Show this panel, in place of another one."""
        if self._panel is None:
            self._before = self.window().focusWidget()
        elif self._panel is not panel:
            self._panel.hide()
        panel.setParent(self)
        self._panel = panel
        panel.show()
        panel.raise_()
        self._place()

    def close_panel(self) -> None:
        """Hide the panel; the focus goes back to where it was."""
        if self._panel is None:
            return
        self._panel.hide()
        self._panel = None
        self._place()
        if self._before is not None and shown_in(self._before, self.window()):
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._before = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        room = self.rect()
        width = current().px(WIDTH)
        is_beside = room.width() >= 2 * width
        if self._panel is not None:
            self._panel.setGeometry(room.adjusted(room.width() - width if is_beside else 0, 0, 0, 0))
            if is_beside:
                room.setWidth(room.width() - width)
        self._page.setGeometry(room)
        # What the panel covers must not be reached by Tab either.
        self._page.setVisible(self._panel is None or is_beside)


def shown_in(widget: QWidget, window: QWidget) -> bool:
    """True if the widget is still there and visible within this window."""
    return widget.window() is window and widget.isVisible()
