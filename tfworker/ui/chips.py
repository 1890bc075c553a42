"""Chips that several pages show."""

from tfworker.actions.values import Chip, Tone, Whereabouts

WHEREABOUTS = {
    Whereabouts.LAPTOP: Chip("On this laptop only", Tone.WARN, "Kept here, and sent with the next sync"),
    Whereabouts.PERSON: Chip("Waits for a person", Tone.WARN, "The council has it; a person decides"),
}


def whereabouts(where: Whereabouts) -> tuple[Chip, ...]:
    """What to say of where an edit is: nothing once the council has it."""
    return (WHEREABOUTS[where],) if where in WHEREABOUTS else ()
