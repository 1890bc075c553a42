"""A real desk for the pages: an encrypted vault with an invented caseload, the network down."""

from tests.actions.conftest import caseload, desk, office

__all__ = ["caseload", "desk", "office"]
