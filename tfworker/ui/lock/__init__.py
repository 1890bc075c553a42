"""What stands before the records: unlocking, and enrolling a new laptop. No personal data here."""
