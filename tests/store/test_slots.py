"""The files that hold the wrapped master key: always one whole, never weaker than it was."""

import json
import shutil

import pytest

from tfworker.store import device as devices
from tfworker.store import slots
from tfworker.store.keys import FLOOR, keys_of, mac, new_master
from tfworker.store.problems import NoVault, VaultDamaged, VaultTooNew, WeakLock, WrongPassphrase
from tfworker.store.slots import SLOTS, STORE, SlotFile, Store

WORDS = "four plain words"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """(place, master key, device) of slot files as they are after a creation."""
    place = tmp_path_factory.mktemp("slots")
    device, master = devices.make(place, "store"), new_master()
    slot = slots.new_slot(WORDS, device, "store", master, FLOOR)
    slots.write_slots(place, SlotFile("store", 1, (slot,)), master)
    slots.write_store(place, Store("store", device.where, {"council": "Ashcombe"}))
    return place, master, device


@pytest.fixture
def place(made, tmp_path):
    return shutil.copytree(made[0], tmp_path / "place")


@pytest.fixture
def master(made):
    return made[1]


@pytest.fixture
def device(made):
    return made[2]


def rewrite(place, change, key=None):
    """Change the slots as an attacker could, in both files, with a sum that fits; the MAC only if he
    had the key."""
    found = slots.read_slots(place)
    slot = json.loads(json.dumps(found.slots[0]))
    change(slot)
    changed = SlotFile(found.store_id, found.gen, (slot,), found.mac)
    code = mac(key, changed.body()) if key else found.mac
    data = json.dumps({**json.loads(changed.body()), "mac": code, "sum": slots._sum(changed.body(), code)})
    for name in SLOTS:
        (place / name).write_text(data)


def test_the_passphrase_gives_the_master_key(place, master, device):
    assert slots.open_slot(slots.read_slots(place), WORDS, device) == master


@pytest.mark.parametrize("passphrase", ["four plain word", "Four plain words", "", " "])
def test_another_passphrase_does_not(place, device, passphrase):
    with pytest.raises(WrongPassphrase):
        slots.open_slot(slots.read_slots(place), passphrase, device)


def test_the_passphrase_alone_is_not_enough(place, tmp_path):
    """A copied folder without the keystore of its computer."""
    other = devices.make(tmp_path, "other")

    with pytest.raises(WrongPassphrase):
        slots.open_slot(slots.read_slots(place), WORDS, other)


def test_the_same_passphrase_is_salted_anew_each_time(master, device):
    one, two = (slots.new_slot(WORDS, device, "store", master, FLOOR) for _ in range(2))

    assert one["kdf"]["salt"] != two["kdf"]["salt"]
    assert one["ct"] != two["ct"]


WEAKER = {
    "less memory": lambda slot: slot["kdf"].update(m=1024),
    "fewer passes": lambda slot: slot["kdf"].update(t=1),
    "an hour of memory": lambda slot: slot["kdf"].update(m=2**31),
    "another function": lambda slot: slot["kdf"].update(name="pbkdf2"),
    "an older Argon2": lambda slot: slot["kdf"].update(v=16),
    "another wrap": lambda slot: slot.update(wrap="none"),
}


@pytest.mark.parametrize("change", WEAKER.values(), ids=WEAKER.keys())
def test_a_weaker_slot_is_refused_even_with_a_right_mac(place, master, device, change):
    rewrite(place, change, keys_of(master).slot_mac)

    with pytest.raises(WeakLock):
        slots.open_slot(slots.read_slots(place), WORDS, device)


def test_a_cost_raised_without_the_key_is_noticed(place, device):
    rewrite(place, lambda slot: slot["kdf"].update(t=4))

    with pytest.raises(WrongPassphrase):
        slots.open_slot(slots.read_slots(place), WORDS, device)


def test_a_change_that_still_opens_is_noticed_by_the_mac(place, device):
    rewrite(place, lambda slot: slot.update(created="1999-01-01T00:00:00+00:00"))

    with pytest.raises(VaultDamaged):
        slots.open_slot(slots.read_slots(place), WORDS, device)


BROKEN = {
    "no user slot": lambda slot: slot.update(kind="recovery"),
    "no kdf": lambda slot: slot.pop("kdf"),
    "a short salt": lambda slot: slot["kdf"].update(salt="00"),
    "no hex": lambda slot: slot.update(ct="zz"),
    "no number": lambda slot: slot["kdf"].update(m=None),
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN.keys())
def test_a_slot_that_is_not_whole_is_damage(place, device, change):
    rewrite(place, change)

    with pytest.raises(VaultDamaged):
        slots.open_slot(slots.read_slots(place), WORDS, device)


@pytest.mark.parametrize("name", SLOTS)
def test_any_changed_byte_of_one_file_leaves_the_other(place, master, device, name):
    whole = (place / name).read_bytes()
    for at in range(0, len(whole), 7):
        changed = bytearray(whole)
        changed[at] ^= 0x10
        (place / name).write_bytes(changed)

        assert slots.read_slots(place).gen == 1

    assert slots.open_slot(slots.read_slots(place), WORDS, device) == master


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"v": 1}', '{"v": "1"}'])
def test_two_files_that_are_not_whole_are_damage(place, text):
    for name in SLOTS:
        (place / name).write_text(text)

    with pytest.raises(VaultDamaged):
        slots.read_slots(place)


def test_slots_of_a_newer_version_are_refused_with_what_to_do(place):
    for name in SLOTS:
        (place / name).write_text('{"v": 2, "what": "we cannot know"}')

    with pytest.raises(VaultTooNew, match="Ask IT to update"):
        slots.read_slots(place)


def test_slots_of_kinds_this_version_does_not_know_are_kept(place, master, device):
    found = slots.read_slots(place)
    recovery = {"id": "r1", "kind": "recovery", "wrap": "HPKE", "ct": "00", "more": {"to": "come"}}
    slots.write_slots(place, SlotFile("store", 2, (*found.slots, recovery)), master)
    slot = slots.new_slot("other words now", device, "store", master, FLOOR)
    slots.write_slots(place, slots.with_user_slot(slots.read_slots(place), slot), master)
    after = slots.read_slots(place)

    assert recovery in after.slots
    assert [s["kind"] for s in after.slots] == ["user", "recovery"]
    assert slots.open_slot(after, "other words now", device) == master


@pytest.mark.parametrize("written_first", SLOTS)
def test_killed_between_the_two_files_the_newest_counts(place, master, device, written_first):
    """One file has the new passphrase, the other still the old: it opens, with the new one."""
    old = {name: (place / name).read_bytes() for name in SLOTS}
    slot = slots.new_slot("other words now", device, "store", master, FLOOR)
    slots.write_slots(place, slots.with_user_slot(slots.read_slots(place), slot), master)
    [other] = set(SLOTS) - {written_first}
    (place / other).write_bytes(old[other])
    found = slots.read_slots(place)

    assert slots.open_slot(found, "other words now", device) == master
    slots.mend_slots(place, found, master)
    assert (place / other).read_bytes() == (place / written_first).read_bytes()


def test_mending_what_is_whole_writes_nothing(place, master):
    before = [(place / name).stat().st_mtime_ns for name in SLOTS]
    slots.mend_slots(place, slots.read_slots(place), master)

    assert [(place / name).stat().st_mtime_ns for name in SLOTS] == before


def test_a_missing_file_is_made_again(place, master):
    (place / SLOTS[0]).unlink()
    slots.mend_slots(place, slots.read_slots(place), master)

    assert (place / SLOTS[0]).read_bytes() == (place / SLOTS[1]).read_bytes()


def test_whose_vault_it_is(place):
    store = slots.read_store(place)

    assert (store.store_id, store.keystore, store.facts) == ("store", "file", {"council": "Ashcombe"})


def test_a_place_without_a_vault_says_so(tmp_path):
    assert not slots.exists(tmp_path)
    with pytest.raises(NoVault):
        slots.read_store(tmp_path)


def test_a_store_of_a_newer_version_is_refused(place):
    (place / STORE).write_text('{"format": 2}')

    with pytest.raises(VaultTooNew):
        slots.read_store(place)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 1}', '{"format": "1"}'])
def test_a_store_file_that_is_not_whole_is_damage(place, text):
    (place / STORE).write_text(text)

    with pytest.raises(VaultDamaged):
        slots.read_store(place)
