"""The parts pages are made of, one noun a file."""

from tfworker.ui.parts.button import Button, Look, danger, plain, primary, quiet
from tfworker.ui.parts.card import Card
from tfworker.ui.parts.chip import Chip, ChipChoice, ChipToggle, Kind
from tfworker.ui.parts.field import ChoiceField, DateField, Field, LineField, NarrativeField, TimeField
from tfworker.ui.parts.flow import Flow, FlowLayout
from tfworker.ui.parts.label import Label, Piece, Words, slanted, strong, underlined
from tfworker.ui.parts.notice import Notice
from tfworker.ui.parts.page import Page
from tfworker.ui.parts.panel import Panel
from tfworker.ui.parts.rail import Rail
from tfworker.ui.parts.scroll import Scroll
from tfworker.ui.parts.status import Link, Standing, StatusLine
from tfworker.ui.parts.tabs import Tabs
from tfworker.ui.parts.tick import Tick

__all__ = [
    "Button",
    "Card",
    "Chip",
    "ChipChoice",
    "ChipToggle",
    "ChoiceField",
    "DateField",
    "Field",
    "Flow",
    "FlowLayout",
    "Kind",
    "Label",
    "LineField",
    "Link",
    "Look",
    "NarrativeField",
    "Notice",
    "Page",
    "Panel",
    "Piece",
    "Rail",
    "Scroll",
    "Standing",
    "StatusLine",
    "Tabs",
    "Tick",
    "TimeField",
    "Words",
    "danger",
    "plain",
    "primary",
    "quiet",
    "slanted",
    "strong",
    "underlined",
]
