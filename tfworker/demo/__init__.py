"""A council and two laptops on one machine: to try by hand, or to play a working day by itself.

Everything is real: the council's service in its own process, two encrypted vaults, the app's own
windows, HTTP between them. Only the county is invented, and the cable can be cut (`relay`).
"""
