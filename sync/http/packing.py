"""Bodies on the wire: zstd where it pays, and never more bytes out than were promised.

Both ends use this file. A packed body names its full length in its frame header, so a bomb is
refused before a byte of it is unpacked, and half a body never passes for a whole one.
"""

import zstandard

from sync.wire import PUSH_BYTES, PUSH_OPS

ENCODING = "zstd"  # RFC 8878; the word in Content-Encoding and Accept-Encoding
SMALLEST = 512  # bytes; below this packing costs more than it saves
LEVEL = 3  # the library's own default: 20,000 notes in 0.05 s
ENVELOPE_BYTES = 512  # of one op: ids, hashes and punctuation take about 330
# The largest body that the hub takes: a full batch in its envelopes.
MAX_REQUEST = PUSH_BYTES + PUSH_OPS * ENVELOPE_BYTES
MAX_REPLY = 64 * 1024 * 1024  # what a device is ready to hold of one answer


class Unpackable(ValueError):
    """The bytes are not one whole zstd frame that names its length."""


class Oversized(ValueError):
    """The body would be larger than allowed; nothing of it was unpacked."""


def pack(body: bytes) -> tuple[bytes, str | None]:
    """The bytes to send and their Content-Encoding; None when they are sent as they are."""
    if len(body) < SMALLEST:
        return body, None
    packed = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress(body)
    return (packed, ENCODING) if len(packed) < len(body) else (body, None)


def unpack(packed: bytes, limit: int) -> bytes:
    """The body that `pack` packed.

    limit: bytes; Oversized when the frame says that it holds more.
    Raises Unpackable for a cut, changed or foreign frame, and for one with something behind it.
    """
    try:
        size = zstandard.frame_content_size(packed)
        if size > limit:
            raise Oversized(f"{size} bytes, {limit} allowed")
        if size < 0:
            raise Unpackable("the frame does not name its length")
        # The window never needs to be larger than the content.
        unpacker = zstandard.ZstdDecompressor(max_window_size=max(limit, 1024))
        body = unpacker.decompress(packed, max_output_size=limit, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise Unpackable("not a whole zstd frame") from error
    if len(body) != size:
        raise Unpackable("the frame is shorter than it says")
    return body
