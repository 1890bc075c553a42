"""Attachments at rest: nothing of them can be read, and nothing changed on the disk is believed."""

import random
import resource
import signal
import stat

import pytest

from sync.ports import Blob, Shelf
from sync.wire import PART_BYTES
from tfworker.store import AttachmentDamaged, DiskTrouble, Vault
from tfworker.store.attachments import CHUNK, COMING, FOLDER, PART_ON_DISK, TAG, Attachments

KEY = bytes(range(32))
CANARY = b"a photo of the bruise on his arm "


@pytest.fixture
def shelf(tmp_path):
    return Attachments(tmp_path, "store", KEY)


def text_of(size):
    return random.Random(size).randbytes(size)


def lay(shelf, data, shown=PART_BYTES):
    blob = shelf.new()
    count = max(1, -(-len(data) // shown))
    for part in range(count):
        shelf.put(blob, part, data[part * shown : (part + 1) * shown], last=part == count - 1)
    return blob


def read(shelf, blob, parts=1):
    return b"".join(shelf.read(blob, part, last=part == parts - 1) for part in range(parts))


def path_of(tmp_path, blob):
    return tmp_path / FOLDER / blob.name


def names(tmp_path):
    return [path.name for path in (tmp_path / FOLDER).iterdir()]


SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, PART_BYTES - 1, PART_BYTES]


@pytest.mark.parametrize("size", SIZES)
def test_what_was_put_is_read(shelf, size):
    blob = lay(shelf, text_of(size))

    assert shelf.read(blob, 0, last=True) == text_of(size)


def test_several_parts_are_read_each_by_itself(shelf):
    data = text_of(2 * PART_BYTES + 5)
    blob = lay(shelf, data)

    assert shelf.read(blob, 1, last=False) == data[PART_BYTES : 2 * PART_BYTES]
    assert read(shelf, blob, 3) == data


def test_a_vault_closed_and_opened_still_reads_its_files(place, passphrase):
    vault = Vault.open(place, passphrase)
    shelf: Shelf = vault.attachments
    blob = lay(shelf, CANARY)
    vault.close()
    vault = Vault.open(place, passphrase)

    assert vault.attachments.read(blob, 0, last=True) == CANARY
    vault.close()


def test_nothing_of_it_is_readable_in_any_file(place, passphrase):
    vault = Vault.open(place, passphrase)
    lay(vault.attachments, CANARY * 10_000)
    vault.close()

    files = [path.read_bytes() for path in place.rglob("*") if path.is_file()]
    assert sum(map(len, files)) > 10_000 * len(CANARY)
    assert not any(CANARY in content or CANARY[:9] in content for content in files)


def test_the_same_bytes_twice_look_different_and_have_random_names(shelf, tmp_path):
    one, two = lay(shelf, CANARY), lay(shelf, CANARY)

    assert path_of(tmp_path, one).read_bytes() != path_of(tmp_path, two).read_bytes()
    assert one.name != two.name
    assert len(bytes.fromhex(one.name)) == 16


def test_a_part_written_again_never_meets_the_same_nonce(shelf, tmp_path):
    blob = shelf.new()
    shelf.put(blob, 0, CANARY, last=True)
    first = path_of(tmp_path, blob).read_bytes()
    shelf.put(blob, 0, CANARY[::-1], last=True)
    second = path_of(tmp_path, blob).read_bytes()

    assert first[:7] != second[:7]
    assert shelf.read(blob, 0, last=True) == CANARY[::-1]


def test_a_flipped_byte_anywhere_is_refused(shelf, tmp_path):
    blob = lay(shelf, text_of(CHUNK + 40))
    path = path_of(tmp_path, blob)
    good = path.read_bytes()
    for at in (0, 6, 7, 8, CHUNK, 7 + CHUNK, 7 + CHUNK + TAG, len(good) - TAG - 1, len(good) - 1):
        path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])

        with pytest.raises(AttachmentDamaged):
            shelf.read(blob, 0, last=True)


ONE, TWO = 7 + CHUNK + TAG, 7 + 2 * (CHUNK + TAG)  # where the first and the second chunk end
SPOILT = {
    "chunks swapped": lambda b: b[:7] + b[ONE:TWO] + b[7:ONE] + b[TWO:],
    "last chunk cut off": lambda b: b[:TWO],
    "first chunk cut out": lambda b: b[:7] + b[ONE:],
    "a chunk twice": lambda b: b[:ONE] + b[7:],
    "cut in a chunk": lambda b: b[:-1],
    "something behind it": lambda b: b + b"x",
    "nothing but the mark": lambda b: b[:7],
    "nothing": lambda b: b"",
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT.keys())
def test_chunks_moved_or_missing_are_refused(shelf, tmp_path, spoil):
    blob = lay(shelf, text_of(2 * CHUNK + 9))
    path = path_of(tmp_path, blob)
    path.write_bytes(spoil(path.read_bytes()))

    with pytest.raises(AttachmentDamaged):
        shelf.read(blob, 0, last=True)


def test_parts_swapped_or_missing_are_refused(shelf, tmp_path):
    blob = lay(shelf, text_of(3 * PART_BYTES))
    path = path_of(tmp_path, blob)
    good = path.read_bytes()
    one, two, three = (good[n * PART_ON_DISK : (n + 1) * PART_ON_DISK] for n in range(3))

    path.write_bytes(two + one + three)
    for part in (0, 1):
        with pytest.raises(AttachmentDamaged):
            shelf.read(blob, part, last=False)
    path.write_bytes(one + two)
    with pytest.raises(AttachmentDamaged):
        shelf.read(blob, 2, last=True)
    with pytest.raises(AttachmentDamaged):  # the second is not the last, whatever the file ends with
        shelf.read(blob, 1, last=True)


def test_another_files_bytes_key_or_vault_are_refused(shelf, tmp_path):
    one, two = lay(shelf, CANARY), lay(shelf, CANARY)
    path_of(tmp_path, one).write_bytes(path_of(tmp_path, two).read_bytes())
    cases = [
        (shelf, one),
        (shelf, Blob(two.name, one.key)),
        (shelf, Blob(two.name, b"no key")),
        (Attachments(tmp_path, "store", bytes(32)), two),
        (Attachments(tmp_path, "another store", KEY), two),
        (shelf, Blob("0" * 32, two.key)),
    ]
    for reader, blob in cases:
        with pytest.raises(AttachmentDamaged):
            reader.read(blob, 0, last=True)


def test_a_file_has_its_name_only_once_its_last_part_is_on_the_disk(shelf, tmp_path):
    data = text_of(PART_BYTES + 1)
    blob = shelf.new()
    shelf.put(blob, 0, data[:PART_BYTES], last=False)
    while_coming = names(tmp_path)
    shelf.put(blob, 1, data[PART_BYTES:], last=True)

    assert while_coming == [blob.name + COMING]
    assert names(tmp_path) == [blob.name]
    assert read(shelf, blob, 2) == data


def test_a_part_torn_by_a_power_cut_is_written_over(tmp_path):
    data = text_of(2 * PART_BYTES)
    shelf = Attachments(tmp_path, "store", KEY)
    blob = shelf.new()
    shelf.put(blob, 0, data[:PART_BYTES], last=False)
    with (tmp_path / FOLDER / (blob.name + COMING)).open("ab") as file:
        file.write(b"half of a part")
    shelf = Attachments(tmp_path, "store", KEY)

    shelf.put(blob, 1, data[PART_BYTES:], last=True)

    assert read(shelf, blob, 2) == data


def test_a_sweep_removes_what_no_row_names_and_nothing_that_was_just_begun(tmp_path):
    shelf = Attachments(tmp_path, "store", KEY)
    kept, orphan, half = lay(shelf, b"kept"), lay(shelf, b"orphan"), shelf.new()
    shelf.put(half, 0, bytes(PART_BYTES), last=False)

    assert shelf.keep_only([kept.name]) == 0
    later = Attachments(tmp_path, "store", KEY)
    assert later.keep_only([kept.name]) == 2
    assert names(tmp_path) == [kept.name]
    assert orphan.name not in names(tmp_path)


def test_what_was_named_once_is_swept_when_its_row_has_gone(shelf, tmp_path):
    blob = lay(shelf, b"purged")

    assert shelf.keep_only([blob.name]) == 0
    assert shelf.keep_only([]) == 1
    assert names(tmp_path) == []


def test_a_shelf_that_was_never_used_has_nothing_to_sweep(shelf, tmp_path):
    assert shelf.keep_only([]) == 0
    assert not (tmp_path / FOLDER).exists()


def test_only_the_user_may_look(shelf, tmp_path):
    blob = lay(shelf, b"x")

    assert stat.S_IMODE((tmp_path / FOLDER).stat().st_mode) == 0o700
    assert stat.S_IMODE(path_of(tmp_path, blob).stat().st_mode) == 0o600


def test_a_disk_that_takes_nothing_more_is_said_and_leaves_no_file_by_its_name(shelf, tmp_path):
    """Played by a limit on the size of files this process may write."""
    blob = shelf.new()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(DiskTrouble):
            shelf.put(blob, 0, bytes(5000), last=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)

    assert not path_of(tmp_path, blob).exists()


def test_a_part_shorter_than_its_place_is_a_mistake_of_ours(shelf):
    with pytest.raises(ValueError, match="shorter"):
        shelf.put(shelf.new(), 0, b"x", last=False)
