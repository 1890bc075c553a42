"""Reference and people."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "agency",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=True),
        sa.Column("sharing_basis", sa.String(length=40), nullable=True),
        sa.Column("agreement_ref", sa.Text(), nullable=True),
        sa.Column("agreement_expires", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("name", name=op.f("uq_agency_name")),
    )
    op.create_index(op.f("ix_agency_scope"), "agency", ["scope"], unique=False)
    op.create_table(
        "allocation",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("family_id", sa.String(length=32), nullable=False),
        sa.Column("worker_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
    )
    op.create_index("ix_allocation_family_id", "allocation", ["family_id"], unique=False)
    op.create_index(op.f("ix_allocation_scope"), "allocation", ["scope"], unique=False)
    op.create_index("ix_allocation_worker_id", "allocation", ["worker_id"], unique=False)
    op.create_table(
        "headline_problem",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("rule_set", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("indicators", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_headline_problem")),
    )
    op.create_index(op.f("ix_headline_problem_scope"), "headline_problem", ["scope"], unique=False)
    op.create_table(
        "local_need_type",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("maps_to_headline", sa.String(length=40), nullable=True),
        sa.Column("active", sa.Boolean(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_need_type")),
        sa.UniqueConstraint("code", name=op.f("uq_local_need_type_code")),
    )
    op.create_index(op.f("ix_local_need_type_scope"), "local_need_type", ["scope"], unique=False)
    op.create_table(
        "locality",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("district", sa.Text(), nullable=True),
        sa.Column("target_years", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locality")),
        sa.UniqueConstraint("code", name=op.f("uq_locality_code")),
    )
    op.create_index(op.f("ix_locality_scope"), "locality", ["scope"], unique=False)
    op.create_table(
        "practice_standard",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=True),
        sa.Column("applies_to", sa.String(length=40), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("set_by", sa.Text(), nullable=True),
        sa.Column("set_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_standard")),
    )
    op.create_index(op.f("ix_practice_standard_scope"), "practice_standard", ["scope"], unique=False)
    op.create_table(
        "programme",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("name_local", sa.Text(), nullable=False),
        sa.Column("council_name", sa.Text(), nullable=True),
        sa.Column("accountable_body", sa.Text(), nullable=True),
        sa.Column("phase_label", sa.Text(), nullable=True),
        sa.Column("funding_mode", sa.String(length=40), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("emergency_numbers", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("settings", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
    )
    op.create_index(op.f("ix_programme_scope"), "programme", ["scope"], unique=False)
    op.create_table(
        "team",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("locality_id", sa.String(length=32), nullable=True),
        sa.Column("leader_id", sa.String(length=32), nullable=True),
        sa.Column("employing_agency_id", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("code", name=op.f("uq_team_code")),
    )
    op.create_index(op.f("ix_team_scope"), "team", ["scope"], unique=False)
    op.create_table(
        "worker",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("staff_no", sa.Text(), nullable=True),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("work_email", sa.Text(), nullable=True),
        sa.Column("work_phone", sa.Text(), nullable=True),
        sa.Column("employing_agency_id", sa.String(length=32), nullable=True),
        sa.Column("team_id", sa.String(length=32), nullable=True),
        sa.Column("roles", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("fte_percent", sa.Integer(), nullable=True),
        sa.Column("active_from", sa.Date(), nullable=True),
        sa.Column("active_to", sa.Date(), nullable=True),
        sa.Column("clearance_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
        sa.UniqueConstraint("staff_no", name=op.f("uq_worker_staff_no")),
    )
    op.create_index(op.f("ix_worker_scope"), "worker", ["scope"], unique=False)
    op.create_index(op.f("ix_worker_team_id"), "worker", ["team_id"], unique=False)
