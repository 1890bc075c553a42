"""The fakes that ship with the ports: a clock one holds, and a way to the hub without a network."""

from sync.memory.clock import FakeClock
from sync.memory.shelf import MemoryShelf
from sync.memory.transport import MemoryTransport

__all__ = ["FakeClock", "MemoryShelf", "MemoryTransport"]
