"""Values of the documents of a family."""

from dataclasses import dataclass
from datetime import datetime

from tfworker.actions.values.marks import Chip, Choice


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One document in the list of a family.

    title: what it shows, "" where none was given or it is withheld. file_name: generic, for saving
        it elsewhere. size_words: "1.4 MiB". added_words: who added it, and when.
    state: where its file is known to be, in words. can_open: it is here, or can be fetched.
    """

    document_id: str
    kind: Choice
    title: str
    file_name: str
    media_type: str
    size_bytes: int
    size_words: str
    added_at: datetime | None
    added_words: str
    state: Chip
    can_open: bool
