"""The people of families, as several pages count, name and tick them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, or_, select

from tfworker.actions import phrases
from tfworker.records import Membership, Person
from tfworker.records.words import LivesHere, MemberRole


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who belongs to a family today. name: as she is called."""

    person_id: str
    membership_id: str
    family_id: str
    name: str
    role: str
    lives_here: str
    dob: date | None
    age_words: str
    is_child: bool

    @property
    def is_unborn(self) -> bool:
        return self.role == MemberRole.UNBORN


def called(known_as: str | None, forenames: str | None, family_name: str | None) -> str:
    """What a person is called: the short name, else the first forename, else the family name."""
    return known_as or (forenames or "").split(" ")[0] or family_name or phrases.say("somebody")


def members_of(
    connection: Connection, family_ids: Collection[str] | None, today: date
) -> Mapping[str, list[Member]]:
    """{family id: its members today}, adults first, then children, oldest first.

    family_ids: None for every family on the laptop.
    """
    query = (
        select(
            Membership.family_id,
            Membership.id,
            Membership.role,
            Membership.lives_here,
            Person.id.label("person_id"),
            Person.known_as,
            Person.forenames,
            Person.family_name,
            Person.dob,
            Person.dob_estimated,
            Person.expected_date,
        )
        .join(Person, Person.id == Membership.person_id)
        .where(or_(Membership.to_on.is_(None), Membership.to_on >= today))
    )
    if family_ids is not None:
        query = query.where(Membership.family_id.in_(family_ids))
    members: dict[str, list[Member]] = defaultdict(list)
    for row in connection.execute(query):
        members[row.family_id].append(
            Member(
                person_id=row.person_id,
                membership_id=row.id,
                family_id=row.family_id,
                name=called(row.known_as, row.forenames, row.family_name),
                role=row.role or "",
                lives_here=row.lives_here or "",
                dob=row.dob,
                age_words=phrases.age(row.dob, bool(row.dob_estimated), row.expected_date, today),
                is_child=phrases.is_child(row.dob, row.role or "", today),
            )
        )
    for people in members.values():
        people.sort(key=_adults_first)
    return members


def _adults_first(member: Member) -> tuple[bool, bool, date, str]:
    return (member.is_child, member.is_unborn, member.dob or date.max, member.name)


def summary(members: Iterable[Member]) -> str:
    """ "1 adult, 2 children (8, 11)"; those who do not live with the family are not counted."""
    here = [m for m in members if m.lives_here != LivesHere.NO]
    children = [m.age_words for m in here if m.is_child]
    return phrases.members(len(here) - len(children), children)
