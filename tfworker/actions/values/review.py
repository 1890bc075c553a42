"""The Review page: what two people changed at once, and what came back."""

from dataclasses import dataclass
from datetime import datetime

from tfworker.actions.values.marks import Chip, Choice

TYPED = "typed"  # decide(...): the values given are right
BOTH = "both"  # decide(...): both stay


@dataclass(frozen=True, slots=True)
class SideValue:
    """One field as one side has it. value: as stored; words: as shown, "(empty)" for none."""

    field: str
    label: str
    value: object
    words: str


@dataclass(frozen=True, slots=True)
class Side:
    """One version. key: what decide() is given to take it.

    where: "On your laptop", "At the council", "On A. Bright's laptop". stands: it is what everyone
    sees until somebody decides. did: what this person changed, where that is more than the values
    show ("changed where the plan stands and the aims"); "".
    """

    key: str
    where: Chip
    who: str
    at: datetime | None
    at_words: str
    values: tuple[SideValue, ...]
    mine: bool
    stands: bool
    did: str = ""


@dataclass(frozen=True, slots=True)
class TypedField:
    """A field a person may type herself. long: it has room for several lines. choices: () for none."""

    field: str
    label: str
    long: bool
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """Two (or more) versions of one thing.

    title: "Two versions of Dana's mobile number"; subject: its bold part, "Dana's mobile number".
    context: "Pearce family · both were changed since Monday 08:42, when it was 07700 900214".
    why_words: why it needs a person, with who did it ("You and E. Firth changed it at the same time").
    was: each field before anybody changed it. chips: "Safer version in use".
    meanwhile: what everyone sees until it is decided.
    decided_by_words: who decides ("You decide", "Team leader decides with you").
    keep_both: keeping both is possible; keep_both_words: what it will do.
    age_words: "since yesterday". overdue: open longer than 5 working days (a standard), which
        late_words say.
    """

    card_id: str
    title: str
    subject: str
    family_id: str
    family_label: str
    context: str
    why_words: str
    was: tuple[SideValue, ...]
    sides: tuple[Side, ...]
    typed_fields: tuple[TypedField, ...]
    chips: tuple[Chip, ...]
    safer_in_use: bool
    meanwhile: str
    decided_by_words: str
    may_decide: bool
    keep_both: bool
    keep_both_words: str
    opened_at: datetime
    age_words: str
    overdue: bool
    late_words: str = ""


@dataclass(frozen=True, slots=True)
class ReturnedEdit:
    """An edit of this worker that the council did not take as it was.

    waits: True while somebody else looks at it; False: it was refused and is hers to correct.
    what: "Dana's mobile number". reason: why, in a sentence. values: what she had written;
    typed_fields: those of them that can be put right here, () while it waits.
    """

    op_id: str
    record: str
    family_id: str
    family_label: str
    what: str
    values: tuple[SideValue, ...]
    reason: str
    waits: bool
    made_at: datetime
    made_words: str
    typed_fields: tuple[TypedField, ...] = ()
