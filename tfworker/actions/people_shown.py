"""People, numbers and addresses as the People tab shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tfworker.actions.disputes import NONE, Marks
from tfworker.actions.members import Member, called
from tfworker.actions.phrases import day, say
from tfworker.actions.values import ContactPoint, HouseholdCard, PersonCard, Whereabouts
from tfworker.actions.wording import word
from tfworker.records.words import (
    ContactKind,
    LegalStatus,
    LivesHere,
    MemberRole,
    SafeToCall,
    Tenure,
    YesNoUnknown,
)
from tfworker.rules.caution import is_current
from tfworker.rules.coverage import Seen

Record = Mapping[str, Any]  # {column: value}


@dataclass(frozen=True, slots=True)
class Shown:
    """What is known beside the rows: marks and whereabouts by record, days seen by person."""

    marks: Mapping[str, Marks]
    places: Mapping[str, Whereabouts]
    seen: Mapping[str, Seen]
    today: date

    def person(self, member: Member, person: Record, place: Record, numbers: Sequence[Record]) -> PersonCard:
        """A person with her place in the family; marks of both under their own field names."""
        return PersonCard(
            id=person["id"],
            membership_id=place["id"],
            name=called(person["known_as"], person["forenames"], person["family_name"]),
            known_as=person["known_as"] or "",
            forenames=person["forenames"] or "",
            family_name=person["family_name"] or "",
            dob=person["dob"],
            expected_date=person["expected_date"],
            age_words=member.age_words,
            is_child=member.is_child,
            role=word(MemberRole, place["role"]),
            lives_here=word(LivesHere, place["lives_here"]),
            parental_responsibility=word(YesNoUnknown, place["parental_responsibility"]),
            pronouns=person["pronouns"] or "",
            first_language=person["first_language"] or "",
            interpreter_needed=bool(person["interpreter_needed"]),
            communication_needs=person["communication_needs"] or "",
            school=person["school"] or "",
            health_note=person["health_note"] or "",
            legal_status=word(LegalStatus, person["legal_status"]),
            contact_points=tuple(self.point(n) for n in numbers if n["person_id"] == person["id"]),
            seen_words=self._seen(member),
            whereabouts=self._where(person["id"], place["id"]),
            disputed={**self.marks.get(place["id"], NONE), **self.marks.get(person["id"], NONE)},
        )

    def point(self, point: Record) -> ContactPoint:
        disputed = self.marks.get(point["id"], NONE)
        return ContactPoint(
            id=point["id"],
            person_id=point["person_id"],
            kind=word(ContactKind, point["kind"]),
            value=point["value"],
            safe_to_call=word(SafeToCall, point["safe_to_call"]),
            safe_note=point["safe_note"] or "",
            do_not_leave_message=bool(point["do_not_leave_message"]),
            safe_words=safe_words(point),
            current=is_current(point, self.today, "valid_from", "valid_to"),
            whereabouts=self._where(point["id"]),
            disputed=disputed,
        )

    def household(self, home: Record) -> HouseholdCard:
        return HouseholdCard(
            id=home["id"],
            address_lines=home["address_lines"],
            postcode=home["postcode"],
            confidential=home["confidential"] is not False,
            tenure=word(Tenure, home["tenure"]),
            access_note=home["access_note"] or "",
            whereabouts=self._where(home["id"]),
            disputed=self.marks.get(home["id"], NONE),
        )

    def _seen(self, member: Member) -> str:
        last = self.seen.get(member.person_id)
        if last is None or last.on is None:
            return say("people.not_seen") if member.is_child and not member.is_unborn else ""
        seen = say("people.seen", day=day(last.on, self.today))
        if last.alone_on is None:
            return seen
        return f"{seen}; {say('seen.alone_all', day=day(last.alone_on, self.today))}"

    def _where(self, *records: str) -> Whereabouts:
        found = [self.places.get(record, Whereabouts.COUNCIL) for record in records]
        order = list(Whereabouts)  # what is still on this laptop is said first
        return min(found, key=order.index)


def safe_words(point: Record) -> str:
    """Whether a number may be rung, in words; what nobody has said is not safe to assume."""
    answer, note = point["safe_to_call"], point["safe_note"]
    if answer == SafeToCall.YES:
        words = say("safe.yes")
    elif answer == SafeToCall.ONLY_WHEN:
        words = say("safe.only_when", note=note) if note else say("safe.only_when_no_note")
    elif answer is None:
        words = say("safe.unknown")
    else:
        words = say("safe.no")
    return f"{words}; {say('safe.no_message')}" if point["do_not_leave_message"] else words
