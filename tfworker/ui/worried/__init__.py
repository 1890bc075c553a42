"""I'm worried now: a safeguarding concern, from any page."""

from tfworker.ui.worried.panel import WorriedPanel

__all__ = ["WorriedPanel"]
