"""The device: one round of sync, a file a step.

`run_round` pushes, pulls, deals with gained and lost scopes, checks, and reports. Each page is
applied in one short transaction that also moves the cursor, so a round can stop anywhere and
simply be run again; no transaction spans the network.
"""

from sync.device.context import Report, Step, Telling
from sync.device.files import fetch_file
from sync.device.round import run_round

__all__ = ["Report", "Step", "Telling", "fetch_file", "run_round"]
