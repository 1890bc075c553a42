"""Who has which scopes, and whose grants a change draws anew."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event

from sync.memory import FakeClock
from sync.ops import Change, new_id
from sync.ports import Grant
from tests.council.neighbourhood import Neighbourhood, new
from tfworker.council import grants
from tfworker.council.access import (
    CARD_KINDS,
    COUNTY_KINDS,
    FAMILY_KINDS,
    PERSON_KINDS,
    REFERENCE_KINDS,
    TRAY,
    WORKER_KINDS,
)
from tfworker.council.setting_up import ProgrammeFacts, set_up

TODAY = date(2026, 11, 16)
NOTES = {
    *("visit", "visit_note", "note_amendment", "chronology_entry"),
    *("safeguarding_concern", "concern_step", "risk_marker", "contact_point", "conflict"),
}


def live(there: Neighbourhood, name: str) -> set[Grant]:
    """A worker's grants as the council's own table has them."""
    table = there.council.schema.own("scope_grant")
    query = table.select().where(table.c.user_id == there.worker[name], table.c.to_seq.is_(None))
    with there.council.engine.connect() as connection:
        rows = connection.execute(query).all()
    return {Grant(row.scope, frozenset(row.kinds.split()), row.level) for row in rows}


def families(there: Neighbourhood, name: str) -> set[str]:
    """The families a worker has, by name."""
    name_of = {f"family:{record}": family for family, record in there.family.items()}
    return {name_of[grant.scope] for grant in live(there, name) if grant.scope in name_of}


def people(there: Neighbourhood, name: str) -> set[str]:
    name_of = {f"person:{record}": person for person, record in there.person.items()}
    return {name_of[grant.scope] for grant in live(there, name) if grant.scope in name_of}


def drawn_by(there: Neighbourhood, touched: Mapping[str, set[str]]) -> set[str]:
    """Names of those whose grants are drawn anew when these rows were touched and nothing else."""
    name_of = {record: name for name, record in there.worker.items()}
    with there.council.engine.begin() as connection:
        return {name_of[user] for user in there.council.hub.authority.grants(connection, touched)}


IN_TEAM_A = {"team", "fsw", "fip", "team_leader", "duty", "programme_manager", "claims_officer"} | {
    *("internal_auditor", "system_admin", "dv_specialist", "on_call"),
}
EXPECTED = {
    "fsw": {"fsw"},
    "fip": {"fip"},
    "dv_specialist": {"dv_specialist"},
    "colleague": {"team"},
    "team_leader": IN_TEAM_A,
    "other_leader": {"other"},
    "duty": IN_TEAM_A | {"other"},
    "programme_manager": IN_TEAM_A | {"other"},
    "claims_officer": IN_TEAM_A | {"other"},
    "internal_auditor": set(),
    "system_admin": set(),
    "on_call": set(),
}


def test_everybody_has_exactly_her_families_and_their_people(on_both: Neighbourhood) -> None:
    assert {name: families(on_both, name) for name in EXPECTED} == EXPECTED
    assert {name: people(on_both, name) for name in EXPECTED} == EXPECTED


def test_a_worker_has_everything_of_her_family(there: Neighbourhood) -> None:
    family, person = there.family["fsw"], there.person["fsw"]

    assert live(there, "fsw") == {
        Grant("reference", REFERENCE_KINDS, 1),
        Grant(f"worker:{there.worker['fsw']}", WORKER_KINDS | {TRAY}, 4),
        Grant(f"family:{family}", FAMILY_KINDS, 4),
        Grant(f"person:{person}", PERSON_KINDS, 4),
    }


@pytest.mark.parametrize("role", ["programme_manager", "claims_officer"])
def test_the_programme_has_the_county_without_notes(there: Neighbourhood, role: str) -> None:
    found = {g for g in live(there, role) if g.scope != "reference"}

    assert {grant.level for grant in found} == {3}
    assert frozenset().union(*(grant.kinds for grant in found)) == COUNTY_KINDS
    assert not COUNTY_KINDS & NOTES


def test_duty_has_the_card_of_every_family(there: Neighbourhood) -> None:
    found = {g for g in live(there, "duty") if g.scope.startswith(("family:", "person:"))}

    assert frozenset().union(*(grant.kinds for grant in found)) == CARD_KINDS


@pytest.mark.parametrize("role", ["internal_auditor", "system_admin", "on_call"])
def test_the_others_have_reference_data_only(there: Neighbourhood, role: str) -> None:
    assert live(there, role) == {Grant("reference", REFERENCE_KINDS, 1)}


def test_a_concern_that_names_no_family_reaches_its_author_her_leader_and_duty(there: Neighbourhood) -> None:
    scope = f"worker:{there.worker['fsw']}"

    holders = {name for name in there.worker if scope in {g.scope for g in live(there, name)}}

    assert holders == {"fsw", "team_leader", "duty"}


def test_nobody_has_two_grants_of_one_scope(there: Neighbourhood) -> None:
    """Also one who leads a team, holds a family of it and is on duty."""
    roles = {"roles": ["team_leader", "duty", "claims_officer"]}
    there.apply(Change("worker", there.worker["team_leader"], roles))

    scopes = [grant.scope for grant in live(there, "team_leader")]

    assert len(scopes) == len(set(scopes))
    own = next(g for g in live(there, "team_leader") if g.scope == f"family:{there.family['team_leader']}")
    assert (own.kinds, own.level) == (FAMILY_KINDS, 4)


# -- what changes them ------------------------------------------------------------------------------


def test_a_new_allocation_brings_the_family_and_its_people(on_both: Neighbourhood) -> None:
    on_both.apply(on_both.allocate("other", "fsw", role="co_worker"))

    assert families(on_both, "fsw") == people(on_both, "fsw") == {"fsw", "other"}


DATES: dict[str, tuple[dict[str, Any], bool]] = {
    "without end": ({}, True),
    "until today": ({"to_on": TODAY}, True),
    "until yesterday": ({"to_on": date(2026, 11, 15)}, False),
    "from tomorrow": ({"from_on": date(2026, 11, 17)}, False),
    "cover that ended on Monday": ({"role": "cover", "to_on": date(2026, 11, 9)}, True),
    "cover that ended on the Friday before": ({"role": "cover", "to_on": date(2026, 11, 6)}, False),
}


@pytest.mark.parametrize("values, counts", DATES.values(), ids=DATES.keys())
def test_an_allocation_counts_on_its_days(there: Neighbourhood, values: dict[str, Any], counts: bool) -> None:
    there.apply(there.allocate("other", "fsw", **values))

    assert ("other" in families(there, "fsw")) is counts


def test_the_end_of_an_allocation_takes_the_family_away(on_both: Neighbourhood) -> None:
    on_both.apply(Change("allocation", on_both.allocation["fsw"], {"to_on": date(2026, 11, 1)}))

    assert families(on_both, "fsw") == people(on_both, "fsw") == set()


def test_an_allocation_given_to_somebody_else_is_taken_from_her(there: Neighbourhood) -> None:
    there.apply(Change("allocation", there.allocation["fsw"], {"worker_id": there.worker["fip"]}))

    assert families(there, "fsw") == set()
    assert families(there, "fip") == {"fip", "fsw"}


def test_a_family_that_changes_team_changes_leaders(on_both: Neighbourhood) -> None:
    on_both.apply(Change("family", on_both.family["team"], {"team_id": on_both.team["B"]}))

    assert "team" not in families(on_both, "team_leader")
    assert families(on_both, "other_leader") == {"other", "team"}
    assert families(on_both, "colleague") == {"team"}


def test_a_named_leader_who_is_no_team_leader_leads_nothing(there: Neighbourhood) -> None:
    """The role gives the right; being named in the team's record alone does not."""
    there.apply(Change("team", there.team["B"], {"leader_id": there.worker["fip"]}))
    assert families(there, "fip") == {"fip"}

    there.apply(Change("team", there.team["B"], {"leader_id": there.worker["team_leader"]}))
    assert families(there, "team_leader") == IN_TEAM_A | {"other"}


def test_a_new_role_and_a_last_day_count_at_once(there: Neighbourhood) -> None:
    there.apply(Change("worker", there.worker["on_call"], {"roles": ["duty"]}))
    assert families(there, "on_call") == IN_TEAM_A | {"other"}

    there.apply(Change("worker", there.worker["on_call"], {"active_to": date(2026, 11, 15)}))
    assert live(there, "on_call") == set()


def test_a_worker_who_changes_team_takes_her_concerns_to_the_new_leader(there: Neighbourhood) -> None:
    scope = f"worker:{there.worker['colleague']}"
    there.apply(Change("worker", there.worker["colleague"], {"team_id": there.team["B"]}))

    assert scope not in {grant.scope for grant in live(there, "team_leader")}
    assert scope in {grant.scope for grant in live(there, "other_leader")}


def test_a_person_goes_with_every_family_she_is_or_was_in(there: Neighbourhood) -> None:
    move = {"family_id": there.family["fsw"], "person_id": there.person["other"], "role": "child"}
    there.apply(new("membership", new_id(), **move, to_on=date(2026, 1, 1)))

    assert people(there, "fsw") == {"fsw", "other"}
    assert people(there, "stranger") == {"other"}


def later(there: Neighbourhood, **amount: float) -> None:
    clock = there.council.clock
    assert isinstance(clock, FakeClock)
    clock.advance(**amount)


def write_anything(there: Neighbourhood) -> None:
    """A write that causes no grants by itself."""
    there.apply(Change("plan", there.plan["other"], {"aims_in_family_words": new_id()}))


def redraw(there: Neighbourhood) -> bool:
    return there.council.hub.redraw()


def test_the_calendar_ends_and_begins_grants_without_any_write(on_both: Neighbourhood) -> None:
    there = on_both
    tomorrow = date(2026, 11, 17)
    there.apply(
        Change("allocation", there.allocation["fsw"], {"to_on": TODAY}),
        there.allocate("other", "fsw", from_on=tomorrow),
        Change("worker", there.worker["fip"], {"active_to": TODAY}),
    )
    write_anything(there)
    assert families(there, "fsw") == {"fsw"}

    later(there, days=1)
    drawn = redraw(there)

    assert drawn
    assert families(there, "fsw") == {"other"}
    assert live(there, "fip") == set()
    assert families(there, "colleague") == {"team"}
    assert not redraw(there)


def test_the_first_request_of_a_day_draws_what_the_calendar_says(there: Neighbourhood) -> None:
    there.apply(Change("allocation", there.allocation["fsw"], {"to_on": TODAY}))
    later(there, days=1)

    write_anything(there)

    assert families(there, "fsw") == set()


def test_what_the_calendar_draws_has_a_place_in_the_ledger(there: Neighbourhood) -> None:
    """A laptop that has read to the end must be told."""
    there.apply(Change("allocation", there.allocation["fsw"], {"to_on": TODAY}))
    later(there, days=1)
    redraw(there)

    ledger, grant = there.council.schema.own("ledger"), there.council.schema.own("scope_grant")
    with there.council.engine.connect() as connection:
        last = connection.execute(ledger.select().order_by(ledger.c.seq.desc()).limit(1)).one()
        mine = grant.c.user_id == there.worker["fsw"]
        ended = {row.to_seq for row in connection.execute(grant.select().where(mine))} - {None}

    assert (last.kind, last.record, last.scope, last.author) == ("grants", "", "", "")
    assert last.seq in ended


def test_an_update_that_changed_who_may_have_what_draws_everybody_anew(there: Neighbourhood) -> None:
    facts = there.council.schema.metadata.tables["council_fact"]
    grant = there.council.schema.own("scope_grant")
    kinds = "concern_step safeguarding_concern"  # as an earlier version gave them
    with there.council.engine.begin() as connection:
        connection.execute(facts.delete().where(facts.c.name == "grants_drawn_by"))
        connection.execute(grant.update().where(grant.c.scope.startswith("worker:")).values(kinds=kinds))

    assert redraw(there)
    assert {g.kinds for g in live(there, "fsw") if g.scope.startswith("worker:")} == {WORKER_KINDS | {TRAY}}


def test_days_without_any_write_are_made_up_for(there: Neighbourhood) -> None:
    there.apply(there.allocate("other", "fsw", role="cover", to_on=date(2026, 12, 1)))

    later(there, days=22)  # 8 December: the last of five working days
    write_anything(there)
    assert families(there, "fsw") == {"fsw", "other"}

    later(there, days=1)
    write_anything(there)
    assert families(there, "fsw") == {"fsw"}


def test_a_drawing_that_fails_is_made_again(there: Neighbourhood) -> None:
    there.apply(Change("allocation", there.allocation["fsw"], {"to_on": TODAY}))
    later(there, days=1)
    authority = there.council.authority
    with there.council.engine.connect() as connection:
        assert there.worker["fsw"] in authority.due(connection)
        connection.rollback()

    write_anything(there)

    assert families(there, "fsw") == set()


# -- whom a change concerns -------------------------------------------------------------------------


def test_an_edit_of_a_family_draws_nobodys_grants_anew(there: Neighbourhood) -> None:
    """The story of a family is edited all day; only a change of team is anybody's business."""
    assert drawn_by(there, {"family": {there.family["team"]}, "need": {new_id()}}) == set()


def test_an_allocation_draws_anew_only_whom_it_concerns(there: Neighbourhood) -> None:
    allocation = new_id()
    with there.council.engine.begin() as connection:
        # Straight into the table: what the hub would have written in the same transaction.
        table = there.council.schema["allocation"].table
        row = there.allocate("other", "fsw", record=allocation).patch
        scope = f"family:{there.family['other']}"
        connection.execute(table.insert(), {**row, "id": allocation, "version": 1, "scope": scope})

    assert drawn_by(there, {"allocation": {allocation}}) == {"fsw"}


class Statements:
    """Counts what a database is asked."""

    def __init__(self, engine: Engine) -> None:
        self.count = 0
        event.listen(engine, "before_cursor_execute", self._one)

    def _one(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self.count += not statement.startswith("BEGIN")


def test_records_that_cause_no_grants_cost_nothing(there: Neighbourhood) -> None:
    statements = Statements(there.council.engine)

    assert drawn_by(there, {"visit_note": {new_id()}, "goal": {new_id()}}) == set()
    assert statements.count == 0


def test_a_county_is_drawn_with_few_statements(tmp_path_factory: pytest.TempPathFactory) -> None:
    """1,000 families more: everybody's grants again with a few dozen statements."""
    url = f"sqlite:///{tmp_path_factory.mktemp('large') / 'council.db'}"
    with set_up(url, ProgrammeFacts(), FakeClock()) as council:
        there = Neighbourhood(council).settle()
        there.apply(*(change for n in range(1000) for change in there.new_family(f"{n}", "A", "colleague")))
        statements = Statements(council.engine)
        with council.engine.connect() as connection:
            found = grants.grants_today(connection, council.schema, TODAY)

    assert sum(map(len, found.values())) > 8000
    assert statements.count < 40
