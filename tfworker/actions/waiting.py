"""Everything the Review page shows, read in one go so that it fits together."""

from tfworker.actions.desk import Desk
from tfworker.actions.fields import Reading
from tfworker.actions.remarks import read_remarks
from tfworker.actions.returned import edits
from tfworker.actions.review import read_cards
from tfworker.actions.settled import read_settled
from tfworker.actions.tray import items
from tfworker.actions.values import Waiting


def waiting(desk: Desk) -> Waiting:
    """What waits for a person on this laptop, what to look at, and what was settled lately."""
    with desk.vault.read() as connection:
        reading = Reading(connection, desk.schema, desk.now())
        return Waiting(
            cards=tuple(read_cards(desk, reading)),
            returned=tuple(edits(desk, connection)),
            tray=tuple(items(desk, reading)),
            remarks=tuple(read_remarks(desk, reading)),
            settled=tuple(read_settled(desk, reading)),
        )
