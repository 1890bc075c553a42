"""The hub's small statements, built once for a schema: building one takes longer than PostgreSQL takes
to answer it, and a round with one note each way asks more than twenty."""

from functools import cached_property
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    MetaData,
    Select,
    Table,
    Update,
    bindparam,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from sync.ops import Act, Outcome

MAIN = "main"  # the only ledger head there is yet


def insert_new(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An insert that leaves a row with the same key as it is, once whoever writes that has done so."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


class HubStatements:
    """Statements by what they ask; their parameters are named beside them."""

    def __init__(self, metadata: MetaData) -> None:
        self.tables = metadata.tables

    @cached_property
    def head(self) -> Select[Any]:
        c = self.tables["ledger_head"].c
        return select(c.epoch, c.seq, c.hash).where(c.head == MAIN)

    @cached_property
    def locked_head(self) -> Select[Any]:
        return self.head.with_for_update()

    @cached_property
    def set_head(self) -> Update:
        """seq, hash."""
        table = self.tables["ledger_head"]
        return update(table).where(table.c.head == MAIN)

    @cached_property
    def hash_at(self) -> Select[Any]:
        """seq."""
        c = self.tables["ledger"].c
        return select(c.hash).where(c.seq == bindparam("seq"))

    @cached_property
    def meet(self) -> Select[Any]:
        """device, seq: one row with the peer's columns, empty for a device never met, and `there`."""
        peer, ledger = self.tables["peer"], self.tables["ledger"]
        there = select(ledger.c.hash).where(ledger.c.seq == bindparam("seq")).scalar_subquery()
        always = select(literal_column("1")).subquery("always")
        known = always.outerjoin(peer, peer.c.device == bindparam("device"))
        return select(peer, there.label("there")).select_from(known)

    @cached_property
    def set_peer(self) -> Update:
        """at: the device; and the columns to set."""
        table = self.tables["peer"]
        return update(table).where(table.c.device == bindparam("at"))

    @cached_property
    def set_count(self) -> Update:
        """s, k: scope and kind; records, digest."""
        table = self.tables["tally"]
        return update(table).where(table.c.scope == bindparam("s"), table.c.kind == bindparam("k"))

    @cached_property
    def live_grants(self) -> Select[Any]:
        """user."""
        c = self.tables["scope_grant"].c
        query = select(c.scope, c.kinds, c.level, c.to_seq)
        return query.where(c.user_id == bindparam("user"), c.to_seq.is_(None))

    @cached_property
    def grants_since(self) -> Select[Any]:
        """user, after: those that began or ended behind that place in the ledger."""
        c = self.tables["scope_grant"].c
        after: BindParameter[int] = bindparam("after")
        moved = (c.to_seq.is_(None) & (c.from_seq > after)) | (c.to_seq > after)
        query = select(c.scope, c.kinds, c.level, c.to_seq)
        return query.where(c.user_id == bindparam("user"), moved)

    @cached_property
    def news(self) -> Select[Any]:
        """user, after, upto, most: ledger rows of the scopes she had before."""
        ledger, grant = self.tables["ledger"], self.tables["scope_grant"]
        after: BindParameter[int] = bindparam("after")
        granted = (
            (grant.c.scope == ledger.c.scope)
            & (grant.c.user_id == bindparam("user"))
            & grant.c.to_seq.is_(None)
            # A scope gained since is filled whole; its news would only come twice.
            & (grant.c.from_seq <= after)
        )
        return (
            select(ledger.c.seq, ledger.c.table_name, ledger.c.record, ledger.c.scope)
            .join(grant, granted)
            .where(ledger.c.seq > after, ledger.c.seq <= bindparam("upto"))
            .where(ledger.c.kind != Act.SEEN.value)  # that somebody read a record is no news of it
            .order_by(ledger.c.seq)
            .limit(bindparam("most"))
        )

    @cached_property
    def others_news(self) -> Select[Any]:
        """As `news`, without what was plainly applied for a device, which has it. device: which."""
        c = self.tables["ledger"].c
        own = (c.device == bindparam("device")) & (c.outcome == Outcome.APPLIED.value)
        own &= c.kind.in_((Act.INSERT.value, Act.UPDATE.value))
        return self.news.where(~own)

    @cached_property
    def any_purge(self) -> Select[Any]:
        """Whether anything was ever purged: a row if so."""
        c = self.tables["ledger"].c
        return select(c.record).where(c.kind == Act.PURGE.value).limit(1)
