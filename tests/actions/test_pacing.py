"""When a round is worth trying again, and when one has hung."""

from random import Random

import pytest

from sync.device import Step
from sync.device.pacing import FIRST_WAIT_S, STALLED_AFTER_S
from sync.errors import Busy, SignedOut, SyncProblem, Unreachable
from tests.actions.caseload_of import BRIGHT
from tests.actions.desks import Office
from tests.actions.test_syncing import cut
from tfworker.actions.pacing import (
    BACK_ONLINE_S,
    FILE_GRACE_S,
    back_online_s,
    give_up,
    heard,
    is_stalled,
    next_try_s,
)
from tfworker.actions.syncing import SyncTrouble, sync_now
from tfworker.errors import Problem


@pytest.mark.parametrize(
    "fault, least, most",
    [(Unreachable(), 0.0, FIRST_WAIT_S), (Busy(60.0), 60.0, 75.0)],
    ids=["no network", "busy"],
)
def test_a_failed_round_says_when_to_try_again(
    office: Office, fault: SyncProblem, least: float, most: float
) -> None:
    desk = office.desk(BRIGHT)
    cut(desk, fault)
    with pytest.raises(SyncTrouble) as stopped:
        sync_now(desk)

    assert least <= next_try_s(stopped.value, 1, Random(1)) <= most  # type: ignore[operator]


def test_what_somebody_has_to_do_first_is_not_tried_again(office: Office) -> None:
    desk = office.desk(BRIGHT)
    cut(desk, SignedOut())
    with pytest.raises(SyncTrouble) as stopped:
        sync_now(desk)

    assert next_try_s(stopped.value, 1) is None


def test_a_problem_of_the_disk_is_tried_again_too() -> None:
    assert next_try_s(Problem("The disk is full", ""), 1) is not None


def test_laptops_do_not_come_back_in_the_same_second() -> None:
    waits = {back_online_s(Random(seed)) for seed in range(50)}

    assert len(waits) > 40
    assert max(waits) < BACK_ONLINE_S


def test_only_a_silent_round_has_hung(office: Office) -> None:
    desk = office.desk(BRIGHT)
    idle = is_stalled(desk, is_up=True)
    heard(desk, Step.SENDING)
    fresh = is_stalled(desk, is_up=True)
    assert desk.heard_s is not None
    desk.heard_s -= STALLED_AFTER_S + 1
    silent = (is_stalled(desk, is_up=True), is_stalled(desk, is_up=False))
    heard(desk, Step.FILES)
    desk.heard_s -= STALLED_AFTER_S + 1
    with_a_file = is_stalled(desk, is_up=True)
    desk.heard_s -= FILE_GRACE_S

    assert (idle, fresh, silent, with_a_file) == (False, False, (True, False), False)
    assert is_stalled(desk, is_up=True)


def test_after_one_was_given_up_another_may_begin(office: Office) -> None:
    desk = office.desk(BRIGHT)
    with desk.syncing:
        give_up(desk)
        report = sync_now(desk)

    assert report.needs_you == 0
    assert desk.heard_s is None
