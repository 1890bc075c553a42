"""What happens around the people: the council's desk, duties that begin and end, machines that are
put back, sessions that end, and time."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from sync.ops import Change, new_id
from sync.ports import Caller
from tests.simulation import reading
from tests.simulation.attachments import picture
from tests.simulation.authority import HELPER, LEAD
from tests.simulation.completeness import remember_values
from tests.simulation.device import Device
from tests.simulation.people import value, words
from tests.simulation.versions import hub_update, is_old, old_hub
from tests.simulation.world import World

COPY_AGE = timedelta(days=25)  # nobody puts a council back further than its laptops keep their ops


def furnish(world: World) -> None:
    """Before the first step: duties for everybody, the records that all will fight over, laptops."""
    rng = Random(f"furnish {world.plan.seed}")
    for user in world.users:
        for shelf in world.shelves:
            if shelf == "a" or rng.random() < 0.6:
                _duty(world, rng, user, shelf, None, None)
    for number in range(5):
        shelf = "a" if number < 3 else rng.choice(world.shelves)
        fields = {"shelf": shelf, "name": words(rng), "number": "0", "safe": "yes", "maker": "m"}
        world.hot.append(world.put("tool", **fields))
    world.put("price", pence=1)
    options = world.plan.options
    for index in range(options.devices):
        user = world.users[index % len(world.users)]
        name = f"laptop-{index}"
        caller = Caller(user=user, device=name, line=name)
        device = Device(index, caller, options.versions[index], world.now, options.batch)
        device.protocol = options.protocols[index]
        device.carries_files = world.carries_files
        world.devices.append(device)


def _duty(world: World, rng: Random, user: str, shelf: str, begins: date | None, ends: date | None) -> None:
    role = LEAD if rng.random() < 0.75 else HELPER
    world.put("duty", worker=user, shelf=shelf, role=role, begins=begins, ends=ends)


def desk_edit(world: World, device: Device, rng: Random) -> None:
    tools = reading.ids(world.hub_disk.raw, "tool")
    if tools:
        hot = [t for t in world.hot if t in set(tools)]
        tool = rng.choice(hot if hot and rng.random() < 0.8 else tools)
        names = rng.sample(
            ["name", "phone", "street", "state", "ceiling", "number", "safe"], rng.randint(1, 2)
        )
        world.apply(Change("tool", tool, {c: value(rng, c) for c in names}))


def desk_import(world: World, device: Device, rng: Random) -> None:
    """A file says what it last knew and what is so now."""
    tools = reading.ids(world.hub_disk.raw, "tool")
    if tools:
        tool = rng.choice(tools)
        found = reading.row(world.hub_disk.raw, "tool", ("id", "phone", "safe"), tool)
        assert found is not None
        old = found["phone"] if rng.random() < 0.5 else words(rng)
        world.apply(Change("tool", tool, {"phone": words(rng)}, was={"phone": old}))


def purge(world: World, device: Device, rng: Random) -> None:
    """A record is removed by a lawful decision: content goes, proof stays, the id never comes back."""
    tools = [t for t in reading.ids(world.hub_disk.raw, "tool") if t not in world.hot[:2]]
    if tools:
        tool = rng.choice(tools)
        world.act_as(None)
        world.handling = world.desk
        world.fault("purge")
        world.hub.purge(world.desk, [("tool", tool)])
        world.ghost.purged.add(tool)
        world.look(None)


def desk_price(world: World, device: Device, rng: Random) -> None:
    prices = reading.ids(world.hub_disk.raw, "price")
    if prices and rng.random() < 0.7:
        world.apply(Change("price", rng.choice(prices), {"pence": rng.randrange(10_000)}))
    else:
        world.put("price", pence=rng.randrange(10_000))


# -- duties ----------------------------------------------------------------------------------------


def duty_begins(world: World, device: Device, rng: Random) -> None:
    _duty(world, rng, rng.choice(world.users), rng.choice(world.shelves), None, None)


def duty_ends(world: World, device: Device, rng: Random) -> None:
    """A duty ends, yesterday or today: the shelf may be lost at the next round."""
    going = reading.ids(world.hub_disk.raw, "duty", "ends IS NULL")
    if going:
        ends = world.today() - timedelta(days=rng.choice((0, 1, 1, 1, 40)))
        world.apply(Change("duty", rng.choice(going), {"ends": ends}))


def duty_dated(world: World, device: Device, rng: Random) -> None:
    """A duty of some days to come: the clock begins and ends it."""
    begins = world.today() + timedelta(days=rng.randint(0, 3))
    ends = begins + timedelta(days=rng.randint(0, 5))
    _duty(world, rng, rng.choice(world.users), rng.choice(world.shelves), begins, ends)


def storm(world: World, device: Device, rng: Random) -> None:
    """Everybody is moved at once, and back again before they looked."""
    world.fault("scope storm")
    for _ in range(rng.randint(3, 8)):
        rng.choice((duty_begins, duty_ends, duty_ends))(world, device, rng)


# -- time, sessions, lines -------------------------------------------------------------------------


def wait(world: World, device: Device, rng: Random) -> None:
    before = world.today()
    world.pass_time(timedelta(minutes=rng.choice((1, 30, 240, 1440))))
    redraw(world, before)


def away(world: World, device: Device, rng: Random) -> None:
    """The laptop lies in a drawer; for the others time goes on all the same."""
    days = rng.choice((14, 90, 400))
    world.fault(f"{days} days offline")
    device.kill()
    before = world.today()
    world.pass_time(timedelta(days=days))
    redraw(world, before)


def redraw(world: World, before: date) -> None:
    """A new day: grants by date begin and end."""
    if world.today() == before:
        return
    world.act_as(None)
    if hasattr(world.hub, "redraw"):
        world.hub.redraw()
        return
    # Until the hub does it by the clock: any duty touched at the desk has it look again.
    duties = reading.ids(world.hub_disk.raw, "duty")
    if duties:
        first = reading.row(world.hub_disk.raw, "duty", ("id", "role"), duties[0])
        assert first is not None
        world.apply(Change("duty", duties[0], {"role": HELPER if first["role"] == LEAD else LEAD}))


def device_clock(world: World, device: Device, rng: Random) -> None:
    world.fault("device clock jumps")
    hours = rng.choice((1.0, -1.0, 0.05, 24.0 * 3650, -24.0 * 365, 0.0))
    device.clock.off = timedelta(hours=hours)


def hub_clock(world: World, device: Device, rng: Random) -> None:
    world.fault("hub clock jumps")
    before = world.today()
    world.hub_clock.off = timedelta(hours=rng.choice((0.0, 1.0, -1.0, 30.0, -30.0)))
    redraw(world, before)


def net(world: World, device: Device, rng: Random) -> None:
    device.net = rng.choice(("up", "up", "cut", "deaf", "mute"))
    world.note("net", device.index, device.net)


def clog(world: World, device: Device, rng: Random) -> None:
    """Several lines fail one after the other and come back in another order."""
    for chosen in rng.sample(world.devices, rng.randint(2, len(world.devices))):
        chosen.clogged_until = world.step + rng.randint(2, 25)
    world.fault("swizzle")


def session(world: World, device: Device, rng: Random) -> None:
    if device.session != "revoked":
        device.session = "expired" if device.session == "in" else "in"


def revoke(world: World, device: Device, rng: Random) -> None:
    """The laptop is locked out, perhaps in the middle of a push; later it is enrolled again: a new
    device of the same line, with what lay on it."""
    if device.session == "revoked":
        enrol_again(world, device)
    else:
        device.session = "revoked"
        world.fault("revoked")


def enrol_again(world: World, device: Device) -> None:
    old = device.caller
    world.enrolments += 1
    device.caller = Caller(old.user, f"{old.device}+{world.enrolments}", old.line)
    device.session = "in"
    world.note("enrolled again", device.index)


# -- disks -----------------------------------------------------------------------------------------


def restore(world: World, device: Device, rng: Random) -> None:
    """A laptop's disk is put back to an older copy of it; or such a copy is made."""
    device.kill()
    if not device.copies or rng.random() < 0.5:
        device.copies.append((device.disk.image(), device.version, device.shelf.image()))
        return
    world.fault("laptop put back")
    world.album.excused.update(world.album.promised)
    image, version, shelf = rng.choice(device.copies)
    before = set(reading.all_ops(device.disk.raw))
    device.disk.put_back(image)
    device.shelf.put_back(shelf)
    device.was_put_back = True
    device.settle_on(version)
    gone = before - set(reading.all_ops(device.disk.raw))
    for op_id in gone & world.ghost.intents.keys():
        world.ghost.intents[op_id].moved = True
    excuse(world, gone, "its laptop was put back")
    device.sight.forget()


def excuse(world: World, op_ids: set[str], why: str) -> None:
    """What only a machine had that is no more; if the hub has it, it must still be there."""
    for op_id in op_ids:
        if op_id in world.ghost.by_op or op_id not in world.ghost.intents:
            continue
        if not any(op_id in set(reading.all_ops(d.disk.raw)) for d in world.devices):
            world.ghost.intents[op_id].excused = why


def clone(world: World, device: Device, rng: Random) -> None:
    """A second machine with the same profile, both in use."""
    if len(world.devices) >= 9:
        return
    device.kill()
    world.fault("profile cloned")
    twin = Device(len(world.devices), device.caller, device.version, world.now, device.batch)
    twin.disk.put_back(device.disk.image())
    twin.shelf.put_back(device.shelf.image())
    twin.protocol, twin.was_old = device.protocol, device.was_old
    twin.carries_files = device.carries_files
    twin.clock.off = device.clock.off
    world.devices.append(twin)


def council_restore(world: World, device: Device, rng: Random) -> None:
    """The council's database is put back from a backup, which gives it a new epoch."""
    if _put_back(world, rng, "council put back"):
        world.act_as(None)
        world.ghost.epoch = new_id()
        reading.set_epoch(world.hub_disk.raw, world.ghost.epoch)


def rollback(world: World, device: Device, rng: Random) -> None:
    """The council's database goes back and nobody says so."""
    _put_back(world, rng, "council rolled back")


def _put_back(world: World, rng: Random, what: str) -> bool:
    young = [copy for copy in world.copies if world.true_now - copy[2] <= COPY_AGE]
    if not young or rng.random() < 0.4:
        world.copies.append((world.hub_disk.image(), world.ghost.head, world.true_now))
        return False
    world.fault(what)
    world.album.excused.update(world.album.promised)
    image, seq, _ = rng.choice(young)
    world.hub_disk.put_back(image)
    if world.hub_version > world.plan.options.hub_version:
        world.update_hub()  # the copy may be of the time before its update
    gone = world.ghost.cut(seq)
    remember_values(world)
    world.ghost.epoch = reading.head(world.hub_disk.raw)[0]
    world.copies = [copy for copy in world.copies if copy[1] <= seq]
    kept = {op_id for d in world.devices for op_id in reading.all_ops(d.disk.raw)}
    for row in gone:
        if row.op_id in world.ghost.intents and row.op_id not in kept:
            world.ghost.intents[row.op_id].excused = "council and laptop were put back"
    for each in world.devices:
        each.sight.rolled_back = True
    return True


def upgrade(world: World, device: Device, rng: Random) -> None:
    if is_old(device):
        device.kill()
        world.fault("laptop updated")
        world.update(device)


HAPPENINGS: dict[str, Callable[[World, Device, Random], None]] = {
    "desk_edit": desk_edit, "desk_price": desk_price, "desk_import": desk_import, "duty_begins": duty_begins,
    "duty_ends": duty_ends, "duty_dated": duty_dated, "storm": storm, "wait": wait, "away": away,
    "device_clock": device_clock, "hub_clock": hub_clock, "net": net, "clog": clog, "session": session,
    "revoke": revoke, "restore": restore, "clone": clone, "council_restore": council_restore,
    "rollback": rollback, "upgrade": upgrade, "purge": purge, "old_hub": old_hub, "hub_update": hub_update,
    "picture": picture,
}  # fmt: skip
