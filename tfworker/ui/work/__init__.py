"""Where the work of this laptop is, item by item."""

from tfworker.ui.work.page import WorkPage

__all__ = ["WorkPage"]
