"""People, numbers and addresses: only what differs is saved, and a bad value names its field."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from sync.ops import decode_content
from tests.actions.caseload_of import Caseload
from tfworker.actions.desk import Desk
from tfworker.actions.people import (
    add_contact_point,
    add_person,
    change_contact_point,
    change_household,
    change_person,
    people,
)
from tfworker.actions.problems import BadInput, NotHere
from tfworker.actions.values import Whereabouts


def patches(desk: Desk) -> list[tuple[str, dict[str, Any]]]:
    """(table, patch) of every op of this laptop, in order."""
    op = desk.schema.own("op")
    with desk.vault.read() as connection:
        rows = connection.execute(select(op.c.table_name, op.c.content).order_by(op.c.pos)).all()
    return [(table, decode_content(content).patch) for table, content in rows]


def test_adults_come_first_then_children_by_age(desk: Desk, caseload: Caseload) -> None:
    found = people(desk, caseload.families[0].family)

    assert [(p.name, p.age_words, p.is_child) for p in found.people] == [
        ("Dana", "38", False),
        ("Kit", "11", True),
        ("Jay", "8", True),
    ]
    assert found.people[1].seen_words == "seen 9 Nov; alone 9 Nov"
    assert found.households[0].postcode == "ZZ28 6YX"


def test_a_number_says_whether_it_may_be_rung(desk: Desk, caseload: Caseload) -> None:
    ids = caseload.families[0]
    changed = change_contact_point(
        desk, ids.family, ids.mobile, {"safe_to_call": "only_when", "safe_note": "after nine"}
    )

    assert changed.safe_words == "Only when: after nine"
    assert changed.whereabouts is Whereabouts.LAPTOP


def test_only_what_differs_is_saved(desk: Desk, caseload: Caseload) -> None:
    ids = caseload.families[0]
    change_contact_point(desk, ids.family, ids.mobile, {"value": "07700 900381", "safe_to_call": "yes"})

    assert patches(desk) == [("contact_point", {"value": "07700 900381"})]


def test_nothing_changed_is_nothing_saved(desk: Desk, caseload: Caseload) -> None:
    ids = caseload.families[0]
    change_household(desk, ids.family, ids.household, {"postcode": "ZZ28 6YX"})

    assert patches(desk) == []


def test_a_person_and_her_place_are_one_act(desk: Desk, caseload: Caseload) -> None:
    family = caseload.families[0].family
    card = add_person(desk, family, {"forenames": "Baby", "role": "child", "dob": date(2026, 10, 1)})

    assert (card.name, card.age_words, card.role.words) == ("Baby", "under 1", "Child")
    with desk.vault.read() as connection:
        acts = connection.execute(select(desk.schema.own("op").c.act_id)).scalars().all()
    assert len(acts) == 2
    assert len(set(acts)) == 1


def test_an_unborn_child_needs_no_name(desk: Desk, caseload: Caseload) -> None:
    family = caseload.families[0].family
    card = add_person(desk, family, {"role": "unborn", "expected_date": date(2027, 3, 4)})

    assert card.age_words == "due March"
    assert card.seen_words == ""


def test_a_form_may_hold_fields_of_the_person_and_of_her_place(desk: Desk, caseload: Caseload) -> None:
    ids = caseload.families[0]
    card = change_person(desk, ids.family, ids.older, {"known_as": "Kitty", "lives_here": "part"})

    assert (card.name, card.lives_here.code) == ("Kitty", "part")
    assert patches(desk) == [("person", {"known_as": "Kitty"}), ("membership", {"lives_here": "part"})]


def test_a_second_number_begins_today(desk: Desk, caseload: Caseload) -> None:
    ids = caseload.families[0]
    point = add_contact_point(desk, ids.family, ids.parent, {"kind": "landline", "value": " 01632 960001 "})

    assert (point.value, point.current) == ("01632 960001", True)
    assert point.safe_words == "Nobody has said whether it is safe to call"


BAD = {
    "a kind that is none": ({"kind": "pigeon", "value": "x"}, "kind"),
    "no value": ({"kind": "mobile", "value": "  "}, "value"),
    "an unknown field": ({"kind": "mobile", "value": "1", "colour": "red"}, "colour"),
    "a number where text belongs": ({"kind": "mobile", "value": 7}, "value"),
    "half a letter": ({"kind": "mobile", "value": "\ud800"}, "value"),
    "text where yes or no belongs": ({"kind": "mobile", "value": "1", "do_not_leave_message": "no"},
                                     "do_not_leave_message"),
}  # fmt: skip


@pytest.mark.parametrize("fields, field", BAD.values(), ids=BAD.keys())
def test_a_value_that_cannot_be_saved_names_its_field(
    desk: Desk, caseload: Caseload, fields: dict[str, Any], field: str
) -> None:
    ids = caseload.families[0]
    with pytest.raises(BadInput) as refused:
        add_contact_point(desk, ids.family, ids.parent, fields)

    assert refused.value.field == field
    assert patches(desk) == []


def test_a_nameless_person_is_asked_for_a_name(desk: Desk, caseload: Caseload) -> None:
    with pytest.raises(BadInput) as refused:
        add_person(desk, caseload.families[0].family, {"role": "child"})

    assert refused.value.field == "forenames"


def test_another_familys_number_cannot_be_changed_from_here(desk: Desk, caseload: Caseload) -> None:
    with pytest.raises(NotHere):
        change_contact_point(desk, caseload.families[0].family, caseload.families[1].mobile, {"value": "1"})
