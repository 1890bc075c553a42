"""What people do on their laptops. Each act is drawn from its action's own seed and from what is
on the device when it comes."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sync.ops import Act, Change, new_id
from tests.simulation import reading
from tests.simulation.authority import REFUSED_NAME
from tests.simulation.device import Device
from tests.simulation.disk import Crash
from tests.simulation.ghost import Violation
from tests.simulation.schema import SAFE
from tests.simulation.world import World

TEXTS = ("name", "phone", "street", "town", "number", "state", "due_to", "place_note", "colour")
ODD = (
    "\x00", "𝔘𝔫𝔦", "👩‍👩‍👧", "e\u0301", "\u202eabc\u202c", "שלום", "العربية", "\ufeff", "ß", "ﬃ",
    "'\"\\", "\u2028",
    "\U0010ffff", "�", " ", "%_", "long " * 60,
)  # fmt: skip


def words(rng: Random) -> str:
    """A text nobody else writes, with something awkward in it as often as not."""
    odd = rng.choice(ODD) if rng.random() < 0.5 else ""
    return f"{rng.getrandbits(40):x}{odd}"


def value(rng: Random, column: str) -> Any:
    if column == "safe":
        return rng.choice(SAFE)
    if column == "state_on":
        return date(2026, 1, 1) + timedelta(days=rng.randrange(700))
    if column == "due_at":
        return datetime(2026, 12, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(100_000))
    if column == "hidden_place":
        return rng.random() < 0.5
    if column in ("weight", "ceiling", "value"):
        return rng.randrange(1 << 30)
    # Now and then the same words as somebody else's: agreeing is a case of its own.
    return f"agreed {rng.randrange(2)}" if rng.random() < 0.1 else words(rng)


def tools(world: World, device: Device) -> list[str]:
    return reading.ids(device.disk.raw, "tool")


def a_tool(world: World, device: Device, rng: Random) -> str | None:
    """Four times in five one of those that everybody works on."""
    here = tools(world, device)
    hot = [tool for tool in world.hot if tool in set(here)]
    among = hot if hot and rng.random() < 0.8 else here
    return rng.choice(among) if among else None


def columns(device: Device, rng: Random, most: int = 3) -> list[str]:
    known = device.schema["tool"].columns
    names = [c for c in (*TEXTS, "safe", "state_on", "due_at", "hidden_place", "weight") if c in known]
    return rng.sample(names, rng.randint(1, most))


def a_patch(world: World, device: Device, rng: Random) -> dict[str, Any]:
    return {column: value(rng, column) for column in columns(device, rng)}


def given(device: Device, tool: str, patch: dict[str, Any], rng: Random) -> dict[str, Any]:
    """The patch as the app lets her make it: without what she was not given; now and then with it,
    as a forged one would be."""
    hidden = reading.withheld(device.disk.raw, "tool", tool)
    return patch if rng.random() < 0.1 else {c: v for c, v in patch.items() if c not in hidden}


def edit(world: World, device: Device, rng: Random) -> None:
    if tool := a_tool(world, device, rng):
        world.save(device, [Change("tool", tool, given(device, tool, a_patch(world, device, rng), rng))])


def chain(world: World, device: Device, rng: Random) -> None:
    """Several saves of one record, as somebody does who looks at what she wrote."""
    if tool := a_tool(world, device, rng):
        names = columns(device, rng, 2)
        for _ in range(rng.randint(2, 4)):
            patch = {c: value(rng, c) for c in names}
            world.save(device, [Change("tool", tool, given(device, tool, patch, rng))])


def pair(world: World, device: Device, rng: Random) -> None:
    """Two records saved together."""
    here = tools(world, device)
    if len(here) > 1:
        both = rng.sample(here, 2)
        world.save(device, [Change("tool", tool, {"phone": words(rng)}) for tool in both])


def add(world: World, device: Device, rng: Random) -> None:
    """A new record with what belongs to it: one act, or parent first and children later."""
    shelf = _shelf(world, device, rng)
    if shelf is None:
        return
    tool = new_tool(world, device, rng, shelf)
    kinds = [kind for kind in ("journal", "reading") if device.schema.get(kind) is not None]
    children = [_child(rng, rng.choice(kinds), tool.record, shelf) for _ in range(rng.randint(0, 2))]
    if rng.random() < 0.5:
        world.save(device, [tool, *children])
        return
    world.save(device, [tool])
    for child in children:
        world.save(device, [child])
    if rng.random() < 0.3:
        world.save(device, [Change("tool", tool.record, {"name": words(rng)})])


def new_tool(world: World, device: Device, rng: Random, shelf: str) -> Change:
    fields = {"shelf": shelf, "name": words(rng), "maker": words(rng), "safe": rng.choice(SAFE)}
    world.act_as(device)
    return Change("tool", new_id(), fields, Act.INSERT)


def _child(rng: Random, kind: str, tool: str, shelf: str) -> Change:
    what = {"text": words(rng)} if kind == "journal" else {"value": value(rng, "value")}
    return Change(kind, new_id(), {"tool_id": tool, "shelf": shelf, **what}, Act.INSERT)


def _shelf(world: World, device: Device, rng: Random) -> str | None:
    held = reading.held_scopes(device.disk.raw)
    mine = sorted(
        s.removeprefix("shelf:")
        for s, (_, _, _, lost) in held.items()
        if s.startswith("shelf:") and s != "shelf:common" and not lost
    )
    return rng.choice(mine) if mine else None


def journal(world: World, device: Device, rng: Random) -> None:
    _write(world, device, rng, "journal")


def reading_(world: World, device: Device, rng: Random) -> None:
    if device.schema.get("reading") is not None:
        _write(world, device, rng, "reading")


def _write(world: World, device: Device, rng: Random, kind: str) -> None:
    if tool := a_tool(world, device, rng):
        found = reading.row(device.disk.raw, "tool", ("id", "shelf"), tool)
        assert found is not None
        world.act_as(device)
        world.save(device, [_child(rng, kind, tool, found["shelf"])])


def close(world: World, device: Device, rng: Random) -> None:
    """Finish a journal: nothing changes it any more."""
    _touch_journal(world, device, rng, {"closed_on": date(2026, 12, 1)})


def amend(world: World, device: Device, rng: Random) -> None:
    """Change a journal, one's own or somebody else's, finished or not."""
    _touch_journal(world, device, rng, {"text": words(rng)})


def _touch_journal(world: World, device: Device, rng: Random, patch: dict[str, Any]) -> None:
    if here := reading.ids(device.disk.raw, "journal"):
        world.save(device, [Change("journal", rng.choice(here), patch)])


def alarm(world: World, device: Device, rng: Random) -> None:
    """A worry: on any shelf there is, one's own or not, and never held."""
    world.act_as(device)
    fields = {"shelf": rng.choice(world.shelves), "text": words(rng)}
    together = [Change("alarm", new_id(), fields, Act.INSERT)]
    if rng.random() < 0.3 and (tool := a_tool(world, device, rng)):
        together.append(Change("tool", tool, {"phone": words(rng)}))
    world.save(device, together)


def borrower(world: World, device: Device, rng: Random) -> None:
    shelf = _shelf(world, device, rng)
    if shelf is not None:
        world.act_as(device)
        fields = {"shelf": shelf, "person": f"person {rng.randrange(3)}"}
        world.save(device, [Change("borrower", new_id(), fields, Act.INSERT)])


def seen(world: World, device: Device, rng: Random) -> None:
    """Somebody read a record without a network."""
    if tool := a_tool(world, device, rng):
        world.save(device, [Change("tool", tool, {}, Act.SEEN)])


def decide(world: World, device: Device, rng: Random) -> None:
    """Settle a card: keep what stands, take a side, or write something else. Or something in a tray."""
    items = reading.undecided(device.disk.raw)
    if items and rng.random() < 0.8:
        for item, state in rng.sample(items, min(len(items), 4)):  # she goes through the tray
            _decide_item(world, device, rng, item, state)
        return
    open_cards = reading.ids(device.disk.raw, "conflict", "state = 'open' AND kind <> 'rival'")
    if not open_cards:
        return
    card = rng.choice(open_cards)
    about = reading.card(device.disk.raw, card)
    known = device.schema.get(about.table)
    record = known and reading.row(device.disk.raw, about.table, ("id",), about.record)
    if known is None or record is None or any(c not in known.columns for c in about.columns):
        return
    choice = rng.choice(("stands", "side", "edited"))
    values: dict[str, Any] = {}
    if choice == "side" and about.sides:
        side = about.sides[rng.choice(sorted(about.sides))]
        values = {c: v for c, v in side["values"].items() if c in about.columns}
    elif choice == "edited":
        values = {c: words(rng) for c in about.columns if c in TEXTS}
    patch = {"choice": choice, "values": values, "why": words(rng)}
    world.save(device, [Change("conflict", card, patch, Act.DECIDE)])


def _decide_item(world: World, device: Device, rng: Random, item: str, state: str) -> None:
    """Let in what waits, or not; or say that it was read."""
    choice = "read" if state == "to_read" else rng.choice(("admit", "admit", "decline"))
    world.save(device, [Change("held", item, {"choice": choice, "why": words(rng)}, Act.DECIDE)])


def request(world: World, device: Device, rng: Random) -> None:
    """A change that only the council makes."""
    if tool := a_tool(world, device, rng):
        world.save(device, [Change("tool", tool, {"ceiling": value(rng, "ceiling")})])


def foreign(world: World, device: Device, rng: Random) -> None:
    """Something written for a shelf she may not have."""
    world.save(device, [new_tool(world, device, rng, rng.choice(world.shelves))])


def protect(world: World, device: Device, rng: Random) -> None:
    if tool := a_tool(world, device, rng):
        world.save(device, [Change("tool", tool, given(device, tool, {"safe": "no"}, rng))])


def surrogate(world: World, device: Device, rng: Random) -> None:
    """Half a character pair must be refused at the save, and leave nothing behind."""
    if tool := a_tool(world, device, rng):
        before = reading.waiting(device.disk.raw)
        try:
            world.save(device, [Change("tool", tool, {"name": "half \ud83d"})])
        except ValueError:
            if reading.waiting(device.disk.raw) != before:
                raise Violation("I1", "a save that was refused left an op behind") from None
        else:
            raise Violation("F54", "a lone surrogate was saved")


def poison(world: World, device: Device, rng: Random) -> None:
    """What the laptop takes and the council's database or rules do not."""
    name = rng.choice(("poison", REFUSED_NAME))
    if rng.random() < 0.5 and (tool := a_tool(world, device, rng)):
        world.save(device, [Change("tool", tool, {"name": name})])
    elif shelf := _shelf(world, device, rng):
        tool_change = new_tool(world, device, rng, shelf)
        named = Change("tool", tool_change.record, {**tool_change.patch, "name": name}, Act.INSERT)
        world.save(device, [named])


def killed_save(world: World, device: Device, rng: Random) -> None:
    """The power goes during a save: before the commit nothing is there, after it all of it."""
    tool = a_tool(world, device, rng)
    if tool is None:
        return
    device.kill()
    world.fault("killed save")
    changes = [Change("tool", tool, {"phone": words(rng), "street": words(rng)})]
    before = reading.waiting(device.disk.raw)
    world.act_as(device)
    try:
        with device.disk.engine.begin() as connection:
            device.write_into(connection, changes)
            raise Crash("before the commit")
    except Crash:
        if reading.waiting(device.disk.raw) != before:
            raise Violation("I1", "a save that never came to its commit left an op behind") from None
    world.save(device, changes)


ACTS: dict[str, Callable[[World, Device, Random], None]] = {
    "edit": edit, "chain": chain, "pair": pair, "add": add, "journal": journal, "reading": reading_,
    "close": close, "amend": amend, "alarm": alarm, "borrower": borrower, "seen": seen, "decide": decide,
    "request": request, "foreign": foreign, "surrogate": surrogate, "poison": poison, "protect": protect,
    "killed_save": killed_save,
}  # fmt: skip
