"""Where a worker's work is: on this laptop, received by the council, or waiting for a person."""

from dataclasses import dataclass
from datetime import datetime

from tfworker.actions.values.marks import Chip, Whereabouts
from tfworker.actions.values.review import ReturnedEdit, ReviewCard, SideValue

ADMIT, DECLINE, READ = "admit", "decline", "read"  # decide_held(...): what a person makes of it


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One thing and where it is known to be, from receipts only.

    key: of the same thing in the next list too. what: "Dana’s mobile number". since_words: "since
    today 08:42", "received today 09:10". why, to_do: why it is there and what can be done; "" when
    nothing needs saying. hers: it needs this worker; False: somebody else, or nobody.
    note_id, card_id, op_id, held_id: where it is opened; all "" for the family's own page.
    """

    key: str
    where: Whereabouts
    what: str
    family_id: str
    family_label: str
    since: datetime
    since_words: str
    why: str = ""
    to_do: str = ""
    hers: bool = False
    note_id: str = ""
    card_id: str = ""
    op_id: str = ""
    held_id: str = ""


@dataclass(frozen=True, slots=True)
class WorkList:
    """Exactly what the status line counts, grouped by the three states.

    laptop: saved here, no receipt, oldest first. person: what needs this worker first, then what
    waits for somebody else. received: the newest of received_total.
    """

    laptop: tuple[WorkItem, ...]
    person: tuple[WorkItem, ...]
    received: tuple[WorkItem, ...]
    received_total: int


@dataclass(frozen=True, slots=True)
class TrayItem:
    """A change that waits for this person's word, or work of a colleague to be read.

    heading: the tray it lies in ("From previous worker", "Requests"). to_read: it is on the record
    already. values: what it says; was: what it found there. with_it: changes decided with it.
    reason: why it waits. note_id: the note to read, "" where it is none.
    """

    held_id: str
    heading: str
    what: str
    family_id: str
    family_label: str
    who: str
    made_at: datetime
    made_words: str
    reason: str
    values: tuple[SideValue, ...]
    was: tuple[SideValue, ...]
    with_it: int
    to_read: bool
    may_decide: bool
    decided_by_words: str
    overdue: bool
    note_id: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """Something that needed a person and no longer does. how: "E. Firth took the other version"."""

    key: str
    what: str
    family_id: str
    family_label: str
    how: str
    why: str
    at: datetime
    at_words: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a person should know or look at that no card is about.

    title, advice: as a notice says them. dismissible: she may mark it as read.
    family_id: where to look; "" for nowhere.
    """

    key: str
    title: str
    advice: str
    chip: Chip
    family_id: str = ""
    family_label: str = ""
    note_id: str = ""
    tab: str = ""
    dismissible: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the Review page shows: cards, her own edits that came back or wait, the tray, what to look
    at, and what was settled lately."""

    cards: tuple[ReviewCard, ...]
    returned: tuple[ReturnedEdit, ...]
    tray: tuple[TrayItem, ...] = ()
    remarks: tuple[Remark, ...] = ()
    settled: tuple[Settled, ...] = ()


@dataclass(frozen=True, slots=True)
class Closing:
    """Whether the laptop can be closed for the day: everything saved has the council's receipt.

    title: the answer in a few words. advice: why not and what to do; "" when safe.
    unsent: acts without a receipt; concerns: of them, concerns. since_words: of the oldest.
    """

    safe: bool
    title: str
    advice: str
    unsent: int
    concerns: int
    since_words: str
    items: tuple[WorkItem, ...]
