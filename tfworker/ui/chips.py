"""Chips and marks that several pages show."""

from collections.abc import Collection

from tfworker.actions.values import Chip, Tone, Whereabouts
from tfworker.ui.parts.mark import Mark

WHEREABOUTS = {
    Whereabouts.LAPTOP: Chip("On this laptop only", Tone.WARN, "Kept here, and sent with the next sync"),
    Whereabouts.PERSON: Chip("Needs a person", Tone.WARN, "The council has it; a person decides"),
}
# Of each of the three states: its words, its sign, its ink, and what it means.
STATES = {
    Whereabouts.LAPTOP: ("On this laptop only", "laptop", "warn", "Kept here, and sent with the next sync"),
    Whereabouts.COUNCIL: ("Received", "check", "muted", "Received by the council: its receipt is here"),
    Whereabouts.PERSON: ("Needs a person", "account-alert-outline", "warn", "Received; a person decides"),
}  # fmt: skip


def whereabouts(where: Whereabouts, marks: Collection[str] = ()) -> tuple[Chip, ...]:
    """What to say of where an edit is, in a line that has no room for more: nothing once the council
    has it.

    marks: its disputed fields; their own mark says already that a person decides.
    """
    if where not in WHEREABOUTS or (marks and where is Whereabouts.PERSON):
        return ()
    return (WHEREABOUTS[where],)


def state_mark(where: Whereabouts, marks: Collection[str] = ()) -> tuple[Mark, ...]:
    """The mark of an item: which of the three states it is in. marks: as for `whereabouts`."""
    if marks and where is Whereabouts.PERSON:
        return ()
    return (Mark(*STATES[where]),)
