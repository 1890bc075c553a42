"""What many runs come to: the last line of `dev.py simulate`."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.simulation.plan import Rare, draw
from tests.simulation.run import Result, play

STUCK = ("L1", "L4")


class Task(NamedTuple):
    """One run to play, twice if wanted."""

    seed: int
    steps: int
    rare: Rare
    twice: bool


@dataclass
class Totals:
    """Sums over runs. violated: their seeds; changed: seeds whose second playing differed."""

    steps: int
    runs: int = 0
    ops: int = 0
    rounds: int = 0
    partitioned: int = 0
    stuck: int = 0
    identical: int = 0
    cpu: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    violated: list[int] = field(default_factory=list)
    invariants: Counter[str] = field(default_factory=Counter)
    changed: list[int] = field(default_factory=list)

    def add(self, result: Result) -> None:
        self.runs += 1
        self.ops += result.ops
        self.rounds += result.rounds
        self.cpu += result.seconds
        self.faults += result.faults
        self.outcomes += result.outcomes
        self.partitioned += result.is_partitioned
        self.stuck += result.is_partitioned and result.invariant in STUCK
        if result.is_same is not None:
            self.identical += result.is_same
            if not result.is_same:
                self.changed.append(result.seed)
        if result.invariant is not None:
            self.violated.append(result.seed)
            self.invariants[result.invariant] += 1

    def as_json(self, seconds: float) -> dict[str, Any]:
        return {
            "seeds": self.runs,
            "steps": self.steps,
            "ops": self.ops,
            "rounds": self.rounds,
            "outcomes": dict(self.outcomes),
            "faults": dict(self.faults.most_common()),
            "violations": len(self.violated),
            "violated": {"seeds": sorted(self.violated)[:50], "invariants": dict(self.invariants)},
            "partition_runs": self.partitioned,
            "stuck_queues": self.stuck,
            "identical": self.identical,
            "not_identical": sorted(self.changed)[:50],
            "drivers": {"sql": self.runs},
            "cpu_seconds": round(self.cpu, 1),
            "seconds": round(seconds, 1),
        }


def play_task(task: Task) -> Result:
    """One run, in whatever process."""
    plan = draw(task.seed, task.steps, task.rare)
    result = play(plan)
    if task.twice:
        again = play(plan)
        result.is_same = again.log == result.log
        result.seconds += again.seconds
    result.error = None  # a traceback does not travel between processes
    return result
