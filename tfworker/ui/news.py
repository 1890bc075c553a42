"""Banners that follow how things stand with the council: quiet, on whatever page is up, and gone by
themselves once they are no longer true. Nothing waits for them.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

from tfworker.actions.desk import Desk
from tfworker.actions.phrases import say
from tfworker.actions.values import Closing, Status
from tfworker.actions.work import safe_to_close
from tfworker.ui.parts import Button, Kind, Notice, Page
from tfworker.ui.window import MainWindow

COME, CLOCK, CLOSING = "come", "clock", "closing"  # topics
CLOSES_AFTER_S = 30  # with nobody there to answer, the window closes as it was told to


class News(QObject):
    """For one window.

    sync: begins a round somebody waits for. close: closes the laptop, whatever is unsent.
    """

    def __init__(self, window: MainWindow, sync: Callable[[], None], close: Callable[[], None]) -> None:
        super().__init__(window)
        self._window, self._sync, self._close = window, sync, close
        self._status: Status | None = None
        self._taken_away: set[str] = set()  # titles of banners the person took away
        self._is_closing = False
        self._timer = QTimer(self, singleShot=True, interval=CLOSES_AFTER_S * 1000)
        self._timer.timeout.connect(close)
        window.shell.status_changed.connect(self._on_status)
        window.shell.went.connect(lambda *_: self._show())

    def leave(self, desk: Desk) -> None:
        """The window is to close. What only this laptop has is said first; a second try closes at once,
        and so does time."""
        if self._is_closing:
            self._close()
            return
        self._window.shell.tasks.run(
            lambda: safe_to_close(desk), done=self._say_closing, failed=lambda _: self._close()
        )

    def _say_closing(self, closing: Closing) -> None:
        page = self._window.page()
        if closing.safe or page is None:
            self._close()
            return
        self._is_closing = True
        self._timer.start()
        notice = Notice(
            closing.title,
            f"{say('closing.leaving', seconds=CLOSES_AFTER_S)} {closing.advice}",
            Kind.WARN,
            action=say("work.sync"),
            on_action=self._sync_first,
            other=say("closing.close"),
            on_other=self._close,
        )
        notice.setObjectName("closing_notice")
        notice.closed.connect(self._stay)
        page.show_notice(notice, CLOSING)
        first = notice.findChild(Button)
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def _sync_first(self) -> None:
        """Not closing any more: she sees what becomes of the round, and closes when she likes."""
        self._stay()
        page = self._window.page()
        if page is not None:
            page.drop_notice(CLOSING)
        self._sync()

    def _stay(self) -> None:
        self._is_closing = False
        self._timer.stop()

    def _on_status(self, status: Status) -> None:
        self._status = status
        self._show()

    def _show(self) -> None:
        page, status = self._window.page(), self._status
        if page is None or status is None:
            return
        self._put(page, COME, status.come_words, say("status.come.advice"))
        self._put(page, CLOCK, status.clock_words, say("status.clock.advice"))

    def _put(self, page: Page, topic: str, title: str, advice: str) -> None:
        shown = page.notice(topic)
        if shown is not None and shown.title == title:
            return
        page.drop_notice(topic)
        if not title or topic in self._taken_away:
            return
        with_sync = topic == COME
        notice = Notice(
            title, advice, Kind.INFO,
            action=say("work.sync") if with_sync else "", on_action=self._sync if with_sync else None,
        )  # fmt: skip
        notice.closed.connect(lambda: self._taken_away.add(topic))
        page.show_notice(notice, topic)
