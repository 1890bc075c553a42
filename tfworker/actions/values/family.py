"""A family's page: header, Story, People."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tfworker.actions.values.caseload import ChildrenSeen
from tfworker.actions.values.marks import Chip, Choice, Disputed, Whereabouts

Marks = Mapping[str, Disputed]  # {field name: what is disputed about it}; empty for most records


@dataclass(frozen=True, slots=True)
class FamilyHeader:
    """What stands above every tab. chips: cautions first, then agreements, then the state."""

    family_id: str
    family_ref: str
    label: str
    initials: str
    status: Choice
    intensity: Choice
    chips: tuple[Chip, ...]
    lead_worker: str
    other_workers: tuple[str, ...]
    next_visit_at: datetime | None
    next_visit_words: str
    children_seen: ChildrenSeen
    unsent: int
    may_write: bool
    disputed: Marks


@dataclass(frozen=True, slots=True)
class ChronologyLine:
    """One event of the chronology, newest first.

    who: the worker or agency it comes from. kind: its chip ("Visit", "Housing").
    for_the_children: what it means for them; "" when nobody wrote it.
    significant: marked so by its author. childs_voice: a child
    was spoken to alone, or her own words are in it.
    note_id: the note behind it; None for an event entered by itself or imported.
    """

    id: str
    on: date
    on_words: str
    who: str
    kind: Chip
    title: str
    text: str
    for_the_children: str
    significant: bool
    childs_voice: bool
    positive: bool
    note_id: str | None
    whereabouts: Whereabouts


@dataclass(frozen=True, slots=True)
class Caution:
    """A risk marker that has not been cleared, with what to do about it.

    words: "Caution: dog". about: the person it is on; "" for the whole family.
    """

    id: str
    kind: Choice
    words: str
    about: str
    detail: str
    set_by: str
    set_on: date | None
    review_on: date | None
    review_late: bool
    disputed: Marks


@dataclass(frozen=True, slots=True)
class Involved:
    """Somebody else at work with the family. words: "pastoral lead · open, 8 Nov"."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class StoryTab:
    """story, priority: the texts as they are. story_updated_words: "updated 2 Nov by A. Bright"; "".

    access_notes: what to know at the door of each present address ("Side entrance, ring twice").
    """

    family_id: str
    story: str
    story_updated_words: str
    priority: str
    chronology: tuple[ChronologyLine, ...]
    cautions: tuple[Caution, ...]
    access_notes: tuple[str, ...]
    involved: tuple[Involved, ...]
    gaps: tuple[str, ...]
    disputed: Marks


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """A way to reach somebody. value: None when this laptop was not given it.

    safe_words: "Safe to call", "Only when: ...", "Not safe to call", "Ask before calling".
    """

    id: str
    person_id: str
    kind: Choice
    value: str | None
    safe_to_call: Choice
    safe_note: str
    do_not_leave_message: bool
    safe_words: str
    current: bool
    whereabouts: Whereabouts
    disputed: Marks


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A member of the family as the People tab shows them.

    name: as they are called. age_words: "8", "about 40", "due March"; "" when unknown.
    lives_here: as code and words. is_child: under 18 today, or unborn.
    """

    id: str
    membership_id: str
    name: str
    known_as: str
    forenames: str
    family_name: str
    dob: date | None
    expected_date: date | None
    age_words: str
    is_child: bool
    role: Choice
    lives_here: Choice
    parental_responsibility: Choice
    pronouns: str
    first_language: str
    interpreter_needed: bool
    communication_needs: str
    school: str
    health_note: str
    legal_status: Choice
    contact_points: tuple[ContactPoint, ...]
    seen_words: str
    whereabouts: Whereabouts
    disputed: Marks


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """Where the family lives. address_lines, postcode: None when masked on this laptop."""

    id: str
    address_lines: str | None
    postcode: str | None
    confidential: bool
    tenure: Choice
    access_note: str
    whereabouts: Whereabouts
    disputed: Marks


@dataclass(frozen=True, slots=True)
class PeopleTab:
    """people: adults, then children, oldest first."""

    family_id: str
    households: tuple[HouseholdCard, ...]
    people: tuple[PersonCard, ...]


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """The page as it opens: header and Story. The other tabs load when they are shown."""

    header: FamilyHeader
    story: StoryTab
