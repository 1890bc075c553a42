"""Counting what is here, as the council counts it, and finding what it does not have."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from msgspec.json import decode, encode
from sqlalchemy import Connection, delete, insert

from sync.device.store import Counted
from sync.ops import DIGEST_MODULUS, record_digest
from sync.sql.on_sqlite import asked
from sync.sql.queue import waiting_records
from sync.sql.schema import Schema
from sync.wire import Listed

GIVEN = (
    "SELECT scope, kinds, filled AND NOT lost, EXISTS (SELECT 1 FROM parked) FROM held_scope "
    "WHERE scope IN (SELECT value FROM json_each(?))"
)
PARKED = (
    "SELECT scope, table_name, record, version FROM parked WHERE scope IN (SELECT value FROM json_each(?))"
)
Versions = dict[str, int]  # {record: version}
# Few records change from one count of their scope to the next: in a scope of 400 notes the hashing took
# as long as reading them.
digest_of = lru_cache(maxsize=16_384)(record_digest)


@dataclass(frozen=True, slots=True)
class Given:
    """kinds: of which records are given in a scope. is_whole: the scope is filled and was not lost.
    parks: records of some scope are parked."""

    kinds: set[str]
    is_whole: bool
    parks: bool


def given_here(connection: Connection, scopes: Iterable[str]) -> dict[str, Given]:
    """What is given here of these scopes; those of which this device knows nothing are not in it."""
    asked = (encode(list(scopes)).decode(),)
    rows = connection.exec_driver_sql(GIVEN, asked)
    return {scope: Given(set(decode(kinds)), bool(whole), bool(parks)) for scope, kinds, whole, parks in rows}


def versions(
    connection: Connection, schema: Schema, scopes: Sequence[str], given: Mapping[str, Given]
) -> dict[tuple[str, str], Versions]:
    """{(scope, kind): {record: version}} of what the council has given here, parked records with the
    version they wait with.

    Work that waits in a kind that is no longer given there is the laptop's alone until it is sent.
    """
    found: dict[tuple[str, str], Versions] = {}
    if not scopes:
        return found
    busy: set[str] | None = None
    for scope, kind, here in _given(connection, schema, scopes):
        if scope not in given or kind not in given[scope].kinds:
            busy = waiting_records(connection, schema) if busy is None else busy
            here = {record: version for record, version in here.items() if record not in busy}
        if here:
            found[scope, kind] = here
    if any(one.parks for one in given.values()):
        asked = (encode(list(scopes)).decode(),)
        for scope, kind, record, version in connection.exec_driver_sql(PARKED, asked):
            found.setdefault((scope, kind), {})[record] = version
    return found


def _given(
    connection: Connection, schema: Schema, scopes: Sequence[str]
) -> Iterator[tuple[str, str, Versions]]:
    """(scope, kind, versions) of what the council has given of some scopes, where it gave any."""
    kinds = [table.name for table in schema]
    # Of all kinds in one statement: asked kind by kind, most of a round's count went into asking.
    statement = " UNION ALL ".join(
        f"SELECT {number}, id, version FROM {kind} WHERE scope = ?1 AND version > 0"
        for number, kind in enumerate(kinds)
    )
    for scope in scopes:
        for number, rows in groupby(asked(connection, statement, (scope,)), itemgetter(0)):
            yield scope, kinds[number], {record: version for _, record, version in rows}


def counts(connection: Connection, schema: Schema, scopes: Iterable[str]) -> tuple[set[str], Counted]:
    """(those of these scopes that are whole here, records and digest of each of their (scope, kind))."""
    given = given_here(connection, scopes)
    whole = sorted(scope for scope, one in given.items() if one.is_whole)
    return set(whole), {
        key: (len(of), f"{sum(map(digest_of, of, of.values())) % DIGEST_MODULUS:032x}")
        for key, of in versions(connection, schema, whole, given).items()
    }


def note_extras(
    connection: Connection, schema: Schema, scopes: Sequence[str], listed: Iterable[Listed], now_ms: int
) -> int:
    """Note records that lie here in these scopes and are not listed, for a person to decide about;
    gives how many. An earlier note of these scopes that was not agreed to is forgotten."""
    table, given = schema.own("set_aside"), given_here(connection, scopes)
    theirs = {(one.scope, one.kind): {record for record, _ in one.records} for one in listed}
    noted: list[Mapping[str, Any]] = [
        {"table_name": kind, "record": record, "scope": scope, "noticed_at": now_ms}
        for (scope, kind), of in versions(connection, schema, scopes, given).items()
        for record in of.keys() - theirs.get((scope, kind), set())
    ]
    connection.execute(delete(table).where(table.c.scope.in_(scopes), table.c.agreed_at.is_(None)))
    for row in noted:
        # One that was set aside before and came back: the new notice stands.
        here = (table.c.table_name == row["table_name"], table.c.record == row["record"])
        connection.execute(delete(table).where(*here))
    if noted:
        connection.execute(insert(table), noted)
    return len(noted)
