"""Ids, contents, commitments and the device's own chain."""

import json
from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import ops
from sync.ops import (
    CHAIN_START,
    DIGEST_MODULUS,
    chain,
    commit,
    decode_content,
    encode_content,
    new_id,
    new_salt,
    record_digest,
)

# Every text another machine can read back: no halves of character pairs.
texts = st.text(st.characters(exclude_categories=["Cs"]))


def test_ids_are_uuids_of_version_7_in_order_of_making() -> None:
    ids = [new_id() for _ in range(5000)]

    assert ids == sorted(set(ids))
    assert all(len(i) == 32 and i[12] == "7" and i[16] in "89ab" for i in ids)


def test_an_id_begins_with_the_moment_it_was_made() -> None:
    later = 4_000_000_000_000

    assert int(new_id(later)[:12], 16) == later


@given(st.dictionaries(texts, st.one_of(texts, st.integers(-(2**53), 2**53), st.booleans(), st.none())))
def test_content_is_read_back_as_it_was_saved(patch: dict[str, object]) -> None:
    content = encode_content(patch, {})

    assert decode_content(content).patch == patch
    assert json.loads(content) == {"patch": patch, "was": {}}


def test_dates_and_times_travel_as_text() -> None:
    content = encode_content({"on": date(2026, 2, 28), "at": datetime(2026, 3, 1, 9, 30, tzinfo=UTC)}, {})

    assert decode_content(content).patch == {"on": "2026-02-28", "at": "2026-03-01T09:30:00Z"}


def test_content_without_a_bottom_is_no_content() -> None:
    deep = b'{"patch":{"name":' + b"[" * 50_000 + b"]" * 50_000 + b"}}"

    with pytest.raises(msgspec.DecodeError, match="too deep"):
        decode_content(deep)


def test_half_a_character_pair_is_refused_before_it_is_saved() -> None:
    with pytest.raises(ValueError, match="half of a character pair"):
        encode_content({"text": "\ud83d"}, {})


def test_a_commitment_needs_both_salt_and_content() -> None:
    one, two = new_salt(), new_salt()

    assert commit(one, b"a") != commit(one, b"b")
    assert commit(one, b"a") != commit(two, b"a")
    assert commit(one, b"a") == commit(one, memoryview(b"a"))


def test_a_chain_shows_what_was_left_out_or_swapped() -> None:
    whole = chain(chain(CHAIN_START, "a", "1"), "b", "2")

    assert chain(CHAIN_START, "b", "2") != whole
    assert chain(chain(CHAIN_START, "b", "2"), "a", "1") != whole


@given(st.permutations(range(8)))
def test_the_digest_of_a_scope_does_not_depend_on_order(order: list[int]) -> None:
    def total(numbers: list[int]) -> int:
        return sum(record_digest(str(n), n + 1) for n in numbers) % DIGEST_MODULUS

    assert total(order) == total(list(range(8)))
    assert total(order) != total(list(range(7)))


class _Counting(ops.Source):
    def __init__(self) -> None:
        self.drawn = 0

    def random(self, size: int) -> bytes:
        self.drawn += 1
        return self.drawn.to_bytes(size)

    def now_ms(self) -> int:
        return 1_000


def test_the_same_source_gives_the_same_ids_again() -> None:
    runs = []
    try:
        for _ in range(2):
            ops.draw_from(_Counting())
            runs.append([ops.new_id(), ops.new_id(), ops.new_salt()])
    finally:
        ops.draw_from(ops.Source())

    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 3
