"""Full-text search inside the vault: notes and what was added to them, families, people, goals.

Jots and drafts are not in it: they are nobody's record yet. `begin` notes at the start of a
transaction where each table ends, so that what is new is known by its rowid; triggers note what was
changed or removed. `catch_up`, called before every commit, brings the index up to date in one go. That
way a save and a pull both index, with no code of theirs, and 20,000 notes cost the same as by hand:
FTS5 writes its pending words out at every statement inside a trigger, which is ten times slower.

The index holds no text of its own (contentless): a note lies in the vault once. An entry's rowid is
-(8 x the record's rowid + the number of its source): negative, so that the index, which is quick in
ascending order only, gives the newest first. Rowids must not change: never VACUUM without `rebuild`.
Words are kept by column, not by place (`detail=column`: half the size), so there are no phrases; and
there is no prefix index: it would triple the cost of a save to spare milliseconds of a search.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from sync.sql.on_sqlite import asked

INDEX = "search"
STALE = "search_stale"
SLOTS = 8  # entries a record's rowid has room for
NEWEST = 300  # matches that are weighed against each other; what is older is left out
NAME_COUNTS = 5.0  # a word in a name weighs as much as five in a text
FROM_LETTERS = 2  # a shorter word must match whole: "a" as a beginning matches everything
REMOVED_ONE_BY_ONE = 20  # entries; at some 6 ms each
SNIPPET = 70  # characters shown on either side of what was found


@dataclass(frozen=True, slots=True)
class Source:
    """A table that is searched. family: SQL for the family a row `r` belongs to."""

    number: int
    kind: str
    table: str
    names: tuple[str, ...]
    texts: tuple[str, ...]
    family: str = "r.family_id"
    about: str = "NULL"  # SQL for the moment or day a row is about


# Of the families a person was in, the one she is in now, or was last.
_FAMILY_OF_PERSON = (
    "(SELECT m.family_id FROM membership m WHERE m.person_id = r.id "
    "ORDER BY m.to_on IS NOT NULL, m.from_on DESC LIMIT 1)"
)
# A number is part of every entry in the index: give a new source a new one.
SOURCES = (
    Source(0, "note", "visit_note", (), ("what_happened", "child_means"), about="r.happened_at"),
    Source(1, "amendment", "note_amendment", (), ("text",), about="r.written_at"),
    Source(2, "family", "family", ("label",), (), "r.id"),
    Source(
        3,
        "person",
        "person",
        ("forenames", "family_name", "known_as", "other_names"),
        (),
        _FAMILY_OF_PERSON,
    ),
    Source(4, "goal", "goal", (), ("statement", "measure"), about="r.written_at"),
)
BY_NUMBER = {source.number: source for source in SOURCES}
ENDS = "search_ends"  # in a connection's info: where each table ended when its transaction began
LEFT = "search_left"  # and where its last transaction left them
_ENDS = "SELECT " + ", ".join(f"ifnull((SELECT max(rowid) FROM {source.table}), 0)" for source in SOURCES)


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found.

    kind: note, amendment, family, person or goal. record: its id. family_id: None for a person
        whose family is not on this laptop. about: ISO text of the day or moment; None if it has none.
    text: the name, or the passage around the first word found; before, found, after: the same in
        three parts, for the screen to mark the middle one.
    """

    kind: str
    record: str
    family_id: str | None
    about: str | None
    before: str
    found: str
    after: str

    @property
    def text(self) -> str:
        return self.before + self.found + self.after


# -- keeping the index ---------------------------------------------------------------------------


def statements() -> tuple[str, ...]:
    """The index and the triggers that say what changed."""
    return (
        f"CREATE VIRTUAL TABLE {INDEX} USING fts5(name, words, content='', detail=column, "
        "tokenize='unicode61 remove_diacritics 2')",
        # What is deleted leaves the index at once, not at some later merge.
        f"INSERT INTO {INDEX} ({INDEX}, rank) VALUES ('secure-delete', 1)",
        *(statement for source in SOURCES for statement in _triggers(source)),
    )


def install(connection: Connection) -> None:
    """Put index and triggers in place, or anew; the index is empty until `rebuild`, unless it was there."""
    for source in SOURCES:
        for verb in ("insert", "update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS search_{source.table}_{verb}")
    index, options, *triggers = statements()
    there = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (INDEX,)
    ).scalar()
    if there != index:
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {INDEX}")
        connection.exec_driver_sql(index)
        connection.exec_driver_sql(options)
    for trigger in triggers:
        connection.exec_driver_sql(trigger)


def rebuild(connection: Connection) -> None:
    """Make the whole index anew from the records."""
    connection.exec_driver_sql(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('delete-all')")
    connection.exec_driver_sql(f"DELETE FROM {STALE}")
    for source in SOURCES:
        connection.exec_driver_sql(
            f"INSERT INTO {STALE} (entry) SELECT {_entry(source, source.table)} FROM {source.table}"
        )
    catch_up(connection)


def begin(connection: Connection) -> None:
    """Note where each table ends. Called at the start of each transaction that may write."""
    # A vault has one connection that writes: they end where its last transaction left them.
    if LEFT not in connection.info:
        connection.info[LEFT] = _ends(connection)
    connection.info[ENDS] = connection.info[LEFT]


def forget(connection: Connection) -> None:
    """A transaction came to nothing: where the tables end is asked anew."""
    connection.info.pop(LEFT, None)


def _ends(connection: Connection) -> tuple[int, ...]:
    """The highest rowid of each source's table. Everything up to there is in the index, or is stale."""
    return asked(connection, _ENDS)[0]


def catch_up(connection: Connection) -> None:
    """Bring the index up to date with what changed in this transaction. Called before each commit."""
    before, now = connection.info.get(ENDS), _ends(connection)
    before = before or now
    stale = asked(connection, f"SELECT entry, name, words FROM {STALE} ORDER BY rowid")
    if not stale and now == before:
        return
    # The first row of an entry says what stands in the index; later changes only repeat the entry.
    was: dict[int, tuple[str | None, str | None]] = {}
    for entry, name, words in stale:
        if -entry // SLOTS <= before[-entry % SLOTS]:
            was.setdefault(entry, (name, words))
    _remove(
        connection,
        [(entry, *parts) for entry, (name, words) in was.items() if (parts := _parts(name, words))],
    )
    touched = {-entry % SLOTS for entry in was}
    new = [row for number in touched for row in _changed(connection, BY_NUMBER[number])]
    for source in SOURCES:
        if now[source.number] > before[source.number]:
            new += _added(connection, source, before[source.number])
    if new:
        # In ascending order: FTS5 writes out all it has pending when a rowid goes back.
        new.sort()
        connection.exec_driver_sql(f"INSERT INTO {INDEX} (rowid, name, words) VALUES (?, ?, ?)", new)
    if stale:
        connection.exec_driver_sql(f"DELETE FROM {STALE}")
    connection.info[ENDS] = connection.info[LEFT] = now


def _remove(connection: Connection, rows: Sequence[tuple[int, str, str]]) -> None:
    """Take entries out so that nothing of them stays in the file."""
    if not rows:
        return
    # One by one, secure-delete rewrites the page of every word. Many at once (a family that is no
    # longer hers) are only marked, and one merge of the whole index then leaves them behind.
    many = len(rows) > REMOVED_ONE_BY_ONE
    if many:
        _set(connection, "secure-delete", 0)
    connection.exec_driver_sql(
        f"INSERT INTO {INDEX} ({INDEX}, rowid, name, words) VALUES ('delete', ?, ?, ?)", sorted(rows)
    )
    if many:
        connection.exec_driver_sql(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('optimize')")
        _set(connection, "secure-delete", 1)


def _set(connection: Connection, option: str, value: int) -> None:
    connection.exec_driver_sql(f"INSERT INTO {INDEX} ({INDEX}, rank) VALUES (?, ?)", (option, value))


def _changed(connection: Connection, source: Source) -> Iterator[tuple[int, str, str]]:
    """What the index should now hold of the stale records of a source."""
    # CROSS JOIN: from the few stale rows to their records, never through the whole table.
    before = connection.info.get(ENDS) or _ends(connection)
    rows = connection.exec_driver_sql(
        f"SELECT s.entry, {_joined(source.names, 'r')}, {_joined(source.texts, 'r')} "
        f"FROM (SELECT DISTINCT entry FROM {STALE} WHERE -entry % {SLOTS} = {source.number}) s "
        f"CROSS JOIN {source.table} r ON r.rowid = -s.entry / {SLOTS} WHERE r.rowid <= ?",
        (before[source.number],),
    )
    return _indexed(rows)


def _added(connection: Connection, source: Source, before: int) -> Iterator[tuple[int, str, str]]:
    """What the index should hold of the records of a source that are new since it ended there."""
    rows = connection.exec_driver_sql(
        f"SELECT {_entry(source, 'r')}, {_joined(source.names, 'r')}, {_joined(source.texts, 'r')} "
        f"FROM {source.table} r WHERE r.rowid > ?",
        (before,),
    )
    return _indexed(rows)


def _indexed(rows: Iterable[Any]) -> Iterator[tuple[int, str, str]]:
    for entry, name, words in rows:
        if parts := _parts(name, words):
            yield entry, *parts


def _parts(name: str | None, words: str | None) -> tuple[str, str] | None:
    """A record's two texts as they are indexed; None when there is nothing to index. What goes must
    be given to the index exactly as it came."""
    parts = _plain(name or ""), _plain(words or "")
    return parts if parts[0].strip() or parts[1].strip() else None


def _triggers(source: Source) -> Iterator[str]:
    """No constraint and no abort in them, so that no row costs a statement journal (`tables`)."""
    columns = source.names + source.texts
    was = f"{_joined(source.names, 'OLD')}, {_joined(source.texts, 'OLD')}"
    moved = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
    yield (
        f"CREATE TRIGGER search_{source.table}_update AFTER UPDATE OF {', '.join(columns)} ON {source.table} "
        f"WHEN {moved} BEGIN "
        f"INSERT INTO {STALE} (entry, name, words) VALUES ({_entry(source, 'OLD')}, {was}); END"
    )
    yield (
        f"CREATE TRIGGER search_{source.table}_delete AFTER DELETE ON {source.table} BEGIN "
        f"INSERT INTO {STALE} (entry, name, words) VALUES ({_entry(source, 'OLD')}, {was}); END"
    )


def _entry(source: Source, row: str) -> str:
    return f"-({SLOTS} * {row}.rowid + {source.number})"


def _joined(columns: Sequence[str], row: str) -> str:
    """SQL for several columns as one text."""
    return " || ' ' || ".join(f"coalesce({row}.{column}, '')" for column in columns) or "''"


def _plain(text: str) -> str:
    """As it is indexed and asked for: O'Neill and ONeill are one word."""
    return text.replace("'", "").replace("’", "").replace("‘", "")


# -- asking it -----------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W_]+")
_WORD_IN_TEXT = re.compile(r"[^\W_]+(?:['’‘][^\W_]+)*")
WORDS_AT_MOST = 8
LETTERS_AT_MOST = 64


def find(connection: Connection, words: str, limit: int = 50) -> list[Hit]:
    """Records that hold every word, or a word that begins so; capitals and accents do not matter.

    Names first, then passages, each by how well it fits. Of very common words only the newest
    `NEWEST` matches are weighed. Whatever is typed, nothing is raised: with no word in it, nothing
    is found.
    """
    asked = [word[:LETTERS_AT_MOST] for word in _WORD.findall(_plain(unicodedata.normalize("NFC", words)))]
    if not asked:
        return []
    asked = asked[:WORDS_AT_MOST]
    query = " ".join(f'"{word}"*' if len(word) >= FROM_LETTERS else f'"{word}"' for word in asked)
    entries: dict[int, None] = {}
    for column in ("name", "words"):
        entries |= dict.fromkeys(_best(connection, f"{column} : ({query})", limit))
    return _hits(connection, list(entries)[:limit], [_folded(word) for word in asked])


def _best(connection: Connection, query: str, limit: int) -> list[int]:
    """The entries that fit best, of the newest that match."""
    try:
        found = connection.exec_driver_sql(
            f"SELECT rowid FROM (SELECT rowid, bm25({INDEX}, {NAME_COUNTS}, 1.0) AS fit FROM {INDEX} "
            f"WHERE {INDEX} MATCH ? ORDER BY rowid LIMIT {NEWEST}) ORDER BY fit, rowid LIMIT ?",
            (query, limit),
        )
        return list(found.scalars())
    except OperationalError as error:
        # A letter newer than FTS5's Unicode tables splits a word in two: no such word is indexed.
        if "fts5" not in str(error.orig):
            raise
        return []


def _hits(connection: Connection, entries: Sequence[int], asked: Sequence[str]) -> list[Hit]:
    """The records of these entries, in their order."""
    rows_by_source: dict[int, list[int]] = {}
    for entry in entries:
        rows_by_source.setdefault(-entry % SLOTS, []).append(-entry // SLOTS)
    hits: dict[int, Hit] = {}
    for number, rowids in rows_by_source.items():
        source = BY_NUMBER[number]
        text = _joined(source.names + source.texts, "r")
        marks = ", ".join("?" * len(rowids))
        found = connection.exec_driver_sql(
            f"SELECT r.rowid, r.id, {source.family}, {source.about}, {text} FROM {source.table} r "
            f"WHERE r.rowid IN ({marks})",
            tuple(rowids),
        )
        for rowid, record, family_id, about, whole in found:
            hits[-(SLOTS * rowid + number)] = Hit(
                source.kind, record, family_id, about, *_passage(" ".join(whole.split()), asked)
            )
    return [hits[entry] for entry in entries if entry in hits]


def _passage(text: str, asked: Sequence[str]) -> tuple[str, str, str]:
    """The text around the first word asked for: (before, found, after), cut at blanks."""
    whole = {word for word in asked if len(word) < FROM_LETTERS}
    beginnings = tuple(word for word in asked if len(word) >= FROM_LETTERS)

    def is_asked(word: str) -> bool:
        return word in whole or word.startswith(beginnings)

    place = next((m.span() for m in _WORD_IN_TEXT.finditer(text) if is_asked(_folded(_plain(m[0])))), (0, 0))
    start, end = place
    before, found, after = text[:start], text[start:end], text[end:]
    if len(before) > SNIPPET:
        before = "…" + before[-SNIPPET:].partition(" ")[2]
    if len(after) > SNIPPET:
        after = after[:SNIPPET].rpartition(" ")[0] + "…"
    return before, found, after


def _folded(word: str) -> str:
    """Without capitals and accents, as the index folds it."""
    parts = unicodedata.normalize("NFD", word.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))
