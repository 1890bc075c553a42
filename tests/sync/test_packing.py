"""Bodies on the wire: packed where it pays, and never more bytes out than were promised."""

import pytest
import zstandard

from sync.http.packing import Oversized, Unpackable, pack, unpack
from tests.sync.scripted import LONG


def test_what_is_packed_is_unpacked() -> None:
    for body in (b"", b"x", LONG, bytes(range(256)) * 40):
        packed, encoding = pack(body)
        assert (unpack(packed, len(LONG) * 10) if encoding else packed) == body


def streamed(body: bytes) -> bytes:
    """A frame that does not say how long it is."""
    packer = zstandard.ZstdCompressor().compressobj()
    return packer.compress(body) + packer.flush()


FRAMES = {
    "empty": b"",
    "no frame": LONG,
    "cut": pack(LONG)[0][:-1],
    "something behind it": pack(LONG)[0] + b"x",
    "two frames": pack(LONG)[0] * 2,
    "length unknown": streamed(LONG),
    "one bit changed": bytes([*pack(LONG)[0][:-1], pack(LONG)[0][-1] ^ 1]),
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES.keys())
def test_only_one_whole_frame_is_unpacked(frame: bytes) -> None:
    with pytest.raises(Unpackable):
        unpack(frame, 1_000_000)


def test_a_frame_is_unpacked_up_to_the_limit_and_not_beyond() -> None:
    packed, _ = pack(LONG)

    assert unpack(packed, len(LONG)) == LONG
    with pytest.raises(Oversized):
        unpack(packed, len(LONG) - 1)
