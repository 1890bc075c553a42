"""Real desks for the page: encrypted vaults with an invented caseload."""

from tests.actions.conftest import caseload, desk, leaders_desk, office

__all__ = ["caseload", "desk", "leaders_desk", "office"]
