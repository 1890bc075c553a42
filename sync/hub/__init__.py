"""The hub: what the council's side does with what devices send and ask.

`Hub` is the door. `batch` takes ops in order, `settling` decides one op, `cards` keeps the queue,
`ledger` writes the one chained table, `pull` hands out pages, `grants` keeps who-may-what as rows.
"""

from sync.hub.hub import Hub

__all__ = ["Hub"]
