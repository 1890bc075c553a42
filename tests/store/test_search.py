"""Search finds what is in the records now, however it is typed, and nothing that left."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, text, update

from sync.ops import Act, new_id
from sync.sql import Change, save
from sync.sql.triggers import open_gate, shut_gate
from tests.store.conftest import NOW
from tfworker.store import Vault, drafts, search


class Clock:
    def now(self):
        return NOW


@pytest.fixture
def find(vault):
    def find(words, limit=50):
        with vault.read() as connection:
            return search.find(connection, words, limit)

    return find


@pytest.fixture
def found(find):
    """The ids found for some words."""
    return lambda words, limit=50: [hit.record for hit in find(words, limit)]


# -- what is searched


def test_a_saved_note_is_found(vault, found):
    note_id = new_id()
    values = {"family_id": "f", "kind": "visit", "happened_at": NOW, "what_happened": "The boiler is mended."}
    with vault.write() as connection:
        save(connection, vault.schema, [Change("visit_note", note_id, values, Act.INSERT)], clock=Clock())

    assert found("boiler") == [note_id]


def test_families_people_goals_and_amendments_are_found(put, note, found):
    family = put("family", label="Quillfeather", status="active")
    person = put("person", scope="person:p", forenames="Zebedee", family_name="Marsh", known_as="Zeb")
    goal = put("goal", family_id=family, statement="Jay is in school every day", measure="attendance")
    told = note("We talked.")
    amendment = put("note_amendment", family_id=family, note_id=told, kind="addendum", text="About bedtimes.")

    assert found("quillfeather") == [family]
    assert found("zebedee") == found("zeb marsh") == [person]
    assert found("school") == found("attendance") == [goal]
    assert found("bedtimes") == [amendment]


def test_a_hit_says_where_it_belongs(put, note, find):
    family = put("family", label="Quillfeather", status="active")
    person = put("person", scope="person:p", forenames="Zebedee")
    put("membership", family_id="earlier", person_id=person, role="child", to_on=NOW.date())
    put("membership", family_id=family, person_id=person, role="child", from_on=NOW.date())
    note("A parcel came.", family_id=family)
    [family_hit], [person_hit], [note_hit] = find("quillfeather"), find("zebedee"), find("parcel")

    assert (family_hit.kind, family_hit.family_id, family_hit.about) == ("family", family, None)
    assert (person_hit.kind, person_hit.family_id) == ("person", family)
    assert (note_hit.kind, note_hit.family_id) == ("note", family)
    assert note_hit.about.startswith("2015-03-02")


def test_drafts_and_jots_are_nobodys_record_yet(vault, found):
    jot = drafts.Draft(new_id(), "jot", None, {"text": "boiler"}, 0, NOW, NOW)
    with vault.write() as connection:
        drafts.put(connection, jot)

    assert found("boiler") == []


def test_a_changed_text_is_found_by_its_new_words_only(vault, put, found):
    goal = put("goal", family_id="f", statement="Breakfast before school")
    with vault.write() as connection:
        open_gate(connection)
        table = vault.schema["goal"].table
        connection.execute(update(table).where(table.c.id == goal).values(statement="Supper together"))
        connection.execute(update(table).where(table.c.id == goal).values(statement="Supper at six"))
        shut_gate(connection)

    assert found("supper six") == [goal]
    assert found("breakfast") == found("together") == []


def test_a_text_that_comes_later_or_goes_again(vault, put, found):
    goal = put("goal", family_id="f")
    table = vault.schema["goal"].table
    for statement in ("Breakfast", None, "Supper", "  ", "Tea"):
        with vault.write() as connection:
            open_gate(connection)
            connection.execute(update(table).where(table.c.id == goal).values(statement=statement))
            shut_gate(connection)

    assert found("tea") == [goal]
    assert found("breakfast") == found("supper") == []
    assert sound(vault)


@pytest.mark.parametrize("count", [1, 5, 60], ids=["one by one", "a few", "many at once"])
def test_what_was_purged_is_not_found_and_not_in_the_index(vault, note, found, count):
    kept = note("The boiler is mended.")
    gone = [note(f"Zzcanary{n} came to the door about the boiler.") for n in range(count)]
    with vault.write() as connection:
        open_gate(connection)
        table = vault.schema["visit_note"].table
        connection.execute(delete(table).where(table.c.id.in_(gone)))
        shut_gate(connection)
    with vault.read() as connection:
        blocks = connection.execute(text("SELECT block FROM search_data")).scalars().all()

    assert found("boiler") == [kept]
    assert found("zzcanary") == []
    assert not any(b"canary" in block for block in blocks)
    assert sound(vault)


def test_a_rowid_used_again_in_the_same_transaction(vault, note, found):
    old = note("Breakfast was late.")
    table = vault.schema["visit_note"].table
    new = new_id()
    with vault.write() as connection:
        open_gate(connection)
        connection.execute(delete(table).where(table.c.id == old))
        values = {"id": new, "scope": "family:f", "family_id": "f", "kind": "visit", "happened_at": NOW}
        connection.execute(insert(table), {**values, "what_happened": "Supper was early."})
        shut_gate(connection)

    assert found("supper") == [new]
    assert found("breakfast") == []


def test_what_was_undone_is_not_found(vault, found):
    with pytest.raises(KeyError), vault.write() as connection:
        open_gate(connection)
        values = {"id": "n", "scope": "family:f", "family_id": "f", "kind": "visit", "happened_at": NOW}
        connection.execute(insert(vault.schema["visit_note"].table), {**values, "what_happened": "Breakfast"})
        raise KeyError

    assert found("breakfast") == []
    assert sound(vault)


def test_what_is_saved_after_something_was_undone_is_found(vault, note, found):
    with pytest.raises(KeyError), vault.write() as connection:
        open_gate(connection)
        values = {"scope": "family:f", "family_id": "f", "kind": "visit", "happened_at": NOW}
        for number in range(3):
            row = {**values, "id": f"n{number}", "what_happened": "Breakfast"}
            connection.execute(insert(vault.schema["visit_note"].table), row)
        search.catch_up(connection)
        raise KeyError
    supper = note("Supper was early.")

    assert found("supper") == [supper]
    assert found("breakfast") == []
    assert sound(vault)


def test_a_change_of_other_fields_does_not_touch_the_index(vault, note):
    note_id = note("Breakfast")
    with vault.write() as connection:
        open_gate(connection)
        table = vault.schema["visit_note"].table
        connection.execute(update(table).where(table.c.id == note_id).values(version=7, place="home"))
        stale = connection.execute(text("SELECT count(*) FROM search_stale")).scalar_one()
        shut_gate(connection)

    assert stale == 0


def test_it_can_be_made_anew(vault, note, put, found):
    family = put("family", label="Ames", status="active")
    note_id = note("The boiler is mended.")
    with vault.write() as connection:
        connection.execute(text("INSERT INTO search (search) VALUES ('delete-all')"))
    lost = found("boiler")
    with vault.write() as connection:
        search.rebuild(connection)

    assert lost == []
    assert (found("boiler"), found("ames")) == ([note_id], [family])
    assert sound(vault)


def sound(vault: Vault) -> bool:
    """Whether the index holds exactly what the records hold: as many entries, and the same words as
    an index made anew."""
    with vault.write() as connection:
        before = words_in(connection)
        search.rebuild(connection)
        return before == words_in(connection)


def words_in(connection):
    connection.execute(
        text("CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab(main, search, 'col')")
    )
    entries = connection.execute(text("SELECT count(*) FROM search_docsize")).scalar_one()
    return entries, connection.execute(text("SELECT term, col, doc, cnt FROM temp.words")).all()


# -- how it is asked


SPELLINGS = ["O'Neill", "oneill", "O’NEILL", "ONeill", "o'nei", "siobhan o'neill", "Siobhán", "SIOBHAN"]


def test_apostrophes_capitals_and_accents_do_not_matter(put, found):
    person = put("person", scope="person:p", forenames="Siobhán", family_name="O’Neill")

    assert {words: found(words) for words in SPELLINGS} == {words: [person] for words in SPELLINGS}


def test_every_word_must_be_there_or_begin_so(note, found):
    both = note("The children were at breakfast.")
    note("The children were asleep.")

    assert found("breakfast children") == [both]
    assert found("break child") == [both]
    assert found("breakfasts") == []


def test_a_single_letter_is_a_word_and_no_beginning(note, found):
    note("Breakfast with Bea.")
    with_letter = note("Flat B is empty.")

    assert found("b") == [with_letter]


def test_names_come_before_passages(put, note, found):
    note("Marsh rang. Marsh came. Marsh, Marsh, Marsh.")
    family = put("family", label="Marsh", status="active")

    assert found("marsh")[0] == family


def test_what_fits_better_comes_first(note, found):
    note("Breakfast was on the table, and a long talk followed about school, money, sleep and the flat.")
    short = note("Breakfast.")

    assert found("breakfast")[0] == short


def test_no_more_than_asked_for(note, found):
    for _ in range(5):
        note("Breakfast")

    assert len(found("breakfast", 3)) == 3


def test_the_passage_is_marked_and_cut_at_blanks(note, find):
    note("Before that nothing. " * 10 + "Then O’Neill rang about the boiler. " + "And nothing more. " * 10)
    [hit] = find("oneill")

    assert hit.found == "O’Neill"
    assert hit.before.startswith("…")
    assert hit.before.endswith("Then ")
    assert hit.after.startswith(" rang about the boiler. And")
    assert hit.after.endswith("…")
    assert hit.text == hit.before + hit.found + hit.after
    assert len(hit.text) < 170


def test_a_short_letter_is_marked_where_it_stands_alone(note, find):
    note("Breakfast in flat B today")

    assert find("b")[0].found == "B"


ODD = [
    *('"', "'", "*", "(", "NEAR(a b)", "a AND", "-x", "name:", "{name}", "^a", "\\", "%", ";DROP TABLE op"),
    *("a\x00b", "", "  ", "😀", "½", "\ud800", "ﷺ", "𐐀𐐁", "a" * 10_000, "a " * 10_000, "AND", "NOT"),
]


def test_nothing_odd_is_ever_an_error(note, find):
    note("A plain note.")
    for words in ODD:
        find(words)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(), max_size=30))
def test_nothing_typed_at_all_is_an_error(find, words):
    find(words)


def test_many_notes_are_indexed_in_one_go(vault):
    """When triggers wrote to the index themselves, FTS5 flushed it at every note: ten times slower."""
    table = vault.schema["visit_note"].table
    rows = [
        {"id": new_id(), "scope": "family:f", "family_id": "f", "kind": "visit", "happened_at": NOW,
         "version": 1, "what_happened": f"Note {n} about the boiler and the school."}
        for n in range(2000)
    ]  # fmt: skip
    with vault.write() as connection:
        open_gate(connection)
        for row in rows:
            connection.execute(insert(table), row)
        indexed = connection.execute(text("SELECT count(*) FROM search_docsize")).scalar_one()
        shut_gate(connection)

    assert indexed == 0
    with vault.read() as connection:
        assert len(search.find(connection, "boiler", 50)) == 50
        assert connection.execute(text("SELECT count(*) FROM search_stale")).scalar_one() == 0
