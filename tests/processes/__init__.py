"""Proofs with real processes: kills at every point, full disks, cut lines, many writers at once.

`python3 dev.py simulate --kills N` runs the sweep of kills, `--disk` the sweep of failing disks; the
short forms are part of the suite.
"""
