"""Who is at the desk, and where the laptop stands with the council."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from tfworker.actions.values.marks import Choice


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """A number for the lock screen."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Place:
    """A laptop before anybody has unlocked it: no personal data.

    council_name, programme_name: "" before enrolment.
    advice: what to do when the laptop is enrolled but cannot be opened as it is ("" when it can).
    """

    home: Path
    enrolled: bool
    council_name: str
    programme_name: str
    emergency_numbers: tuple[EmergencyNumber, ...]
    advice: str = ""


@dataclass(frozen=True, slots=True)
class EnrolRequest:
    """What a worker types once on a new laptop. The secrets never show in a repr.

    council: the address of the council's service ("https://..."); loopback may be http.
    user: the staff number. code: the one-time code from the office.
    passphrase: new, for this laptop only. device_name: how the council lists the laptop.
    """

    council: str
    user: str
    password: str = field(repr=False)
    code: str = field(repr=False)
    passphrase: str = field(repr=False)
    device_name: str = ""


@dataclass(frozen=True, slots=True)
class Me:
    """The worker whose laptop this is.

    role: the one she is known by; roles: every code she holds.
    leads: she is a team leader, or stands in for one: she sees the Team page.
    may_acknowledge: leader, duty or on-call: she may acknowledge concerns.
    """

    worker_id: str
    name: str
    role: Choice
    roles: tuple[str, ...]
    team_id: str
    team_name: str
    programme_name: str
    leads: bool
    may_acknowledge: bool


class Connection(StrEnum):
    """What the last contact showed. Never guessed from the network card."""

    ONLINE = "online"
    OFFLINE = "offline"
    SIGNED_OUT = "signed_out"
    REFUSED = "refused"  # the council does not accept this laptop


@dataclass(frozen=True, slots=True)
class Status:
    """The line that is always there. Counts are from receipts only.

    words: the connection in a word or two. last_synced_words: "Last synced today 08:42".
    on_this_laptop_only: saved edits without a receipt. needs_you: cards you may decide, and edits
        of yours that were refused. advice: a sentence when something is to be done.
    trouble: why the last round stopped; "" when it ended well. again_words: "tried again today 10:42".
    come_words: how much of a first sync is here ("12 of 50 families are here so far"); "" with all of it.
    clock_words: by how much the laptop's clock is wrong; "" up to two minutes.
    elsewhere: things that wait for somebody else.
    """

    connection: Connection
    words: str
    last_synced_at: datetime | None
    last_synced_words: str
    on_this_laptop_only: int
    laptop_words: str
    needs_you: int
    needs_you_words: str
    advice: str = ""
    trouble: str = ""
    again_words: str = ""
    come_words: str = ""
    clock_words: str = ""
    elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one round did. sent, received: records. words: one sentence for the status line."""

    sent: int
    received: int
    needs_you: int
    families_gained: int
    families_lost: int
    finished_at: datetime
    words: str
