"""Sync's own tables, added to the host's MetaData.

Both sides carry the same set, so that one definition serves laptop and council:

on a laptop     op, queue, shadow, receipt, held_scope, cursor, device_state, sync_gate
at the council  ledger_head, ledger, ledger_content, peer, scope_grant, held, tally
on both         conflict (the cards), which travels like any record

Times are milliseconds since 1970 UTC. Ids are 32 hex digits.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    text,
)

from sync import policy

ID = String(32)
HASH = String(64)
NAME = String(64)
SCOPE = String(80)
BIG = BigInteger().with_variant(Integer, "sqlite")
# SQL NULL, not the JSON word null, where a JSON column is empty.
JSON_OR_NULL = JSON(none_as_null=True)

CARD = "conflict"


def tables(metadata: MetaData) -> None:
    """Add sync's own tables to the host's MetaData (once; a second call changes nothing)."""
    if CARD in metadata.tables:
        return
    _device(metadata)
    _hub(metadata)
    _cards(metadata)


def _device(metadata: MetaData) -> None:
    Table(
        "op",
        metadata,
        Column("pos", Integer, primary_key=True, autoincrement=True),
        Column("op_id", ID, nullable=False, unique=True),
        Column("n", Integer, nullable=False),
        Column("chain", HASH, nullable=False),
        Column("kind", NAME, nullable=False),
        Column("table_name", NAME, nullable=False),
        Column("record", ID, nullable=False),
        Column("scope", SCOPE, nullable=False),
        Column("base_epoch", ID, nullable=False),
        Column("base_version", Integer, nullable=False),
        Column("made_at", BIG, nullable=False),
        Column("act_id", ID, nullable=False),
        Column("salt", ID, nullable=False),
        Column("content", LargeBinary, nullable=False),
        Column("knows", JSON_OR_NULL),
        Column("urgent", Boolean, nullable=False, default=False),
    )
    # What has no receipt yet; ops themselves are written once. record, scope: as the op's.
    Table(
        "queue",
        metadata,
        Column("pos", Integer, primary_key=True, autoincrement=False),
        Column("record", ID, nullable=False),
        Column("scope", SCOPE, nullable=False),
        Index("queue_record", "record"),
    )
    Table(
        "receipt",
        metadata,
        Column("op_id", ID, primary_key=True),
        Column("epoch", ID, nullable=False),
        Column("seq", BIG, nullable=False),
        Column("version", Integer, nullable=False),
        Column("outcome", NAME, nullable=False),
        Column("reason", NAME),
        Column("fields", JSON_OR_NULL),
        Column("received_at", BIG, nullable=False),
        Index("receipt_outcome", "outcome"),
    )
    Table(
        "shadow",
        metadata,
        Column("table_name", NAME, primary_key=True),
        Column("record", ID, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("row", JSON, nullable=False),
    )
    Table(
        "held_scope",
        metadata,
        Column("scope", SCOPE, primary_key=True),
        Column("kinds", JSON, nullable=False),
        Column("level", Integer, nullable=False),
        Column("filled", Boolean, nullable=False, default=False),
        Column("lost", Boolean, nullable=False, default=False),
        Column("checked_at", BIG),
    )
    Table(
        "cursor",
        metadata,
        Column("head", NAME, primary_key=True),
        Column("epoch", ID, nullable=False),
        Column("seq", BIG, nullable=False),
        Column("hash", HASH, nullable=False),
        Column("schema_version", Integer, nullable=False),
    )
    Table(
        "device_state",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("generation", ID, nullable=False),
        Column("n", Integer, nullable=False),
        Column("chain", HASH, nullable=False),
        # Everything up to this pos was sent in its place.
        Column("sent_pos", Integer, nullable=False, default=0, server_default=text("0")),
        Column("last_round_at", BIG),
        Column("skew_ms", BIG),
    )
    Table(
        "sync_gate",
        metadata,
        Column("record", ID, primary_key=True),
        # Refers to a table that stays empty: a gate left open makes the commit itself fail.
        Column(
            "must_be_shut",
            Integer,
            ForeignKey("sync_never.id", deferrable=True, initially="DEFERRED"),
            nullable=False,
            server_default=text("1"),
        ),
    )
    Table("sync_never", metadata, Column("id", Integer, primary_key=True))


def _hub(metadata: MetaData) -> None:
    Table(
        "ledger_head",
        metadata,
        Column("head", NAME, primary_key=True),
        Column("epoch", ID, nullable=False),
        Column("seq", BIG, nullable=False),
        Column("hash", HASH, nullable=False),
    )
    Table(
        "ledger",
        metadata,
        Column("seq", BIG, primary_key=True, autoincrement=False),
        Column("op_id", ID, nullable=False, unique=True),
        Column("kind", NAME, nullable=False),
        Column("table_name", NAME, nullable=False),
        Column("record", ID, nullable=False),
        Column("version", Integer, nullable=False),
        Column("scope", SCOPE, nullable=False),
        Column("author", ID, nullable=False),
        Column("device", NAME, nullable=False),
        Column("line", NAME, nullable=False),
        Column("n", Integer, nullable=False),
        Column("made_at", BIG, nullable=False),
        Column("received_at", BIG, nullable=False),
        Column("outcome", NAME, nullable=False),
        Column("reason", NAME),
        Column("fields", JSON_OR_NULL),
        Column("commitment", HASH, nullable=False),
        Column("hash", HASH, nullable=False),
        Index("ledger_record", "record", "version"),
    )
    Table(
        "ledger_content",
        metadata,
        Column("seq", BIG, primary_key=True, autoincrement=False),
        Column("salt", ID, nullable=False),
        Column("content", LargeBinary, nullable=False),
        # What the op did to the row where that is not simply its patch: {"patch", "was"}.
        Column("effect", LargeBinary),
    )
    Table(
        "peer",
        metadata,
        Column("device", NAME, primary_key=True),
        Column("generation", ID, nullable=False),
        Column("n", Integer, nullable=False),
        Column("chain", HASH, nullable=False),
        Column("last_seen_at", BIG, nullable=False),
    )
    Table(
        "scope_grant",
        metadata,
        Column("id", ID, primary_key=True),
        Column("user_id", ID, nullable=False),
        Column("scope", SCOPE, nullable=False),
        Column("kinds", String(1000), nullable=False),  # sorted table names, a space between
        Column("level", Integer, nullable=False),
        Column("from_seq", BIG, nullable=False),
        Column("to_seq", BIG),
        Index("scope_grant_user", "user_id", "scope"),
        Index("scope_grant_from", "user_id", "from_seq"),
        Index("scope_grant_to", "user_id", "to_seq"),
        Index("scope_grant_scope", "scope"),
    )
    Table(
        "held",
        metadata,
        Column("op_id", ID, primary_key=True),
        Column("seq", BIG, nullable=False),
        Column("table_name", NAME, nullable=False),
        Column("record", ID, nullable=False),
        Column("scope", SCOPE, nullable=False),
        Column("author", ID, nullable=False),
        Column("line", NAME, nullable=False),
        Column("made_at", BIG, nullable=False),
        Column("reason", NAME, nullable=False),
        Column("state", NAME, nullable=False),  # waiting, to_read, admitted, declined, read
        Index("held_record", "record"),
        Index("held_scope_state", "scope", "state"),
    )
    Table(
        "tally",
        metadata,
        Column("scope", SCOPE, primary_key=True),
        Column("kind", NAME, primary_key=True),
        Column("records", Integer, nullable=False),
        Column("digest", ID, nullable=False),  # sum mod 2**128 of SHA-256(id, version), hex
    )


def _cards(metadata: MetaData) -> None:
    """A card: what several people made of one field group of one record at the same time."""
    # That there is a card, anybody may know who is given the record; what is on it, only at the top.
    about = {"merge": policy.central(), "sensitivity": 0}
    said = {"merge": policy.central(), "sensitivity": 4}
    Table(
        CARD,
        metadata,
        Column("id", ID, primary_key=True),
        Column("version", Integer, nullable=False, default=0, server_default=text("0")),
        Column("scope", SCOPE, nullable=False),
        Column("extra", JSON_OR_NULL),
        Column("table_name", NAME, nullable=False, info=about),
        Column("record", ID, nullable=False, info=about),
        Column("group_name", NAME, nullable=False, info=about),
        Column("kind", NAME, nullable=False, info=about),  # same_field, safer, review, rival
        Column("columns", JSON, nullable=False, info=about),
        Column("base", JSON_OR_NULL, info=said),  # {column: value} both sides last agreed on
        Column("sides", JSON_OR_NULL, info=said),  # {line: {user, made_at, op_id, values}}
        Column("state", NAME, nullable=False, info=about),  # open, decided
        Column("opened_at", BIG, nullable=False, info=about),
        Column("decided_at", BIG, info=about),
        Column("decided_by", ID, info=about),
        Column("decision", JSON_OR_NULL, info=said),  # {choice, values, why}
        Index("conflict_record", "record"),
        Index("conflict_scope", "scope", "id"),
        info={"sync": policy.Synced(scope=lambda row: str(row.get("scope") or ""))},
    )
