"""Plays a plan: actions one after the other with rounds under way between them, then the healing."""

import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from tests.simulation import attachments, council, people
from tests.simulation.device import Device
from tests.simulation.device_invariants import look_at_device
from tests.simulation.ghost import Violation
from tests.simulation.hub_invariants import look_at_hub
from tests.simulation.liveness import heal, look_at_all
from tests.simulation.network import Network
from tests.simulation.plan import Action, Plan
from tests.simulation.world import World

__all__ = ["Result", "play"]


@dataclass
class Result:
    """What a run came to. log: hash of its event log; violation: None when all held."""

    seed: int
    steps: int
    ops: int = 0
    rounds: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    log: str = ""
    violation: str | None = None
    at_step: int = 0
    error: BaseException | None = None
    is_same: bool | None = None  # whether a second playing gave the same log
    is_partitioned: bool = False

    @property
    def kind(self) -> str | None:
        """The invariant, and of a bug what it was: a smaller plan must break the same."""
        if self.violation is None:
            return None
        return self.violation[:30] if self.invariant == "bug" else self.invariant

    @property
    def invariant(self) -> str | None:
        return None if self.violation is None else self.violation.partition(":")[0]


def play(plan: Plan) -> Result:
    """Play it once, from nothing."""
    started = time.process_time()
    result = Result(plan.seed, len(plan.actions), is_partitioned=plan.options.is_partitioned)
    world = World(plan)
    try:
        with attachments.in_small_parts():
            _play(world, plan)
    except Violation as violation:
        result.violation, result.error = str(violation), violation
        result.at_step = world.step
    except Exception as error:
        # Whatever the product raises where nothing may go wrong is a finding too.
        result.violation, result.error = f"bug: {type(error).__name__}: {error}", error
        result.at_step = world.step
    finally:
        result.ops = len(world.ghost.intents)
        result.faults = world.faults
        result.outcomes = Counter(row.outcome for row in world.ghost.ledger)
        result.rounds = sum(device.finished for device in world.devices)
        world.note(result.violation, [row.hash for row in world.ghost.ledger[-1:]])
        result.log = world.log.hexdigest()
        world.close()
    result.seconds = time.process_time() - started
    return result


def _play(world: World, plan: Plan) -> None:
    def look(device: Device | None) -> None:
        look_at_hub(world)
        attachments.look_at_hub(world)
        if device is not None:
            look_at_device(world, device)
            attachments.look_at_device(world, device)

    network = Network(world, look)
    world.look = look  # type: ignore[method-assign]
    council.furnish(world)
    for device in world.devices:
        network.start(device, Random(device.index))
        network.finish(device)
    for step, action in enumerate(plan.actions, 1):
        world.step = step
        _act(world, network, action)
    world.step = len(plan.actions) + 1
    heal(world, network)
    look_at_all(world)
    attachments.look_at_all(world)


def _act(world: World, network: Network, action: Action) -> None:
    rng = Random(action.r)
    device = world.devices[action.device % len(world.devices)]
    world.note(action.kind, device.index)
    if action.kind == "sync":
        network.start(device, rng)
    elif action.kind in people.ACTS:
        people.ACTS[action.kind](world, device, rng)
        look_at_device(world, device)
    else:
        council.HAPPENINGS[action.kind](world, device, rng)
        look_at_hub(world)
        attachments.look_at_device(world, device)
    for _ in range(action.ticks):
        if not network.turn(rng):
            break
