"""The Today page: what this day asks."""

from tfworker.ui.today.page import TodayPage

__all__ = ["TodayPage"]
