"""Real desks for the pages: encrypted vaults with an invented caseload."""

from tests.actions.conftest import caseload, desk, leaders_desk, office

__all__ = ["caseload", "desk", "leaders_desk", "office"]
