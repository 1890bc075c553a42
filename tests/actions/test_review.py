"""Two people change one thing at once: both versions wait, in plain words, and a person decides."""

from datetime import date
from typing import Any

import pytest

from sync.ops import Act, Change
from tests.actions.caseload_of import BRIGHT, DALE, FIRTH
from tests.actions.desks import Office, put
from tfworker.actions.caseload import caseload
from tfworker.actions.desk import Desk
from tfworker.actions.people import change_contact_point, change_household, people
from tfworker.actions.plan import change_goal, plan
from tfworker.actions.problems import BadInput, NotYours
from tfworker.actions.review import cards, decide
from tfworker.actions.story import set_priority, set_story, story
from tfworker.actions.syncing import status, sync_now
from tfworker.actions.values import BOTH, TYPED, ContactPoint, ReviewCard
from tfworker.council.access import LEADERS_CARDS

HERS, LEADERS = "07700 900381", "07700 900318"
FORBIDDEN = ("merge", "revision", "conflict")


def number(desk: Desk, office: Office) -> list[ContactPoint]:
    """The parent's contact points of the first family."""
    ids = office.caseload.families[0]
    return [
        p
        for card in people(desk, ids.family).people
        for p in card.contact_points
        if p.person_id == ids.parent
    ]


def clash(office: Office, hers: dict[str, Any], leaders: dict[str, Any]) -> tuple[Desk, Desk]:
    """The worker offline, the leader meanwhile at the council, change the same number."""
    worker, leader = office.desk(BRIGHT), office.desk(FIRTH)
    ids = office.caseload.families[0]
    change_contact_point(worker, ids.family, ids.mobile, hers)
    office.clock.advance(minutes=20)
    change_contact_point(leader, ids.family, ids.mobile, leaders)
    sync_now(leader)
    sync_now(worker)
    sync_now(leader)
    return worker, leader


@pytest.fixture
def clashed(office: Office) -> tuple[Desk, Desk]:
    return clash(office, {"value": HERS}, {"value": LEADERS})


def the_card(desk: Desk) -> ReviewCard:
    (card,) = cards(desk)
    return card


def test_the_card_says_what_who_and_when(clashed: tuple[Desk, Desk]) -> None:
    card = the_card(clashed[0])

    assert card.title == "Two versions of Dana’s mobile number"
    assert card.subject == "Dana’s mobile number"
    assert card.context == ("Reed family · both were changed since today 09:00, when it was “07700 900214”")
    assert [(s.where.words, s.who, s.at_words, s.values[0].words, s.stands) for s in card.sides] == [
        ("On your laptop", "You", "today 09:00", HERS, False),
        ("At the council", "E. Firth", "today 09:20", LEADERS, True),
    ]
    assert card.meanwhile == "Until it is decided, everyone sees both: check before ringing."
    assert (card.may_decide, card.decided_by_words) == (True, "You decide")
    assert not card.safer_in_use


def test_nowhere_are_the_words_nobody_understands(clashed: tuple[Desk, Desk]) -> None:
    said = repr(the_card(clashed[0])).replace("ReviewCard", "").lower()

    assert not [word for word in FORBIDDEN if word in said]


def test_the_value_itself_is_marked_with_her_own_beside_it(
    office: Office, clashed: tuple[Desk, Desk]
) -> None:
    worker, leader = clashed
    card = the_card(worker)
    mark = number(worker, office)[0].disputed["value"]

    assert (mark.mine, mark.stands, mark.card_id) == (HERS, LEADERS, card.card_id)
    assert mark.warning == "Two versions: check before ringing"
    assert number(leader, office)[0].disputed["value"].others == (HERS,)
    family = office.caseload.families[0].family
    assert [row.disputed for row in caseload(worker) if row.family_id == family] == [1]
    assert status(worker).needs_you_words == "1 needs you"


def test_taking_hers(office: Office, clashed: tuple[Desk, Desk]) -> None:
    worker, leader = clashed
    decide(worker, the_card(worker).card_id, worker.line, why="I read it off her phone")
    assert cards(worker) == []
    sync_now(worker)
    sync_now(leader)

    for desk in (worker, leader):
        assert [p.value for p in number(desk, office)] == [HERS]
        assert number(desk, office)[0].disputed == {}
        assert cards(desk) == []


def test_taking_the_councils_keeps_what_stands(office: Office, clashed: tuple[Desk, Desk]) -> None:
    worker, leader = clashed
    side = next(side for side in the_card(leader).sides if side.stands)
    decide(leader, the_card(leader).card_id, side.key)
    sync_now(leader)
    sync_now(worker)

    assert [p.value for p in number(worker, office)] == [LEADERS]
    assert cards(worker) == []


def test_typing_another(office: Office, clashed: tuple[Desk, Desk]) -> None:
    worker, _ = clashed
    card = the_card(worker)
    assert "value" in [field.field for field in card.typed_fields]
    decide(worker, card.card_id, TYPED, values={"value": " 07700 900999 "})
    sync_now(worker)

    assert [(p.value, p.safe_to_call.code) for p in number(worker, office)] == [("07700 900999", "yes")]


def test_keeping_both_makes_a_second_contact_point_in_the_same_act(
    office: Office, clashed: tuple[Desk, Desk]
) -> None:
    worker, leader = clashed
    decide(worker, the_card(worker).card_id, BOTH)
    sync_now(worker)
    sync_now(leader)

    for desk in (worker, leader):
        assert sorted(str(p.value) for p in number(desk, office)) == sorted([HERS, LEADERS])
        assert cards(desk) == []


def test_the_stricter_answer_is_in_use_while_two_differ(office: Office) -> None:
    worker, _ = clash(office, {"value": HERS}, {"safe_to_call": "no"})
    card = the_card(worker)

    assert card.safer_in_use
    assert [chip.words for chip in card.chips] == ["Safer version in use"]
    assert number(worker, office)[0].safe_to_call.code == "no"


def test_two_texts_are_kept_one_below_the_other(office: Office) -> None:
    worker, leader = office.desk(BRIGHT), office.desk(FIRTH)
    family = office.caseload.families[0].family
    set_story(worker, family, "Mornings are calmer.")
    set_story(leader, family, "The hearing was put off.")
    sync_now(leader)
    sync_now(worker)
    card = the_card(worker)
    assert card.subject == "the story so far"
    assert card.keep_both_words == "Keep both: one below the other"
    decide(worker, card.card_id, BOTH)
    office.clock.advance(minutes=1)
    sync_now(worker)

    found = story(worker, family)
    # Which of them stands meanwhile is nobody's choice; that both are there is.
    assert sorted(found.story.split("\n\n")) == ["Mornings are calmer.", "The hearing was put off."]
    assert found.story_updated_words == "updated 16 Nov by A. Bright"


def test_a_goal_whose_words_are_in_question_is_not_named_by_them(office: Office) -> None:
    worker, leader = office.desk(BRIGHT), office.desk(FIRTH)
    ids = office.caseload.families[0]
    change_goal(worker, ids.family, ids.goal, {"statement": "Breakfast together"})
    change_goal(leader, ids.family, ids.goal, {"statement": "Breakfast every day"})
    sync_now(leader)
    sync_now(worker)

    assert the_card(worker).title == "Two versions of the goal"


def test_a_goal_is_named_by_its_words(office: Office) -> None:
    worker, leader = office.desk(BRIGHT), office.desk(FIRTH)
    ids = office.caseload.families[0]
    change_goal(worker, ids.family, ids.goal, {"due": date(2026, 12, 1)})
    change_goal(leader, ids.family, ids.goal, {"due": date(2026, 12, 24)})
    sync_now(leader)
    sync_now(worker)
    card = the_card(worker)

    assert card.subject == "the goal “Everyone out of the door by half past…”: by when"
    assert [side.values[0].words for side in card.sides] == ["1 Dec", "24 Dec"]
    decide(worker, card.card_id, TYPED, values={"due": date(2026, 12, 11)})
    sync_now(worker)
    assert plan(worker, ids.family).goals[0].due == date(2026, 12, 11)


def test_different_fields_need_nobody(office: Office) -> None:
    worker, leader = office.desk(BRIGHT), office.desk(FIRTH)
    ids = office.caseload.families[0]
    set_priority(worker, ids.family, "The hearing.")
    change_household(leader, ids.family, ids.household, {"access_note": "Ring twice."})
    sync_now(leader)
    sync_now(worker)

    assert cards(worker) == []
    assert story(worker, ids.family).access_notes == ("Ring twice.",)


def test_a_decision_made_elsewhere_meanwhile_opens_it_again(
    office: Office, clashed: tuple[Desk, Desk]
) -> None:
    worker, leader = clashed
    card_id = the_card(worker).card_id
    decide(leader, card_id, TYPED, values={"value": "07700 900111"})
    decide(worker, card_id, worker.line)
    sync_now(leader)
    sync_now(worker)

    assert cards(worker)[0].card_id == card_id
    assert HERS in [value.words for side in cards(worker)[0].sides for value in side.values]


def test_a_card_can_be_decided_once(clashed: tuple[Desk, Desk]) -> None:
    worker, _ = clashed
    card_id = the_card(worker).card_id
    decide(worker, card_id, worker.line)

    with pytest.raises(BadInput):
        decide(worker, card_id, worker.line)


BAD = {
    "nothing typed": (TYPED, {}, "values"),
    "a side that is not there": ("somebody", {}, "choice"),
    "a value that cannot be": (TYPED, {"safe_to_call": "maybe"}, "safe_to_call"),
    "a field of another record": (TYPED, {"postcode": "ZZ1 1AA"}, "postcode"),
}


@pytest.mark.parametrize("choice, values, field", BAD.values(), ids=BAD.keys())
def test_an_answer_that_cannot_be_names_its_field(
    clashed: tuple[Desk, Desk], choice: str, values: dict[str, Any], field: str
) -> None:
    worker, _ = clashed
    with pytest.raises(BadInput) as refused:
        decide(worker, the_card(worker).card_id, choice, values=values)

    assert refused.value.field == field
    assert len(cards(worker)) == 1


def state_card(desk: Desk, office: Office) -> ReviewCard:
    """A card about where a plan stands, as a pull would bring it."""
    ids = office.caseload.families[0]
    side = {"user": office.caseload.worker[BRIGHT], "device": "x", "op_id": "", "made_at": 1_794_000_000_000}
    card = {
        "table_name": "plan", "record": ids.plan, "group_name": "state", "kind": "review",
        "columns": ["state", "state_on"], "base": {"state": "active", "state_on": None},
        "sides": {"another": {**side, "values": {"state": "ended", "state_on": "2026-11-10"}}},
        "state": "open", "opened_at": 1_793_000_000_000, "scope": f"family:{ids.family}",
    }  # fmt: skip
    put(desk.vault, [Change("conflict", "c" * 32, card, Act.INSERT)])
    return the_card(desk)


def test_where_a_plan_stands_is_the_leaders(office: Office) -> None:
    worker, leader = office.desk(BRIGHT), office.desk(FIRTH)
    card = state_card(worker, office)

    assert (card.may_decide, card.decided_by_words) == (False, "Your team leader decides")
    assert card.overdue
    assert status(worker).needs_you == 0
    with pytest.raises(NotYours):
        decide(worker, card.card_id, BOTH)
    assert state_card(leader, office).may_decide
    assert [field.field for field in card.typed_fields] == ["state"]
    assert [side.values[0].words for side in card.sides] == ["Ended", "Active"]


def test_of_two_leads_the_one_who_is_not_chosen_ends_today(office: Office) -> None:
    leader = office.desk(FIRTH)
    ids = office.caseload.families[0]
    second = {
        "family_id": ids.family, "worker_id": office.caseload.worker[DALE], "role": "lead",
        "from_on": leader.today(), "reason": "transfer",
    }  # fmt: skip
    with leader.vault.write() as connection:
        change = leader.insert("allocation", second)
        leader.save(connection, [change])
    sync_now(leader)
    card = the_card(leader)
    hers = next(side for side in card.sides if "C. Dale" in [value.words for value in side.values])
    decide(leader, card.card_id, hers.key, why="Agreed on Friday")
    sync_now(leader)

    assert (card.title, card.subject) == ("Two lead workers for the same days", "lead workers")
    assert cards(leader) == []
    with leader.vault.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT id, to_on FROM allocation WHERE family_id = ?", (ids.family,)
        ).all()
    assert {row[0] == change.record: row[1] for row in rows} == {True: None, False: "2026-11-16"}


def test_the_council_agrees_who_decides() -> None:
    from tfworker.actions.review_shown import LEADERS

    assert LEADERS == LEADERS_CARDS
