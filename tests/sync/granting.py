"""A grant that changes, what happens while a round is on its way, and what of it stays in an op."""

from sqlalchemy import select

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


def said_here(device: Device, record: str) -> list[bytes]:
    """The contents of its ops, in the order of the saves."""
    op = device.schema.own("op")
    query = select(op.c.content).where(op.c.record == record).order_by(op.c.pos)
    with device.engine.begin() as connection:
        return [bytes(content) for content in connection.execute(query).scalars()]
