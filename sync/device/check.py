"""Check: the same count and the same digest on both sides, scope by scope."""

from sync.device.store import Counted, DeviceStore


def differences(store: DeviceStore, counts: Counted) -> set[str]:
    """The scopes whose records here are not exactly those the hub counted.

    Compared are id and version of every record the council has; what waits here counts with the
    version it was made on.
    """
    scopes, ours = store.held_counts({scope for scope, _ in counts})
    theirs = {key: value for key, value in counts.items() if value[0] and key[0] in scopes}
    return {key[0] for key in theirs.keys() | ours.keys() if theirs.get(key) != ours.get(key)}
