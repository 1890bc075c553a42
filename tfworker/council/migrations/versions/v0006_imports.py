"""imports."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "import_row",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("table_name", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=250), nullable=False),
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("word", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("source", "table_name", "reference", name=op.f("pk_import_row")),
    )
    op.create_index("import_row_record", "import_row", ["record"], unique=False)
