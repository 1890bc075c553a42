"""The hub: what the council's side does with what devices send and ask.

`Hub` is the door. `reading` reads one op, `batch` takes ops in order, `settling` decides one, `cards`
keeps the queue, `ledger` writes the one chained table, `pull` hands out pages.
"""

from sync.hub.hub import Hub

__all__ = ["Hub"]
