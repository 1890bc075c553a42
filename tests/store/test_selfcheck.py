"""The installation is looked at before records are trusted to it."""

import sqlite3

import pytest

from tfworker.store import selfcheck
from tfworker.store.problems import UnfitInstallation
from tfworker.store.selfcheck import Fact


def test_this_installation_is_fit():
    facts = selfcheck.check()

    assert [fact for fact in facts if not fact.holds] == []
    assert selfcheck.require(facts) == facts


def test_the_design_s_properties_are_all_looked_at():
    names = {fact.name for fact in selfcheck.check()}

    assert names >= {
        "SQLCipher",
        "SQLite",
        "TEMP_STORE",
        "THREADSAFE",
        "memory wiped",
        "file header",
        "wrong key",
    }


def test_one_that_fails_stops_the_start():
    facts = (Fact("SQLite", "3.51.1", "at least 3.51.3", False), Fact("TEMP_STORE", "2", "2", True))

    with pytest.raises(UnfitInstallation, match="cannot protect records"):
        selfcheck.require(facts)


def test_a_plain_library_fails_every_property_that_matters():
    """Python's own sqlite3 in place of SQLCipher."""
    raw = sqlite3.connect(":memory:")
    failed = {fact.name for fact in selfcheck.of_library(raw) if not fact.holds}
    raw.close()

    assert failed >= {"SQLCipher", "memory wiped", "page check", "journal"}


def test_a_plain_file_is_noticed(tmp_path):
    path = tmp_path / "plain.db"
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE t (x)")
    raw.commit()
    raw.close()
    header, _ = selfcheck.of_file(path)

    assert (header.value, header.holds) == ("readable", False)


VERSIONS = {
    "4.19.0 community": (4, 19, 0),
    "4.9.0": (4, 9, 0),
    "5.0": (5, 0),
    "": (),
    "community": (),
}


@pytest.mark.parametrize("text, numbers", VERSIONS.items())
def test_versions_are_compared_as_numbers(text, numbers):
    assert selfcheck._numbers(text) == numbers


def test_a_version_with_one_digit_less_is_older():
    assert selfcheck._numbers("4.9.0") < selfcheck.OLDEST_CIPHER < selfcheck._numbers("4.19.0 community")


def test_it_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    selfcheck.check()

    assert list(tmp_path.iterdir()) == []
