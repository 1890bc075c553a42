import re

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QLabel

from tfworker.paths import resource
from tfworker.ui import theme
from tfworker.ui.parts.chip import Kind, inks
from tfworker.ui.theme import Scheme, contrast

SCHEMES = ("light", "dark")


def pairs(kind):
    table = getattr(theme.tokens(), kind)
    return [(scheme, ink, ground) for scheme in SCHEMES for ground, inks in table.items() for ink in inks]


def of(scheme, name):
    return QColor(theme.tokens().colours[scheme][name])


@pytest.mark.parametrize("scheme, ink, ground", pairs("text_pairs"))
def test_text_can_be_read_on_its_ground(scheme, ink, ground):
    assert contrast(of(scheme, ink), of(scheme, ground)) >= 4.5


@pytest.mark.parametrize("scheme, mark, ground", pairs("shape_pairs"))
def test_borders_that_mean_something_can_be_seen(scheme, mark, ground):
    assert contrast(of(scheme, mark), of(scheme, ground)) >= 3


def test_contrast_is_that_of_wcag():
    assert contrast(QColor("#000"), QColor("#FFF")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("#FFFFFF")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("kind", Kind)
def test_every_chip_is_a_pair_that_is_checked(kind):
    ink, ground = inks(kind)

    assert ink in theme.tokens().text_pairs[ground]


def test_light_and_dark_have_the_same_tokens():
    colours = theme.tokens().colours

    assert colours["light"].keys() == colours["dark"].keys()


def test_a_style_sheet_is_filled_in_completely(look):
    assert "@" not in look.style_sheet()
    assert look.colour("accent").name().upper() in look.style_sheet()


def test_the_style_sheet_names_no_colour_of_its_own():
    assert re.findall(r"#[0-9A-Fa-f]{3,8}\b", resource("styles", "app.qss").read_text()) == []


def test_a_switch_reaches_widgets_that_are_already_there(look, qtbot):
    label = QLabel("words")
    label.setProperty("ink", "danger")
    qtbot.addWidget(label)
    label.show()
    light = label.palette().windowText().color()

    look.set_scheme(Scheme.DARK)

    assert light == of("light", "danger")
    assert label.palette().windowText().color() == of("dark", "danger")


def inked(icon):
    """The strongest colour in an icon's picture."""
    image = icon.pixmap(QSize(32, 32), QIcon.Mode.Normal, QIcon.State.Off).toImage()
    dots = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return max(dots, key=QColor.alpha).name().upper()


def test_an_icon_made_in_light_is_recoloured_in_dark(look):
    icon = theme.icon("magnify", "accent")
    light = inked(icon)

    look.set_scheme(Scheme.DARK)

    assert (light, inked(icon)) == (of("light", "accent").name().upper(), of("dark", "accent").name().upper())


def test_changed_is_said_after_a_switch(look, qtbot):
    with qtbot.waitSignal(look.changed):
        look.set_scheme(Scheme.DARK)

    assert look.is_dark


def test_larger_text_makes_larger_controls(look):
    look.set_text_scale(2)

    assert look.font().pixelSize() == 28
    assert look.control("height") == 72
    assert "min-height: 68px" in look.style_sheet()


def test_a_text_scale_out_of_reach_is_brought_back(look):
    look.set_text_scale(50)

    assert look.text_scale == theme.LARGEST_SCALE


def test_system_follows_the_desktop(look, qapp):
    look.set_scheme(Scheme.SYSTEM)

    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    dark = look.is_dark, look.colour("bg")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)

    assert dark == (True, of("dark", "bg"))
    assert not look.is_dark
