"""What a file is, told by its first bytes, and photos without what they say beside the picture.

A photo from a phone says where it was taken, often to the house number. The place goes when it is
added, and everything else that is not the picture goes with it: only what is known to be harmless is
kept, so that a kind of mark nobody thought of cannot slip through.
Source: ITU-T T.81 annex B (JPEG), CIPA DC-008 (Exif orientation), PNG third edition 11.3.
"""

from enum import StrEnum


class Media(StrEnum):
    """The files that are taken: those that can be shown without another program."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"


STARTS = {b"\xff\xd8\xff": Media.JPEG, b"\x89PNG\r\n\x1a\n": Media.PNG, b"%PDF-": Media.PDF}
ENDINGS = {Media.JPEG: "jpg", Media.PNG: "png", Media.PDF: "pdf"}

# JPEG markers, the byte behind 0xFF.
END, SCAN, EXIF = 0xD9, 0xDA, 0xE1
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # no length, no content
# Application data that belongs to the picture: JFIF, colour profile, Adobe's colour transform.
KEPT_APPS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
OF_APPS = frozenset({*range(0xE0, 0xF0), 0xFE})  # application data and comments
ORIENTATION = 0x0112  # the one tag without which the picture would lie on its side
# PNG chunks that are the picture; text, time and Exif are not.
KEPT_CHUNKS = frozenset(
    {
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT"),
        *(b"bKGD", b"pHYs", b"cICP"),
    }
)


class NotAPicture(ValueError):
    """The bytes begin like a picture and do not go on like one."""


def media_of(data: bytes) -> Media | None:
    """What the bytes are; None for what is not taken. A name's ending is not believed."""
    return next((media for start, media in STARTS.items() if data.startswith(start)), None)


def without_place(data: bytes, media: Media) -> bytes:
    """The same file without what was written beside the picture; the picture itself is untouched.

    A PDF is given back as it is. Raises NotAPicture.
    """
    match media:
        case Media.JPEG:
            return _bare_jpeg(data)
        case Media.PNG:
            return _bare_png(data)
    return data


def _bare_jpeg(data: bytes) -> bytes:
    kept, at, turned = [data[:2]], 2, 1
    while True:
        marker, start, end = _segment(data, at)
        if marker == EXIF and data[start + 4 : start + 10] == b"Exif\0\0":
            turned = _orientation(data[start + 10 : end]) or turned
        if marker not in OF_APPS or _is_kept_app(marker, data[start + 4 : end]):
            kept.append(data[start:end])
        if marker == END:  # what lies behind it (a film, a second photo) is not this picture
            break
        if marker == SCAN:
            after = _end_of_scan(data, end)
            kept.append(data[end:after])
            end = after
        at = end
    if turned != 1:
        kept.insert(1, _exif_of(turned))
    return b"".join(kept)


def _segment(data: bytes, at: int) -> tuple[int, int, int]:
    """(marker, where it begins, where its content ends) of what lies at a place."""
    if at >= len(data) or data[at] != 0xFF:
        raise NotAPicture("a marker is missing")
    while at + 1 < len(data) and data[at + 1] == 0xFF:  # fill bytes
        at += 1
    if at + 1 >= len(data):
        raise NotAPicture("it ends in a marker")
    marker = data[at + 1]
    if marker == END or marker in ALONE:
        return marker, at, at + 2
    length = int.from_bytes(data[at + 2 : at + 4])
    if length < 2 or at + 2 + length > len(data):
        raise NotAPicture("a segment is cut off")
    return marker, at, at + 2 + length


def _is_kept_app(marker: int, content: bytes) -> bool:
    start = KEPT_APPS.get(marker)
    return start is not None and content.startswith(start)


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the compressed picture ends: at a marker that is neither a stuffed byte nor a restart."""
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        following = data[at + 1]
        if following not in (0x00, 0xFF) and following not in ALONE:
            return at
        at += 1 if following == 0xFF else 2
    raise NotAPicture("it has no end")


def _orientation(tiff: bytes) -> int | None:
    """How the camera was held, 1 to 8, from the first directory of an Exif block; None if not said."""
    order = {b"II": "little", b"MM": "big"}.get(tiff[:2])
    if order is None:
        return None

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], "little" if order == "little" else "big")

    first = number(4, 4)
    for index in range(min(number(first, 2), 200)):
        entry = first + 2 + 12 * index
        if number(entry, 2) == ORIENTATION and 1 <= number(entry + 8, 2) <= 8:
            return number(entry + 8, 2)
    return None


def _exif_of(turned: int) -> bytes:
    """An Exif segment that says the orientation and nothing else."""
    entry = ORIENTATION.to_bytes(2) + b"\0\x03" + (1).to_bytes(4) + turned.to_bytes(2) + b"\0\0"
    tiff = b"MM\0*" + (8).to_bytes(4) + (1).to_bytes(2) + entry + bytes(4)
    content = b"Exif\0\0" + tiff
    return bytes([0xFF, EXIF]) + (len(content) + 2).to_bytes(2) + content


def _bare_png(data: bytes) -> bytes:
    kept, at = [data[:8]], 8
    while at < len(data):
        length, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data):
            raise NotAPicture("a chunk is cut off")
        if name in KEPT_CHUNKS:
            kept.append(data[at:end])
        if name == b"IEND":
            return b"".join(kept)
        at = end
    raise NotAPicture("it has no end")
