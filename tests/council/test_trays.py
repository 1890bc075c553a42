"""Who decides what came for a family from somebody else, and what becomes of it: through the real hub."""

from typing import Any

from sqlalchemy import select

from sync.ops import Act, Change, new_id
from sync.ports import Caller
from sync.wire import Receipt
from tests.council.neighbourhood import VISITED, Neighbourhood, new
from tfworker.council.service import DESK


def does(there: Neighbourhood, name: str, *changes: Change) -> list[Receipt]:
    """What the council answers when this worker's laptop sends these, each an act of its own."""
    caller = Caller(there.worker[name], f"laptop-{name}", f"line-{name}")
    return there.council.hub.apply(caller, list(changes))


def asks(there: Neighbourhood, name: str, *changes: Change) -> str:
    """The id of the item in the tray that the last of these has become."""
    receipts = does(there, name, *changes)
    assert receipts[-1].outcome == "held"
    return receipts[-1].op_id


def decides(there: Neighbourhood, name: str, item: str, choice: str = "admit") -> str:
    caller = DESK if name == "desk" else Caller(there.worker[name], f"laptop-{name}", f"line-{name}")
    change = Change("held", item, {"choice": choice, "why": "said"}, Act.DECIDE)
    (receipt,) = there.council.hub.apply(caller, [change])
    return " ".join(str(part) for part in (receipt.outcome, receipt.reason) if part)


def row(there: Neighbourhood, table: str, record: str) -> dict[str, Any] | None:
    target = there.council.schema[table].table
    with there.council.engine.begin() as connection:
        found = connection.execute(select(target).where(target.c.id == record)).mappings().one_or_none()
    return dict(found) if found else None


def item(there: Neighbourhood, record: str) -> dict[str, Any]:
    found = row(there, "held", record)
    assert found is not None
    return found


def may_have(there: Neighbourhood, name: str, scope: str, kind: str = "held") -> bool:
    grant = there.council.schema.own("scope_grant")
    mine = (grant.c.user_id == there.worker[name], grant.c.scope == scope, grant.c.to_seq.is_(None))
    with there.council.engine.begin() as connection:
        kinds = connection.execute(select(grant.c.kinds).where(*mine)).scalars()
        return any(kind in found.split() for found in kinds)


# -- a membership that would give its author somebody ------------------------------------------------


def stranger(there: Neighbourhood) -> tuple[str, str]:
    """fsw joins a person of another team to her own family; gives the membership and the item."""
    member = new_id()
    facts = {"family_id": there.family["fsw"], "person_id": there.person["other"], "role": "partner"}
    return member, asks(there, "fsw", new("membership", member, **facts))


def test_joining_a_person_she_has_not_got_gives_her_nothing_until_a_leader_says_so(
    there: Neighbourhood,
) -> None:
    member, waiting = stranger(there)
    scope = f"person:{there.person['other']}"
    before = may_have(there, "fsw", scope, "person")

    said = [decides(there, name, waiting) for name in ("fsw", "colleague", "duty", "team_leader")]

    assert before is False
    assert said == ["refused not_allowed"] * 3 + ["applied"]
    assert may_have(there, "fsw", scope, "person")
    assert row(there, "membership", member) is not None
    assert item(there, waiting)["decided_by"] == there.worker["team_leader"]


def test_what_a_leader_declines_stays_out(there: Neighbourhood) -> None:
    member, waiting = stranger(there)

    assert decides(there, "team_leader", waiting, "decline") == "applied"
    assert decides(there, "team_leader", waiting) == "refused already_decided"
    assert row(there, "membership", member) is None
    assert not may_have(there, "fsw", f"person:{there.person['other']}", "person")


def test_a_leader_of_another_team_has_no_say(there: Neighbourhood) -> None:
    _, waiting = stranger(there)

    assert decides(there, "other_leader", waiting) == "refused not_allowed"


def test_the_councils_own_desk_may_always_decide(there: Neighbourhood) -> None:
    member, waiting = stranger(there)

    assert decides(there, "desk", waiting) == "applied"
    assert row(there, "membership", member) is not None


# -- requests ---------------------------------------------------------------------------------------


def test_closing_a_family_is_asked_for_and_allowed(there: Neighbourhood) -> None:
    family = there.family["fsw"]
    does(there, "fsw", Change("family", family, {"status": "stepping_down"}))
    waiting = asks(there, "fsw", Change("family", family, {"status": "closed"}))
    before = row(there, "family", family)

    said = [decides(there, name, waiting) for name in ("fsw", "team_leader")]

    assert before is not None
    assert before["status"] == "stepping_down"
    assert said == ["refused not_allowed", "applied"]
    after = row(there, "family", family)
    assert after is not None
    assert after["status"] == "closed"


def test_nobody_approves_what_she_asked_for_herself(there: Neighbourhood) -> None:
    """A leader, too, needs somebody else's word for what is not hers to do."""
    who = {"family_id": there.family["team"], "worker_id": there.worker["stranger"]}
    facts = who | {"role": "co_worker", "from_on": VISITED.date(), "reason": "new"}
    waiting = asks(there, "team_leader", new("allocation", new_id(), **facts))

    assert decides(there, "team_leader", waiting) == "refused not_allowed"
    assert decides(there, "desk", waiting) == "applied"


def test_a_worker_asks_for_somebody_beside_her_and_her_leader_allocates(there: Neighbourhood) -> None:
    allocation = new_id()
    who = {"family_id": there.family["fsw"], "worker_id": there.worker["colleague"]}
    facts = who | {"role": "co_worker", "from_on": VISITED.date(), "reason": "new"}
    waiting = asks(there, "fsw", new("allocation", allocation, **facts))

    assert decides(there, "team_leader", waiting) == "applied"
    assert may_have(there, "colleague", f"family:{there.family['fsw']}", "visit_note")


def test_a_family_that_is_asked_for_waits_where_her_leaders_find_it(there: Neighbourhood) -> None:
    family, home = new_id(), new_id()
    facts = {"label": "A family", "status": "candidate", "team_id": there.team["A"]}
    waiting = asks(there, "fsw", new("family", family, **facts))
    asks(there, "fsw", new("household", home, family_id=family, postcode="ZZ1 1AA"))
    scope = f"worker:{there.worker['fsw']}"

    said = [decides(there, name, waiting) for name in ("duty", "other_leader", "fsw", "team_leader")]

    assert item(there, waiting)["scope"] == scope
    assert [may_have(there, name, scope) for name in ("fsw", "team_leader", "duty")] == [True, True, False]
    assert said == ["refused not_allowed"] * 3 + ["applied"]
    assert row(there, "family", family) is not None
    assert row(there, "household", home) is not None
    assert may_have(there, "team_leader", f"family:{family}", "family")


def test_a_family_of_another_team_is_not_hers_to_allow(there: Neighbourhood) -> None:
    facts = {"label": "A family", "status": "candidate", "team_id": there.team["B"]}
    waiting = asks(there, "fsw", new("family", new_id(), **facts))

    assert decides(there, "team_leader", waiting) == "refused not_allowed"
    assert decides(there, "team_leader", waiting, "decline") == "applied"


# -- what came from somebody who lost the family ----------------------------------------------------


def moved(there: Neighbourhood) -> str:
    """fsw's family goes to colleague; gives its id."""
    yesterday = VISITED.date()
    there.apply(
        Change("allocation", there.allocation["fsw"], {"to_on": yesterday}),
        there.allocate("fsw", "colleague", from_on=yesterday),
    )
    return there.family["fsw"]


def test_the_new_lead_decides_what_came_too_late(there: Neighbourhood) -> None:
    family = moved(there)
    waiting = asks(there, "fsw", Change("family", family, {"story_so_far": "They moved."}))

    said = [decides(there, name, waiting) for name in ("fsw", "stranger", "colleague")]

    assert item(there, waiting)["reason"] == "not_yours_now"
    assert said == ["refused not_allowed", "refused not_allowed", "applied"]
    after = row(there, "family", family)
    assert after is not None
    assert after["story_so_far"] == "They moved."


def test_what_the_new_lead_could_not_do_herself_takes_a_leader(there: Neighbourhood) -> None:
    """Letting somebody else's change in is no way round asking."""
    family = moved(there)
    there.apply(Change("family", family, {"status": "stepping_down"}))
    waiting = asks(there, "fsw", Change("family", family, {"status": "closed"}))

    said = [decides(there, name, waiting) for name in ("colleague", "team_leader")]

    assert said == ["refused not_allowed", "applied"]


def test_a_central_field_out_of_the_tray_takes_a_leader(there: Neighbourhood) -> None:
    family = moved(there)
    waiting = asks(there, "fsw", Change("family", family, {"team_id": there.team["B"]}))

    assert decides(there, "colleague", waiting) == "refused request"
    assert item(there, waiting)["state"] == "waiting"


def test_notes_of_somebody_who_lost_the_family_are_read_not_decided(there: Neighbourhood) -> None:
    family = moved(there)
    note = new_id()
    writer = {"family_id": family, "written_by": there.worker["fsw"], "kind": "visit", "happened_at": VISITED}
    (receipt,) = does(there, "fsw", new("visit_note", note, **writer))

    assert receipt.outcome == "applied"
    assert item(there, receipt.op_id)["state"] == "to_read"
    assert decides(there, "colleague", receipt.op_id, "read") == "applied"
    assert row(there, "visit_note", note) is not None


def test_nobody_ticks_off_what_somebody_else_is_to_read_of_hers(there: Neighbourhood) -> None:
    """What was written of a family that had been closed is for its leader to see."""
    family = there.family["fsw"]
    there.apply(Change("family", family, {"status": "closed"}))
    writer = {"family_id": family, "written_by": there.worker["fsw"], "kind": "visit", "happened_at": VISITED}
    (receipt,) = does(there, "fsw", new("visit_note", new_id(), **writer))

    said = [decides(there, name, receipt.op_id, "read") for name in ("fsw", "team_leader")]

    assert item(there, receipt.op_id)["reason"] == "closed"
    assert said == ["refused not_allowed", "applied"]
