"""Colours, sizes, fonts and icons of every screen, from the tokens in resources/styles.

One theme belongs to the application. Parts ask `current()` when they paint, so a switch between
light and dark repaints everything, icons included, without rebuilding a widget.
"""

import json
import re
import sys
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import cast

import qtawesome
from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtWidgets import QApplication

from tfworker.paths import resource

ICON_FAMILY = "mdi6"  # the one icon family of the product, out of those qtawesome carries
GLYPH_SHARE = 0.94  # of the icon's box; Material glyphs already carry their own margin
OWN_FONT_PLATFORMS = ("win32", "darwin")  # their interface fonts are good: Segoe UI, San Francisco
SMALLEST_SCALE, LARGEST_SCALE = 0.8, 3.0


class Scheme(StrEnum):
    """Which colours to use. `system` follows the desktop, also while the program runs."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Tokens:
    """What resources/styles/tokens.json holds. Lengths are pixels at 100 %."""

    colours: dict[str, dict[str, str]]  # {"light" | "dark": {name: "#RRGGBB"}}
    text_pairs: dict[str, list[str]]  # {ground: [inks used on it]}, 4.5:1 or better
    shape_pairs: dict[str, list[str]]  # {ground: [borders and marks used on it]}, 3:1 or better
    type: dict[str, float]
    space: dict[str, int]
    radius: dict[str, int]
    control: dict[str, int]
    fonts: list[str]


@cache
def tokens() -> Tokens:
    """The tokens as shipped. Raises what json and Tokens raise if the file is not as agreed."""
    return Tokens(**json.loads(resource("styles", "tokens.json").read_text(encoding="utf-8")))


class Theme(QObject):
    """The look in use: light or dark, and how large.

    changed: everything has been restyled; parts that keep a pixel measure may renew it.
    """

    changed = Signal()

    def __init__(self, app: QApplication, scheme: Scheme, text_scale: float) -> None:
        super().__init__(app)
        self._app = app
        self._scheme = scheme
        self._text_scale = _clamp(text_scale)
        self._family = _family(tokens().fonts)
        self._system_is_dark = app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        app.styleHints().colorSchemeChanged.connect(self._on_system_changed)
        app.setStyle("Fusion")
        self.set_scheme(scheme)

    @property
    def scheme(self) -> Scheme:
        """What was asked for; `is_dark` says what it came to."""
        return self._scheme

    @property
    def is_dark(self) -> bool:
        if self._scheme is Scheme.SYSTEM:
            return self._system_is_dark
        return self._scheme is Scheme.DARK

    @property
    def text_scale(self) -> float:
        return self._text_scale

    def set_scheme(self, scheme: Scheme) -> None:
        """Switch light, dark or as the system; every window repaints at once."""
        self._scheme = scheme
        hints = self._app.styleHints()
        # Also for what is not ours to paint: title bars and the system's own dialogs.
        if scheme is Scheme.SYSTEM:
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if self.is_dark else Qt.ColorScheme.Light)
        self._apply()

    def set_text_scale(self, scale: float) -> None:
        """Make text and controls larger: 1.0 to 2.0 and a little beyond. Spacing follows in new pages."""
        self._text_scale = _clamp(scale)
        self._apply()

    def colour(self, name: str) -> QColor:
        """The colour token of this name, in the scheme in use. KeyError if there is no such token."""
        return QColor(self._colours()[name])

    def px(self, length: float) -> int:
        """A length at 100 % as pixels now. Never less than one, so that a hairline stays."""
        return max(0 if length == 0 else 1, int(length * self._text_scale + 0.5))

    def space(self, name: str) -> int:
        """Spacing by name: xs 4, s 8, m 12, l 16, xl 24, xxl 32."""
        return self.px(tokens().space[name])

    def control(self, name: str) -> int:
        """A control's measure by name: height 36, touch 40, rail 206."""
        return self.px(tokens().control[name])

    def font(self, size: str = "body", weight: int = 400) -> QFont:
        """The interface font. size: small, body, narrative, section, value, page or figure."""
        font = QFont(self._family) if self._family else QFont(self._app.font())
        font.setPixelSize(self.px(tokens().type[size]))
        font.setWeight(QFont.Weight(weight))
        return font

    def style_sheet(self) -> str:
        """resources/styles/app.qss with every @token filled in. KeyError names an unknown one."""
        names = dict(self._colours())
        names |= {f"type-{name}": f"{self.px(size)}px" for name, size in tokens().type.items()}
        names |= {f"radius-{name}": f"{self.px(size)}px" for name, size in tokens().radius.items()}
        template = resource("styles", "app.qss").read_text(encoding="utf-8")
        sized = re.sub(r"@(\d+(?:\.\d+)?)px", lambda found: f"{self.px(float(found[1]))}px", template)
        return re.sub(r"@([a-z][a-z_-]*)", lambda found: names[found[1]], sized)

    def _colours(self) -> dict[str, str]:
        return tokens().colours["dark" if self.is_dark else "light"]

    def _apply(self) -> None:
        self._app.setFont(self.font())
        self._app.setPalette(self._palette())
        self._app.setStyleSheet(self.style_sheet())
        self.changed.emit()

    def _palette(self) -> QPalette:
        """For what Qt draws by itself: menus, the calendar, selections."""
        roles = QPalette.ColorRole
        palette = QPalette()
        for role, name in {
            roles.Window: "bg", roles.WindowText: "text",
            roles.Base: "surface", roles.AlternateBase: "sunk", roles.Text: "text",
            roles.Button: "surface", roles.ButtonText: "text", roles.BrightText: "danger",
            roles.ToolTipBase: "text", roles.ToolTipText: "surface", roles.PlaceholderText: "muted",
            roles.Highlight: "accent", roles.HighlightedText: "on_accent", roles.Accent: "accent",
            roles.Link: "accent", roles.LinkVisited: "accent",
            roles.Light: "surface", roles.Midlight: "sunk", roles.Mid: "line",
            roles.Dark: "edge", roles.Shadow: "edge",
        }.items():  # fmt: skip
            palette.setColor(role, self.colour(name))
        for role in (roles.WindowText, roles.Text, roles.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colour("muted"))
        return palette

    def _on_system_changed(self, scheme: Qt.ColorScheme) -> None:
        self._system_is_dark = scheme is Qt.ColorScheme.Dark
        if self._scheme is Scheme.SYSTEM:
            self._apply()


_installed: Theme | None = None


def install(app: QApplication, scheme: Scheme = Scheme.SYSTEM, text_scale: float = 1.0) -> Theme:
    """Give the application its look. Once, before the first widget; again replaces the settings."""
    global _installed
    if _installed is not None and _installed.parent() is app:
        _installed._text_scale = _clamp(text_scale)
        _installed.set_scheme(scheme)
    else:
        _installed = Theme(app, scheme, text_scale)
    return _installed


def current() -> Theme:
    """The application's theme; made with its defaults if nobody has installed one yet."""
    if _installed is None:
        return install(cast(QApplication, QApplication.instance()))
    return _installed


class _Glyph(QIconEngine):
    """One glyph of the icon font, painted in whatever the theme's colours are at that moment."""

    def __init__(self, name: str, ink: str, ink_on: str) -> None:
        super().__init__()
        self._char = qtawesome.charmap(f"{ICON_FAMILY}.{name}")
        self._name, self._ink, self._ink_on = name, ink, ink_on

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ink = self._ink_on if state is QIcon.State.On else self._ink
        painter.save()
        painter.setPen(current().colour("muted" if mode is QIcon.Mode.Disabled else ink))
        painter.setFont(qtawesome.font(ICON_FAMILY, round(rect.height() * GLYPH_SHARE)))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._char)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _Glyph(self._name, self._ink, self._ink_on)


def icon(name: str, ink: str = "text", ink_on: str | None = None) -> QIcon:
    """An icon that recolours itself when the theme changes.

    name: of a Material Design icon as qtawesome's browser lists them, without "mdi6.".
    ink, ink_on: colour tokens, plain and when the control is checked.
    Raises qtawesome's error for a name that does not exist.
    """
    return QIcon(_Glyph(name, ink, ink_on or ink))


def contrast(ink: QColor, ground: QColor) -> float:
    """Contrast ratio of two colours, 1 to 21. Source: WCAG 2.2, "contrast ratio"."""
    lighter, darker = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _family(wanted: list[str]) -> str:
    """The font to use, or "" for the platform's own, which is the right one on Windows and macOS."""
    if sys.platform in OWN_FONT_PLATFORMS:
        return ""
    present = set(QFontDatabase.families())
    return next((family for family in wanted if family in present), "")


def _clamp(scale: float) -> float:
    return min(max(scale, SMALLEST_SCALE), LARGEST_SCALE)
