"""When a round is worth trying again, and when one that says nothing is taken to have hung."""

import random
import time
from threading import Lock

from sync.device import Step
from sync.device.pacing import Chance, backoff_s
from sync.device.pacing import is_stalled as is_silent
from sync.device.pacing import next_try_s as after
from sync.errors import SyncProblem
from sync.http.client import HubClient, Patience
from tfworker.actions.desk import Desk
from tfworker.errors import Problem
from tfworker.log import Log

log = Log("actions")

BACK_ONLINE_S = 5.0  # when the network comes back, a round follows within so many seconds
# One part of a file may take its time without a word.
FILE_GRACE_S = Patience().file_s


def next_try_s(problem: Problem, failures: int, chance: Chance = random) -> float | None:
    """Seconds until the next round after so many failures in a row, the last of which was this; None:
    not before somebody has done something about it. chance: where the jitter comes from."""
    cause = problem.__cause__
    return after(cause, failures, chance) if isinstance(cause, SyncProblem) else backoff_s(failures, chance)


def back_online_s(chance: Chance = random) -> float:
    """Seconds until a round, once there is a network again: not every laptop of an office at once."""
    return chance.random() * BACK_ONLINE_S


def heard(desk: Desk, step: Step | None) -> None:
    """The round that runs on this desk has just shown life. step: what it begins now."""
    grace_s = FILE_GRACE_S if step is Step.FILES else 0.0
    desk.heard_s = time.monotonic() + grace_s


def is_stalled(desk: Desk, is_up: bool) -> bool:
    """Whether the round that runs has been silent for longer than any request takes. is_up: there is a
    network."""
    return desk.heard_s is not None and is_silent(time.monotonic() - desk.heard_s, is_up)


def give_up(desk: Desk) -> None:
    """Leave a round that has hung to itself, so that another can begin: with a lock and a connection of
    its own. Should the old one wake, it finds itself superseded and writes nothing."""
    log.warning("round given up", reason="silent")
    desk.syncing = Lock()
    desk.heard_s = None
    if desk.session is not None:
        desk.session = desk.session.again(HubClient(desk.session.client.base_url))
        desk.transport = desk.session.transport()
