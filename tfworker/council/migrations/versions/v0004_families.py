"""Families."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "concern_step",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("concern_id", sa.String(length=32), nullable=False),
        sa.Column("family_id", sa.String(length=32), nullable=True),
        sa.Column("raised_by", sa.String(length=32), nullable=True),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("written_by", sa.String(length=32), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_step")),
    )
    op.create_index("ix_concern_step_concern_id", "concern_step", ["concern_id"], unique=False)
    op.create_index(op.f("ix_concern_step_scope"), "concern_step", ["scope"], unique=False)
    op.create_table(
        "contact_point",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("safe_to_call", sa.String(length=40), nullable=True),
        sa.Column("safe_note", sa.Text(), nullable=True),
        sa.Column("do_not_leave_message", sa.Boolean(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_point")),
    )
    op.create_index("ix_contact_point_person_id", "contact_point", ["person_id"], unique=False)
    op.create_index(op.f("ix_contact_point_scope"), "contact_point", ["scope"], unique=False)
    op.create_table(
        "family",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("family_ref", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("status_on", sa.Date(), nullable=True),
        sa.Column("status_reason", sa.Text(), nullable=True),
        sa.Column("status_review_on", sa.Date(), nullable=True),
        sa.Column("intensity", sa.String(length=40), nullable=True),
        sa.Column("locality_id", sa.String(length=32), nullable=True),
        sa.Column("team_id", sa.String(length=32), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("supported_on", sa.Date(), nullable=True),
        sa.Column("attached_on", sa.Date(), nullable=True),
        sa.Column("attach_year", sa.Text(), nullable=True),
        sa.Column("delivery_agency_id", sa.String(length=32), nullable=True),
        sa.Column("story_so_far", sa.Text(), nullable=True),
        sa.Column("story_on", sa.Date(), nullable=True),
        sa.Column("story_by", sa.String(length=32), nullable=True),
        sa.Column("priority_now", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family")),
        sa.UniqueConstraint("family_ref", name=op.f("uq_family_family_ref")),
    )
    op.create_index(op.f("ix_family_scope"), "family", ["scope"], unique=False)
    op.create_index("ix_family_team_id", "family", ["team_id"], unique=False)
    op.create_table(
        "household",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("family_id", sa.String(length=32), nullable=False),
        sa.Column("address_lines", sa.Text(), nullable=True),
        sa.Column("postcode", sa.Text(), nullable=True),
        sa.Column("uprn", sa.Text(), nullable=True),
        sa.Column("confidential", sa.Boolean(), nullable=True),
        sa.Column("tenure", sa.String(length=40), nullable=True),
        sa.Column("access_note", sa.Text(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
    )
    op.create_index("ix_household_family_id", "household", ["family_id"], unique=False)
    op.create_index(op.f("ix_household_scope"), "household", ["scope"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("family_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("parental_responsibility", sa.String(length=40), nullable=True),
        sa.Column("lives_here", sa.String(length=40), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index("ix_membership_family_id", "membership", ["family_id"], unique=False)
    op.create_index("ix_membership_person_id", "membership", ["person_id"], unique=False)
    op.create_index(op.f("ix_membership_scope"), "membership", ["scope"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("person_ref", sa.Text(), nullable=True),
        sa.Column("forenames", sa.Text(), nullable=True),
        sa.Column("family_name", sa.Text(), nullable=True),
        sa.Column("known_as", sa.Text(), nullable=True),
        sa.Column("other_names", sa.Text(), nullable=True),
        sa.Column("dob", sa.Date(), nullable=True),
        sa.Column("dob_estimated", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("expected_date", sa.Date(), nullable=True),
        sa.Column("gender", sa.Text(), nullable=True),
        sa.Column("pronouns", sa.Text(), nullable=True),
        sa.Column("ethnicity_code", sa.String(length=40), nullable=True),
        sa.Column("first_language", sa.Text(), nullable=True),
        sa.Column("interpreter_needed", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("communication_needs", sa.Text(), nullable=True),
        sa.Column("nhs_number", sa.Text(), nullable=True),
        sa.Column("upn", sa.Text(), nullable=True),
        sa.Column("ni_number", sa.Text(), nullable=True),
        sa.Column("disability", sa.Text(), nullable=True),
        sa.Column("health_note", sa.Text(), nullable=True),
        sa.Column("school", sa.Text(), nullable=True),
        sa.Column("year_group", sa.Text(), nullable=True),
        sa.Column("legal_status", sa.String(length=40), nullable=True),
        sa.Column("legal_status_on", sa.Date(), nullable=True),
        sa.Column("legal_status_source", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("person_ref", name=op.f("uq_person_person_ref")),
    )
    op.create_index(op.f("ix_person_scope"), "person", ["scope"], unique=False)
    op.create_table(
        "risk_marker",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("family_id", sa.String(length=32), nullable=True),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("do_not_disclose_to", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("set_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=True),
        sa.Column("cleared_on", sa.Date(), nullable=True),
        sa.Column("cleared_by", sa.String(length=32), nullable=True),
        sa.Column("cleared_why", sa.Text(), nullable=True),
        sa.Column("written_by", sa.String(length=32), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_marker")),
    )
    op.create_index("ix_risk_marker_family_id", "risk_marker", ["family_id"], unique=False)
    op.create_index("ix_risk_marker_person_id", "risk_marker", ["person_id"], unique=False)
    op.create_index(op.f("ix_risk_marker_scope"), "risk_marker", ["scope"], unique=False)
    op.create_table(
        "safeguarding_concern",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("family_id", sa.String(length=32), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("about", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("seen_or_said", sa.Text(), nullable=True),
        sa.Column("immediate_danger", sa.Boolean(), nullable=True),
        sa.Column("told", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("family_told", sa.String(length=40), nullable=True),
        sa.Column("follow_up_due", sa.Date(), nullable=True),
        sa.Column("written_by", sa.String(length=32), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safeguarding_concern")),
    )
    op.create_index("ix_safeguarding_concern_family_id", "safeguarding_concern", ["family_id"], unique=False)
    op.create_index(op.f("ix_safeguarding_concern_scope"), "safeguarding_concern", ["scope"], unique=False)
