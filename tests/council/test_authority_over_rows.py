"""What the council says to a row for what it says itself: who signed it, what it names, its rivals."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, event

from sync.ops import Act, Change, new_id
from sync.ports import Caller, Proposed
from tests.council.neighbourhood import TODAY, Neighbourhood, later, note, says, verdict_text, works

# -- who signed it ----------------------------------------------------------------------------------


def test_nobody_writes_in_anothers_name(there: Neighbourhood) -> None:
    forged = note(there, "fsw", "colleague")
    locked = note(there, "fsw", "fsw", finalised_by=there.worker["colleague"])

    assert says(there, "fsw", forged, locked) == ["refuse not_author"] * 2


def test_nobody_changes_anothers_draft(there: Neighbourhood) -> None:
    draft = {"family_id": there.family["team"], "written_by": there.worker["colleague"], "kind": "visit"}
    change = there.propose("visit_note", draft, {"what_happened": "new"})

    there.apply(there.allocate("team", "fsw", role="co_worker"))

    assert says(there, "colleague", change) == ["admit"]
    assert says(there, "fsw", change) == ["refuse not_author"]


# -- what a row names -------------------------------------------------------------------------------


def test_a_row_may_not_name_what_is_not_there_or_not_hers(there: Neighbourhood) -> None:
    def goal(plan: str) -> Proposed:
        return there.propose("goal", {"family_id": there.family["fsw"], "plan_id": plan})

    found = says(there, "fsw", goal(there.plan["fsw"]), goal(there.plan["other"]), goal(new_id()))

    assert found == ["admit", "refuse unknown_record", "refuse unknown_record"]


def test_a_row_may_name_one_made_earlier_in_the_batch(there: Neighbourhood) -> None:
    plan = there.propose("plan", {"family_id": there.family["fsw"], "state": "draft"})
    goal = there.propose("goal", {"family_id": there.family["fsw"], "plan_id": plan.record})

    assert says(there, "fsw", plan, goal) == ["admit", "admit"]
    assert says(there, "fsw", goal) == ["refuse unknown_record"]


def test_joining_a_person_she_has_not_got_waits_for_a_leader(there: Neighbourhood) -> None:
    def join(person: str) -> Proposed:
        member = {"family_id": there.family["fsw"], "person_id": person, "role": "partner"}
        return there.propose("membership", member)

    found = says(there, "fsw", join(there.person["fsw"]), join(there.person["other"]), join(new_id()))

    assert found == ["admit", "hold request", "refuse unknown_record"]


def test_a_new_persons_number_goes_with_her(there: Neighbourhood) -> None:
    person = there.propose("person", {"family_name": "New"})
    number = there.propose("contact_point", {"person_id": person.record, "value": "01632 960005"})
    member = there.propose(
        "membership", {"family_id": there.family["fsw"], "person_id": person.record, "role": "child"}
    )

    assert says(there, "fsw", person, number, member) == ["admit"] * 3


def test_a_row_may_not_say_it_lives_elsewhere(there: Neighbourhood) -> None:
    row = {"family_id": there.family["fsw"], "scope": f"family:{there.family['other']}"}

    assert says(there, "fsw", there.propose("need", row)) == ["refuse wrong_scope"]


def test_a_goal_of_a_plan_that_waits_waits_with_it(on_both: Neighbourhood) -> None:
    there = on_both
    plan = new_id()
    held = {
        "id": new_id(),
        "version": 1,
        "table_name": "plan",
        "record": plan,
        "kind": "insert",
        "scope": f"family:{there.family['fsw']}",
        "author": there.worker["fsw"],
        "line": "line-fsw",
        "made_at": 0,
        "reason": "request",
        "state": "waiting",
    }
    with there.council.engine.begin() as connection:
        connection.execute(there.council.schema.own("held").insert(), held)

    goal = there.propose("goal", {"family_id": there.family["fsw"], "plan_id": plan})

    assert says(there, "fsw", goal) == ["hold follows"]


def test_a_change_of_an_unknown_record_is_left_to_sync(there: Neighbourhood) -> None:
    """It alone knows whether the record's insert waits."""
    blank = dict.fromkeys(there.council.schema["need"].columns)
    change = Proposed(Act.UPDATE, "need", new_id(), "", blank, None, frozenset({"status"}), 0)

    assert says(there, "fsw", change) == ["admit"]
    assert says(there, "internal_auditor", change) == ["refuse not_allowed"]


# -- cards ------------------------------------------------------------------------------------------


def card(there: Neighbourhood, table: str, group: str, kind: str = "same_field") -> Proposed:
    about = {"scope": f"family:{there.family['fsw']}", "table_name": table, "record": new_id()}
    return there.propose("conflict", about | {"group_name": group, "kind": kind}, {"choice": "mine"})


CARDS = {
    "what two people typed": ("goal", "statement", "same_field", "admit"),
    "a family's status": ("family", "status", "review", "hold request"),
    "a plan's state": ("plan", "state", "review", "hold request"),
    "a caution cleared and raised": ("risk_marker", "state", "safer", "hold request"),
    "two leads": ("allocation", "rival:1", "rival", "hold request"),
}


@pytest.mark.parametrize("table, group, kind, worker_hears", CARDS.values(), ids=CARDS.keys())
def test_who_decides_a_card(
    there: Neighbourhood, table: str, group: str, kind: str, worker_hears: str
) -> None:
    decision = card(there, table, group, kind)

    assert says(there, "fsw", decision) == [worker_hears]
    assert says(there, "team_leader", decision) == ["admit"]
    assert says(there, "stranger", decision) == ["refuse not_allowed"]


# -- rivals -----------------------------------------------------------------------------------------


def lead(there: Neighbourhood, begins: date, ends: date | None = None) -> Proposed:
    who = {"family_id": there.family["team"], "worker_id": there.worker["fsw"], "role": "lead"}
    return there.propose("allocation", who | {"from_on": begins, "to_on": ends})


def test_two_leads_for_the_same_days_are_rivals(on_both: Neighbourhood) -> None:
    there = on_both
    verdicts = there.judge("team_leader", lead(there, TODAY), lead(there, date(2025, 1, 1), date(2026, 1, 5)))

    assert [v.rival for v in verdicts] == [there.allocation["team"], None]


def test_a_handover_in_one_save_is_no_clash_in_either_order(on_both: Neighbourhood) -> None:
    there = on_both
    old = {"family_id": there.family["team"], "worker_id": there.worker["colleague"], "role": "lead"}
    begins = {"from_on": date(2026, 1, 5), "to_on": None}
    ending = there.propose("allocation", old | begins, {"to_on": TODAY}, there.allocation["team"])
    coming = lead(there, TODAY)

    assert [v.rival for v in there.judge("team_leader", ending, coming)] == [None, None]
    assert [v.rival for v in there.judge("team_leader", coming, ending)] == [None, None]


def test_a_second_plan_agreed_is_a_rival_unless_the_first_makes_way(there: Neighbourhood) -> None:
    def agreed(state: str = "agreed") -> Proposed:
        plan = {"family_id": there.family["fsw"], "state": "shared_with_family"}
        return there.propose("plan", plan, {"state": state}, new_id())

    there.apply(Change("plan", there.plan["fsw"], {"state": "active"}))
    assert there.judge("fsw", agreed())[0].rival == there.plan["fsw"]

    there.apply(Change("plan", there.plan["fsw"], {"state": "under_review"}))
    assert there.judge("fsw", agreed())[0].rival is None


# -- the council's own lines, and speed -------------------------------------------------------------


def test_the_councils_own_lines_are_admitted_as_they_are(there: Neighbourhood) -> None:
    importer = Caller("import", "import:central", "import:central", central=True)
    odd = there.propose("allocation", {"family_id": new_id(), "worker_id": new_id(), "role": "lead"})
    with there.council.engine.begin() as connection:
        verdicts = there.council.hub.authority.judge(connection, importer, [odd])

    assert [verdict_text(verdict) for verdict in verdicts] == ["admit"]


def test_an_unknown_user_may_do_nothing(there: Neighbourhood) -> None:
    there.worker["nobody"] = new_id()
    concern = {"family_id": there.family["fsw"], "seen_or_said": "seen"}

    assert says(there, "nobody", there.propose("safeguarding_concern", concern)) == ["refuse not_allowed"]


class Statements:
    """Counts what a database is asked."""

    def __init__(self, engine: Engine) -> None:
        self.count = 0
        event.listen(engine, "before_cursor_execute", self._one)

    def _one(self, *_: object) -> None:
        self.count += 1


def test_two_thousand_proposals_are_judged_with_a_handful_of_queries(on_both: Neighbourhood) -> None:
    there = on_both
    few = [*works(there, "fsw"), note(there, "other", "fsw")]
    many = [proposal for _ in range(340) for proposal in [*works(there, "fsw"), note(there, "other", "fsw")]]
    statements = Statements(there.council.engine)

    there.judge("fsw", *few)
    for_few, statements.count = statements.count, 0
    verdicts = there.judge("fsw", *many)

    assert len(verdicts) == 2040
    assert statements.count == for_few <= 16


def test_the_day_turns_where_the_council_is(there: Neighbourhood) -> None:
    """Half past midnight in June is still yesterday in UTC."""
    there.apply(Change("allocation", there.allocation["fsw"], {"to_on": date(2027, 6, 1)}))

    half_past_ten = datetime(2027, 6, 1, 22, 30, tzinfo=UTC)
    later(there, seconds=(half_past_ten - there.council.clock.now()).total_seconds())
    assert says(there, "fsw", note(there, "fsw", "fsw")) == ["admit"]
    later(there, hours=1)
    assert says(there, "fsw", note(there, "fsw", "fsw")) == ["admit to_read"]
