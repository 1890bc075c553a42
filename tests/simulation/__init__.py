"""Many seeded weeks of devices, faults and repairs: `python -m tests.simulation`.

The device and hub code is the real one, on real SQL stores in memory; the network, the clocks, the
disks and the people are drawn from a seed. What they do is data (`plan`), so that a failed run can be
played again with holes in it until only what matters is left.
"""
