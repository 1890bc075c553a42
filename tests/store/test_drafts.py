"""Drafts outlive a lock and a kill, and leave when they are finished."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sync.ops import new_id
from tests.store.conftest import NOW
from tfworker.store import Vault, drafts
from tfworker.store.drafts import Draft


@pytest.fixture
def draft():
    body = {"what_happened": "She said “it’s fine”.\nIt was not.", "goals": ["a", "b"], "seen": None}
    return Draft(new_id(), "note", "f1", body, 21, NOW, NOW)


def put(vault, *all_drafts):
    with vault.write() as connection:
        for one in all_drafts:
            drafts.put(connection, one)


def test_a_draft_is_there_after_a_lock(vault, place, passphrase, draft):
    put(vault, draft)
    vault.close()
    reopened = Vault.open(place, passphrase)
    with reopened.read() as connection:
        found = drafts.get(connection, draft.id)
    reopened.close()

    assert found == draft


def test_saving_again_keeps_when_it_was_opened(vault, draft):
    later = replace(draft, body={"what_happened": "More."}, cursor=5, opened_at=NOW + timedelta(hours=1),
                    saved_at=NOW + timedelta(hours=1))  # fmt: skip
    put(vault, draft, later)
    with vault.read() as connection:
        found = drafts.get(connection, draft.id)

    assert found == replace(later, opened_at=NOW)


def test_the_last_saved_comes_first(vault, draft):
    jot = replace(draft, id=new_id(), kind="jot", family_id=None, saved_at=NOW + timedelta(minutes=2))
    other = replace(draft, id=new_id(), family_id="f2", saved_at=NOW + timedelta(minutes=1))
    put(vault, draft, jot, other)
    with vault.read() as connection:
        assert drafts.list(connection) == [jot, other, draft]
        assert drafts.list(connection, kind="note") == [other, draft]
        assert drafts.list(connection, family_id="f1") == [draft]
        assert drafts.list(connection, kind="jot", family_id="f1") == []


def test_a_finished_draft_is_gone(vault, draft):
    put(vault, draft)
    with vault.write() as connection:
        assert drafts.drop(connection, draft.id)
        assert not drafts.drop(connection, draft.id)
        assert drafts.get(connection, draft.id) is None


def test_a_draft_makes_no_op(vault, draft):
    put(vault, draft)
    with vault.read() as connection:
        assert connection.execute(vault.schema.own("op").select()).all() == []
