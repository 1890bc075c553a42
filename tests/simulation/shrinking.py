"""Leaves out of a failed plan what it does not need (delta debugging, Zeller 1999)."""

import time
from collections.abc import Callable

from tests.simulation.plan import Plan
from tests.simulation.run import Result, play


def shrink(
    plan: Plan, failed: Result, seconds: float = 60.0, playing: Callable[[Plan], Result] = play
) -> tuple[Plan, Result]:
    """The smallest plan found within that time which breaks the same invariant, and what it came to.

    playing: how a plan is played.
    """
    ends = time.monotonic() + seconds
    actions = plan.actions[: failed.at_step] or plan.actions
    best, best_result = plan, failed
    parts = 2
    while len(actions) > 1 and time.monotonic() < ends:
        size = max(1, len(actions) // parts)
        for start in range(0, len(actions), size):
            rest = actions[:start] + actions[start + size :]
            result = _breaks(playing(plan.with_actions(rest)), failed)
            if result is not None:
                actions, best, best_result = rest, plan.with_actions(rest), result
                parts = max(2, parts - 1)
                break
            if time.monotonic() > ends:
                break
        else:
            if size == 1:
                break
            parts = min(len(actions), parts * 2)
    return best, best_result


def _breaks(result: Result, failed: Result) -> Result | None:
    return result if result.kind == failed.kind else None
