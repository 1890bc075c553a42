"""One transaction of the hub's store: bulk statements, nothing per row on the hot path."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from sync.hub.store import Entry, Fallen, Fill, Head, Key, News, Peer, Row, Taken
from sync.merge import Past
from sync.ops import DIGEST_MODULUS, Act, Content, Outcome, decode_content, decode_effect, new_id
from sync.ports import Grant
from sync.sql.bulk import Bulk, chunks
from sync.sql.hub_files import SqlFiling
from sync.sql.purging import SqlPurging
from sync.sql.schema import Schema
from sync.sql.tables import CARD, HELD
from sync.wire import Receipt

NO_CONTENT = b"null"


class SqlHubTransaction:
    """See `sync.hub.store.HubTransaction`."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self._connection = connection
        self.schema = schema
        self._locked: Head | None = None  # nobody else moves it until this transaction ends
        self._ready = schema.hub_statements
        self.purging = SqlPurging(connection, schema)
        self.files = SqlFiling(connection, schema)

    @property
    def connection(self) -> Connection:
        return self._connection

    # -- head, peers, receipts -------------------------------------------------------------------

    def head(self, *, lock: bool) -> Head:
        if self._locked is not None:
            return replace(self._locked)
        # On SQLite the transaction already holds the one write lock (BEGIN IMMEDIATE).
        row = self._connection.execute(self._ready.locked_head if lock else self._ready.head).one()
        head = Head(row.epoch, row.seq, row.hash)
        self._locked = replace(head) if lock else None
        return head

    def set_head(self, head: Head) -> None:
        self._locked = replace(head)
        self._connection.execute(self._ready.set_head, {"seq": head.seq, "hash": head.hash})

    def hash_at(self, seq: int) -> str | None:
        return self._connection.execute(self._ready.hash_at, {"seq": seq}).scalar()

    def meet(self, device: str, seq: int) -> tuple[Peer | None, str | None]:
        row: Any = self._connection.execute(self._ready.meet, {"device": device, "seq": seq}).one()
        if row.device is None:
            return None, row.there
        past, replaced = tuple(row.past or ()), tuple(row.replaced or ())
        return Peer(row.generation, row.n, row.chain, past, replaced, row.cloned_at), row.there

    def wrote_since(self, device: str, seq: int) -> bool:
        table = self.schema.own("ledger")
        query = select(table.c.seq).where(table.c.seq > seq, table.c.device == device).limit(1)
        return self._connection.execute(query).first() is not None

    def set_peer(self, device: str, peer: Peer, now_ms: int) -> None:
        values = {
            "generation": peer.generation, "n": peer.n, "chain": peer.chain, "last_seen_at": now_ms,
            "past": list(peer.past), "replaced": list(peer.replaced), "cloned_at": peer.cloned_at,
        }  # fmt: skip
        done = self._connection.execute(self._ready.set_peer, {"at": device, **values})
        if done.rowcount == 0:
            self._connection.execute(insert(self.schema.own("peer")), {"device": device, **values})

    def taken(self, op_ids: Sequence[str]) -> dict[str, Taken]:
        bulk = self._bulk("ledger")
        found: dict[str, Taken] = {}
        for line in bulk.look_up(self._connection, "op_id", op_ids):
            row = dict(zip(bulk.names, line, strict=True))
            named = {c: Outcome(o) for c, o in row["fields"].items()} if row["fields"] else None
            receipt = Receipt(
                row["op_id"], row["seq"], row["version"], Outcome(row["outcome"]), row["reason"], named
            )
            found[row["op_id"]] = Taken(receipt, row["commitment"])
        return found

    # -- records ---------------------------------------------------------------------------------

    def rows(self, table: str, ids: Iterable[str]) -> dict[str, Row]:
        bulk = self._bulk(table)
        found = bulk.look_up(self._connection, "id", ids)
        return {row[0]: dict(zip(bulk.names, row, strict=True)) for row in found}

    def insert_rows(self, table: str, rows: Sequence[Row]) -> None:
        bulk = self._bulk(table)
        bulk.insert(self._connection, [bulk.pick(row) for row in rows])

    def _bulk(self, table: str, *only: str) -> Bulk:
        return self.schema.bulk(table, self._connection.dialect, only)

    def update_rows(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        target = self.schema[table].table
        statement = update(target).where(target.c.id == bindparam("key"))
        named: dict[str, Any] = {c: bindparam(f"new_{c}") for c in (*columns, "version")}
        values = [{"key": row["id"], **{f"new_{c}": row[c] for c in (*columns, "version")}} for row in rows]
        self._connection.execute(statement.values(named), values)

    def cards_about(self, records: Iterable[str]) -> list[Row]:
        target = self.schema[CARD].table
        found: list[Row] = []
        for part in chunks(records):
            # Those that closed by themselves too: an op from before that has not seen the end of it.
            alive = (target.c.state == "open") | target.c.decided_by.is_(None)
            query = select(target).where(target.c.record.in_(part), alive).order_by(target.c.id)
            found += [dict(row) for row in self._connection.execute(query).mappings()]
        return found

    # -- ledger ----------------------------------------------------------------------------------

    def past(self, since: Mapping[str, int]) -> dict[str, list[tuple[int, Past]]]:
        if not since:
            return {}
        ledger = self._bulk("ledger")
        lines = ledger.look_up(self._connection, "record", since, f"version > {min(since.values())}")
        rows = [dict(zip(ledger.names, line, strict=True)) for line in sorted(lines)]  # seq is the first
        newer = [row for row in rows if row["version"] > since[row["record"]]]
        contents = self._contents([row["seq"] for row in newer])
        found: dict[str, list[tuple[int, Past]]] = {}
        for row in newer:
            effect = self._effect(row, *contents[row["seq"]]) if row["seq"] in contents else None
            if effect is not None:
                found.setdefault(row["record"], []).append((row["version"], effect))
        return found

    def _contents(self, seqs: Sequence[int]) -> dict[int, tuple[bytes, bytes | None]]:
        """(content, what the record went through) of those ledger rows that have one."""
        content = self._bulk("ledger_content", "seq", "content", "effect")
        found = content.look_up(self._connection, "seq", seqs)
        return {seq: (saved, effect) for seq, saved, effect in found}

    def _effect(self, row: Row, content: bytes, went: bytes | None) -> Past | None:
        """A ledger row as what its author meant and what her record went through; None if neither."""
        plain = row["outcome"] == Outcome.APPLIED and row["kind"] in (Act.INSERT, Act.UPDATE)
        if not plain and went is None:
            return None
        whole = decode_content(content)
        done = said = self._typed(row["table_name"], whole)
        # Nobody else had changed anything: whatever lies before it, its author had seen.
        base, central = row["version"] - 1, False
        if went is not None:
            effect = decode_effect(went)
            done, base, central = self._typed(row["table_name"], effect), effect.base, effect.central
        if not done.patch and not whole.patch:  # what is not known here moved the record on too
            return None
        return Past(
            row["line"], row["author"], row["device"], row["op_id"], row["made_at"], done.patch, done.was,
            said.patch, row["version"], base, central,
        )  # fmt: skip

    def _typed(self, table: str, content: Content) -> Content:
        described = self.schema[table]
        return Content(described.stored(content.patch)[0], described.stored(content.was)[0])

    def append_ledger(self, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        ledger = self._bulk("ledger")
        ledger.insert(self._connection, [ledger.pick(e.ledger) for e in entries])
        # An envelope brought no content: nothing lies beside its row that does not commit to it.
        said = [(e.ledger["seq"], e.salt, e.content, e.effect) for e in entries if e.content != NO_CONTENT]
        if said:
            self._bulk("ledger_content").insert(self._connection, said)

    # -- held, tally, grants ---------------------------------------------------------------------

    def fallen_inserts(self, records: Iterable[str]) -> dict[str, Fallen]:
        ledger = self._bulk("ledger", "seq", "op_id", "record", "outcome")
        inserts = ledger.look_up(self._connection, "record", records, f"kind = '{Act.INSERT}'")
        trays = self._trays([op_id for _, op_id, _, outcome in inserts if outcome == Outcome.HELD])
        found: dict[str, Fallen | None] = {}
        for _, op_id, record, outcome in sorted(inserts):
            state, follows, tray = trays.get(op_id, ("", None, ""))
            if outcome == Outcome.HELD and state == "waiting":
                found[record] = Fallen(Outcome.HELD, follows or op_id, tray)
            elif outcome == Outcome.REFUSED or state == "declined":
                found[record] = Fallen(Outcome.REFUSED)
            else:
                found[record] = None
        return {record: fallen for record, fallen in found.items() if fallen is not None}

    def _trays(self, op_ids: Collection[str]) -> dict[str, tuple[str, str | None, str]]:
        """(state, the op it follows, scope of its tray) of those that were held."""
        if not op_ids:
            return {}
        held = self._bulk(HELD, "id", "state", "follows", "scope")
        found = held.look_up(self._connection, "id", op_ids)
        return {op_id: (state, follows, scope) for op_id, state, follows, scope in found}

    def waiting_with(self, ops: Collection[str]) -> list[Row]:
        ledger, held = self.schema.own("ledger"), self.schema.own(HELD)
        found: dict[int, Row] = {}
        for part in chunks(ops):
            behind = held.c.follows.in_(part) & (held.c.state == "waiting")
            query = select(ledger.c.seq, held).join(ledger, ledger.c.op_id == held.c.id)
            for row in self._connection.execute(query.where(held.c.id.in_(part) | behind)).mappings():
                found[row["seq"]] = {name: value for name, value in row.items() if name != "seq"}
        return [found[seq] for seq in sorted(found)]

    def add_tally(self, change: Mapping[Key, tuple[int, int]]) -> None:
        present = {
            (scope, kind): (records, int(digest, 16))
            for scope, kind, records, digest in self.counts(sorted({scope for scope, _ in change}))
        }
        new, old = [], []
        for (scope, kind), (records, digest) in change.items():
            before = present.get((scope, kind))
            count, total = before or (0, 0)
            total = (total + digest) % DIGEST_MODULUS
            values = {"records": count + records, "digest": f"{total:032x}"}
            if before is None:
                new.append({"scope": scope, "kind": kind, **values})
            else:
                old.append({"s": scope, "k": kind, **values})
        if new:
            self._connection.execute(insert(self.schema.own("tally")), new)
        if old:
            self._connection.execute(self._ready.set_count, old)

    def set_grants(self, wanted: Mapping[str, set[Grant]], seq: int) -> bool:
        """Make the live grants of each user exactly these; a changed grant ends and begins anew."""
        table = self.schema.own("scope_grant")
        ended: list[str] = []
        begun: list[Row] = []
        live: dict[str, dict[Grant, str]] = {user: {} for user in wanted}
        for part in chunks(wanted):
            query = select(table).where(table.c.user_id.in_(part), table.c.to_seq.is_(None))
            for row in self._connection.execute(query):
                grant = Grant(row.scope, frozenset(row.kinds.split()), row.level)
                live[row.user_id][grant] = row.id
        for user, grants in wanted.items():
            ended += [key for grant, key in live[user].items() if grant not in grants]
            begun += [
                {
                    "id": new_id(), "user_id": user, "scope": grant.scope,
                    "kinds": " ".join(sorted(grant.kinds)), "level": grant.level, "from_seq": seq,
                }
                for grant in grants if grant not in live[user]
            ]  # fmt: skip
        if ended:
            where = table.c.id == bindparam("key")
            self._connection.execute(
                update(table).where(where).values(to_seq=bindparam("end")),
                [{"key": key, "end": seq} for key in ended],
            )
        if begun:
            self._connection.execute(insert(table), begun)
        return bool(ended or begun)

    def grants_since(self, user: str, after_seq: int) -> tuple[list[Grant], list[str]]:
        ready, asked = self._ready, {"user": user, "after": after_seq}
        moved = self._connection.execute(ready.grants_since if after_seq else ready.live_grants, asked).all()
        gone = {row.scope for row in moved if row.to_seq is not None}
        gained = [_grant(row) for row in moved if row.to_seq is None]
        return gained, sorted(gone - self.grants_in(user, gone).keys())

    def grants_in(self, user: str, scopes: Iterable[str]) -> dict[str, Grant]:
        bulk = self._bulk("scope_grant", "scope", "kinds", "level")
        among, given = bulk.among("scope", scopes)
        live = f"WHERE user_id = {bulk.mark} AND to_seq IS NULL AND {among}"
        found = bulk.select(self._connection, live, (user, *given))
        return {scope: Grant(scope, frozenset(kinds.split()), level) for scope, kinds, level in found}

    def given_to_somebody(self, scopes: Iterable[str]) -> set[str]:
        table = self.schema.own("scope_grant")
        found: set[str] = set()
        for part in chunks(scopes):
            query = select(table.c.scope).where(table.c.scope.in_(part), table.c.to_seq.is_(None))
            found.update(self._connection.execute(query.distinct()).scalars())
        return found

    # -- pulling ---------------------------------------------------------------------------------

    def news(self, query: News) -> list[tuple[int, str, str, str]]:
        statement = self._ready.news if query.device is None else self._ready.others_news
        asked = {"user": query.user, "after": query.after, "upto": query.upto, "most": query.limit}
        found = self._connection.execute(statement, {**asked, "device": query.device})
        return [tuple(row) for row in found]

    def fill(self, table: str, query: Fill) -> list[tuple[Any, ...]]:
        bulk = self._bulk(table)
        among, values = bulk.among("scope", query.scopes)
        mark = bulk.mark
        rest = f"WHERE {among} AND (scope, id) > ({mark}, {mark}) ORDER BY scope, id LIMIT {mark}"
        return bulk.select(
            self._connection, rest, (*values, query.after_scope, query.after_record, query.limit)
        )

    def counts(self, scopes: Sequence[str]) -> list[tuple[str, str, int, str]]:
        bulk = self._bulk("tally", "scope", "kind", "records", "digest")
        return bulk.look_up(self._connection, "scope", scopes)

    def listed(self, scopes: Sequence[str]) -> dict[tuple[str, str], list[tuple[str, int]]]:
        found: dict[tuple[str, str], list[tuple[str, int]]] = {}
        for table in self.schema:
            c = table.table.c
            for part in chunks(scopes):
                query = select(c.scope, c.id, c.version).where(c.scope.in_(part)).order_by(c.id)
                for scope, record, version in self._connection.execute(query):
                    found.setdefault((scope, table.name), []).append((record, version))
        return found


def _grant(row: Any) -> Grant:
    return Grant(row.scope, frozenset(row.kinds.split()), row.level)
