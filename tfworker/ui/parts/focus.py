"""Where the focus is, for parts that paint their own ring: after a key, not after a click."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget as _Widget
else:
    _Widget = object  # a second Qt base would give the widget two C++ halves


class KeyboardFocus(_Widget):
    """Put before the Qt class among the bases. `has_keyboard_focus` says whether to paint the ring."""

    _by_key = False

    @property
    def has_keyboard_focus(self) -> bool:
        return self._by_key and self.hasFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Coming back to the window leaves the ring as it was.
        if event.reason() is not Qt.FocusReason.ActiveWindowFocusReason:
            self._by_key = event.reason() is not Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() is not Qt.FocusReason.ActiveWindowFocusReason:
            self._by_key = False
        super().focusOutEvent(event)
        self.update()
