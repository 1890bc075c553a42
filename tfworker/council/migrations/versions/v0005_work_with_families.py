"""Work with families."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "action",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("family_id", sa.String(length=32), nullable=False),
        sa.Column("goal_id", sa.String(length=32), nullable=True),
        sa.Column("note_id", sa.String(length=32), nullable=True),
        sa.Column("what", sa.Text(), nullable=True),
        sa.Column("owner_kind", sa.String(length=40), nullable=True),
        sa.Column("owner_name", sa.Text(), nullable=True),
        sa.Column("owner_person_id", sa.String(length=32), nullable=True),
        sa.Column("owner_worker_id", sa.String(length=32), nullable=True),
        sa.Column("agency_id", sa.String(length=32), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("state_reason", sa.Text(), nullable=True),
        sa.Column("visible_to_family", sa.Boolean(), nullable=True),
        sa.Column("written_by", sa.String(length=32), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    op.create_index("ix_action_family_id", "action", ["family_id"], unique=False)
    op.create_index("ix_action_goal_id", "action", ["goal_id"], unique=False)
    op.create_index(op.f("ix_action_scope"), "action", ["scope"], unique=False)
    op.create_table(
        "chronology_entry",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("family_id", sa.String(length=32), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("precision", sa.String(length=40), nullable=True),
        sa.Column("event", sa.Text(), nullable=True),
        sa.Column("impact_on_child", sa.Text(), nullable=True),
        sa.Column("positive", sa.Boolean(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("source_name", sa.Text(), nullable=True),
        sa.Column("note_id", sa.String(length=32), nullable=True),
        sa.Column("confidence", sa.String(length=40), nullable=True),
        sa.Column("written_by", sa.String(length=32), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chronology_entry")),
    )
    op.create_index(
        "ix_chronology_entry_family_id_happened_on",
        "chronology_entry",
        ["family_id", "happened_on"],
        unique=False,
    )
    op.create_index(op.f("ix_chronology_entry_scope"), "chronology_entry", ["scope"], unique=False)
    op.create_table(
        "goal",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("family_id", sa.String(length=32), nullable=False),
        sa.Column("plan_id", sa.String(length=32), nullable=True),
        sa.Column("need_ids", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("person_ids", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("baseline_0_10", sa.Integer(), nullable=True),
        sa.Column("target_0_10", sa.Integer(), nullable=True),
        sa.Column("current_0_10", sa.Integer(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=True),
        sa.Column("state_on", sa.Date(), nullable=True),
        sa.Column("state_reason", sa.Text(), nullable=True),
        sa.Column("written_by", sa.String(length=32), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    op.create_index("ix_goal_family_id", "goal", ["family_id"], unique=False)
    op.create_index(op.f("ix_goal_scope"), "goal", ["scope"], unique=False)
    op.create_table(
        "need",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("family_id", sa.String(length=32), nullable=False),
        sa.Column("person_ids", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("headline", sa.String(length=40), nullable=True),
        sa.Column("indicator", sa.String(length=40), nullable=True),
        sa.Column("local_type", sa.String(length=40), nullable=True),
        sa.Column("described_in_family_words", sa.Text(), nullable=True),
        sa.Column("identified_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("severity", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=True),
        sa.Column("counts_for_claim", sa.Boolean(), nullable=True),
        sa.Column("written_by", sa.String(length=32), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
    )
    op.create_index("ix_need_family_id", "need", ["family_id"], unique=False)
    op.create_index(op.f("ix_need_scope"), "need", ["scope"], unique=False)
    op.create_table(
        "note_amendment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("family_id", sa.String(length=32), nullable=False),
        sa.Column("note_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("old_value", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("approved_by", sa.String(length=32), nullable=True),
        sa.Column("written_by", sa.String(length=32), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_amendment")),
    )
    op.create_index("ix_note_amendment_note_id", "note_amendment", ["note_id"], unique=False)
    op.create_index(op.f("ix_note_amendment_scope"), "note_amendment", ["scope"], unique=False)
    op.create_table(
        "plan",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("family_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_to", sa.Date(), nullable=True),
        sa.Column("aims_in_family_words", sa.Text(), nullable=True),
        sa.Column("members_covered", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("agreed_with", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("aligned_outcomes", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=True),
        sa.Column("state_on", sa.Date(), nullable=True),
        sa.Column("state_reason", sa.Text(), nullable=True),
        sa.Column("superseded_by", sa.String(length=32), nullable=True),
        sa.Column("review_due", sa.Date(), nullable=True),
        sa.Column("written_by", sa.String(length=32), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    op.create_index("ix_plan_family_id", "plan", ["family_id"], unique=False)
    op.create_index(op.f("ix_plan_scope"), "plan", ["scope"], unique=False)
    op.create_table(
        "visit",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("family_id", sa.String(length=32), nullable=False),
        sa.Column("worker_ids", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expected_out", sa.DateTime(timezone=True), nullable=True),
        sa.Column("type", sa.String(length=40), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("risk_level", sa.String(length=40), nullable=True),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.Column("announced", sa.Boolean(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rooms_seen", sa.Text(), nullable=True),
        sa.Column("hazard_note", sa.Text(), nullable=True),
        sa.Column("next_date_given", sa.Date(), nullable=True),
        sa.Column("written_by", sa.String(length=32), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index("ix_visit_family_id_planned_at", "visit", ["family_id", "planned_at"], unique=False)
    op.create_index(op.f("ix_visit_scope"), "visit", ["scope"], unique=False)
    op.create_table(
        "visit_note",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("family_id", sa.String(length=32), nullable=False),
        sa.Column("visit_id", sa.String(length=32), nullable=True),
        sa.Column("note_ref", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("visit_type", sa.String(length=40), nullable=True),
        sa.Column("correspondence", sa.String(length=40), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("present", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("children_seen", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("what_happened", sa.Text(), nullable=True),
        sa.Column("child_means", sa.Text(), nullable=True),
        sa.Column("next_date", sa.Date(), nullable=True),
        sa.Column("significant", sa.Boolean(), nullable=True),
        sa.Column("need_ids", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("goal_ids", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("finalised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finalised_by", sa.String(length=32), nullable=True),
        sa.Column("device_name", sa.Text(), nullable=True),
        sa.Column("original_hash", sa.Text(), nullable=True),
        sa.Column("written_by", sa.String(length=32), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_note")),
        sa.UniqueConstraint("note_ref", name=op.f("uq_visit_note_note_ref")),
    )
    op.create_index(
        "ix_visit_note_family_id_happened_at", "visit_note", ["family_id", "happened_at"], unique=False
    )
    op.create_index(op.f("ix_visit_note_scope"), "visit_note", ["scope"], unique=False)
    op.create_index("ix_visit_note_visit_id", "visit_note", ["visit_id"], unique=False)
