"""`python -m tests.simulation --seeds N [--first K | --seed K] [--steps M] [--twice] [--zoo]`, or, with
real processes, `--kills N | --every | --disk SHARE` (tests.processes)."""

import argparse
import json
import multiprocessing
import os
import sys
import time
import traceback
from collections.abc import Iterator

from tests.simulation.plan import Plan, Rare, draw
from tests.simulation.run import Result, play
from tests.simulation.shrinking import shrink
from tests.simulation.totals import Task, Totals, play_task

WORKERS = 2


def main() -> int:
    if any(a.startswith(("--kills", "--every", "--disk")) for a in sys.argv[1:]):
        from tests.processes.__main__ import main as with_real_processes

        return with_real_processes()
    asked = _arguments()
    if os.environ.get("PYTHONHASHSEED") != "0":
        # The order of sets is part of a run: it must be the same tomorrow and in every process.
        arguments = [sys.executable, "-m", "tests.simulation", *sys.argv[1:]]
        os.execve(sys.executable, arguments, os.environ | {"PYTHONHASHSEED": "0"})
    if asked.zoo is not None:
        from tests.simulation.catching import catch_all

        return catch_all(asked.zoo)
    rare = Rare(_names(asked.without), _names(asked.always))
    if asked.seed is not None:
        return _replay(asked.seed, asked.steps, rare, asked.shrink)
    seeds = range(asked.first, asked.first + asked.seeds)
    tasks = [Task(seed, asked.steps, rare, asked.twice) for seed in seeds]
    totals = Totals(asked.steps)
    started = time.monotonic()
    for number, result in enumerate(_results(tasks, asked.workers), 1):
        totals.add(result)
        if result.violation is not None:
            _say(f"seed {result.seed}: {result.violation} (step {result.at_step})")
            if asked.until_caught:
                break
        if number % 50 == 0:
            spent = time.monotonic() - started
            _say(f"{number} of {len(tasks)} runs, {len(totals.violated)} violated, {spent:.0f} s")
    for seed in totals.violated[: asked.shrink]:
        _explain(draw(seed, asked.steps, rare))
    print(json.dumps(totals.as_json(time.monotonic() - started)))
    return 1 if totals.violated or totals.changed else 0


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split(",")) if text else frozenset()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="dev.py simulate", description="the real sync code under seeded faults, people and clocks"
    )
    parser.add_argument("--seeds", type=int, default=100, help="how many runs (default 100)")
    parser.add_argument("--first", type=int, default=1, help="the first seed (default 1)")
    parser.add_argument("--seed", type=int, help="play this one again and explain what it breaks")
    parser.add_argument("--steps", type=int, default=200, help="actions in a run (default 200)")
    parser.add_argument("--twice", action="store_true", help="play each run twice and compare them")
    parser.add_argument("--without", default="", help="rare faults to leave out, with commas")
    parser.add_argument("--always", default="", help="rare faults that every run has, with commas")
    parser.add_argument("--until-caught", action="store_true", help="stop at the first violation")
    parser.add_argument(
        "--shrink", type=int, default=1, help="how many failed runs to make small (default 1)"
    )
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes (default 2)")
    parser.add_argument("--zoo", nargs="*", help="put known bugs in, all or those named: each must be caught")
    return parser.parse_args()


def _results(tasks: list[Task], workers: int) -> Iterator[Result]:
    if workers <= 1 or len(tasks) < 4:
        yield from map(play_task, tasks)
        return
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        yield from pool.imap_unordered(play_task, tasks, chunksize=4)


def _replay(seed: int, steps: int, rare: Rare, shrinking: int) -> int:
    plan = draw(seed, steps, rare)
    result = play(plan)
    totals = Totals(steps)
    totals.add(result)
    if result.violation is not None:
        if result.error is not None:
            traceback.print_exception(result.error, file=sys.stderr)
        if shrinking:
            _explain(plan)
    print(json.dumps({**totals.as_json(result.seconds), "log": result.log, "outcomes": result.outcomes}))
    return 1 if result.violation else 0


def _explain(plan: Plan) -> None:
    failed = play(plan)
    if failed.violation is None:
        _say(f"seed {plan.seed} fails only now and then: something in it is not drawn from the seed")
        return
    small, result = shrink(plan, failed)
    _say(f"seed {plan.seed}: {result.violation}")
    _say(f"options {small.options}")
    _say(f"{len(small.actions)} of {len(plan.actions)} actions:")
    for action in small.actions:
        _say(f"  {action.kind:16} device {action.device}  r {action.r}  ticks {action.ticks}")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
