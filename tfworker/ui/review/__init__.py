"""The Review page: two versions of one thing, and the person who says which is right."""

from tfworker.ui.review.page import ReviewPage

__all__ = ["ReviewPage"]
