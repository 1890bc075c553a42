"""What every page is: a title with chips, a line below it, actions at the right, and a body."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from tfworker.errors import Problem
from tfworker.ui.parts.button import Button
from tfworker.ui.parts.chip import Chip
from tfworker.ui.parts.flow import Flow
from tfworker.ui.parts.label import Label, Words
from tfworker.ui.parts.mark import Mark
from tfworker.ui.parts.notice import Notice
from tfworker.ui.parts.scroll import GUTTER, Scroll, Whole
from tfworker.ui.parts.tabs import Tabs
from tfworker.ui.theme import current

SIDE, TOP = 28, 22  # px at 100 %: the margins of a page
TITLE = 240  # px at 100 %: with less than this for the title, the actions stand below it


class _Head(QWidget):
    """Title at the left, actions at the right; in a narrow window the actions stand below."""

    def __init__(self, left: QVBoxLayout, actions: Flow) -> None:
        super().__init__()
        self._actions = actions
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.addLayout(left, 1)
        self._row.addWidget(actions, 0, Qt.AlignmentFlag.AlignTop)

    def layout(self) -> QBoxLayout:
        return self._row

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        left = self.width() - self._actions.sizeHint().width()
        is_narrow = left < current().px(TITLE)
        directions = QBoxLayout.Direction
        self._row.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)
        self._row.setSpacing(current().space("s" if is_narrow else "l"))


class Page(QWidget):
    """A page of the window. Subclass it, fill it in __init__, load in arrive().

    scrolls: False when the body has a part that scrolls by itself, such as a table or Tabs of Scrolls.

    The window calls three methods, each of which a page may replace:
    arrive(**where) each time it comes up, save() on Ctrl+S, leave() before another page comes up.
    """

    def __init__(self, title: str = "", subtitle: str = "", *, scrolls: bool = True) -> None:
        super().__init__()
        theme = current()
        self.setProperty("ground", "bg")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = Label(title, size="page").one_line()
        self._title.setWordWrap(True)
        self._chips = Flow()
        self._actions = Flow(to_right=True)
        self._subtitle = Label(subtitle, ink="muted")
        if not subtitle:
            self._subtitle.hide()
        self.notices = QVBoxLayout()
        self.notices.setSpacing(theme.space("s"))
        whole = Whole()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(whole)
        self._column = whole.column
        self._column.setContentsMargins(theme.px(SIDE), theme.px(TOP), theme.px(SIDE - GUTTER), 0)
        self._column.setSpacing(theme.space("m"))
        self._column.addWidget(self._head())
        self._column.addLayout(self.notices)
        self.notices.setContentsMargins(0, 0, theme.px(GUTTER), 0)
        self._notice_by_topic: dict[str, Notice] = {}
        if scrolls:
            self.scroller: Scroll | None = Scroll()
            self.body = self.scroller.body
            self._column.addWidget(self.scroller, 1)
        else:
            self.scroller = None
            self.body = QVBoxLayout()
            self.body.setSpacing(theme.space("m"))
            self._column.addLayout(self.body, 1)

    # what the window calls

    def arrive(self, **where: object) -> None:
        """The page comes up. where: what go() was given, e.g. family_id. Load here, through Tasks."""

    def leave(self) -> None:
        """Another page is about to come up, or the window to lock. Save drafts here, without asking."""

    def save(self) -> None:
        """Ctrl+S."""

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The page's own keys for the sheet F1 opens: (key, what it does)."""
        return ()

    # what a page fills in

    def set_title(self, title: str) -> None:
        self._title.set_words(title)

    def title(self) -> str:
        return self._title.words()

    def set_subtitle(self, *words: Words) -> None:
        """The line below the title; "" takes it away."""
        self._subtitle.set_words(*words)
        self._subtitle.setVisible(bool(self._subtitle.words()))

    def set_chips(self, *chips: Chip | Mark) -> None:
        """The states beside the title, in place of those before."""
        self._chips.set_widgets(*chips)
        self._chips.setVisible(bool(chips))

    def set_actions(self, *buttons: Button) -> None:
        """The buttons at the top right, in place of those before; the primary one last."""
        self._actions.set_widgets(*buttons)

    def add(self, *widgets: QWidget) -> None:
        """Put widgets into the body, below what is there.

        In a page that does not scroll, Scroll and Tabs reach into the right margin for their bar.
        """
        for widget in widgets:
            if self.scroller is not None or isinstance(widget, Scroll | Tabs):
                self.body.addWidget(widget)
            else:
                self._add_within_margins(widget)

    def add_row(self, *widgets: QWidget, shares: tuple[int, ...] = ()) -> None:
        """Put widgets beside each other, top to top. shares: how the width is shared, equal if not given."""
        row = QHBoxLayout()
        row.setSpacing(current().space("l"))
        for place, widget in enumerate(widgets):
            share = shares[place] if shares else 1
            row.addWidget(widget, share)
        self.body.addLayout(row)

    # what went wrong

    def show_problem(
        self,
        problem: Problem,
        *,
        action: str = "",
        on_action: Callable[[], None] | None = None,
        topic: str = "",
    ) -> Notice:
        """Say a Problem at the top of the page. Nothing is blocked.

        topic: what it is about; it takes the place of an earlier one about the same. "": its title.
        """
        notice = Notice.of(problem, action=action, on_action=on_action)
        self.show_notice(notice, topic or problem.title)
        return notice

    def show_notice(self, notice: Notice, topic: str) -> None:
        """Put a banner at the top of the page. A topic has one banner: a newer one takes its place."""
        self.drop_notice(topic)
        self._notice_by_topic[topic] = notice
        notice.closed.connect(lambda: self.drop_notice(topic))
        self.notices.addWidget(notice)

    def notice(self, topic: str) -> Notice | None:
        """The banner about a topic; None if there is none."""
        return self._notice_by_topic.get(topic)

    def drop_notice(self, topic: str) -> None:
        """Take a banner away, if it is there: what it said is over."""
        notice = self._notice_by_topic.pop(topic, None)
        if notice is not None:
            notice.hide()
            self.notices.removeWidget(notice)
            notice.deleteLater()

    def _head(self) -> QWidget:
        theme = current()
        self._chips.hide()
        left = QVBoxLayout()
        left.setSpacing(theme.space("xs"))
        left.addWidget(Flow(self._title, self._chips, gap=theme.px(9)))
        left.addWidget(self._subtitle)
        head = _Head(left, self._actions)
        head.layout().setContentsMargins(0, 0, theme.px(GUTTER), 0)
        return head

    def _add_within_margins(self, widget: QWidget) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, current().px(GUTTER), current().px(TOP) // 2)
        row.addWidget(widget)
        self.body.addLayout(row)
