"""A short form of `dev.py simulate`: a few seeds, the same twice, and some of the known bugs caught."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.catching import Bug, bugs, catch, infest
from tests.simulation.plan import Action, Plan, Rare, draw
from tests.simulation.run import Result, play
from tests.simulation.shrinking import shrink

STEPS = 60
QUICK = ("ack_before_receipt", "last_writer_wins")


@pytest.mark.parametrize("seed", range(1, 5))
def test_nothing_is_lost_whatever_happens(seed: int) -> None:
    result = play(draw(seed, STEPS))

    assert result.violation is None
    assert result.ops > 10


def test_a_restored_council_a_clone_and_an_old_copy_lose_nothing() -> None:
    result = play(draw(3, STEPS, Rare(always=frozenset({"council_restore", "restore", "clone", "upgrade"}))))

    assert result.violation is None


def test_a_seed_played_twice_is_the_same_run() -> None:
    plan = draw(2, STEPS)

    assert play(plan).log == play(plan).log


def test_a_seed_is_the_same_run_in_another_process() -> None:
    """The order of sets is part of it: the command sees to that, here it is given by hand."""
    code = (
        "from tests.simulation.plan import draw; from tests.simulation.run import play; "
        "print(play(draw(4, 40)).log)"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": "0"}, check=True, text=True,
            capture_output=True, cwd=Path(__file__).resolve().parents[2],
        ).stdout
        for _ in range(2)
    }  # fmt: skip

    assert len(told) == 1


def test_a_plan_can_be_played_with_holes() -> None:
    plan = draw(5, STEPS)

    assert play(plan.with_actions(plan.actions[::3])).violation is None


@pytest.mark.parametrize("name", QUICK)
def test_a_known_bug_is_caught(name: str) -> None:
    (bug,) = [bug for bug in bugs() if bug.name == name]

    caught = catch(bug, seeds=10)

    assert caught.problem is None
    assert caught.seed is not None


@pytest.mark.parametrize("bug", bugs(), ids=lambda bug: bug.name)
def test_every_bug_of_the_zoo_still_fits_the_code(bug: Bug, tmp_path: Path) -> None:
    infest(bug, tmp_path)


def test_there_are_at_least_24_bugs_each_with_its_story() -> None:
    zoo = bugs()

    assert len(zoo) >= 24
    assert all(bug.title and bug.story and bug.places for bug in zoo)


def test_a_failed_run_is_made_small() -> None:
    """A world that breaks when a save meets a restore behind it: only these two are left of the plan."""
    kinds = ["edit", "sync", "wait", "chain", "net", "restore", "edit", "sync", "add", "edit"]
    plan = draw(1, 1).with_actions(tuple(Action(kind, 0, n, 0) for n, kind in enumerate(kinds)))

    def playing(tried: Plan) -> Result:
        names = [action.kind for action in tried.actions]
        broken = "restore" in names and "chain" in names[: names.index("restore")]
        return Result(1, len(names), violation="I1: lost" if broken else None)

    small, result = shrink(plan, playing(plan), playing=playing)

    assert [action.kind for action in small.actions] == ["chain", "restore"]
    assert result.invariant == "I1"
