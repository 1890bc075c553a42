"""The values a column may take, and the shapes inside its lists. No database here.

The words a person reads for each value are data: resources/wording, under the name of its class.
A value that a newer version wrote may be missing here, so read a stored value as text and look
its words up; never turn it into an enum without expecting ValueError.
"""

from enum import StrEnum
from typing import TypedDict

# Reference data and the workforce


class FundingMode(StrEnum):
    PBR = "pbr"
    EARNED_AUTONOMY = "earned_autonomy"
    NONE = "none"


class AgencyType(StrEnum):
    SCHOOL = "school"
    POLICE = "police"
    YOT = "yot"
    HOUSING = "housing"
    HEALTH = "health"
    GP = "gp"
    JOBCENTRE = "jobcentre"
    DV_SERVICE = "dv_service"
    DRUG_AND_ALCOHOL = "drug_and_alcohol"
    VOLUNTARY = "voluntary"
    COUNTY = "county"
    DISTRICT = "district"
    OTHER = "other"


class SharingBasis(StrEnum):
    DEA_S35 = "dea_s35"
    CRIME_AND_DISORDER_S115 = "crime_and_disorder_s115"
    CONSENT = "consent"
    PUBLIC_TASK = "public_task"
    OTHER = "other"


class WorkerRole(StrEnum):
    FSW = "fsw"
    FIP = "fip"
    TEAM_LEADER = "team_leader"
    DUTY = "duty"
    ON_CALL = "on_call"
    DV_SPECIALIST = "dv_specialist"
    LOCALITY_COORDINATOR = "locality_coordinator"
    INFORMATION_GOVERNANCE = "information_governance"
    PROGRAMME_MANAGER = "programme_manager"
    CLAIMS_OFFICER = "claims_officer"
    SENIOR_RESPONSIBLE_OFFICER = "senior_responsible_officer"
    INTERNAL_AUDITOR = "internal_auditor"
    PARTNER_CONTRIBUTOR = "partner_contributor"
    SYSTEM_ADMIN = "system_admin"


class AllocationRole(StrEnum):
    LEAD = "lead"
    CO_WORKER = "co_worker"
    COVER = "cover"
    DV_SPECIALIST = "dv_specialist"


class AllocationReason(StrEnum):
    NEW = "new"
    TRANSFER = "transfer"
    COVER = "cover"
    LEAVE = "leave"
    STEP_UP = "step_up"
    STEP_DOWN = "step_down"


class StandardScope(StrEnum):
    """Whom a practice standard is for: everybody, or families of one intensity."""

    ALL = "all"
    LIGHT = "light"
    STANDARD = "standard"
    INTENSIVE = "intensive"


# Family, household, person


class FamilyStatus(StrEnum):
    CANDIDATE = "candidate"
    PROFILING = "profiling"
    AWAITING_DECISION = "awaiting_decision"
    ACCEPTED = "accepted"
    AGREEMENT_SOUGHT = "agreement_sought"
    ASSESSMENT = "assessment"
    SUPPORTED = "supported"
    STEPPING_DOWN = "stepping_down"
    CLOSED = "closed"
    RE_OPENED = "re_opened"
    DECLINED = "declined"
    NOT_ACCEPTED = "not_accepted"
    MOVED_AWAY = "moved_away"
    ON_HOLD = "on_hold"
    DECEASED_CHILD_HOLD = "deceased_child_hold"


class Intensity(StrEnum):
    LIGHT = "light"
    STANDARD = "standard"
    INTENSIVE = "intensive"


class Tenure(StrEnum):
    SOCIAL_RENT = "social_rent"
    PRIVATE_RENT = "private_rent"
    OWNED = "owned"
    TEMPORARY = "temporary"
    REFUGE = "refuge"
    NFA = "nfa"
    OTHER = "other"


class MemberRole(StrEnum):
    PARENT = "parent"
    CARER = "carer"
    CHILD = "child"
    UNBORN = "unborn"
    PARTNER = "partner"
    GRANDPARENT = "grandparent"
    OTHER = "other"


class YesNoUnknown(StrEnum):
    """Parental responsibility."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class LivesHere(StrEnum):
    FULL = "full"
    PART = "part"
    NO = "no"


class LegalStatus(StrEnum):
    NONE = "none"
    CIN = "CIN"
    CP_PLAN = "CP plan"
    LOOKED_AFTER = "looked_after"
    CARE_LEAVER = "care_leaver"
    PROBATION = "probation"
    YOT = "YOT"


class ContactKind(StrEnum):
    MOBILE = "mobile"
    LANDLINE = "landline"
    EMAIL = "email"
    LETTER = "letter"


class SafeToCall(StrEnum):
    """In order from least to most protective."""

    YES = "yes"
    ONLY_WHEN = "only_when"
    NO = "no"


# Safety


class MarkerKind(StrEnum):
    VIOLENCE_TO_STAFF = "violence_to_staff"
    WEAPONS = "weapons"
    DOG = "dog"
    ALONE_MALE = "alone_male"
    ALONE_FEMALE = "alone_female"
    NO_LONE_VISIT = "no_lone_visit"
    HAZARD = "hazard"
    SEXUAL_RISK = "sexual_risk"
    CONFIDENTIAL_ADDRESS = "confidential_address"
    DO_NOT_DISCLOSE_TO = "do_not_disclose_to"


class MarkerState(StrEnum):
    RAISED = "raised"
    CLEARED = "cleared"


class FamilyTold(StrEnum):
    YES = "yes"
    LATER = "later"
    NO_UNSAFE = "no_unsafe"


class ConcernStepKind(StrEnum):
    TOLD = "told"
    ACKNOWLEDGED = "acknowledged"
    OUTCOME = "outcome"


# Needs and plan


class NeedSource(StrEnum):
    MASH = "MASH"
    DATA_MATCH = "data_match"
    ASSESSMENT = "assessment"
    SCHOOL = "school"
    REFERRAL = "referral"
    POLICE = "police"
    FAMILY = "family"
    WORKER = "worker"
    OTHER = "other"


class NeedSeverity(StrEnum):
    EMERGING = "emerging"
    SIGNIFICANT = "significant"
    ACUTE = "acute"


class NeedStatus(StrEnum):
    OPEN = "open"
    IMPROVING = "improving"
    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"


class PlanState(StrEnum):
    DRAFT = "draft"
    SHARED_WITH_FAMILY = "shared_with_family"
    AGREED = "agreed"
    ACTIVE = "active"
    UNDER_REVIEW = "under_review"
    SUPERSEDED = "superseded"
    ENDED = "ended"


class GoalState(StrEnum):
    PROPOSED = "proposed"
    WORKING_ON = "working_on"
    ACHIEVED = "achieved"
    PARTLY = "partly"
    STOPPED = "stopped"


class ActionState(StrEnum):
    OPEN = "open"
    DONE = "done"
    NOT_DONE = "not_done"
    CANCELLED = "cancelled"


class OwnerKind(StrEnum):
    FAMILY = "family"
    WORKER = "worker"
    AGENCY = "agency"


class AgreedMethod(StrEnum):
    IN_PERSON = "in_person"
    PHONE = "phone"
    FORM = "form"


# Visits and notes


class VisitType(StrEnum):
    HOME = "home"
    OFFICE = "office"
    COMMUNITY = "community"
    SCHOOL = "school"
    PHONE = "phone"
    VIDEO = "video"
    NO_REPLY = "no_reply"
    CANCELLED_BY_FAMILY = "cancelled_by_family"
    REFUSED = "refused"
    ATTEMPTED = "attempted"


NO_ACCESS = frozenset(
    {VisitType.NO_REPLY, VisitType.CANCELLED_BY_FAMILY, VisitType.REFUSED, VisitType.ATTEMPTED}
)  # shown together as "No access"


class VisitState(StrEnum):
    PLANNED = "planned"
    PREPARED = "prepared"
    UNDER_WAY = "under_way"
    COMPLETED = "completed"
    NO_REPLY = "no_reply"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class RiskLevel(StrEnum):
    STANDARD = "standard"
    CAUTION = "caution"
    TWO_WORKERS = "two_workers"
    OFFICE_ONLY = "office_only"


class NoteKind(StrEnum):
    VISIT = "visit"
    CORRESPONDENCE = "correspondence"
    MANAGEMENT_OVERSIGHT = "management_oversight"
    OTHER = "other"


class Correspondence(StrEnum):
    CALL = "call"
    EMAIL_LETTER_TEXT = "email_letter_text"


class DocumentKind(StrEnum):
    PHOTO = "photo"
    DOCUMENT = "document"
    CONSENT_FORM = "consent_form"
    DRAWING = "drawing"


class AmendmentKind(StrEnum):
    ADDENDUM = "addendum"
    CORRECTION = "correction"
    REDACTION = "redaction"
    WRONG_FAMILY = "wrong_family"
    THIRD_PARTY_REMOVED = "third_party_removed"
    RECORDED_IN_ERROR = "recorded_in_error"


class DatePrecision(StrEnum):
    EXACT = "exact"
    MONTH = "month"
    YEAR = "year"


class EventSource(StrEnum):
    NOTE = "note"
    IMPORT = "import"
    AGENCY = "agency"
    FAMILY = "family"
    WORKER = "worker"


class Confidence(StrEnum):
    KNOWN = "known"
    REPORTED = "reported"
    DISPUTED = "disputed"


# What lies inside the JSON lists. Every key may be missing: an older or newer version wrote it.


class Named(TypedDict, total=False):
    """A person on the record by id, or anybody by name."""

    person_id: str
    name: str


class Present(Named, total=False):
    """Who was there. is_visitor: neither of the household nor a worker."""

    role: str
    is_visitor: bool


class ChildSeen(TypedDict, total=False):
    """comment: how the child presented."""

    person_id: str
    seen: bool
    alone: bool
    comment: str


class Told(TypedDict, total=False):
    """Somebody who was told of a concern. at: ISO 8601 with zone. ref: their reference."""

    name: str
    role: str
    org: str
    how: str
    at: str
    ref: str


class Agreed(Named, total=False):
    """A family member and the plan. on: ISO date. method: AgreedMethod. why_not: if not agreed."""

    agreed: bool
    on: str
    method: str
    why_not: str
