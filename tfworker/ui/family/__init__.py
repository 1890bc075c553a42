"""A family's page."""

from tfworker.ui.family.page import FamilyPage

__all__ = ["FamilyPage"]
