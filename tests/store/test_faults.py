"""What a bad day does to a vault: a kill, a full disk, a thief with the files."""

import errno
import gzip
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from sync.ops import Act, new_id
from sync.sql import Change, save
from tests.store.conftest import NOW, PASSPHRASE
from tfworker import log
from tfworker.store import DiskFull, DiskTrouble, Vault, drafts, search
from tfworker.store.tables import fact
from tfworker.store.vault import DATABASE

PAGE = 4096
CANARIES = [
    "Zebedee Quillfeather",
    "12 Acacia Road",
    "AS9 9ZZ",
    "01632 960999",
    "he hid behind the yellow sofa",
    "Überraschung ñandú",
]


class Clock:
    def now(self):
        return NOW


# -- a thief with the files


def spelled(words):
    """The bytes a text would show itself by."""
    long_words = [word for word in words.split() if len(word) > 5]  # shorter ones come by chance
    for form in (words, words.lower(), words.replace(" ", ""), *long_words):
        yield form.encode()
        yield form.encode("utf-16-le")
        yield form.encode("utf-16-be")


def use_for_a_day(vault):
    """Save, change, search, draft, fail, purge: everything leaves its traces somewhere."""
    family, person, note = new_id(), new_id(), new_id()
    with vault.write() as connection:
        save(
            connection,
            vault.schema,
            [
                Change("family", family, {"label": CANARIES[0], "status": "active"}, Act.INSERT),
                Change("household", new_id(), {"family_id": family, "address_lines": CANARIES[1],
                                               "postcode": CANARIES[2]}, Act.INSERT),
                Change("person", person, {"forenames": CANARIES[0], "dob_estimated": False,
                                          "interpreter_needed": False}, Act.INSERT),
                Change("contact_point", new_id(), {"person_id": person, "value": CANARIES[3]}, Act.INSERT),
                Change("visit_note", note, {"family_id": family, "kind": "visit", "happened_at": NOW,
                                            "what_happened": " ".join(CANARIES)}, Act.INSERT),
            ],
            clock=Clock(),
        )  # fmt: skip
        drafts.put(connection, drafts.Draft("d", "jot", family, {"text": CANARIES[4]}, 3, NOW, NOW))
    with vault.write() as connection:
        save(
            connection, vault.schema, [Change("family", family, {"story_so_far": CANARIES[5]})], clock=Clock()
        )
        drafts.drop(connection, "d")
    with vault.read() as connection:
        assert search.find(connection, CANARIES[4])
        # Sorting spills to temporary files where those are not kept in memory.
        many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
        connection.execute(text(many + "SELECT i || label FROM n, family ORDER BY 1 DESC")).all()
    try:
        with vault.write() as connection:
            connection.execute(insert(fact).values(name=CANARIES[0], value=CANARIES[1]))
            connection.execute(insert(fact).values(name=CANARIES[0], value=CANARIES[1]))
    except Exception as error:
        log.Log("test").error("a save failed", error, record=CANARIES[0], table=CANARIES[1])


@pytest.fixture
def watched_temp(tmp_path, monkeypatch):
    """A folder that every temporary file would go to."""
    folder = tmp_path / "temp"
    folder.mkdir()
    for name in ("TMPDIR", "SQLITE_TMPDIR", "TEMP"):
        monkeypatch.setenv(name, str(folder))
    return folder


def test_no_name_and_no_note_is_readable_in_any_file(place, watched_temp, passphrase):
    log.start(place)
    vault = Vault.open(place, passphrase)
    use_for_a_day(vault)
    open_files = {path: path.read_bytes() for path in files_of(place, watched_temp)}
    vault.close()
    log.stop()
    closed_files = {path: path.read_bytes() for path in files_of(place, watched_temp)}

    assert {path.name for path in open_files} >= {"case.db", "case.db-wal", "case.db-shm", "app.log"}
    for path, data in [*open_files.items(), *closed_files.items()]:
        seen = [words for words in CANARIES if any(form in data for form in spelled(words))]
        assert seen == [], path.name
    assert list(watched_temp.iterdir()) == []


def test_the_search_for_canaries_would_find_them(tmp_path):
    """The test above is worth nothing if it cannot see."""
    import sqlite3

    raw = sqlite3.connect(tmp_path / "plain.db")
    raw.execute("CREATE TABLE t (x)")
    raw.executemany("INSERT INTO t VALUES (?)", [(words,) for words in CANARIES])
    raw.commit()
    raw.close()
    data = (tmp_path / "plain.db").read_bytes()

    assert all(any(form in data for form in spelled(words)) for words in CANARIES)


def files_of(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def test_the_file_does_not_even_compress(place, passphrase):
    """Ciphertext has no pattern: what compresses was not encrypted."""
    vault = Vault.open(place, passphrase)
    use_for_a_day(vault)
    vault.close()
    data = (place / "case.db").read_bytes()

    assert len(gzip.compress(data)) > 0.99 * len(data)


def test_no_key_lies_beside_the_vault(place, passphrase):
    from tfworker.store import device_of, slots
    from tfworker.store.keys import keys_of

    master = slots.open_slot(slots.read_slots(place), passphrase, device_of(place))
    keys = keys_of(master)
    secrets = [master, keys.database, keys.blob, keys.anchor, keys.slot_mac]
    data = b"".join(path.read_bytes() for path in files_of(place))

    assert not any(key in data or key.hex().encode() in data for key in secrets)


# -- a kill


SAVING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from sync.ops import Act, new_id
from sync.sql import Change, save
from tfworker.store import Vault, drafts

NOW = datetime(2015, 3, 2, tzinfo=UTC)

class Clock:
    def now(self):
        return NOW

vault = Vault.open(Path(sys.argv[1]), sys.argv[2])
for n in range(100_000):
    family, note = new_id(), new_id()
    with vault.write() as connection:
        save(connection, vault.schema, [
            Change("family", family, {"label": f"Family {n}", "status": "active"}, Act.INSERT),
            Change("visit_note", note, {"family_id": family, "kind": "visit", "happened_at": NOW,
                                        "what_happened": f"Number{n} was here."}, Act.INSERT),
        ], clock=Clock())
        drafts.put(connection, drafts.Draft("d", "note", family, {"n": n}, 0, NOW, NOW))
    print(n, flush=True)
"""


@pytest.mark.parametrize("lines", [1, 7, 40])
def test_a_kill_loses_nothing_that_was_saved(place, lines):
    with subprocess.Popen(
        [sys.executable, "-c", SAVING, str(place), PASSPHRASE],
        stdout=subprocess.PIPE, text=True,
    ) as worker:  # fmt: skip
        saved = [int(worker.stdout.readline()) for _ in range(lines)][-1]
        worker.send_signal(signal.SIGKILL)
        # It may have saved more before the signal came.
        saved = max([saved, *(int(line) for line in worker.stdout.read().split("\n")[:-1])])
    vault = Vault.open(place, PASSPHRASE)
    with vault.read() as connection:
        families = connection.execute(text("SELECT count(*) FROM family")).scalar_one()
        notes = connection.execute(text("SELECT count(*) FROM visit_note")).scalar_one()
        ops = connection.execute(text("SELECT count(*) FROM op")).scalar_one()
        draft = drafts.get(connection, "d")
        found = search.find(connection, f"Number{saved}")
    damage = vault.damage()
    vault.close()

    assert families in (saved + 1, saved + 2)  # the next may have been committed, its line not printed
    assert (notes, ops) == (families, 2 * families)
    assert draft.body == {"n": families - 1}
    assert len(found) == 1
    assert damage == []


def test_a_page_torn_while_the_log_was_folded_is_no_damage(vault, note):
    """A kill in the middle of writing it: the log still has the page, whole."""
    note("Before.")
    vault._fold_log()
    note("After.")
    file = vault.place / DATABASE
    with file.open("r+b") as database:
        for page in in_the_log(file.with_name(f"{DATABASE}-wal"), of=file.stat().st_size // PAGE):
            database.seek((page - 1) * PAGE + PAGE // 2)
            database.write(bytes(PAGE // 2))

    assert vault.damage() == []
    with vault.read() as connection:
        assert len(search.find(connection, "before")) == 1


def in_the_log(log_file, of):
    """Numbers of the pages that a write-ahead log holds, of the first so many (sqlite.org/fileformat2)."""
    frames = log_file.read_bytes()[32:]
    numbers = [frames[start : start + 4] for start in range(0, len(frames), 24 + PAGE)]
    found = {int.from_bytes(number) for number in numbers} & set(range(1, of + 1))
    assert found
    return sorted(found)


# -- a full disk


def test_a_full_disk_says_so_and_the_vault_goes_on(vault, note):
    """SQLite's own answer when no page can be added."""
    note("Before.")
    with vault._alone(vault.writer_engine) as raw:
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
        raw.execute(f"PRAGMA max_page_count = {pages + 10}")
    text_at_hand = "x" * 100_000
    with pytest.raises(DiskFull) as caught:
        note(text_at_hand)
    with vault._alone(vault.writer_engine) as raw:
        raw.execute("PRAGMA max_page_count = 1000000")
    note("After.")
    with vault.read() as connection:
        texts = (
            connection.execute(text("SELECT what_happened FROM visit_note ORDER BY rowid")).scalars().all()
        )

    assert caught.value.title == "The disk is full"
    assert "Your text is still on the screen" in caught.value.advice
    assert texts == ["Before.", "After."]
    assert vault.damage() == []


NO_ROOM = """
import resource, signal, sys
from pathlib import Path
from sqlalchemy import insert, text
from tfworker.errors import Problem
from tfworker.store import Vault
from tfworker.store.tables import fact
from tfworker.store.vault import DATABASE

vault = Vault.open(Path(sys.argv[1]), sys.argv[2])
vault.facts.put({"before": 1})
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
try:
    vault.facts.put({"large": "x" * 3_000_000})
except Problem as problem:
    print(type(problem).__name__)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
vault.facts.put({"after": 1})
print(sorted(vault.facts.everything().keys() & {"before", "large", "after"}), vault.damage())
vault.close()
"""


def test_a_disk_that_refuses_in_the_middle_of_a_write(place):
    """The system itself refuses to let a file grow: the error comes from where a real disk's would."""
    result = subprocess.run(
        [sys.executable, "-c", NO_ROOM, str(place), PASSPHRASE], capture_output=True, text=True, check=True
    )

    assert result.stdout.splitlines() == ["DiskTrouble", "['after', 'before'] []"]


def test_a_disk_too_full_to_begin(place, passphrase, monkeypatch):
    """Nothing can be written beside the vault: opening says so, and nothing was changed."""
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    (place / "slots.a.json").unlink()  # opening would write it again
    (place / "slots.a.json.new").mkdir()  # and cannot

    with pytest.raises(DiskTrouble):
        Vault.open(place, passphrase)
    (place / "slots.a.json.new").rmdir()
    vault = Vault.open(place, passphrase)

    assert (place / "slots.a.json").read_bytes() == before["slots.a.json"]
    vault.close()


def test_errors_of_the_system_are_told_apart():
    from tfworker.store.problems import disk_problem

    assert isinstance(disk_problem(OSError(errno.ENOSPC, "")), DiskFull)
    assert isinstance(disk_problem(OSError(errno.EIO, "")), DiskTrouble)
