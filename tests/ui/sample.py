"""Values as the actions give them, for pages tested without a vault. Every function takes changes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tfworker.actions.values import (
    ActionLine,
    Amendment,
    CaseRow,
    Caution,
    ChildrenSeen,
    Chip,
    Choice,
    ChronologyLine,
    ContactPoint,
    Disputed,
    DraftLine,
    FamilyHeader,
    GoalLine,
    Hit,
    HouseholdCard,
    Involved,
    Link,
    NeedLine,
    NoteLine,
    NotesTab,
    NoteView,
    PeopleTab,
    PersonCard,
    PlanCard,
    PlanTab,
    Presence,
    Section,
    StoryTab,
    Tone,
    Whereabouts,
)

TODAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)

SURNAMES = ("Pearce", "Noor", "Adeyemi", "Kowalczyk", "Featherstonehaugh-Cholmondeley and Wojciechowska",
            "Hale", "Lindqvist", "Okafor", "Ng", "O’Brien")  # fmt: skip


def seen(**changes: Any) -> ChildrenSeen:
    given: dict[str, Any] = {
        "children": 2, "seen_on": date(2026, 11, 9), "alone_on": date(2026, 10, 5),
        "words": "Children seen 9 Nov; Jay (8) alone 5 Oct",
    }  # fmt: skip
    return ChildrenSeen(**(given | changes))


def case_row(place: int = 0, **changes: Any) -> CaseRow:
    """One family of a caseload; place makes it differ from others."""
    name = SURNAMES[place % len(SURNAMES)]
    number = "" if place < len(SURNAMES) else f" {place // len(SURNAMES) + 1}"
    given: dict[str, Any] = {
        "family_id": f"{place:032x}",
        "family_ref": f"AV-{place:04}",
        "label": f"{name}{number} family",
        "initials": f"{name[0]}.",
        "status": Choice("supported", "Supported"),
        "intensity": Choice("standard", "Standard") if place % 3 else Choice("intensive", "Intensive"),
        "my_role": Choice("lead", "Lead worker") if place % 4 else Choice("co_worker", "Co-worker"),
        "lead_worker": "A. Bright",
        "locality": "Ashcombe Vale",
        "people": "1 adult, 2 children (8, 11)",
        "next_visit_at": NOW + timedelta(days=place) if place % 5 != 4 else None,
        "next_visit_words": f"Thu {place % 28 + 1} Nov 15:30" if place % 5 != 4 else "No visit planned",
        "children_seen": seen() if place % 6 else seen(seen_on=None, words="Children not seen in 13 weeks"),
        "plan_review_due": TODAY + timedelta(days=place - 2),
        "plan_review_late": place < 2,
        "cautions": (Chip("Caution: two workers", Tone.DANGER),) if place % 7 == 0 else (),
        "unsent": 3 if place == 3 else 0,
        "disputed": 1 if place in (0, 5) else 0,
    }
    return CaseRow(**(given | changes))


def header(**changes: Any) -> FamilyHeader:
    given: dict[str, Any] = {
        "family_id": "f" * 32, "family_ref": "AV-0001", "label": "Pearce family", "initials": "P.",
        "status": Choice("supported", "Supported"), "intensity": Choice("intensive", "Intensive"),
        "chips": (Chip("Caution: two workers", Tone.DANGER), Chip("Agreement: not yet J. Pearce", Tone.WARN)),
        "lead_worker": "A. Bright", "other_workers": (), "next_visit_at": NOW,
        "next_visit_words": "Thu 16 Nov 15:30", "children_seen": seen(), "unsent": 0, "may_write": True,
        "disputed": {},
    }  # fmt: skip
    return FamilyHeader(**(given | changes))


def event(place: int = 0, **changes: Any) -> ChronologyLine:
    given: dict[str, Any] = {
        "id": f"event{place}", "on": TODAY - timedelta(days=7 * place), "on_words": f"{9 + place} Nov",
        "who": "A. Bright", "kind": Chip("Visit", Tone.ACCENT), "title": "Home visit, 55 minutes",
        "text": "Mornings are calmer since the chart. Attendance letter is kinder than last time: 11 sessions"
        " missed, 24 before.",
        "for_the_children": "breakfast together on four of five school days.", "significant": True,
        "childs_voice": place == 0, "positive": False, "note_id": f"note{place}",
        "whereabouts": Whereabouts.COUNCIL,
    }  # fmt: skip
    return ChronologyLine(**(given | changes))


def caution(**changes: Any) -> Caution:
    given: dict[str, Any] = {
        "id": "caution", "kind": Choice("no_lone_visit", "Two workers"), "words": "Caution: two workers",
        "about": "", "detail": "Since the incident in June. Dog in the yard: ring first.",
        "set_by": "C. Dale", "set_on": TODAY, "review_on": date(2026, 12, 12), "review_late": False,
        "disputed": {},
    }  # fmt: skip
    return Caution(**(given | changes))


def story(**changes: Any) -> StoryTab:
    given: dict[str, Any] = {
        "family_id": "f" * 32,
        "story": "Two children, 8 and 11, living with their mother since March. School mornings and the"
        " threat to the tenancy were the worries in the summer. Attendance has turned; the tenancy is not"
        " yet safe.",
        "story_updated_words": "updated 2 Nov by A. Bright",
        "priority": "The tenancy hearing on 20 November.",
        "chronology": (
            event(0),
            event(1, kind=Chip("Housing", Tone.INFO), who="Housing Services", title="Payment plan agreed",
                  text="Arrears £640, £12 a week from 20 November.", for_the_children="", note_id=None),
            event(2, significant=False, title="No reply", for_the_children="",
                  text="Knocked twice, phoned, card left with the next date."),
        ),
        "cautions": (caution(),),
        "access_notes": ("Side entrance; do not leave messages on the landline.",),
        "involved": (Involved("School", "pastoral lead · open, 8 Nov"), Involved("GP", "closed, July")),
        "gaps": ("1 need has no goal", "Jay not seen alone since 5 Oct"),
        "disputed": {},
    }  # fmt: skip
    return StoryTab(**(given | changes))


def point(**changes: Any) -> ContactPoint:
    given: dict[str, Any] = {
        "id": "point", "person_id": "dana", "kind": Choice("mobile", "Mobile"), "value": "07700 900214",
        "safe_to_call": Choice("only_when", "Only at certain times"), "safe_note": "weekdays 10 to 2",
        "do_not_leave_message": True, "safe_words": "Only when: weekdays 10 to 2; leave no message",
        "current": True, "whereabouts": Whereabouts.COUNCIL, "disputed": {},
    }  # fmt: skip
    return ContactPoint(**(given | changes))


def person(name: str = "Dana", **changes: Any) -> PersonCard:
    given: dict[str, Any] = {
        "id": name.lower(), "membership_id": f"m-{name}", "name": name, "known_as": "", "forenames": name,
        "family_name": "Pearce", "dob": date(1988, 3, 2), "expected_date": None, "age_words": "38",
        "is_child": False, "role": Choice("parent", "Parent"), "lives_here": Choice("full", "Lives here"),
        "parental_responsibility": Choice("yes", "Yes"), "pronouns": "", "first_language": "",
        "interpreter_needed": False, "communication_needs": "", "school": "", "health_note": "",
        "legal_status": Choice("", ""), "contact_points": (), "seen_words": "",
        "whereabouts": Whereabouts.COUNCIL, "disputed": {},
    }  # fmt: skip
    return PersonCard(**(given | changes))


def child(name: str = "Jay", **changes: Any) -> PersonCard:
    given: dict[str, Any] = {
        "dob": date(2018, 4, 1), "age_words": "8", "is_child": True, "role": Choice("child", "Child"),
        "parental_responsibility": Choice("", ""), "school": "Hill Road Primary",
        "seen_words": "seen 9 Nov; alone 5 Oct",
    }  # fmt: skip
    return person(name, **(given | changes))


def household(**changes: Any) -> HouseholdCard:
    given: dict[str, Any] = {
        "id": "home", "address_lines": "14 Canal Row\nAshcombe", "postcode": "ZZ9 4QT", "confidential": False,
        "tenure": Choice("social_rent", "Rents from a social landlord"), "access_note": "Side entrance",
        "whereabouts": Whereabouts.COUNCIL, "disputed": {},
    }  # fmt: skip
    return HouseholdCard(**(given | changes))


def people_tab(**changes: Any) -> PeopleTab:
    given: dict[str, Any] = {
        "family_id": "f" * 32,
        "households": (household(),),
        "people": (
            person(contact_points=(point(),), first_language="Polish", interpreter_needed=True),
            child("Kit", age_words="11", school="Ashcombe High"),
            child("Jay"),
        ),
    }
    return PeopleTab(**(given | changes))


def disputed(**changes: Any) -> Disputed:
    given: dict[str, Any] = {
        "card_id": "card1", "mine": "07700 900381", "stands": "07700 900318", "others": (),
        "warning": "Two versions: check before ringing",
    }  # fmt: skip
    return Disputed(**(given | changes))


def need(**changes: Any) -> NeedLine:
    given: dict[str, Any] = {
        "id": "need1", "title": "Children who have not been attending school regularly",
        "own_words": "Getting out of the house is a fight every day", "people": ("Jay", "Kit"),
        "severity": Choice("significant", "Significant"), "status": Choice("open", "Open"),
        "identified_on": date(2026, 6, 3), "source": "School", "goal_ids": ("goal1",),
        "whereabouts": Whereabouts.COUNCIL, "disputed": {},
    }  # fmt: skip
    return NeedLine(**(given | changes))


def action(**changes: Any) -> ActionLine:
    given: dict[str, Any] = {
        "id": "action1", "goal_id": "goal1", "what": "Breakfast club three mornings a week",
        "owner_kind": Choice("agency", "Agency"), "owner_name": "Hill Road Primary",
        "due": date(2026, 11, 30), "due_words": "by 30 Nov", "overdue": False,
        "state": Choice("open", "To do"), "done_on": None, "visible_to_family": True,
        "whereabouts": Whereabouts.COUNCIL, "disputed": {},
    }  # fmt: skip
    return ActionLine(**(given | changes))


def goal(**changes: Any) -> GoalLine:
    given: dict[str, Any] = {
        "id": "goal1", "statement": "School mornings without shouting",
        "measure": "Both at school by nine on four of five days", "need_ids": ("need1",), "baseline": 3,
        "current": 5, "target": 8, "due": date(2026, 12, 18), "due_words": "by 18 Dec",
        "state": Choice("working_on", "Working on it"),
        "next_states": (Choice("achieved", "Achieved"), Choice("stopped", "Stopped")),
        "actions": (
            action(),
            action(id="action2", what="Clothes laid out the evening before", due=date(2026, 11, 2),
                   owner_kind=Choice("family", "Family"), owner_name="Dana", due_words="was due 2 Nov",
                   overdue=True),
            action(id="action3", what="Ring the attendance officer", owner_name="A. Bright",
                   owner_kind=Choice("worker", "Worker"), state=Choice("done", "Done"),
                   done_on=date(2026, 11, 6)),
        ),
        "whereabouts": Whereabouts.LAPTOP, "disputed": {},
    }  # fmt: skip
    return GoalLine(**(given | changes))


def plan_card(**changes: Any) -> PlanCard:
    given: dict[str, Any] = {
        "id": "plan1", "number": 2, "aims": "A calm house in the morning, and the flat is safe.",
        "members": ("Dana", "Kit", "Jay"), "state": Choice("active", "Active"), "state_note": "",
        "next_states": (Choice("under_review", "Under review"),), "review_due": date(2026, 12, 14),
        "review_words": "Review due 14 Dec", "review_late": False, "whereabouts": Whereabouts.COUNCIL,
        "disputed": {},
    }  # fmt: skip
    return PlanCard(**(given | changes))


def plan_tab(**changes: Any) -> PlanTab:
    given: dict[str, Any] = {
        "family_id": "f" * 32, "plan": plan_card(),
        "needs": (need(), need(id="need2", title="The tenancy is at risk", own_words="", goal_ids=(),
                               source="Housing", severity=Choice("acute", "Acute"))),
        "goals": (goal(),), "loose_actions": (action(id="loose", what="Bring the bus timetable"),),
        "need_types": (Choice("h:2", "Children who have not been attending school regularly"),),
        "gaps": ("1 need has no goal",),
    }  # fmt: skip
    return PlanTab(**(given | changes))


def note_line(place: int = 0, **changes: Any) -> NoteLine:
    given: dict[str, Any] = {
        "note_id": f"note{place}", "visit_id": f"visit{place}", "at": NOW - timedelta(days=place),
        "at_words": f"{16 - place} Nov 15:30", "title": "Home visit, 55 minutes", "author": "A. Bright",
        "first_words": "Mornings are calmer since the chart. Attendance letter is kinder than last time",
        "chips": (Chip("Written up 3 days later", Tone.WARN),) if place % 2 else (),
        "whereabouts": Whereabouts.COUNCIL,
    }  # fmt: skip
    return NoteLine(**(given | changes))


def notes_tab(**changes: Any) -> NotesTab:
    given: dict[str, Any] = {
        "family_id": "f" * 32,
        "planned": (note_line(20, note_id=None, title="Planned: Home visit", first_words="Tenancy letter"),),
        "drafts": (DraftLine("draft1", "f" * 32, "Pearce family", "Phone call", "Dana rang about", NOW),),
        "notes": tuple(note_line(place) for place in range(8)),
    }
    return NotesTab(**(given | changes))


def amendment(**changes: Any) -> Amendment:
    given: dict[str, Any] = {
        "id": "amend1", "kind": Choice("correction", "Correction"), "text": "£12 a week",
        "old_text": "£21 a week", "reason": "I had turned the figures round", "by": "A. Bright", "at": NOW,
        "at_words": "today 09:30", "whereabouts": Whereabouts.LAPTOP,
    }  # fmt: skip
    return Amendment(**(given | changes))


def presence(name: str, **changes: Any) -> Presence:
    given: dict[str, Any] = {
        "person_id": name.lower(), "name": name, "role": Choice("parent", "Parent"),
        "words": f"{name}, parent", "is_child": False, "present": True,
    }  # fmt: skip
    return Presence(**(given | changes))


def note_view(**changes: Any) -> NoteView:
    given: dict[str, Any] = {
        "note_id": "note0", "visit_id": "visit0", "family_id": "f" * 32, "family_label": "Pearce family",
        "title": "Home visit, 55 minutes", "kind": Choice("visit", "Visit"), "author": "A. Bright",
        "event_at": NOW, "event_words": "Mon 9 Nov 15:30", "finalised_at": NOW,
        "finalised_words": "Finished 12 Nov 10:00", "late_words": "written up 3 days later",
        "people": (
            presence("Dana"),
            presence("Jay", words="Jay, 8", is_child=True, seen=True, spoken_to_alone=True),
            presence("Kit", words="Kit, 11", is_child=True, present=False),
        ),
        "sections": (
            Section("What happened", "Visited at home by appointment. Mum and both boys there, a"
                    " neighbour for the first ten minutes.\n\nShe rang the housing officer with me beside"
                    " her to confirm the first £21 a week on the 20th; she wrote it on the calendar."),
            Section("What it means for the children", "Breakfast together four days of five."),
        ),
        "links": (Link("goal1", "School mornings without shouting"),),
        "actions": ("Housing: confirm the plan by 20 Nov",),
        "amendments": (amendment(),), "significant": True, "unchanged": True, "may_amend": True,
        "whereabouts": Whereabouts.COUNCIL,
    }  # fmt: skip
    return NoteView(**(given | changes))


def hit(**changes: Any) -> Hit:
    given: dict[str, Any] = {
        "kind": Choice("note", "Note"), "record": "note1", "family_id": "f" * 32,
        "family_label": "Pearce family", "title": "Home visit, 55 minutes",
        "before": "She rang the housing officer with me beside her about the ", "found": "tenancy",
        "after": " hearing on the 20th; she wrote it on the calendar herself.", "on": TODAY,
        "on_words": "16 Nov",
    }  # fmt: skip
    return Hit(**(given | changes))
