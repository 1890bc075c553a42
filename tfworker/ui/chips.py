"""Chips that several pages show."""

from collections.abc import Collection

from tfworker.actions.values import Chip, Tone, Whereabouts

WHEREABOUTS = {
    Whereabouts.LAPTOP: Chip("On this laptop only", Tone.WARN, "Kept here, and sent with the next sync"),
    Whereabouts.PERSON: Chip("Waits for a person", Tone.WARN, "The council has it; a person decides"),
}


def whereabouts(where: Whereabouts, marks: Collection[str] = ()) -> tuple[Chip, ...]:
    """What to say of where an edit is: nothing once the council has it.

    marks: its disputed fields; their own mark says already that a person decides.
    """
    if where not in WHEREABOUTS or (marks and where is Whereabouts.PERSON):
        return ()
    return (WHEREABOUTS[where],)
