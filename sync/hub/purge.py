"""A purge: what a record said goes by a lawful decision, that it was there stays proved.

The row goes, and with it the content and the salt of every op on it, its cards and what waits
about it. The ledger keeps each op's row with its commitment, so the chain stays whole, and gains one
row of kind "purge" for each record removed, by which laptops learn of it. An id that was purged
never comes back: a later op on it is refused.
"""

from collections import defaultdict
from collections.abc import Collection

from sync.hub.ledger import Ledger, Ruled, Written
from sync.hub.store import HubTransaction, Key, Row
from sync.ops import DIGEST_MODULUS, Act, Outcome, encode_content, new_id, new_salt, record_digest
from sync.ports import Authority
from sync.wire import Receipt


def purge(
    transaction: HubTransaction,
    authority: Authority,
    ledger: Ledger,
    records: Collection[Key],
) -> list[Receipt]:
    """Remove these records ({(table, id)}), their cards and what waits about them; gives a receipt
    for each row removed, and for each record that only waited or was refused. What is not there (any
    more) is passed over.

    The caller's right to do so is the host's to have checked. Runs in the caller's transaction, whose
    ledger head it moves.
    """
    going = _rows(transaction, records)
    for table, row in transaction.purging.about({record for _, record in records}):
        about = (row["table_name"], row["record"])
        if about in records and about not in going:  # it was never let in: what it says is in a tray alone
            going[about] = {"version": 0, "scope": row["scope"]}
        going[table, row["id"]] = row
    missing = set(records) - going.keys()
    for key, scope in transaction.purging.said_of({record for _, record in missing}).items():
        if key in missing:  # it was refused: its text lies in the ledger alone
            going[key] = {"version": 0, "scope": scope}
    if not going:
        return []
    tally: dict[Key, tuple[int, int]] = {}
    touched: dict[str, set[str]] = defaultdict(set)
    receipts = []
    for (table, record), row in going.items():
        written = Written(
            new_id(), Act.PURGE, table, record, row["scope"], 0, ledger.now_ms, new_salt(),
            encode_content({}, {}),
        )  # fmt: skip
        receipts.append(ledger.add(written, Ruled(Outcome.APPLIED, row["version"] + 1), by_hub=True))
        touched[table].add(record)
        if not row["version"]:
            continue
        count, digest = tally.get((row["scope"], table), (0, 0))
        digest = (digest - record_digest(record, row["version"])) % DIGEST_MODULUS
        tally[row["scope"], table] = (count - 1, digest)
    # Before the ledger's new rows are written: those bring (empty) contents of their own.
    transaction.purging.remove(touched)
    transaction.append_ledger(ledger.entries)
    transaction.add_tally(tally)
    transaction.set_head(ledger.head)
    grants = authority.grants(transaction.connection, touched)
    if grants:
        transaction.set_grants({user: set(wanted) for user, wanted in grants.items()}, ledger.head.seq)
    return receipts


def _rows(transaction: HubTransaction, records: Collection[Key]) -> dict[Key, Row]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for table, record in records:
        wanted[table].add(record)
    return {
        (table, record): row
        for table, ids in wanted.items()
        for record, row in transaction.rows(table, ids).items()
    }
