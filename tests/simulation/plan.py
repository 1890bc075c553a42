"""A run as data: the options drawn for a seed, and its actions.

Actions are drawn without looking at the world. What an action means (which record, which device,
which fault) follows from its own small seed and from what is there when it comes, so a plan can be
played with any of its actions left out.
"""

from collections.abc import Mapping, Set
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from sync.wire import PROTOCOL
from tests.simulation.schema import NEWEST

PEOPLE = {
    "edit": 38, "chain": 8, "pair": 4, "add": 6, "journal": 4, "reading": 2, "close": 3, "amend": 2,
    "alarm": 3, "borrower": 2, "seen": 2, "decide": 7, "request": 3, "foreign": 2, "surrogate": 1,
    "poison": 2, "protect": 3, "killed_save": 2,
}  # fmt: skip
COUNCIL = {"desk_edit": 6, "desk_price": 1, "desk_import": 2}
SCOPES = {"duty_begins": 3, "duty_ends": 3, "duty_dated": 2}
WORLD = {"sync": 60, "wait": 10, "net": 5, "device_clock": 2, "hub_clock": 1, "session": 2}
RARE = {
    "swizzle": ("clog", 6, 0.15), "storm": ("storm", 3, 0.10), "restore": ("restore", 2, 0.10),
    "clone": ("clone", 1, 0.05), "council_restore": ("council_restore", 1, 0.06),
    "rollback": ("rollback", 1, 0.05), "away": ("away", 2, 0.15), "revoke": ("revoke", 2, 0.15),
    "upgrade": ("upgrade", 3, 0.30), "purge": ("purge", 2, 0.15),
}  # fmt: skip
FILES = {"pictures": ("picture", 8, 0.20)}
RELEASES = {
    "old_protocol": ("upgrade", 2, 0.35), "old_hub": ("old_hub", 3, 0.12),
    "old_tables": ("hub_update", 1, 0.12),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Action:
    """kind: what; device: by number, modulo those there are; r: its own seed; ticks: how many
    messages or durable steps of rounds under way move on behind it."""

    kind: str
    device: int
    r: int
    ticks: int


@dataclass(frozen=True, slots=True)
class Options:
    """What was drawn for one run. rare: the rare faults it has; fault_rate: a message's chance of a
    fault; crash_rate: a round's chance of dying; page: rows on a page; batch: ops in a batch; fine:
    whether rounds also take turns at durable steps. versions, hub_version: of
    the laptops' and the hub's tables; protocols: of the laptops' messages."""

    devices: int
    users: int
    shelves: int
    versions: tuple[int, ...]
    protocols: tuple[int, ...]
    hub_version: int
    rare: tuple[str, ...]
    fault_rate: float
    crash_rate: float
    page: int
    batch: int
    fine: bool

    @property
    def is_partitioned(self) -> bool:
        return "swizzle" in self.rare or self.fault_rate > 0


@dataclass(frozen=True, slots=True)
class Plan:
    seed: int
    options: Options
    actions: tuple[Action, ...]

    def with_actions(self, actions: tuple[Action, ...]) -> "Plan":
        return Plan(self.seed, self.options, actions)

    def as_json(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "options": asdict(self.options),
            "actions": [_short(a) for a in self.actions],
        }


def _short(action: Action) -> list[Any]:
    return [action.kind, action.device, action.r, action.ticks]


@dataclass(frozen=True, slots=True)
class Rare:
    """Which rare faults runs have beside those their seed draws. without: never; "mixed": laptops and
    hubs of other versions. always: in every run."""

    without: frozenset[str] = frozenset()
    always: frozenset[str] = frozenset()


def _drawn(
    faults: Mapping[str, tuple[str, int, float]], rng: Random, without: Set[str], always: Set[str]
) -> tuple[str, ...]:
    return tuple(
        name
        for name, (_, _, chance) in faults.items()
        if (rng.random() < chance and name not in without) or name in always
    )


def draw(seed: int, steps: int, wanted: Rare | None = None) -> Plan:
    """The plan of a seed."""
    without, always = (wanted.without, wanted.always) if wanted is not None else (frozenset(), frozenset())
    rng = Random(f"shed {seed}")
    devices = rng.choice((3, 3, 3, 4, 4, 5, 6, 8))
    rare = _drawn(RARE, rng, without, always)
    versions = tuple(rng.choice((3, 3, 3, 2, 1)) for _ in range(devices))
    other = Random(f"releases {seed}")  # of its own, so that what else a seed draws stays what it was
    rare += _drawn(RELEASES, other, without | RELEASES.keys() if "mixed" in without else without, always)
    rare += _drawn(FILES, Random(f"pictures {seed}"), without, always)
    hub_version = other.randrange(1, NEWEST)
    protocols = tuple(other.choice((PROTOCOL, PROTOCOL - 1)) for _ in range(devices))
    options = Options(
        devices=devices,
        users=max(2, min(devices, rng.choice((2, 3, 3, 4)))),
        shelves=rng.choice((2, 2, 3, 5)),
        versions=versions if "mixed" not in without else (NEWEST,) * devices,
        protocols=protocols if "old_protocol" in rare else (PROTOCOL,) * devices,
        hub_version=hub_version if "old_tables" in rare else NEWEST,
        rare=rare,
        fault_rate=rng.choice((0.0, 0.03, 0.1, 0.1, 0.25)),
        crash_rate=rng.choice((0.0, 0.05, 0.2)),
        page=rng.choice((2000, 2000, 40, 7, 2)),
        batch=rng.choice((2000, 2000, 5, 1)),
        fine=rng.random() < 0.3,
    )
    drawn = {**RELEASES, **RARE, **FILES}
    weights = {**PEOPLE, **COUNCIL, **SCOPES, **WORLD} | {drawn[name][0]: drawn[name][1] for name in rare}
    kinds = rng.choices(list(weights), list(weights.values()), k=steps)
    actions = tuple(
        Action(kind, rng.randrange(devices), rng.randrange(1 << 30), rng.choice((0, 0, 1, 2, 3, 6)))
        for kind in kinds
    )
    return Plan(seed, options, actions)
