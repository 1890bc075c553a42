"""B4: the small rounds of B3 against a ledger of 10,000 rows and one of 5,000,000."""

import sys
from collections.abc import Iterator

import psycopg

from tests.bench.figure import Figure
from tests.bench.place import Place
from tests.bench.syncing import nothing_new, one_note_each_way
from tfworker.actions.desk import Desk
from tfworker.actions.syncing import sync_now

FEW = 10_000
AT_ONCE = 250_000
# Other people's notes: nobody here has these scopes. Ids count up, as those of ops do.
ROWS = """
INSERT INTO ledger (seq, op_id, kind, table_name, record, version, scope, author, device, line, n, made_at,
    received_at, outcome, commitment, hash)
SELECT s, 'f' || lpad(to_hex(s), 31, '0'), 'insert', 'visit_note', 'e' || lpad(to_hex(s), 31, '0'), 1,
    'family:' || md5((s %% 2000)::text), md5('author'), 'device' || s %% 500, 'line' || s %% 500, s, 0, 0,
    'applied', repeat('0', 64), repeat('0', 64)
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS s
"""
HEAD = "UPDATE ledger_head SET seq = %(last)s, hash = repeat('0', 64)"


def figures(place: Place, desk: Desk, other: Desk, rows: int) -> Iterator[Figure]:
    """rows: how long the long ledger is. What lies in the ledger before counts in both."""
    grow(place.database, FEW)
    few = _rounds(place, desk, other)
    grow(place.database, rows)
    many = _rounds(place, desk, other)
    for what, short, long in zip(("nothing new", "one note each way"), few, many, strict=True):
        said = f"{what}, ledger of {rows:,} rows; raw: of {FEW:,}"
        yield Figure("B4", said, long * 1000, short * 1000, "≤ 1.5 × raw", long <= 1.5 * short, "ms")


def _rounds(place: Place, desk: Desk, other: Desk) -> tuple[float, float]:
    for each in (desk, other):
        sync_now(each)
    return nothing_new(desk).seconds, one_note_each_way(place, desk, other).seconds


def grow(database: str, rows: int) -> None:
    """Make the ledger this long, the rows after the last being nobody's here."""
    with psycopg.connect(database, autocommit=True) as connection:
        found = connection.execute("SELECT seq FROM ledger_head").fetchone()
        assert found is not None
        # Nobody pulls the plug: without a log of its own it takes a minute instead of several.
        connection.execute("ALTER TABLE ledger SET UNLOGGED")
        for first in range(found[0] + 1, rows + 1, AT_ONCE):
            last = min(first + AT_ONCE - 1, rows)
            with connection.transaction():
                connection.execute(ROWS, {"first": first, "last": last})
                connection.execute(HEAD, {"last": last})
            print(f"\rledger: {last:,} rows", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        connection.execute("VACUUM (ANALYZE) ledger")
