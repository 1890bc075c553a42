"""The Team page, for its leader."""

from tfworker.ui.team.page import TeamPage

__all__ = ["TeamPage"]
