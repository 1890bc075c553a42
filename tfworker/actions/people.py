"""The People tab: who belongs to the family, where they live, how to reach them safely."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from sync.ops import Change, new_id
from tfworker.actions.checking import patch_of
from tfworker.actions.desk import Desk
from tfworker.actions.disputes import marks
from tfworker.actions.fields import Reading
from tfworker.actions.members import Member, members_of
from tfworker.actions.people_shown import Shown
from tfworker.actions.phrases import say
from tfworker.actions.problems import BadInput, NotHere
from tfworker.actions.receipts import whereabouts
from tfworker.actions.rows import family_record, row, rows_of, scopes_of
from tfworker.actions.seen import days_seen
from tfworker.actions.values import ContactPoint, HouseholdCard, PeopleTab, PersonCard
from tfworker.records.words import MemberRole
from tfworker.rules.caution import is_current

PERSON_FIELDS = frozenset({
    "forenames", "family_name", "known_as", "other_names", "dob", "dob_estimated", "expected_date", "gender",
    "pronouns", "first_language", "interpreter_needed", "communication_needs", "disability", "health_note",
    "school", "year_group",
})  # fmt: skip
MEMBER_FIELDS = frozenset({"role", "parental_responsibility", "lives_here", "from_on", "to_on"})
CONTACT_FIELDS = frozenset({"kind", "value", "safe_to_call", "safe_note", "do_not_leave_message", "valid_to"})
HOUSEHOLD_FIELDS = frozenset({"address_lines", "postcode", "confidential", "tenure", "access_note"})


def people(desk: Desk, family_id: str) -> PeopleTab:
    """Raises NotHere."""
    with desk.vault.read() as connection:
        return _people(desk, connection, family_id)


def add_person(desk: Desk, family_id: str, fields: Mapping[str, Any]) -> PersonCard:
    """A new person and her place in the family, as one act.

    fields: of PERSON_FIELDS and MEMBER_FIELDS. Raises BadInput: a name and a role are needed.
    """
    person, member = _split(fields)
    named = person.get("forenames") or person.get("family_name") or person.get("known_as")
    # An unborn child has no name yet, and is a person all the same.
    if not named and member.get("role") != MemberRole.UNBORN:
        raise BadInput("forenames", say("people.no_name"), say("bad.empty.advice"))
    if not member.get("role"):
        raise BadInput("role", say("people.no_role"), say("bad.choice.advice"))
    person_id = new_id()
    with desk.vault.write() as connection:
        row(connection, "family", family_id)
        place = {"from_on": desk.today(), **member, "family_id": family_id, "person_id": person_id}
        whole = {"dob_estimated": False, "interpreter_needed": False, **person}
        desk.save(
            connection,
            [desk.insert("person", whole, record=person_id), desk.insert("membership", place)],
        )
    return _card(desk, family_id, person_id)


def change_person(desk: Desk, family_id: str, person_id: str, fields: Mapping[str, Any]) -> PersonCard:
    """Change a person or her place in the family. Only what differs is saved, as one act."""
    person, member = _split(fields)
    with desk.vault.write() as connection:
        here = _member(desk, connection, family_id, person_id)
        changes = []
        if person:
            changes.append(Change("person", person_id, person))
        if member:
            changes.append(Change("membership", here.membership_id, member))
        desk.save(connection, changes)
    return _card(desk, family_id, person_id)


def add_contact_point(desk: Desk, family_id: str, person_id: str, fields: Mapping[str, Any]) -> ContactPoint:
    """A new way to reach a person of the family. Raises BadInput: kind and value are needed."""
    patch = patch_of("contact_point", fields, CONTACT_FIELDS, needed=["kind", "value"])
    with desk.vault.write() as connection:
        _member(desk, connection, family_id, person_id)
        whole = {"do_not_leave_message": False, "valid_from": desk.today(), **patch, "person_id": person_id}
        point = desk.insert("contact_point", whole)
        desk.save(connection, [point])
    return _point(desk, family_id, point.record)


def change_contact_point(
    desk: Desk, family_id: str, contact_point_id: str, fields: Mapping[str, Any]
) -> ContactPoint:
    """Change a number or what makes it safe. Raises BadInput; NotHere."""
    patch = patch_of("contact_point", fields, CONTACT_FIELDS)
    for name in ("kind", "value"):
        if name in patch and patch[name] is None:
            raise BadInput(name, say("people.no_value"), say("people.no_value.advice"))
    with desk.vault.write() as connection:
        point = row(connection, "contact_point", contact_point_id)
        _member(desk, connection, family_id, point["person_id"])
        desk.save(connection, [Change("contact_point", contact_point_id, patch)])
    return _point(desk, family_id, contact_point_id)


def change_household(
    desk: Desk, family_id: str, household_id: str, fields: Mapping[str, Any]
) -> HouseholdCard:
    """Change an address. Raises BadInput; NotHere."""
    patch = patch_of("household", fields, HOUSEHOLD_FIELDS)
    with desk.vault.write() as connection:
        family_record(connection, "household", household_id, family_id)
        desk.save(connection, [Change("household", household_id, patch)])
    tab = people(desk, family_id)
    return next(home for home in tab.households if home.id == household_id)


def _split(fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A form's fields as (patch of the person, patch of her membership)."""
    member = {name: value for name, value in fields.items() if name in MEMBER_FIELDS}
    person = {name: value for name, value in fields.items() if name not in MEMBER_FIELDS}
    return patch_of("person", person, PERSON_FIELDS), patch_of("membership", member, MEMBER_FIELDS)


def _member(desk: Desk, connection: Connection, family_id: str, person_id: str) -> Member:
    people_here = members_of(connection, [family_id], desk.today()).get(family_id, [])
    found = next((m for m in people_here if m.person_id == person_id), None)
    if found is None:
        raise NotHere
    return found


def _card(desk: Desk, family_id: str, person_id: str) -> PersonCard:
    return next(card for card in people(desk, family_id).people if card.id == person_id)


def _point(desk: Desk, family_id: str, contact_point_id: str) -> ContactPoint:
    points = (point for card in people(desk, family_id).people for point in card.contact_points)
    return next(point for point in points if point.id == contact_point_id)


def _people(desk: Desk, connection: Connection, family_id: str) -> PeopleTab:
    row(connection, "family", family_id)
    today = desk.today()
    members = members_of(connection, [family_id], today).get(family_id, [])
    ids = [m.person_id for m in members]
    scopes = scopes_of(family_id, members)
    shown = Shown(
        marks=marks(Reading(connection, desk.schema, desk.now()), desk.line, scopes),
        places=whereabouts(connection, desk.schema, scopes),
        seen=days_seen(connection, members, [family_id], None),
        today=today,
    )
    persons = {person["id"]: person for person in rows_of(connection, "person", id=ids)}
    places = {place["id"]: place for place in rows_of(connection, "membership", family_id=family_id)}
    numbers = rows_of(connection, "contact_point", person_id=ids)
    homes = rows_of(connection, "household", family_id=family_id)
    return PeopleTab(
        family_id=family_id,
        households=tuple(
            shown.household(home) for home in homes if is_current(home, today, "from_on", "to_on")
        ),
        people=tuple(
            shown.person(m, persons[m.person_id], places[m.membership_id], numbers) for m in members
        ),
    )
