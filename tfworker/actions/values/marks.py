"""Small values that many pages show: coded words, chips, marks, progress."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """How a chip is coloured; the words always say it too."""

    PLAIN = "plain"
    ACCENT = "accent"
    INFO = "info"  # from elsewhere
    OK = "ok"  # received, done
    WARN = "warn"  # late, offline, safer version in use
    DANGER = "danger"  # safety, over capacity


class Whereabouts(StrEnum):
    """Where an edit is known to be, from receipts only."""

    LAPTOP = "laptop"  # on this laptop only
    COUNCIL = "council"  # received by the council
    PERSON = "person"  # received, and waits for a person


@dataclass(frozen=True, slots=True)
class Choice:
    """A coded value and how it is said.

    code: as stored, one of the StrEnums of tfworker.records.words; "" for not said yet.
    words: from resources/wording.
    """

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A short state in words. detail: the longer words for a tooltip and a screen reader."""

    words: str
    tone: Tone = Tone.PLAIN
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Disputed:
    """Two people changed this value at once and nobody has decided yet.

    mine: what this laptop wrote, in words; None when it wrote none of the versions.
    stands: what stands until then, in words. others: every other version, in words.
    warning: what to do meanwhile ("Check before ringing").
    """

    card_id: str
    mine: str | None
    stands: str
    others: tuple[str, ...] = ()
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """A step of a long act. done and total: None while they are not known.

    detail: how far it is in words ("Families 12 of 50 · 3,400 records"); "" where the counts say it.
    """

    words: str
    done: int | None = None
    total: int | None = None
    detail: str = ""


Telling = Callable[[Progress], None]  # called on the worker's thread, never on the interface's
Asking = Callable[[], bool]  # True once the person wants to stop


def tell_nobody(progress: Progress) -> None:
    """For acts nobody watches."""


def never_cancelled() -> bool:
    """For acts nobody can stop."""
    return False
