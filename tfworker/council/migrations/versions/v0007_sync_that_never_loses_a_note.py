"""sync that never loses a note: trays as records, files, what the clock begins and ends."""

import hashlib
import json
from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

RECORDS = (
    "chronology_entry",
    "document",
    "family",
    "household",
    "need",
    "worker",
    "allocation",
    "person",
    "membership",
    "contact_point",
    "plan",
    "goal",
    "action",
    "programme",
    "locality",
    "agency",
    "team",
    "headline_problem",
    "local_need_type",
    "practice_standard",
    "risk_marker",
    "safeguarding_concern",
    "concern_step",
    "visit",
    "visit_note",
    "note_amendment",
)


def upgrade() -> None:
    """One block for each part of sync that changed."""
    _trays()
    _grants_that_wait()
    _files()
    _peers()
    for table in RECORDS:
        # Counting a scope by ids and versions, and filling a laptop in this order, read no row for it.
        op.drop_index(op.f(f"ix_{table}_scope"), table)
        op.create_index(op.f(f"ix_{table}_scope"), table, ["scope", "id", "version"])
    # Purges are asked for at every insert and every filling.
    purged = sa.text("kind = 'purge'")
    op.create_index(
        "ledger_purged", "ledger", ["record", "scope"], sqlite_where=purged, postgresql_where=purged
    )


def _trays() -> None:
    """What waits for a person becomes a record, so that it travels: `held`, with its op's content."""
    connection = op.get_bind()
    waiting = connection.execute(
        sa.text(
            "SELECT h.op_id, h.table_name, h.record, h.scope, h.author, h.line, h.made_at, h.reason, "
            "h.state, l.kind, c.content FROM held h JOIN ledger l ON l.op_id = h.op_id "
            "LEFT JOIN ledger_content c ON c.seq = l.seq ORDER BY l.seq"
        )
    )
    rows = _followed([dict(row) for row in waiting.mappings()])
    op.drop_table("held")
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    held = op.create_table(
        "held",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("table_name", sa.String(length=64), nullable=False),
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("made_at", big, nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("follows", sa.String(length=32), nullable=True),
        sa.Column("patch", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("was", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("decided_at", big, nullable=True),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held")),
    )
    op.create_index("held_follows", "held", ["follows"], unique=False)
    op.create_index("held_record", "held", ["record"], unique=False)
    op.create_index("held_tray", "held", ["scope", "id"], unique=False)
    if not rows:
        return
    op.bulk_insert(held, rows)
    tally = sa.table("tally", *(sa.column(name) for name in ("scope", "kind", "records", "digest")))
    op.bulk_insert(tally, _counted(rows))


def _followed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows in the new form. A change of a record whose insert waits lies in the tray of that."""
    inserts = {row["record"]: row for row in rows if row["kind"] == "insert" and row["state"] == "waiting"}
    found = []
    for row in rows:
        content = json.loads(bytes(row["content"])) if row["content"] else {}
        first = inserts.get(row["record"])
        behind = first is not None and first["op_id"] != row["op_id"] and row["state"] == "waiting"
        said = {} if row["state"] == "to_read" else content
        found.append(
            {
                "id": row["op_id"],
                "version": 1,
                "scope": first["scope"] if behind and first is not None else row["scope"],
                "patch": said.get("patch"),
                "was": said.get("was"),
                "follows": first["op_id"] if behind and first is not None else None,
                **{name: row[name] for name in ("table_name", "record", "kind", "author", "line")},
                **{name: row[name] for name in ("made_at", "reason", "state")},
            }
        )
    return found


def _counted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many there are in each scope, with their digest, as the check of a round compares them."""
    by_scope: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        by_scope[row["scope"]].append(int.from_bytes(hashlib.sha256(f"{row['id']}:1".encode()).digest()[:16]))
    return [
        {"scope": scope, "kind": "held", "records": len(found), "digest": f"{sum(found) % (1 << 128):032x}"}
        for scope, found in by_scope.items()
    ]


def _peers() -> None:
    """A device's earlier generations, by which an old copy of it and a second one are known."""
    op.add_column("peer", sa.Column("past", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("peer", sa.Column("replaced", sa.JSON(none_as_null=True), nullable=True))
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("peer", sa.Column("cloned_at", big, nullable=True))


def _files() -> None:
    """Documents of a family, and their bytes in parts."""
    moment = sa.DateTime(timezone=True)
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "document",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("family_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("taken_at", moment, nullable=True),
        sa.Column("consent_for_photo", sa.Boolean(), nullable=True),
        sa.Column("received_at", moment, nullable=True),
        sa.Column("written_by", sa.String(length=32), nullable=True),
        sa.Column("written_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index("ix_document_family_id", "document", ["family_id"], unique=False)
    op.create_index(op.f("ix_document_scope"), "document", ["scope"], unique=False)
    op.create_table(
        "file",
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("table_name", sa.String(length=64), nullable=False),
        sa.Column("size", big, nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("touched_at", big, nullable=False),
        sa.PrimaryKeyConstraint("record", name=op.f("pk_file")),
    )
    op.create_table(
        "file_part",
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("record", "part", name=op.f("pk_file_part")),
    )


def _grants_that_wait() -> None:
    """Removals of unusual size, until the operator confirms them."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "grant_waiting",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("since", big, nullable=False),
        sa.Column("confirmed_at", big, nullable=True),
        sa.PrimaryKeyConstraint("user_id", "scope", name=op.f("pk_grant_waiting")),
    )
