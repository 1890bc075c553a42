"""Writing: the note editor, the finished note, and the quick jot."""

from tfworker.ui.note.jot import JotPanel
from tfworker.ui.note.page import NotePage

__all__ = ["JotPanel", "NotePage"]
