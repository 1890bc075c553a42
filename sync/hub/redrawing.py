"""Grants that begin or end by the clock: drawn when their time has come, with a place in the ledger.

Who asks for nothing writes nothing: without a ledger row of its own a grant drawn by the clock would
lie before the cursor of a laptop that has read to the end, and it would never be told.
"""

from sync.hub.ledger import Ledger, Ruled, Written
from sync.hub.store import HubTransaction
from sync.ops import Outcome, encode_content, new_id, new_salt
from sync.ports import Calendar, Caller

KIND = "grants"  # of the ledger row; it is about no record and in no scope
HUB = Caller(user="", device="", line="")


def redraw(transaction: HubTransaction, calendar: Calendar, now_ms: int) -> bool:
    """Draw what the clock has changed; whether anybody's grants did."""
    head = transaction.head(lock=True)
    wanted = {user: set(grants) for user, grants in calendar.due(transaction.connection).items()}
    if not wanted or not transaction.set_grants(wanted, head.seq + 1):
        return False
    ledger = Ledger(head, HUB, now_ms)
    written = Written(new_id(), KIND, "", "", "", 0, now_ms, new_salt(), encode_content({}, {}))
    ledger.add(written, Ruled(Outcome.APPLIED, 0), by_hub=True)
    transaction.append_ledger(ledger.entries)
    transaction.set_head(ledger.head)
    return True
