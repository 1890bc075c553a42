"""A card of the Review page in words: what was, what each side says, what stands, who decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from sync.policy import Rule
from tfworker.actions.desk import Desk
from tfworker.actions.disputes import standing
from tfworker.actions.fields import FREE_TEXT, Reading, label, thing
from tfworker.actions.phrases import age_in_days, first_words, local, moment, say, working_days
from tfworker.actions.values import Chip, ReviewCard, Side, SideValue, Tone, TypedField
from tfworker.actions.wording import word
from tfworker.records import Family, Membership
from tfworker.records.words import MarkerKind

STANDS = "stands"  # key of a side that no laptop wrote: what stands now
DAYS_TO_SETTLE = 5  # working days; an older one is for the leader to look after (domain 4.8.9)
# What a leader decides, as the council sees it (domain 4.8.9): (table, field group).
LEADERS = frozenset({("family", "status"), ("plan", "state"), ("risk_marker", "state")})
# Columns that follow from others when somebody types a new value.
BOOKKEEPING = frozenset({"story_on", "story_by", "state_on", "status_on", "cleared_by", "superseded_by"})
RIVAL = "rival"
SAFER = "safer"
REVIEW = "review"
STATES = frozenset({"state", "status"})  # field groups that say how far something has got


@dataclass(frozen=True, slots=True)
class Version:
    """One side of a card as stored. values: by column, those it wrote."""

    key: str
    user: str
    made_at: datetime | None
    values: Mapping[str, Any]
    mine: bool
    stands: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A card with its record as it stands on this laptop."""

    card_id: str
    table: str
    record: str
    scope: str
    group: str
    kind: str
    columns: tuple[str, ...]
    base: Mapping[str, Any]
    stands: Mapping[str, Any]
    record_row: Mapping[str, Any]
    sides: tuple[Version, ...]
    opened_at: datetime


def read_card(reading: Reading, line: str, card: Mapping[str, Any]) -> Card | None:
    """A card as stored; None when its record, or its kind of record, is not on this laptop.

    line: this laptop's device line.
    """
    table = card["table_name"]
    if table not in reading.schema.synced:
        return None
    whole = standing(reading, table, card["record"])
    if not whole:
        return None
    columns = tuple(c for c in card["columns"] if c in whole)
    stands = {column: whole[column] for column in columns}
    sides = [_version(reading, table, line, key, side, stands) for key, side in card["sides"].items()]
    if not any(side.stands for side in sides) and card["kind"] != RIVAL:
        sides.append(Version(STANDS, "", None, stands, mine=False, stands=True))
    return Card(
        card_id=card["id"],
        table=table,
        record=card["record"],
        scope=card["scope"],
        group=card["group_name"],
        kind=card["kind"],
        columns=columns,
        base={c: reading.stored(table, c, v) for c, v in (card["base"] or {}).items()},
        stands=stands,
        record_row=whole,
        sides=tuple(sorted(sides, key=_mine_first)),
        opened_at=_moment(card["opened_at"]),
    )


def _version(
    reading: Reading,
    table: str,
    line: str,
    key: str,
    side: Mapping[str, Any],
    stands: Mapping[str, Any],
) -> Version:
    values = {c: reading.stored(table, c, v) for c, v in side["values"].items()}
    compared = {c: v for c, v in values.items() if c in stands}
    return Version(
        key=key,
        user=side["user"],
        made_at=_moment(side["made_at"]) if side["made_at"] else None,
        values=values,
        mine=key == line,
        stands=bool(compared) and all(stands[c] == v for c, v in compared.items()),
    )


def _mine_first(side: Version) -> tuple[bool, bool, float, str]:
    """Her own on the left, what stands on the right."""
    return (not side.mine, side.stands, side.made_at.timestamp() if side.made_at else 0.0, side.key)


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def may_decide(desk: Desk, table: str, group: str, kind: str) -> bool:
    """A worker decides what two people typed; states, cautions and doubles are the leader's."""
    for_leader = kind == RIVAL or (table, group) in LEADERS
    return desk.me.leads or not for_leader


def shown(desk: Desk, reading: Reading, card: Card) -> ReviewCard:
    """The card in words."""
    family_id, family_label = family_of(reading, card.scope)
    subject = subject_of(reading, card)
    hers = may_decide(desk, card.table, card.group, card.kind)
    safer = _is_safer_in_use(reading, card)
    overdue = working_days(local(card.opened_at).date(), DAYS_TO_SETTLE) < reading.today
    return ReviewCard(
        card_id=card.card_id,
        title=_title(card, subject),
        subject=subject,
        family_id=family_id,
        family_label=family_label,
        context=_context(reading, card, family_label),
        why_words=_why(desk, reading, card, safer),
        was=tuple(_value(reading, card, c, card.base[c]) for c in card.columns if c in card.base),
        sides=tuple(_side(desk, reading, card, side) for side in card.sides),
        typed_fields=tuple(typed_field(reading, card.table, column) for column in typed_columns(card)),
        chips=(Chip(say("review.safer_chip"), Tone.WARN),) if safer else (),
        safer_in_use=safer,
        meanwhile=_meanwhile(card, safer),
        decided_by_words=say("review.you_decide") if hers else say("review.leader_decides"),
        may_decide=hers,
        keep_both=True,
        keep_both_words=_both_words(card),
        opened_at=card.opened_at,
        age_words=age_in_days(card.opened_at, desk.now()),
        overdue=overdue,
        late_words=say("review.late", days=age_in_days(card.opened_at, desk.now())) if overdue else "",
    )


def _title(card: Card, subject: str) -> str:
    if card.kind == RIVAL:
        return _rival_words(card, "review.rival")
    if card.group in STATES and card.table != "risk_marker":
        return say("review.state", subject=subject)
    n = len(card.sides)
    return say("review.two", subject=subject) if n <= 2 else say("review.more", n=n, subject=subject)


def _context(reading: Reading, card: Card, family_label: str) -> str:
    made = [side.made_at for side in card.sides if side.made_at is not None]
    changed = differing(card)
    was = ", ".join(_quoted(reading.words(card.table, c, card.base[c])) for c in changed if c in card.base)
    if made and was:
        said = say("review.context", moment=moment(min(made), reading.now), was=was)
    else:
        said = say("review.context_new")
    return " · ".join(part for part in (family_label, said) if part)


def _quoted(words: str) -> str:
    return words if words == say("empty") else say("quoted", words=words)


def _why(desk: Desk, reading: Reading, card: Card, safer: bool) -> str:
    """Why a person decides, in words that name everybody who had a hand in it."""
    wrote = [side for side in card.sides if side.key != STANDS]
    names = list(dict.fromkeys(_who(desk, reading, side) or say("review.the_council") for side in wrote))
    who = _listed(names) if len(names) > 1 else say("review.and_another", who=(names or [say("somebody")])[0])
    who = who[:1].upper() + who[1:]
    if card.kind == RIVAL:
        return _rival_words(card, "review.why.rival")
    if card.table == "risk_marker":
        return say("review.why.risk", who=who)
    if safer:
        return say("review.why.safer", who=who)
    if card.group in STATES:
        return say("review.why.state", who=who)
    return say("review.why.review" if card.kind == REVIEW else "review.why.same", who=who)


def _rival_words(card: Card, key: str) -> str:
    """Words of two records that cannot both be right, by their table where it has words of its own."""
    known = ("allocation", "plan", "person", "family", "membership", "household")
    name = f"{key}.{card.table}" if card.table in known else key
    return say(name, subject=thing(card.table))


def _who(desk: Desk, reading: Reading, side: Version) -> str:
    """Whose version it is; "" where it is nobody's by name."""
    if side.mine or (side.user and side.user == desk.me.worker_id):
        return say("review.you")
    return reading.name("worker", side.user) if side.user else ""


def differing(card: Card) -> list[str]:
    """The columns in which the sides do not say the same; all of them when they do."""
    found = [
        column
        for column in card.columns
        if len({repr(side.values.get(column, card.stands.get(column))) for side in card.sides}) > 1
    ]
    telling = [column for column in found if column not in BOOKKEEPING]
    return telling or found or list(card.columns)


def _side(desk: Desk, reading: Reading, card: Card, side: Version) -> Side:
    who = _who(desk, reading, side)
    at_words = moment(side.made_at, reading.now) if side.made_at else ""
    values = [
        _value(reading, card, column, side.values.get(column, card.stands.get(column)))
        for column in differing(card)
    ]
    if card.kind == RIVAL:
        values = _rival_values(reading, card, side)
    return Side(
        key=side.key,
        where=_where(side, who),
        who=who,
        at=side.made_at,
        at_words=at_words,
        values=tuple(values),
        mine=side.mine,
        stands=side.stands,
        did=_did(card, side),
    )


def _did(card: Card, side: Version) -> str:
    """What else this person changed in the same record, where a person should know of both acts."""
    if card.kind != REVIEW:
        return ""
    columns = [c for c in side.values if c not in BOOKKEEPING and c not in ("written_by", "written_at")]
    if not set(columns) - set(card.columns):
        return ""
    return say("review.did", fields=_listed([label(card.table, column) for column in columns]))


def _where(side: Version, who: str) -> Chip:
    if side.mine:
        return Chip(say("review.here"), Tone.ACCENT)
    if side.stands or not side.user:
        return Chip(say("review.council"), Tone.INFO)
    return Chip(say("review.laptop_of", who=who), Tone.INFO)


def _value(reading: Reading, card: Card, column: str, value: Any) -> SideValue:
    return SideValue(column, label(card.table, column), value, reading.words(card.table, column, value))


# What tells one of two records from the other, by table.
TELLING_APART = {
    "allocation": ("worker_id", "role", "from_on", "to_on"),
    "plan": ("number", "state", "state_on", "aims_in_family_words"),
    "person": ("forenames", "family_name", "dob", "school"),
    "family": ("label", "status", "opened_on"),
    "membership": ("family_id", "role", "from_on"),
    "household": ("address_lines", "postcode", "from_on"),
}


def _rival_values(reading: Reading, card: Card, side: Version) -> list[SideValue]:
    """One of two records that cannot both be right: what tells it from the other."""
    record = str(side.values.get("id", card.record))
    found = standing(reading, card.table, record)
    told = [
        _value(reading, card, column, found[column])
        for column in TELLING_APART.get(card.table, ())
        if found.get(column) is not None
    ]
    return told or [SideValue("id", thing(card.table), record, reading.name(card.table, record))]


def typed_columns(card: Card) -> tuple[str, ...]:
    """What may be typed instead of either side: words, choices, days; not what follows from them."""
    return tuple(c for c in card.columns if c not in BOOKKEEPING and not c.endswith(("_id", "_ids")))


def typed_field(reading: Reading, table: str, column: str) -> TypedField:
    """A field to type into or choose from."""
    is_long = f"{table}.{column}" in FREE_TEXT
    return TypedField(column, label(table, column), is_long, reading.choices(table, column))


def _is_safer_in_use(reading: Reading, card: Card) -> bool:
    """Whether the sides differ in what protects; two numbers that are both safe to call do not."""
    policies = reading.schema[card.table].policy.policies
    return card.kind == SAFER and any(policies[c].rule is Rule.SAFER for c in differing(card))


def _meanwhile(card: Card, safer: bool) -> str:
    if card.kind == RIVAL:
        return say("review.until_rival")
    if card.table == "contact_point":
        return say("review.until_calling")
    return say("review.until_safer") if safer else say("review.until")


def _both_words(card: Card) -> str:
    if card.table == "contact_point":
        return say("review.both_contact")
    if any(f"{card.table}.{column}" in FREE_TEXT for column in card.columns):
        return say("review.both_text")
    return say("review.both_noted")


# The field a record is called by.
TITLES = {"goal": "statement", "action": "what", "need": "described_in_family_words"}


def subject_of(reading: Reading, card: Card) -> str:
    """What there are two versions of: "Dana’s mobile number", "the goal “Mornings”: by when"."""
    if card.kind == RIVAL:
        return _rival_words(card, "review.rival_subject")
    return subject(reading, card.table, card.record_row, differing(card))


def subject(reading: Reading, table: str, record: Mapping[str, Any], columns: Sequence[str]) -> str:
    """What some fields of a record are called, with whose they are."""
    named = _listed([_field_words(table, record, column) for column in columns])
    if table in ("contact_point", "membership"):
        return say("review.of_person", name=reading.name("person", str(record.get("person_id"))), field=named)
    if table == "person":
        return say("review.of_person", name=reading.name("person", str(record.get("id"))), field=named)
    if table == "family":
        return named
    if TITLES.get(table) in columns:
        return named  # its own words are in question: they cannot say which one it is
    if table == "plan":
        return say("review.of_thing", thing=_plan(record), field=named) if named else _plan(record)
    title = _record_title(table, record)
    about = f"{thing(table)} “{title}”" if title else thing(table)
    if table == "risk_marker" and title:
        return about  # it is raised, changed or lifted as a whole
    return say("review.of_thing", thing=about, field=named) if named else about


def _field_words(table: str, record: Mapping[str, Any], column: str) -> str:
    if table == "contact_point" and column == "value":
        return label(table, f"value.{record.get('kind')}" if record.get("kind") else "value")
    return label(table, column)


def _listed(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return say("review.and", first=", ".join(words[:-1]), last=words[-1])


def _record_title(table: str, record: Mapping[str, Any]) -> str:
    column = TITLES.get(table)
    if column is not None:
        return first_words(str(record.get(column) or ""), 40)
    return word(MarkerKind, record["kind"]).words if table == "risk_marker" and record.get("kind") else ""


def _plan(record: Mapping[str, Any]) -> str:
    number = record.get("number")
    return say("review.plan_number", n=number) if number else thing("plan")


def family_of(reading: Reading, in_scope: str) -> tuple[str, str]:
    """(id, label) of the family a scope belongs to; ("", "") when it is not on this laptop."""
    kind, _, record = in_scope.partition(":")
    if kind == "person":
        query = select(Membership.family_id).where(Membership.person_id == record)
        record = (
            reading.connection.execute(query.order_by(Membership.to_on.is_not(None))).scalars().first() or ""
        )
    label_of = select(Family.label).where(Family.id == record)
    found = reading.connection.execute(label_of).scalar() if kind in ("family", "person") else None
    return (record, found) if found is not None else ("", "")
