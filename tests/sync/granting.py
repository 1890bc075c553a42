"""A grant that changes, and what happens while a round is on its way."""

from tests.sync.conftest import KINDS, Device, World

FEW = KINDS - {"journal"}


def redraw(world: World) -> None:
    """Any write lets the hub redraw its grants."""
    world.put("price", pence=3)


def during(device: Device, step: str, act: object) -> None:
    """Do something once, while the answer to a step is on its way."""

    def hook(name: str, reply: bytes) -> None:
        if name == step:
            device.transport.after = None
            act()  # type: ignore[operator]

    device.transport.after = hook
