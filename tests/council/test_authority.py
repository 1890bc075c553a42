"""What the council says to a proposal beyond the table of 4.9: losses, requests, references, rivals."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from sync.memory import FakeClock
from sync.ops import Act, Change, new_id
from sync.ports import Caller, Proposed
from tests.council.neighbourhood import VISITED, Neighbourhood, new, verdict_text
from tfworker.council.setting_up import ProgrammeFacts, set_up
from tfworker.council.standing import last_day

TODAY = date(2026, 11, 16)  # where the fake clock stands


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Neighbourhood]:
    with set_up(f"sqlite:///{tmp_path / 'council.db'}", ProgrammeFacts(), FakeClock()) as council:
        yield Neighbourhood(council).settle()


@pytest.fixture
def on_both(database_url: str) -> Iterator[Neighbourhood]:
    """The same on SQLite and PostgreSQL in turn, for what leans on the database's own comparing."""
    with set_up(database_url, ProgrammeFacts(), FakeClock()) as council:
        yield Neighbourhood(council).settle()


def later(there: Neighbourhood, **amount: float) -> None:
    clock = there.council.clock
    assert isinstance(clock, FakeClock)
    clock.advance(**amount)


def says(there: Neighbourhood, name: str, *proposed: Proposed) -> list[str]:
    return [verdict_text(verdict) for verdict in there.judge(name, *proposed)]


def note(there: Neighbourhood, family: str, writer: str, **values: Any) -> Proposed:
    facts = {"family_id": there.family[family], "written_by": there.worker[writer], "kind": "visit"}
    return there.propose("visit_note", facts | {"happened_at": VISITED} | values)


# -- a concern is never held or refused ------------------------------------------------------------


@pytest.mark.parametrize("role", ["fsw", "fip", "team_leader", "duty"])
@pytest.mark.parametrize("family", ["other", "unknown to the council", None])
def test_a_concern_is_always_admitted(there: Neighbourhood, role: str, family: str | None) -> None:
    family_id = there.family.get(family, new_id()) if family else None
    concern = {"family_id": family_id, "written_by": there.worker[role], "seen_or_said": "seen"}

    assert says(there, role, there.propose("safeguarding_concern", concern)) == ["admit"]


def test_whom_she_told_goes_with_her_concern_and_acknowledging_does_not(there: Neighbourhood) -> None:
    place = {"family_id": there.family["other"], "written_by": there.worker["fsw"]}
    concern = there.propose("safeguarding_concern", place | {"seen_or_said": "seen"})
    steps = [
        there.propose("concern_step", place | {"concern_id": concern.record, "step": step})
        for step in ("told", "acknowledged", "outcome")
    ]

    assert says(there, "fsw", concern, *steps) == [
        "admit",
        "admit",
        "refuse not_allowed",
        "refuse not_allowed",
    ]


def test_a_step_lives_where_its_concern_lives(there: Neighbourhood) -> None:
    step = {"concern_id": there.concern["other"], "family_id": there.family["fsw"], "step": "told"}

    assert says(there, "fsw", there.propose("concern_step", step)) == ["refuse wrong_scope"]


def test_a_concern_that_names_no_family_is_acknowledged_by_her_leader_or_duty(there: Neighbourhood) -> None:
    concern = new_id()
    raised = {"written_by": there.worker["fsw"], "seen_or_said": "seen"}
    there.apply(new("safeguarding_concern", concern, **raised))
    step = {"concern_id": concern, "raised_by": there.worker["fsw"], "step": "acknowledged"}

    found = [
        says(there, who, there.propose("concern_step", step))[0]
        for who in ("team_leader", "duty", "other_leader")
    ]

    assert found == ["admit", "admit", "refuse not_allowed"]


# -- a family she had -------------------------------------------------------------------------------


def works(there: Neighbourhood, worker: str) -> list[Proposed]:
    """A note, a chronology entry, a new marker; then a change of the plan and a new phone number."""
    own = {"family_id": there.family[worker], "written_by": there.worker[worker]}
    plan = {"family_id": there.family[worker], "state": "draft"}
    number = {"person_id": there.person[worker], "value": "01632 960004", "safe_to_call": "yes"}
    return [
        note(there, worker, worker),
        there.propose("chronology_entry", own | {"event": "moved", "happened_on": TODAY}),
        there.propose("risk_marker", own | {"kind": "dog"}),
        there.propose("plan", plan, {"aims_in_family_words": "new"}, there.plan[worker]),
        there.propose("contact_point", number),
    ]


READ, HELD = "admit to_read", "hold not_yours_now"
# (last day of the allocation, days since the council ended it, what the author hears)
AFTER = {
    "while it is hers": (None, 0, ["admit"] * 5),
    "on the last day": (TODAY, 0, ["admit"] * 5),
    "the day after": (TODAY - timedelta(days=1), 0, [READ] * 3 + [HELD] * 2),
    "thirty days after": (TODAY - timedelta(days=1), 30, [READ] * 3 + [HELD] * 2),
    "longer after": (TODAY - timedelta(days=1), 31, [HELD] * 5),
    # Her laptop has it until the council says otherwise.
    "ended long ago, said today": (TODAY - timedelta(days=90), 0, [READ] * 3 + [HELD] * 2),
}


@pytest.mark.parametrize("ends, days, expected", AFTER.values(), ids=AFTER.keys())
def test_what_becomes_of_work_on_a_family_she_had(
    on_both: Neighbourhood, ends: date | None, days: int, expected: list[str]
) -> None:
    there = on_both
    there.apply(Change("allocation", there.allocation["fsw"], {"to_on": ends}))
    later(there, days=days)

    assert says(there, "fsw", *works(there, "fsw")) == expected


def test_a_family_that_moved_to_another_team_was_her_leaders_until_now(there: Neighbourhood) -> None:
    there.apply(Change("family", there.family["team"], {"team_id": there.team["B"]}))
    oversight = note(there, "team", "team_leader", kind="management_oversight")
    story = {"label": "A family", "status": "supported"}
    change = there.propose("family", story, {"story_so_far": "new"}, there.family["team"])

    assert says(there, "team_leader", oversight, change) == ["admit to_read", "hold not_yours_now"]


def test_the_countys_card_never_made_anybody_the_worker(there: Neighbourhood) -> None:
    """A claims officer who leaves the role has had every family on her laptop; it brings her nothing."""
    there.apply(Change("worker", there.worker["claims_officer"], {"roles": ["fsw"]}))

    assert says(there, "claims_officer", note(there, "other", "claims_officer")) == ["refuse not_allowed"]


def test_cover_has_five_working_days_more(there: Neighbourhood) -> None:
    there.apply(there.allocate("other", "fsw", role="cover", to_on=date(2026, 11, 9)))

    assert says(there, "fsw", note(there, "other", "fsw")) == ["admit"]


@pytest.mark.parametrize(
    "role, ends, counts",
    [
        ("lead", date(2026, 11, 9), date(2026, 11, 9)),
        ("cover", date(2026, 11, 9), date(2026, 11, 16)),
        ("cover", date(2026, 12, 24), date(2027, 1, 5)),  # two weekends, Christmas, Boxing Day, New Year
        ("cover", None, None),
    ],
)
def test_the_last_day_of_an_allocation(role: str, ends: date | None, counts: date | None) -> None:
    assert last_day(role, ends) == counts


# -- requests ---------------------------------------------------------------------------------------


def status(there: Neighbourhood, family: str, was: str, to: str) -> Proposed:
    values = {"label": "A family", "status": was, "team_id": there.team["A"]}
    return there.propose("family", values, {"status": to}, there.family[family])


MOVES = {
    "a worker steps a family down": ("fsw", "supported", "stepping_down", "admit"),
    "a worker closes a family": ("fsw", "stepping_down", "closed", "hold request"),
    "a worker accepts a family": ("fsw", "awaiting_decision", "accepted", "hold request"),
    "a worker opens one again": ("fsw", "closed", "re_opened", "hold request"),
    "a worker puts one on hold": ("fsw", "supported", "on_hold", "hold request"),
    "a leader closes a family": ("team_leader", "stepping_down", "closed", "admit"),
    "somebody moved it meanwhile": ("fsw", "on_hold", "stepping_down", "admit"),
    "a newer version's status": ("fsw", "supported", "paused", "admit"),
}


@pytest.mark.parametrize("who, was, to, expected", MOVES.values(), ids=MOVES.keys())
def test_moves_of_a_family(there: Neighbourhood, who: str, was: str, to: str, expected: str) -> None:
    assert says(there, who, status(there, who, was, to)) == [expected]


def test_a_co_worker_does_not_close(there: Neighbourhood) -> None:
    there.apply(there.allocate("other", "fsw", role="co_worker"))

    assert says(there, "fsw", status(there, "other", "supported", "stepping_down")) == ["hold request"]


def test_a_leader_makes_a_plan_active_and_a_worker_asks(there: Neighbourhood) -> None:
    def activate(name: str) -> Proposed:
        plan = {"family_id": there.family["team"], "state": "agreed"}
        return there.propose("plan", plan, {"state": "active"}, there.plan["team"])

    assert says(there, "team_leader", activate("team")) == ["admit"]
    assert says(there, "colleague", activate("team")) == ["hold request"]


def test_clearing_a_caution_somebody_else_set_needs_her_leader(there: Neighbourhood) -> None:
    def clear(setter: str) -> Proposed:
        marker = {"family_id": there.family["fsw"], "state": "raised", "written_by": there.worker[setter]}
        return there.propose("risk_marker", marker, {"state": "cleared", "cleared_why": "gone"})

    assert says(there, "fsw", clear("fsw"), clear("colleague")) == ["admit", "hold request"]
    assert says(there, "team_leader", clear("colleague")) == ["admit"]


@pytest.mark.parametrize(
    "kind, expected",
    [
        ("addendum", "admit"),
        ("correction", "admit"),
        ("recorded_in_error", "admit"),
        ("redaction", "hold request"),
        ("wrong_family", "hold request"),
        ("third_party_removed", "hold request"),
    ],
)
def test_only_the_approval_path_hides_text(there: Neighbourhood, kind: str, expected: str) -> None:
    amendment = {"family_id": there.family["fsw"], "note_id": there.note["fsw"], "kind": kind, "text": "more"}

    assert says(there, "fsw", there.propose("note_amendment", amendment)) == [expected]


def test_a_leader_allocates_within_her_team_and_asks_beyond_it(there: Neighbourhood) -> None:
    def allocate(family: str, worker: str) -> Proposed:
        who = {"family_id": there.family[family], "worker_id": there.worker[worker]}
        return there.propose("allocation", who | {"role": "co_worker", "from_on": TODAY})

    found = says(
        there,
        "team_leader",
        allocate("team", "fsw"),
        allocate("team", "stranger"),
        allocate("other", "fsw"),
    )

    assert found == ["admit central", "hold request", "refuse not_allowed"]


def test_a_leader_makes_a_family_of_her_team(there: Neighbourhood) -> None:
    def family(**values: Any) -> Proposed:
        return there.propose("family", {"label": "A family", "status": "candidate"} | values)

    mine = family(team_id=there.team["A"])
    theirs = family(team_id=there.team["B"])
    numbered = family(team_id=there.team["A"], family_ref="F-9")

    assert says(there, "team_leader", mine, theirs, numbered) == [
        "admit central",
        "hold request",
        "hold request",
    ]


def test_what_hangs_off_a_new_family_is_judged_as_hers(there: Neighbourhood) -> None:
    """The family is a request; sync makes what names it wait with it."""
    family = there.propose("family", {"label": "A family", "status": "candidate"})
    home = there.propose("household", {"family_id": family.record, "postcode": "ZZ1 1AA"})
    person = there.propose("person", {"family_name": "New"})
    member = there.propose(
        "membership", {"family_id": family.record, "person_id": person.record, "role": "child"}
    )

    assert says(there, "fsw", family, home, person, member) == ["hold request", "admit", "admit", "admit"]


def test_a_reference_number_is_the_councils_to_give(there: Neighbourhood) -> None:
    person = there.propose("person", {"family_name": "New", "person_ref": "P-9"})

    assert says(there, "fsw", person) == ["hold request"]


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
