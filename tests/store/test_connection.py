"""The two connections: encrypted by the recipe, one at a time, and one of them cannot write."""

import secrets
import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlcipher3 import dbapi2

from sync.sql.on_sqlite import asked
from tfworker.store.connection import open_raw, reader, writer
from tfworker.store.problems import DiskFull, DiskTrouble, VaultDamaged, told_plainly

KEY = secrets.token_bytes(32)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "case.db"


@pytest.fixture
def engines(path):
    """(writer, reader) of a database with a table `t` of one row."""
    write = writer(path, KEY)
    with write.begin() as connection:
        connection.execute(text("CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT NOT NULL)"))
        connection.execute(text("INSERT INTO t (body) VALUES ('first')"))
    read = reader(path, KEY)
    yield write, read
    read.dispose()
    write.dispose()


def count(engine):
    with engine.begin() as connection:
        return connection.execute(text("SELECT count(*) FROM t")).scalar_one()


RECIPE = {
    "cipher_memory_security": "1",
    "cipher_page_size": "4096",
    "cipher_hmac_algorithm": "HMAC_SHA512",
    "cipher_kdf_algorithm": "PBKDF2_HMAC_SHA512",
    "journal_mode": "wal",
    "synchronous": 2,
    "temp_store": 2,
    "secure_delete": 1,
    "foreign_keys": 1,
    "trusted_schema": 0,
    "mmap_size": 0,
}


@pytest.mark.parametrize("pragma, value", RECIPE.items())
def test_the_recipe_is_followed(engines, pragma, value):
    for engine in engines:
        with engine.connect() as connection:
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_a_wrong_key_opens_nothing(engines, path):
    with pytest.raises(dbapi2.DatabaseError, match="file is not a database"):
        open_raw(path, secrets.token_bytes(32))


def test_what_is_written_is_not_readable(engines, path):
    with engines[0].begin() as connection:
        connection.execute(text("INSERT INTO t (body) VALUES ('Zebedee Quillfeather')"))
    files = [p.read_bytes() for p in path.parent.iterdir()]

    assert not any(b"Quillfeather" in data or b"SQLite format" in data for data in files)


@pytest.mark.parametrize("value", [None, b"", b"\x00\xff", True, False, "", "é", 0, 1 << 62, 1.5], ids=repr)
def test_a_value_is_stored_as_what_it_is(engines, value):
    with engines[0].begin() as connection:
        kept, kind = connection.exec_driver_sql("SELECT ?1, typeof(?1)", (value,)).one()

    assert kept == value
    assert kind == {
        type(None): "null", bytes: "blob", bool: "integer", str: "text", int: "integer", float: "real"
    }[type(value)]  # fmt: skip


def test_the_reader_cannot_write(engines):
    with pytest.raises(OperationalError, match="readonly"), engines[1].begin() as connection:
        connection.execute(text("INSERT INTO t (body) VALUES ('x')"))


def test_what_can_only_be_read_is_refused_to_the_writer_before_anything_is_typed(engines, path, monkeypatch):
    """When the call that opens for writing fails, SQLite opens for reading and does not say so."""
    connect = dbapi2.connect
    opened = []

    def for_reading(name, **options):
        opened.append(connect(f"file:{name}?mode=ro", uri=True, **options))
        return opened[-1]

    monkeypatch.setattr(dbapi2, "connect", for_reading)
    with pytest.raises(DiskTrouble), told_plainly():
        writer(path, KEY)
    with pytest.raises(dbapi2.ProgrammingError, match="closed"):
        opened[-1].execute("SELECT 1")

    monkeypatch.undo()
    again = writer(path, KEY)
    assert count(again) == 1
    again.dispose()


def test_to_look_whether_it_can_be_written_writes_nothing(engines, path):
    before = path.read_bytes(), path.with_name("case.db-wal").read_bytes()

    writer(path, KEY).dispose()

    assert (path.read_bytes(), path.with_name("case.db-wal").read_bytes()) == before


def test_a_reader_sees_one_moment(engines):
    write, read = engines
    with read.begin() as connection:
        before = connection.execute(text("SELECT count(*) FROM t")).scalar_one()
        with write.begin() as other:
            other.execute(text("INSERT INTO t (body) VALUES ('second')"))
        during = connection.execute(text("SELECT count(*) FROM t")).scalar_one()

    assert (before, during, count(read)) == (1, 1, 2)


def test_an_exception_undoes_all_of_it(engines):
    write, _ = engines
    with pytest.raises(KeyError), write.begin() as connection:
        connection.execute(text("INSERT INTO t (body) VALUES ('second')"))
        connection.execute(text("CREATE TABLE u (x)"))
        raise KeyError

    with write.begin() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars()
        assert list(tables) == ["t"]
    assert count(write) == 1


def test_a_failed_statement_leaves_the_connection_usable(engines):
    write, _ = engines
    with pytest.raises(IntegrityError), write.begin() as connection:
        connection.execute(text("INSERT INTO t (body) VALUES (NULL)"))

    assert count(write) == 1


def test_threads_wait_for_each_other(engines):
    """Transactions of two threads never mix: each counts, waits, and adds one."""
    write, _ = engines
    started = threading.Barrier(4)

    def add():
        started.wait()
        for _ in range(25):
            with write.begin() as connection:
                present = connection.execute(text("SELECT count(*) FROM t")).scalar_one()
                connection.execute(text("INSERT INTO t (id, body) VALUES (:id, 'x')"), {"id": present + 1})

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert count(write) == 101


def test_after_the_end_nobody_can_open_it_again(engines):
    write, _ = engines
    write.dispose()

    with pytest.raises(RuntimeError, match="closed"):
        count(write)


def test_no_room_is_a_problem_and_nothing_is_half_done(engines):
    write, _ = engines
    with write.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 12"))
    with pytest.raises(DiskFull, match="The disk is full"), write.begin() as connection:
        for _ in range(100):
            connection.execute(text("INSERT INTO t (body) VALUES (:body)"), {"body": "x" * 4000})

    assert count(write) == 1


@pytest.fixture
def long_texts(path):
    """A closed database of texts that fill many pages each."""
    engine = writer(path, KEY)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT NOT NULL)"))
        for _ in range(5):
            connection.execute(text("INSERT INTO t (body) VALUES (:body)"), {"body": "x" * 9_000})
    engine.dispose()
    return path


def through_sqlalchemy(connection):
    return [tuple(row) for row in connection.execute(text("SELECT body FROM t"))]


def past_sqlalchemy(connection):
    return asked(connection, "SELECT body FROM t")


def read_all(path, make, ask):
    engine = make(path, KEY)
    try:
        with engine.begin() as connection:
            return [body for (body,) in ask(connection)]
    finally:
        engine.dispose()


@pytest.mark.parametrize("ask", [through_sqlalchemy, past_sqlalchemy])
@pytest.mark.parametrize("make", [reader, writer])
def test_no_flipped_bit_is_ever_read_as_text(long_texts, make, ask):
    """One bit in each page, the last page of a long text too."""
    whole = long_texts.read_bytes()
    for at in range(700, len(whole), 4096):
        changed = bytearray(whole)
        changed[at] ^= 1
        long_texts.write_bytes(changed)

        with pytest.raises((VaultDamaged, dbapi2.DatabaseError)):
            read_all(long_texts, make, ask)

    long_texts.write_bytes(whole)
    assert read_all(long_texts, make, ask) == ["x" * 9_000] * 5


@pytest.mark.parametrize("ask", [through_sqlalchemy, past_sqlalchemy])
def test_a_damaged_page_met_by_a_question_is_said_as_one(long_texts, ask):
    whole = bytearray(long_texts.read_bytes())
    whole[-2_000] ^= 1
    engine = reader(long_texts, KEY)
    with engine.begin() as connection:  # while it is open: what was read at its start was whole
        connection.execute(text("SELECT count(*) FROM sqlite_master"))
    long_texts.write_bytes(whole)

    with pytest.raises(VaultDamaged), engine.begin() as connection:
        ask(connection)
    engine.dispose()


def test_a_question_past_sqlalchemy_fails_as_it_would_through_it(engines):
    for statement in ("SELECT * FROM nowhere", "INSERT INTO t (body) VALUES ('x')"):
        with pytest.raises(OperationalError), engines[1].begin() as connection:
            asked(connection, statement)
    assert count(engines[1]) == 1


def test_values_never_show_in_an_error(engines):
    with pytest.raises(IntegrityError) as caught, engines[0].begin() as connection:
        connection.execute(text("INSERT INTO t (id, body) VALUES (1, :body)"), {"body": "Quillfeather"})

    assert "Quillfeather" not in str(caught.value)
