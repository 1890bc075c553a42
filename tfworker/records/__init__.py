"""The nouns: every record as a table, each column with its merge policy and its sensitivity.

Read `base` first, then the subject: `reference`, `people`, `family`, `person`, `safety`, `needs`,
`plan`, `visits`, `chronology`, `documents`. `words` holds the values a column may take and needs no database.
"""

from sqlalchemy import Index

from tfworker.records.base import Instant, Record, Synced
from tfworker.records.chronology import ChronologyEntry
from tfworker.records.documents import Document
from tfworker.records.family import Family, Household
from tfworker.records.needs import Need
from tfworker.records.people import Allocation, Worker
from tfworker.records.person import ContactPoint, Membership, Person
from tfworker.records.plan import Action, Goal, Plan
from tfworker.records.reference import (
    Agency,
    HeadlineProblem,
    Locality,
    LocalNeedType,
    PracticeStandard,
    Programme,
    Team,
)
from tfworker.records.safety import ConcernStep, RiskMarker, SafeguardingConcern
from tfworker.records.visits import NoteAmendment, Visit, VisitNote

metadata = Record.metadata
for _table in metadata.tables.values():
    if "sync" in _table.info:
        # Every round counts a scope by ids and versions: all of that is in here, and no row is read.
        Index(f"ix_{_table.name}_scope", _table.c.scope, _table.c.id, _table.c.version)

__all__ = [
    "Action",
    "Agency",
    "Allocation",
    "ChronologyEntry",
    "ConcernStep",
    "ContactPoint",
    "Document",
    "Family",
    "Goal",
    "HeadlineProblem",
    "Household",
    "Instant",
    "LocalNeedType",
    "Locality",
    "Membership",
    "Need",
    "NoteAmendment",
    "Person",
    "Plan",
    "PracticeStandard",
    "Programme",
    "Record",
    "RiskMarker",
    "SafeguardingConcern",
    "Synced",
    "Team",
    "Visit",
    "VisitNote",
    "Worker",
    "metadata",
]
