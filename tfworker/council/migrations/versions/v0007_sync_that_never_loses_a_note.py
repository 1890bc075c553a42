"""sync that never loses a note: trays as records, files, what the clock begins and ends."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """One block for each part of sync that changed."""
