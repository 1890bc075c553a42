"""Playing a day through the real windows: press, type, wait, look, and say what was checked."""

import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QEvent, QMessageLogContext, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QWidget

from tfworker.ui import theme

PATIENCE_S = 60.0
LOOK_EVERY_MS = 5
SMALLEST = 0  # of Qt's 0 to 100: PNG loses nothing by it but time
UNSEEN = "offscreen"  # Qt's name for a platform without a screen
NO_SCREEN = "This plugin does not support "


class StepFailed(Exception):
    """A step of the day did not come out as it must."""


def application(*, is_dark: bool = False) -> QApplication:
    """The one Qt application of this process, in the product's look. End it with leave()."""
    qInstallMessageHandler(_qt_says)
    app = QApplication(["tfworker-demo"])
    app.setQuitOnLastWindowClosed(False)
    # Played with no screen there is no desktop to follow, and the pictures must come out alike anywhere.
    unseen = theme.Scheme.LIGHT if app.platformName() == UNSEEN else theme.Scheme.SYSTEM
    theme.install(app, theme.Scheme.DARK if is_dark else unseen)
    return app


def leave(app: QApplication) -> None:
    """End Qt while Python is still whole: what is left of closed windows would crash with it later."""
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    app.processEvents()
    app.shutdown()


def _qt_says(kind: QtMsgType, _: QMessageLogContext, words: str) -> None:
    """Qt's own warnings, without those that only say that there is no screen."""
    if not words.startswith(NO_SCREEN):
        print(words, file=sys.stderr)


class Stage:
    """The screen the day is played on.

    out: where a picture of each step is kept; None: none. patience_s: how long to wait for anything.
    """

    def __init__(self, app: QApplication, out: Path | None, *, patience_s: float = PATIENCE_S) -> None:
        self._app = app
        self._out = out
        self._patience_s = patience_s
        self._step = ""
        self._pictures = 0
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)

    @property
    def step(self) -> str:
        """The step being played."""
        return self._step

    @property
    def pictures(self) -> int:
        return self._pictures

    def begin(self, step: str) -> None:
        """Begin a step."""
        self._step = step
        print(f"\n{step}", flush=True)

    def check(self, is_so: bool, words: str) -> None:
        """Say what was checked. Raises StepFailed if it is not so."""
        if not is_so:
            raise StepFailed(words)
        print(f"  ✓ {words}", flush=True)

    def say(self, words: str) -> None:
        print(f"    {words}", flush=True)

    def wait(self, until: Callable[[], object], words: str) -> None:
        """Let the windows live until something is so. Raises StepFailed when it does not come."""
        end = monotonic() + self._patience_s
        while not until():
            if monotonic() > end:
                raise StepFailed(f"waited {self._patience_s:.0f} s in vain for: {words}")
            QTest.qWait(LOOK_EVERY_MS)

    def settle(self, widget: QWidget) -> None:
        """Let pending events and layouts finish."""
        QTest.qWait(50)
        widget.repaint()

    def picture(self, widget: QWidget | None, name: str) -> None:
        """Keep a picture of the window."""
        if self._out is None or widget is None:
            return
        self.settle(widget)
        self._pictures += 1
        path = self._out / f"{self._pictures:02}-{name}.png"
        widget.grab().save(str(path), quality=SMALLEST)

    def picture_all(self, name: str) -> None:
        """Keep a picture of every window there is: for somebody who must find out what went wrong."""
        for number, widget in enumerate(self._app.topLevelWidgets()):
            if widget.isVisible():
                self.picture(widget, f"{name}-{number}")

    # hands

    def find(self, within: QWidget, name: str) -> QAbstractButton:
        """A visible button by its object name, its words or its accessible name."""
        for button in within.findChildren(QAbstractButton):
            if button.isVisible() and name in (button.objectName(), button.text(), button.accessibleName()):
                return button
        raise StepFailed(f"there is no button {name!r} in sight")

    def has(self, within: QWidget, name: str) -> bool:
        """Whether such a button is in sight."""
        return any(
            button.isVisible() and name in (button.objectName(), button.text(), button.accessibleName())
            for button in within.findChildren(QAbstractButton)
        )

    def press(self, within: QWidget, name: str) -> None:
        """Press a button with the mouse."""
        self.wait(lambda: self.has(within, name), f"the button {name!r}")
        button = self.find(within, name)
        self.wait(button.isEnabled, f"the button {name!r} to be ready")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def type(self, editor: QWidget, words: str) -> None:
        """Type into a field, in place of what is in it."""
        self._activate(editor)
        editor.setFocus()
        if isinstance(editor, QLineEdit | QPlainTextEdit):
            editor.selectAll()
        QTest.keyClicks(editor, words)

    def keys(self, widget: QWidget, keys: str) -> None:
        """Press a key combination such as "F5" or "Ctrl+S", in the window that then is the active one."""
        self._activate(widget)
        QTest.keySequence(widget, keys)

    def _activate(self, widget: QWidget) -> None:
        """Two laptops lie on one screen; the one that is worked at is in front."""
        window = widget.window()
        if not window.isActiveWindow():
            window.raise_()
            window.activateWindow()
            self.wait(window.isActiveWindow, "the window to come to the front")
