"""The network between laptops and hub: each message is a turn, and each turn may go wrong."""

from collections.abc import Callable
from random import Random

from sync.errors import (
    Busy,
    NotAllowed,
    SignedOut,
    SyncProblem,
    TooLarge,
    TooNew,
    TooOld,
    UnexplainedRemoval,
    Unreachable,
)
from sync.hub.past import BadMessage
from sync.ports import Caller
from sync.wire import PushRequest, decode
from tests.simulation.device import Device, Flight
from tests.simulation.disk import Crash
from tests.simulation.ghost import Violation
from tests.simulation.versions import as_released, paged
from tests.simulation.world import World

PORTAL = b"<html><body>Welcome to the library's free wifi. Please accept our terms.</body></html>"
FATES = (
    "request lost", "request lost", "answer lost", "answer lost", "answer lost", "duplicate",
    "delivered late", "delivered late", "truncated", "captive portal", "answer to an earlier question",
    "401", "403", "413", "429", "503", "hub died before commit", "hub died after commit", "slow",
)  # fmt: skip
TURNS = 400  # messages and durable steps of one round, beside those that its pages take
OF_A_PAGE = 3  # question, answer, and the step that keeps it
Look = Callable[[Device | None], None]


class Network:
    """Moves rounds and messages on, one turn at a time. look: what is done after each turn that may
    have changed something (the invariants)."""

    def __init__(self, world: World, look: Look) -> None:
        self.world = world
        self.look = look
        self.faulty = True
        self.paging = world.plan.options.page

    def start(self, device: Device, rng: Random) -> None:
        """Begin a round, unless one is under way: one at a time is the host's rule."""
        options = self.world.plan.options
        if device.flight is None:
            dies = self.faulty and rng.random() < options.crash_rate
            flight = device.begin_round(
                rng, rng.randint(1, 14) if dies else None, options.fine and self.faulty
            )
            self.world.note("round", device.index)
            self._on(device, flight, None)

    def turn(self, rng: Random) -> bool:
        """Let one thing happen; False if nothing is under way."""
        busy = [device for device in self.world.devices if device.flight is not None]
        late = self.world.late
        if late and (not busy or rng.random() < 0.2):
            self._deliver_late(late.pop(rng.randrange(len(late))))
        elif busy:
            self.advance(rng.choice(busy))
        else:
            return False
        return True

    def finish(self, device: Device) -> None:
        """Let the device's round go on to its end."""
        while device.flight is not None:
            self.advance(device)

    def advance(self, device: Device) -> None:
        flight = device.flight
        assert flight is not None
        if flight.wanted is None:
            self._on(device, flight, None)
        elif flight.reply is None:
            step, body = flight.wanted
            flight.reply = self._carry(device, flight, step, body)
        else:
            reply, flight.reply = flight.reply, None
            self._on(device, flight, reply)

    def _on(self, device: Device, flight: Flight, value: bytes | BaseException | None) -> None:
        """Give the round a turn; see what it wants next or what it came to."""
        world = self.world
        world.act_as(device)
        flight.turns += 1
        if flight.turns > self._most_turns:
            raise Violation("L4", f"a round of device {device.index} goes on for ever")
        flight.wanted = flight.fiber.resume(value)
        if flight.fiber.done:
            ended = device.end_round()
            device.last = ended
            world.note("ended", device.index, type(ended).__name__, str(ended))
            if isinstance(ended, Crash):
                world.fault("device died")
            elif isinstance(ended, BaseException) and not isinstance(ended, SyncProblem):
                raise Violation("bug", f"device {device.index}: {ended!r}") from ended
            elif isinstance(ended, UnexplainedRemoval) and not world.may_differ:
                raise Violation("L3", f"device {device.index}: {ended}")
        self.look(device)

    @property
    def _most_turns(self) -> int:
        """What the longest round can need: all there is, page by page. More, and it would never end."""
        ghost = self.world.ghost
        rows = ghost.head + len(ghost.version)
        return TURNS + OF_A_PAGE * (rows // self.world.plan.options.page)

    # -- fates -------------------------------------------------------------------------------------

    def _carry(self, device: Device, flight: Flight, step: str, body: bytes) -> bytes | BaseException:
        """One message on its way to the hub and its answer back."""
        world, rng = self.world, flight.rng
        if step == "push":
            flight.pushed = True
        if device.net in ("cut", "mute") or device.clogged_until > world.step:
            world.fault("clogged" if device.clogged_until > world.step else f"partition ({device.net})")
            return Unreachable("the cable is cut")
        if device.session == "expired":
            world.fault("401")
            return SignedOut("sign in again")
        if device.session == "revoked":
            world.fault("revoked")
            return NotAllowed("this laptop was locked out")
        fate = "fine"
        if self.faulty and rng.random() < world.plan.options.fault_rate:
            fate = rng.choice(FATES)
            world.fault(fate)
        if device.net == "deaf":
            world.fault("partition (deaf)")
            fate = "answer lost"
        return self._meet(device, fate, step, body, rng)

    def _meet(self, device: Device, fate: str, step: str, body: bytes, rng: Random) -> bytes | BaseException:
        world = self.world
        if fate in _BEFORE:
            return _BEFORE[fate]
        if fate == "delivered late":
            world.late.append((device.caller, step, body))
            return Unreachable("timed out")
        if fate == "413" and step == "push" and len(decode(PushRequest, body).ops) > 1:
            return TooLarge("too large")
        if fate.startswith("hub died"):
            self._arm(fate.removeprefix("hub died "))
        try:
            reply = self.handle(device.caller, step, body)
            if fate == "duplicate":
                if rng.random() < 0.5:
                    self.handle(device.caller, step, body)
                else:
                    world.late.append((device.caller, step, body))
        except (Crash, SyncProblem) as error:
            return Unreachable("the hub died") if isinstance(error, Crash) else error
        finally:
            world.hub_disk.point = None
        earlier = world.old_replies.setdefault((device.index, step), [])
        earlier.append(reply)
        del earlier[:-4]
        if fate == "answer lost":
            return Unreachable("no answer")
        if fate == "truncated":
            return reply[: rng.randrange(len(reply))]
        if fate == "captive portal":
            return PORTAL
        return rng.choice(earlier) if fate == "answer to an earlier question" else reply

    def _arm(self, when: str) -> None:
        wanted = "commit" if when == "before commit" else "after"

        def reach(step: str) -> None:
            if step == wanted:
                raise Crash(step)

        self.world.hub_disk.point = reach

    def handle(self, caller: Caller, step: str, body: bytes) -> bytes:
        """The hub takes one message. Raises what it answers with an error."""
        world = self.world
        world.act_as(None)
        world.keeper.verdicts.clear()
        world.handling = caller
        try:
            with as_released(world, body):
                if step == "pull":
                    reply = world.hub.pull(caller, paged(body, self.paging))
                elif step == "push":
                    reply = world.hub.push(caller, body)
                else:
                    reply = world.hub.put(caller, body) if step == "put" else world.hub.get(caller, body)
        except (Crash, NotAllowed, TooNew, TooOld, Violation):
            raise
        except (BadMessage, SyncProblem) as error:
            raise Violation("bug", f"the hub could not read its own device: {error!r}") from error
        except Exception as error:
            raise Violation("bug", f"the hub failed at a {step}: {error!r}") from error
        finally:
            self.look(None)
        world.note(step, caller.device, reply)
        return reply

    def _deliver_late(self, message: tuple[Caller, str, bytes]) -> None:
        caller, step, body = message
        if any(d.caller == caller and d.session == "revoked" for d in self.world.devices):
            return
        try:
            self.handle(caller, step, body)
        except SyncProblem:
            self.world.note("late", "refused")


_BEFORE: dict[str, BaseException] = {
    "request lost": Unreachable("lost"),
    "401": SignedOut("sign in again"),
    "403": NotAllowed("not now"),
    "429": Busy(5),
    "503": Busy(),
}
