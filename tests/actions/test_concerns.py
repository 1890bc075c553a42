"""A concern is written in a breath, says that it is not sent and whom to ring, and waits for a name."""

import pytest

from sync.memory import FakeClock
from tests.actions.caseload_of import BRIGHT, DALE, FIRTH, Caseload
from tests.actions.desks import Office
from tfworker.actions.concerns import acknowledge, open_concerns, raise_concern
from tfworker.actions.desk import Desk
from tfworker.actions.problems import BadInput, NotYours
from tfworker.actions.story import set_story
from tfworker.actions.syncing import sync_now
from tfworker.actions.values import Whereabouts


def test_an_unsent_concern_says_whom_to_ring(desk: Desk, caseload: Caseload) -> None:
    concern = raise_concern(desk, caseload.families[0].family, "A bruise on his arm.", "Ms Hill, school")

    assert (concern.family_label, concern.told) == ("Reed family", "Ms Hill, school")
    assert concern.whereabouts is Whereabouts.LAPTOP
    assert concern.sending_words == "Not sent: ring 01632 960999"


def test_in_danger_the_number_is_999(desk: Desk) -> None:
    assert raise_concern(desk, None, "Shouting.", immediate_danger=True).sending_words == "Not sent: ring 999"


def test_her_words_are_kept_as_they_are(desk: Desk) -> None:
    assert raise_concern(desk, None, " “He hits me” \n").seen_or_said == " “He hits me” \n"


def test_nothing_seen_is_asked_for(desk: Desk) -> None:
    with pytest.raises(BadInput) as refused:
        raise_concern(desk, None, "  ")

    assert refused.value.field == "seen_or_said"


def test_a_worker_does_not_acknowledge(desk: Desk, caseload: Caseload) -> None:
    concern = raise_concern(desk, caseload.families[0].family, "A bruise.")

    assert not concern.may_acknowledge
    with pytest.raises(NotYours):
        acknowledge(desk, concern.concern_id)


def test_a_leader_does_not_acknowledge_her_own(leaders_desk: Desk, caseload: Caseload) -> None:
    concern = raise_concern(leaders_desk, caseload.families[0].family, "A bruise.")

    with pytest.raises(NotYours):
        acknowledge(leaders_desk, concern.concern_id)


def test_a_concern_reaches_the_leader_and_its_answer_the_worker(office: Office) -> None:
    worker, leader = office.desk(BRIGHT), office.desk(FIRTH)
    family = office.caseload.families[0].family
    set_story(worker, family, "Something else, written before.")
    concern = raise_concern(worker, family, "A bruise.")

    sync_now(worker)
    sync_now(leader)
    assert open_concerns(worker)[0].sending_words == "Received by the council"
    assert [c.may_acknowledge for c in open_concerns(leader)] == [True]

    office.clock.advance(minutes=10)
    answered = acknowledge(leader, concern.concern_id)
    assert answered.acknowledged_words == "Acknowledged by E. Firth, today 09:10"
    acknowledge(leader, concern.concern_id)
    sync_now(leader)
    sync_now(worker)

    assert open_concerns(worker)[0].acknowledged_by == "E. Firth"


def test_a_concern_about_a_family_that_is_not_hers_is_taken(office: Office) -> None:
    dale = office.desk(DALE)
    concern = raise_concern(dale, None, "A child alone at the bus stop.")
    report = sync_now(dale)

    assert report.sent == 1
    assert open_concerns(dale)[0].concern_id == concern.concern_id
    assert open_concerns(dale)[0].whereabouts is Whereabouts.COUNCIL


def test_those_nobody_answered_come_first_then_the_newest(
    leaders_desk: Desk, caseload: Caseload, clock: FakeClock
) -> None:
    from tests.actions.caseload_of import insert
    from tests.actions.desks import put

    ids = [letter * 32 for letter in "abc"]
    for place, concern in enumerate(ids):
        at = clock.now()
        row = {"seen_or_said": f"{place}", "written_by": caseload.worker[BRIGHT], "written_at": at}
        put(leaders_desk.vault, [insert("safeguarding_concern", concern, happened_at=at, **row)])
        clock.advance(hours=1)
    acknowledge(leaders_desk, ids[2])

    assert [c.concern_id for c in open_concerns(leaders_desk)] == [ids[1], ids[0], ids[2]]
    clock.advance(days=15)
    assert [c.concern_id for c in open_concerns(leaders_desk)] == [ids[1], ids[0]]
