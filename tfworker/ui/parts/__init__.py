"""The parts pages are made of, one noun a file."""

from tfworker.ui.parts.button import Button, Look, danger, plain, primary, quiet
from tfworker.ui.parts.card import Card
from tfworker.ui.parts.chip import Chip, ChipChoice, ChipToggle, Kind
from tfworker.ui.parts.empty import Empty
from tfworker.ui.parts.field import ChoiceField, DateField, Field, LineField, NarrativeField, TimeField
from tfworker.ui.parts.figure import Figure
from tfworker.ui.parts.flow import Flow, FlowLayout
from tfworker.ui.parts.label import Label, Piece, Words, slanted, strong, underlined
from tfworker.ui.parts.mark import Mark
from tfworker.ui.parts.meter import Meter, Scale
from tfworker.ui.parts.notice import Notice
from tfworker.ui.parts.page import Page
from tfworker.ui.parts.panel import Panel
from tfworker.ui.parts.rail import Rail
from tfworker.ui.parts.scroll import Scroll
from tfworker.ui.parts.status import StatusLine
from tfworker.ui.parts.table import Cell, Column, Rows, meter_cell
from tfworker.ui.parts.table_view import Table
from tfworker.ui.parts.tabs import Tabs
from tfworker.ui.parts.tick import Tick
from tfworker.ui.parts.timeline import Happening, Timeline

__all__ = [
    "Button",
    "Card",
    "Cell",
    "Chip",
    "ChipChoice",
    "ChipToggle",
    "ChoiceField",
    "Column",
    "DateField",
    "Empty",
    "Field",
    "Figure",
    "Flow",
    "FlowLayout",
    "Happening",
    "Kind",
    "Label",
    "LineField",
    "Look",
    "Mark",
    "Meter",
    "NarrativeField",
    "Notice",
    "Page",
    "Panel",
    "Piece",
    "Rail",
    "Rows",
    "Scale",
    "Scroll",
    "StatusLine",
    "Table",
    "Tabs",
    "Tick",
    "TimeField",
    "Timeline",
    "Words",
    "danger",
    "meter_cell",
    "plain",
    "primary",
    "quiet",
    "slanted",
    "strong",
    "underlined",
]
