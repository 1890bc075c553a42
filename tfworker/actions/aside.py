"""Records on this laptop that the council does not have, and nothing explains: asked about, then kept."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sync.sql.aside import Extra, kept_aside, noticed, set_aside
from tfworker.actions.desk import Desk
from tfworker.actions.fields import Reading, thing
from tfworker.actions.phrases import moment
from tfworker.actions.review_shown import family_of


@dataclass(frozen=True, slots=True)
class LostRecord:
    """One record the council does not have. what: "the visit note". when: when that was seen, or, once
    it was set aside, when somebody agreed to that."""

    what: str
    family_label: str
    when: str


def asked_about(desk: Desk) -> tuple[LostRecord, ...]:
    """What the last round stopped for; they are in their places until somebody agrees."""
    with desk.vault.read() as connection:
        reading = Reading(connection, desk.schema, desk.now())
        return tuple(_shown(reading, extra) for extra in noticed(connection, desk.schema))


def kept(desk: Desk) -> tuple[LostRecord, ...]:
    """What was set aside on this laptop, whole."""
    with desk.vault.read() as connection:
        reading = Reading(connection, desk.schema, desk.now())
        return tuple(_shown(reading, extra) for extra in kept_aside(connection, desk.schema))


def agree(desk: Desk) -> int:
    """Set aside what the last round stopped for; gives how many. Nothing is deleted; the next round
    reads their families again."""
    with desk.vault.write() as connection:
        return set_aside(connection, desk.schema, int(desk.now().timestamp() * 1000))


def _shown(reading: Reading, extra: Extra) -> LostRecord:
    at = datetime.fromtimestamp((extra.agreed_at or extra.noticed_at) / 1000, UTC)
    label = family_of(reading, extra.scope)[1]
    return LostRecord(thing(extra.table), label, moment(at, reading.now))
