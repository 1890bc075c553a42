"""The Search page."""

from tfworker.ui.search.page import SearchPage

__all__ = ["SearchPage"]
