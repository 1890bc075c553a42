"""Sync's own tables, added to the host's MetaData.

Both sides carry the same set, so that one definition serves laptop and council:

on a laptop     op, queue, shadow, receipt, parked, set_aside, held_scope, cursor, device_state,
                sync_gate, file_state, farewell
at the council  ledger_head, ledger, ledger_content, peer, scope_grant, tally, file, file_part
on both         conflict (the cards) and held (the trays), which travel like any record

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
    Text,
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
HELD = "held"


def tables(metadata: MetaData) -> None:
    """Add sync's own tables to the host's MetaData (once; a second call changes nothing)."""
    if CARD in metadata.tables:
        return
    _device(metadata)
    _hub(metadata)
    _cards(metadata)
    _trays(metadata)
    _files(metadata)


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
        Index("op_urgent", "pos", sqlite_where=text("urgent = 1"), postgresql_where=text("urgent")),
        # To the content as it was saved, where that is not kept in clear any more; NULL: it is there.
        Column("commitment", HASH),
    )
    # What has no receipt yet; ops themselves are written once. record, scope: as the op's; a read
    # ("seen") waits without a record, for it changes none.
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
        Column("lost_at", BIG),  # by the council's clock
    )
    # A receipt for each scope that left: numbers, no names. Edits are those of this laptop's own.
    Table(
        "farewell",
        metadata,
        Column("scope", SCOPE, primary_key=True),
        Column("lost_at", BIG, nullable=False),
        Column("purged_at", BIG, nullable=False),
        Column("records", Integer, nullable=False),  # removed from this laptop
        Column("applied", Integer, nullable=False),  # edits on the record
        Column("to_read", Integer, nullable=False),  # on the record and listed for whoever has it now
        Column("held", Integer, nullable=False),  # wait for whoever has it now
        Column("refused", Integer, nullable=False),
        Column("files", Integer, nullable=False),  # removed from this laptop
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
        # The last op of this generation with its receipt here; NULL: none yet.
        Column("sent_n", Integer),
        Column("sent_chain", HASH),
        Column("past", JSON_OR_NULL),  # generations before this one, the latest last
        Column("flight", Integer, nullable=False, default=0, server_default=text("0")),  # rounds begun
        # How much is sent and asked for at once, after what the way has shown; NULL: as much as may be.
        Column("batch_ops", Integer),
        Column("page_rows", Integer),
        # The council was put back to an earlier state since the last whole round; NULL: no.
        Column("put_back", Boolean),
    )
    # Rows of the council's that this version cannot keep: they count, and are put in place once it can.
    Table(
        "parked",
        metadata,
        Column("table_name", NAME, primary_key=True),
        Column("record", ID, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("scope", SCOPE, nullable=False),
        Column("columns", JSON, nullable=False),
        Column("row", LargeBinary, nullable=False),  # its values as they came, JSON
        Column("schema_version", Integer, nullable=False),  # which could not keep it
        Index("parked_scope", "scope"),
    )
    # Records here that the council does not have and nothing explains.
    Table(
        "set_aside",
        metadata,
        Column("table_name", NAME, primary_key=True),
        Column("record", ID, primary_key=True),
        Column("scope", SCOPE, nullable=False),
        Column("noticed_at", BIG, nullable=False),
        Column("agreed_at", BIG),  # NULL: nobody was asked yet, the record is in its place
        Column("row", JSON_OR_NULL),  # whole, as it would travel, once it was set aside
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
        # Few rows, asked for at every insert and every filling.
        Index(
            "ledger_purged",
            "record",
            "scope",
            sqlite_where=text("kind = 'purge'"),
            postgresql_where=text("kind = 'purge'"),
        ),
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
        Column("past", JSON_OR_NULL),  # generations that the device says this one replaced
        Column("replaced", JSON_OR_NULL),  # generations that the hub saw replaced
        Column("cloned_at", BIG),  # when it was seen that there are two of it
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


def _trays(metadata: MetaData) -> None:
    """An op that waits for a person, or was taken and is to be read by one. Its id is the op's.

    scope: of what it is about; where that is given to nobody yet, of the tray it waits in.
    """
    about = {"merge": policy.central(), "sensitivity": 0}
    said = {"merge": policy.central(), "sensitivity": 4}
    Table(
        HELD,
        metadata,
        Column("id", ID, primary_key=True),
        Column("version", Integer, nullable=False, default=0, server_default=text("0")),
        Column("scope", SCOPE, nullable=False),
        Column("extra", JSON_OR_NULL),
        Column("table_name", NAME, nullable=False, info=about),
        Column("record", ID, nullable=False, info=about),
        Column("kind", NAME, nullable=False, info=about),  # insert, update, decide
        Column("author", ID, nullable=False, info=about),
        Column("line", NAME, nullable=False, info=about),
        Column("made_at", BIG, nullable=False, info=about),
        Column("reason", NAME, nullable=False, info=about),  # a Reason, or "to_read"
        # Id of the waiting op it is decided with: the insert it needs, or the first of its act.
        Column("follows", ID, info=about),
        Column("patch", JSON_OR_NULL, info=said),  # as it travelled; NULL for what is to be read
        Column("was", JSON_OR_NULL, info=said),
        Column("state", NAME, nullable=False, info=about),  # waiting, to_read; admitted, declined, read
        Column("decided_at", BIG, info=about),
        Column("decided_by", ID, info=about),
        Column("why", Text, info=said),
        Index("held_record", "record"),
        Index("held_tray", "scope", "id"),
        Index("held_follows", "follows"),
        info={"sync": policy.Synced(scope=lambda row: str(row.get("scope") or ""))},
    )


def _files(metadata: MetaData) -> None:
    """The bytes that records carry: whole parts at the council, where they stand on a laptop."""
    Table(
        "file",
        metadata,
        Column("record", ID, primary_key=True),
        Column("table_name", NAME, nullable=False),
        Column("size", BIG, nullable=False),
        Column("complete", Boolean, nullable=False),
        Column("touched_at", BIG, nullable=False),
    )
    Table(
        "file_part",
        metadata,
        Column("record", ID, primary_key=True),
        Column("part", Integer, primary_key=True, autoincrement=False),
        Column("sha256", HASH, nullable=False),
        Column("data", LargeBinary, nullable=False),
    )
    Table(
        "file_state",
        metadata,
        Column("record", ID, primary_key=True),
        Column("table_name", NAME, nullable=False),
        Column("scope", SCOPE, nullable=False),
        Column("blob", ID, nullable=False),  # its name on the shelf, random
        Column("blob_key", LargeBinary, nullable=False),  # what the shelf needs to read it; gone with the row
        Column("size", BIG, nullable=False),
        Column("sha256", HASH, nullable=False),
        Column("have", Integer, nullable=False),  # parts that lie here
        Column("whole", Boolean, nullable=False),  # all of them, and together they are what was promised
        Column("sent", Integer, nullable=False),  # first part to send
        # The council said it has the whole, in this epoch and as of this version of the record.
        Column("received_epoch", ID),
        Column("received_version", Integer),
        Column("refused", NAME),  # a Reason
        Column("damaged", Boolean, nullable=False),
        Column("sealed", Boolean, nullable=False),  # its key is for the council's recovery key alone
        Index("file_state_scope", "scope"),
    )
