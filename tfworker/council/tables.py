"""The council's own tables: who may sign in, from which laptop, with which tokens.

Nothing here is synced, and no secret is kept in a readable form: passwords as Argon2id, codes and
tokens as SHA-256 (they are random and long, so a slow hash would add nothing).

Times are milliseconds since 1970 UTC. Ids are 32 hex digits; `worker` is the id of a `worker` record.
"""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table

ID = String(32)
HASH = String(64)
TIME = BigInteger().with_variant(Integer, "sqlite")


def add_tables(metadata: MetaData) -> None:
    """Add the council's own tables to the MetaData that holds records and sync (once)."""
    if "account" in metadata.tables:
        return
    _facts(metadata)
    _waiting(metadata)
    _accounts(metadata)
    _devices(metadata)
    _imports(metadata)


def _facts(metadata: MetaData) -> None:
    Table(
        "council_fact",
        metadata,
        Column("name", String(64), primary_key=True),
        Column("value", JSON, nullable=False),
    )


def _waiting(metadata: MetaData) -> None:
    # Grants that should end and still stand until the operator confirms: too many at once.
    Table(
        "grant_waiting",
        metadata,
        Column("user_id", ID, primary_key=True),
        Column("scope", String(80), primary_key=True),
        Column("since", TIME, nullable=False),
        Column("confirmed_at", TIME),
    )


def _accounts(metadata: MetaData) -> None:
    Table(
        "account",
        metadata,
        Column("worker", ID, primary_key=True),
        Column("password", String(200), nullable=False),  # PHC text: Argon2id, its cost, salt and tag
        Column("disabled", Boolean, nullable=False, default=False),
        Column("made_at", TIME, nullable=False),
        Column("password_set_at", TIME, nullable=False),
    )
    # Failed sign-ins. `who` is SHA-256 of what was typed as the login (people type passwords
    # there), `address` where it came from; "" stands for any. A pair that once signed in keeps
    # `succeeded_at`: other people's failures then no longer slow it down.
    Table(
        "attempt",
        metadata,
        Column("who", HASH, primary_key=True),
        Column("address", String(64), primary_key=True),
        Column("failures", Integer, nullable=False),
        Column("last_at", TIME, nullable=False),
        Column("blocked_until", TIME, nullable=False),
        Column("succeeded_at", TIME),
        Index("attempt_last", "last_at"),
    )


def _devices(metadata: MetaData) -> None:
    Table(
        "device",
        metadata,
        Column("id", ID, primary_key=True),
        Column("line", ID, nullable=False),
        Column("worker", ID, nullable=False),
        Column("public_key", HASH, nullable=False),  # Ed25519, 32 bytes in hex
        Column("state", String(16), nullable=False),  # active, suspended, lost, retired
        Column("name", String(80), nullable=False),
        Column("app_version", String(32), nullable=False),
        Column("enrolled_at", TIME, nullable=False),
        Column("last_seen", TIME, nullable=False),
        Index("device_worker", "worker"),
    )
    Table(
        "enrolment_code",
        metadata,
        Column("hash", HASH, primary_key=True),
        Column("worker", ID, nullable=False),
        Column("made_at", TIME, nullable=False),
        Column("expires_at", TIME, nullable=False),
        Column("used_at", TIME),
        Column("device", ID),  # the laptop it enrolled
        Index("enrolment_code_worker", "worker"),
    )
    # One sign-in of one laptop: a family of refresh tokens, of which only the newest is good.
    Table(
        "session",
        metadata,
        Column("id", ID, primary_key=True),
        Column("device", ID, nullable=False),
        Column("worker", ID, nullable=False),
        Column("made_at", TIME, nullable=False),
        Column("expires_at", TIME, nullable=False),  # for good, however often it is refreshed
        Column("ended_at", TIME),
        Column("ended_why", String(32)),
        Column("access_hash", HASH, nullable=False, unique=True),
        Column("access_expires_at", TIME, nullable=False),
        Column("refresh_hash", HASH, nullable=False),
        Column("refresh_expires_at", TIME, nullable=False),  # when the laptop stays away
        Column("previous_hash", HASH),
        Column("is_used", Boolean, nullable=False, default=False),  # the newest pair reached the laptop
        Column("grace_used", Boolean, nullable=False, default=False),
        Index("session_device", "device"),
    )


def _imports(metadata: MetaData) -> None:
    # For each record of a source: its id here and the source's last word on it. A purge of a
    # record removes its line too.
    Table(
        "import_row",
        metadata,
        Column("source", String(40), primary_key=True),
        Column("table_name", String(64), primary_key=True),
        Column("reference", String(250), primary_key=True),
        Column("record", ID, nullable=False),
        # {column: value}, dates and times as ISO text; NULL while only the id is set aside.
        Column("word", JSON(none_as_null=True)),
        Index("import_row_record", "record"),
    )
