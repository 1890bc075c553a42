"""From a passphrase to the keys: what opens, what does not, and what may not be weakened."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tfworker.store.keys import (
    CEILING,
    FLOOR,
    Cost,
    calibrate,
    check_cost,
    keys_of,
    mac,
    new_master,
    password_key,
    same,
    unwrap,
    user_key,
    wrap,
)
from tfworker.store.problems import WeakLock, WrongPassphrase

SALT = bytes(range(16))
MASTER = bytes(range(32))


def test_the_same_passphrase_gives_the_same_key():
    assert password_key("four plain words", SALT, FLOOR) == password_key("four plain words", SALT, FLOOR)


def test_a_passphrase_typed_on_another_keyboard_is_the_same():
    """é as one character, and as e with an accent."""
    composed, decomposed = "caf\u00e9 au lait", "cafe\u0301 au lait"

    assert password_key(composed, SALT, FLOOR) == password_key(decomposed, SALT, FLOOR)


def test_two_vaults_open_at_once():
    """Two computations with several lanes at once never ended."""
    with ThreadPoolExecutor(2) as threads:
        found = threads.map(lambda word: password_key(word, SALT, FLOOR), ["four plain words"] * 2)

    assert len(set(found)) == 1


def test_todays_keys_are_tomorrows():
    """A vault of today must open with every later version."""
    from_password = password_key("four plain words", SALT, FLOOR)
    kek = user_key(from_password, bytes(32), "store")
    keys = keys_of(MASTER)

    assert from_password.hex() == "a53f11f17b0d88495716eac8fa25727a72f80fca82e971b04a9f653773cea83a"
    assert kek.hex() == "c078952fd04e7c1bce603457bcfdbd65d8986f9f9dc858ba634678057037ce82"
    assert keys.database.hex() == "6844938092c1e7da3922d96c4bd34b58fdec98d2a21852f8377e7c13ea7b82be"
    assert keys.slot_mac.hex() == "bd305c38054b894205707d22bb17789f32677556982531d727661fa4f2f2f1a4"
    assert (
        wrap(kek, MASTER).hex()
        == "fcfa81d61a490eab5cff2a52f0d53ca85f6af07576aefa8ab003bd655c8a370e6964c587c256ffc6"
    )


@pytest.mark.parametrize("passphrase, salt", [("", SALT), ("words", SALT[:15]), ("words", SALT + b"x")])
def test_our_own_slips_are_ordinary_errors(passphrase, salt):
    with pytest.raises(ValueError):
        password_key(passphrase, salt, FLOOR)


BAD_COSTS = {
    "too little memory": Cost(FLOOR.memory - 1, 3, 4),
    "too few passes": Cost(FLOOR.memory, 2, 4),
    "too few lanes": Cost(FLOOR.memory, 3, 3),
    "memory for an hour of swapping": Cost(CEILING.memory + 1, 3, 4),
    "passes for an hour": Cost(FLOOR.memory, 10_000, 4),
    "too many lanes": Cost(FLOOR.memory, 3, 255),
    "nothing at all": Cost(0, 0, 0),
    "less than nothing": Cost(-1, -1, -1),
}


@pytest.mark.parametrize("cost", BAD_COSTS.values(), ids=BAD_COSTS.keys())
def test_a_cost_out_of_bounds_is_refused_before_any_work(cost):
    with pytest.raises(WeakLock):
        password_key("four plain words", SALT, cost)


def test_floor_and_ceiling_themselves_are_allowed():
    check_cost(FLOOR)
    check_cost(CEILING)


class Stopwatch:
    """Tells the times it is given, one after the other."""

    def __init__(self, *times: float) -> None:
        self.times = list(times)

    def __call__(self) -> float:
        return self.times.pop(0)


def test_a_slow_machine_gets_the_floor():
    assert calibrate(Stopwatch(0, 0.6)) == FLOOR


def test_a_quick_machine_gets_as_much_memory_as_takes_a_second():
    """0.4 s at the floor, so 0.8 s with twice the memory, and 1.6 s with four times is too long."""
    assert calibrate(Stopwatch(0, 0.4, 1, 1.8)) == Cost(FLOOR.memory * 2, FLOOR.passes, FLOOR.lanes)


def test_no_machine_gets_more_than_the_target():
    assert calibrate(Stopwatch(0, 0.01, 1, 1.02)).memory == 256 * 1024


def test_both_halves_and_the_store_are_needed():
    kek = user_key(bytes(32), bytes(32), "one")

    assert user_key(b"1" * 32, bytes(32), "one") != kek
    assert user_key(bytes(32), b"1" * 32, "one") != kek
    assert user_key(bytes(32), bytes(32), "two") != kek


def test_halves_of_another_length_are_our_slip():
    with pytest.raises(ValueError):
        user_key(bytes(31), bytes(33), "store")


def test_what_was_wrapped_is_unwrapped():
    kek, master = new_master(), new_master()

    assert unwrap(kek, wrap(kek, master)) == master
    assert len(wrap(kek, master)) == 40


@pytest.mark.parametrize("byte", range(40))
def test_no_changed_byte_goes_unnoticed(byte):
    kek = new_master()
    wrapped = bytearray(wrap(kek, MASTER))
    wrapped[byte] ^= 1

    with pytest.raises(WrongPassphrase):
        unwrap(kek, bytes(wrapped))


@pytest.mark.parametrize("wrapped", [b"", b"short", bytes(40), wrap(MASTER, b"sixteen bytes ok")])
def test_what_is_no_wrapped_master_key_opens_nothing(wrapped):
    with pytest.raises(WrongPassphrase):
        unwrap(MASTER, wrapped)


def test_every_purpose_has_its_own_key():
    keys = keys_of(MASTER)

    assert len({keys.database, keys.blob, keys.anchor, keys.slot_mac, MASTER}) == 5
    assert {len(key) for key in (keys.database, keys.blob, keys.anchor, keys.slot_mac)} == {32}


def test_no_key_shows_in_a_repr():
    assert repr(keys_of(MASTER)) == "Keys()"


def test_a_mac_tells_other_data_and_other_keys_apart():
    code = mac(MASTER, b"data")

    assert same(code, mac(MASTER, b"data"))
    assert not same(code, mac(MASTER, b"date"))
    assert not same(code, mac(bytes(32), b"data"))
