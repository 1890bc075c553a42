"""Who may have and do what, as one table (domain 4.9, offline rights below it). Pure data.

A worker's roles each bring one or more `Right`s. A right says how far it reaches (her own
families, her team's, the county's), which kinds of record she is given there, up to which
sensitivity, and which she may make or change. What no right names is denied.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tfworker.records.words import AllocationRole, AmendmentKind, FamilyStatus, NoteKind, WorkerRole

CARD = "conflict"  # sync's name for a card of the review queue
TRAY = "held"  # sync's name for what waits in a tray, or is to be read

REFERENCE_KINDS = frozenset(
    {
        "programme",
        "locality",
        "agency",
        "team",
        "worker",
        "headline_problem",
        "local_need_type",
        "practice_standard",
    }
)
REFERENCE_LEVEL = 1  # staff data and less

PERSON_KINDS = frozenset({"person", "contact_point", "risk_marker", CARD, TRAY})
WORKER_KINDS = frozenset({"safeguarding_concern", "concern_step"})  # concerns that name no family
FAMILY_KINDS = frozenset(
    {
        "family",
        "household",
        "membership",
        "risk_marker",
        "safeguarding_concern",
        "concern_step",
        "need",
        "plan",
        "goal",
        "action",
        "visit",
        "visit_note",
        "note_amendment",
        "chronology_entry",
        "document",
        "allocation",
        CARD,
        TRAY,
    }
)
# The duty worker's card: who lives there, caution, safe contact, concerns, lead.
CARD_KINDS = frozenset(
    {
        "family",
        "household",
        "person",
        "membership",
        "contact_point",
        "risk_marker",
        "safeguarding_concern",
        "concern_step",
        "allocation",
    }
)
# The county without notes: chronology, concerns, caution and visits are "-" for programme roles.
COUNTY_KINDS = frozenset(
    {"family", "household", "person", "membership", "need", "plan", "goal", "action", "allocation"}
)

TOP = 4


class Reach(StrEnum):
    """How far a right goes, the nearest first."""

    OWN = "own"  # families allocated to her
    TEAM = "team"  # families of the team she leads
    COUNTY = "county"  # every family


@dataclass(frozen=True, slots=True)
class Right:
    """One line of the table.

    gives: kinds she is given; level: highest sensitivity of a field she is given.
    makes, changes: tables she may insert into and update within the reach. A change of a card is
        a decision on it.
    """

    reach: Reach
    gives: frozenset[str] = frozenset()
    level: int = 0
    makes: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()


ANY_CONCERN = Right(Reach.COUNTY, makes=frozenset({"safeguarding_concern", "concern_step"}))
LIVING = frozenset({"household", "person", "membership", "contact_point", "risk_marker"})
WRITTEN_ONCE = frozenset(
    {"safeguarding_concern", "concern_step", "visit_note", "note_amendment", "chronology_entry", "document"}
)

OWN_FAMILIES = Right(
    Reach.OWN,
    gives=FAMILY_KINDS | PERSON_KINDS,
    level=TOP,
    makes=LIVING | WRITTEN_ONCE | {"need", "plan", "goal", "action", "visit"},
    # A note may be changed by its author until it is finished; a family is made by request.
    changes=LIVING | {"family", "need", "plan", "goal", "action", "visit", "visit_note", CARD, TRAY},
)
TEAM_FAMILIES = Right(
    Reach.TEAM,
    gives=FAMILY_KINDS | PERSON_KINDS,
    level=TOP,
    makes=LIVING | WRITTEN_ONCE | {"family", "allocation"},
    changes=LIVING | {"family", "need", "plan", "goal", "action", "visit_note", "allocation", CARD, TRAY},
)
COUNTY_WITHOUT_NOTES = Right(Reach.COUNTY, gives=COUNTY_KINDS, level=3)
COUNTY_CARD = Right(
    Reach.COUNTY,
    gives=CARD_KINDS,
    level=TOP,
    makes=frozenset({"safeguarding_concern", "concern_step", "risk_marker", "visit_note"}),
    # Her own contact note, until it is finished.
    changes=frozenset({"visit_note"}),
)

RIGHTS: dict[str, tuple[Right, ...]] = {
    WorkerRole.FSW: (OWN_FAMILIES, ANY_CONCERN),
    WorkerRole.FIP: (OWN_FAMILIES, ANY_CONCERN),
    # A leader may hold a family between leads: then it is also her own.
    WorkerRole.TEAM_LEADER: (OWN_FAMILIES, TEAM_FAMILIES, ANY_CONCERN),
    WorkerRole.DUTY: (COUNTY_CARD,),
    WorkerRole.DV_SPECIALIST: (OWN_FAMILIES,),
    WorkerRole.PROGRAMME_MANAGER: (COUNTY_WITHOUT_NOTES,),
    WorkerRole.CLAIMS_OFFICER: (COUNTY_WITHOUT_NOTES,),
    # Reference data only: on call works online; auditors get sample packs; partners and system
    # administrators never have families on a laptop.
    WorkerRole.ON_CALL: (),
    WorkerRole.LOCALITY_COORDINATOR: (),
    WorkerRole.INFORMATION_GOVERNANCE: (),
    WorkerRole.SENIOR_RESPONSIBLE_OFFICER: (),
    WorkerRole.INTERNAL_AUDITOR: (),
    WorkerRole.PARTNER_CONTRIBUTOR: (),
    WorkerRole.SYSTEM_ADMIN: (),
}


def fingerprint() -> str:
    """Of the table and the kinds: after an update that changed them everybody's grants are drawn anew."""
    kinds = (REFERENCE_KINDS, FAMILY_KINDS, PERSON_KINDS, WORKER_KINDS)
    words = [
        *(" ".join(sorted(some)) for some in kinds),
        *(
            " ".join([role, right.reach, str(right.level), *sorted(right.gives)])
            for role, rights in sorted(RIGHTS.items())
            for right in rights
        ),
    ]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:32]


def rights_of(roles: Iterable[str]) -> tuple[Right, ...]:
    """Every right that the roles bring; a role this version does not know brings none."""
    return tuple({right: None for role in roles for right in RIGHTS.get(role, ())})


# What needs somebody else's word, beyond the table.

# A worker's move of a family to one of these is a request (domain 4.8.1).
REQUESTED_STATUSES = frozenset({FamilyStatus.ACCEPTED, FamilyStatus.CLOSED, FamilyStatus.RE_OPENED})
# A co-worker's rights are the lead's, but for closing.
CLOSING_STATUSES = frozenset({FamilyStatus.STEPPING_DOWN})
MAY_CLOSE = frozenset({AllocationRole.LEAD, AllocationRole.COVER})
# Text is hidden or moved by the approval path only (domain 4.8.7).
APPROVED_AMENDMENTS = frozenset(
    {AmendmentKind.REDACTION, AmendmentKind.WRONG_FAMILY, AmendmentKind.THIRD_PARTY_REMOVED}
)
# A leader writes oversight on her team's families (from anybody else it needs her word), a duty
# worker what she was told by phone.
LEADER_NOTES = frozenset({NoteKind.MANAGEMENT_OVERSIGHT})
DUTY_NOTES = frozenset({NoteKind.CORRESPONDENCE})
# Cards that a leader decides (domain 4.8.9): (table, field group). Rivals are always hers.
LEADERS_CARDS = frozenset({("family", "status"), ("plan", "state"), ("risk_marker", "state")})
