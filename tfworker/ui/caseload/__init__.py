"""The Caseload page: a line a family."""

from tfworker.ui.caseload.page import CaseloadPage

__all__ = ["CaseloadPage"]
