"""A page's body that scrolls up and down, never sideways, and follows the keyboard focus."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from tfworker.ui.theme import current

BAR = 12  # px at 100 %: as wide as app.qss makes the bar
GUTTER = 16  # px at 100 %: kept free at the right for the bar, so nothing moves when it appears
BELOW = 22  # px at 100 %: under the last thing


class _Column(QWidget):
    """What scrolls. It may always be as low as its words need at this width, whatever their hints say."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)


class Scroll(QScrollArea):
    """A column that scrolls. Add to `body`; what is added stays at the top.

    gutter: keep the last GUTTER pixels at the right free for the bar, so that nothing moves when it
    appears; Page and Tabs let them lie in the page's margin.
    """

    def __init__(self, *, gutter: bool = True) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inner = _Column()
        self._inner.setProperty("part", "body")
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, current().px(GUTTER - BAR if gutter else 0), current().px(BELOW))
        self.body.setSpacing(current().space("m"))
        outer = QVBoxLayout(self._inner)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self.body)
        outer.addStretch(1)
        self.setWidget(self._inner)
        if gutter:
            self.verticalScrollBar().rangeChanged.connect(self._keep_gutter)
            self._keep_gutter()
        # One that reaches into every page is cheap: it asks only whether the widget is within.
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus_changed)

    def sizeHint(self) -> QSize:
        """A little: it grows into whatever room there is, and scrolls in less."""
        return QSize(current().px(320), current().px(160))

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(120), current().px(96))

    def _keep_gutter(self) -> None:
        shown = self.verticalScrollBar().maximum() > 0
        self.setViewportMargins(0, 0, 0 if shown else current().px(BAR), 0)

    def _on_focus_changed(self, _: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._inner.isAncestorOf(now) and self.isVisible():
            self.ensureWidgetVisible(now, 0, current().space("l"))


class Whole(QScrollArea):
    """What is as high as its window; only where that is too low for it does it scroll as a whole.

    Fill `column`; give what should take the spare height a stretch.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = _Column()
        inner.setProperty("part", "body")
        self.column = QVBoxLayout(inner)
        self.setWidget(inner)
