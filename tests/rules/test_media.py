"""A photo keeps its picture and says nothing else."""

import struct
import zlib

import pytest

from tfworker.rules.media import Media, NotAPicture, media_of, without_place

CANARY = b"54.9731N 1.6139W"


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2) + content


def exif(order: str, orientation: int | None) -> bytes:
    """An Exif segment with a place in it and, if given, how the camera was held."""
    entries = [] if orientation is None else [struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)]
    entries.append(struct.pack(order + "HHII", 0x8825, 4, 1, 60))
    mark = b"II" if order == "<" else b"MM"
    tiff = mark + struct.pack(order + "HIH", 42, 8, len(entries)) + b"".join(entries) + bytes(4) + CANARY
    return segment(0xE1, b"Exif\0\0" + tiff)


TABLES = segment(0xDB, bytes(65)) + segment(0xC2, bytes(15)) + segment(0xC4, bytes(20))
SCANS = (
    segment(0xDA, bytes(10))
    + b"pic\xff\x00ture\xff\xd0more"
    + segment(0xC4, b"x")
    + segment(0xDA, b"y")
    + b"z"
)
JFIF, ICC = segment(0xE0, b"JFIF\0" + bytes(9)), segment(0xE2, b"ICC_PROFILE\0" + bytes(9))
PLACES = (
    segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + CANARY)
    + segment(0xE2, b"MPF\0" + CANARY)
    + segment(0xED, b"Photoshop 3.0\0" + CANARY)
    + segment(0xE5, CANARY)
    + segment(0xFE, CANARY)
)


def jpeg(*parts: bytes, behind: bytes = b"") -> bytes:
    return b"\xff\xd8" + b"".join(parts) + TABLES + SCANS + b"\xff\xd9" + behind


def test_a_photo_loses_every_word_beside_the_picture_and_keeps_the_picture():
    photo = jpeg(JFIF, exif("<", 1), ICC, PLACES, behind=b"a film " + CANARY)

    bare = without_place(photo, Media.JPEG)

    assert bare == jpeg(JFIF, ICC)
    assert CANARY not in bare


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", [2, 6, 8])
def test_a_photo_taken_upright_still_stands_upright(order, orientation):
    bare = without_place(jpeg(exif(order, orientation)), Media.JPEG)

    assert b"Exif\0\0MM" in bare
    assert bare.endswith(TABLES + SCANS + b"\xff\xd9")
    assert without_place(bare, Media.JPEG) == bare
    assert CANARY not in bare


@pytest.mark.parametrize("orientation", [None, 1, 0, 99])
def test_nothing_is_written_of_a_photo_that_stands_as_it_was_taken(orientation):
    assert without_place(jpeg(exif("<", orientation)), Media.JPEG) == jpeg()


def test_an_exif_block_of_rubbish_does_no_harm():
    for tiff in (b"", b"II", b"II*\0\xff\xff\xff\xff", b"XX" + bytes(20), b"MM\0*" + bytes(3)):
        assert without_place(jpeg(segment(0xE1, b"Exif\0\0" + tiff)), Media.JPEG) == jpeg()


def test_fill_bytes_before_a_marker_are_no_fault():
    assert CANARY not in without_place(jpeg(b"\xff\xff" + exif("<", 1)[1:]), Media.JPEG)


@pytest.mark.parametrize("length", range(2, len(jpeg(JFIF)), 7))
def test_a_photo_cut_off_anywhere_is_no_picture(length):
    with pytest.raises(NotAPicture):
        without_place(jpeg(JFIF)[:length], Media.JPEG)


def chunk(name: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4) + name + content + zlib.crc32(name + content).to_bytes(4)


PNG = b"\x89PNG\r\n\x1a\n"
PICTURE = chunk(b"IHDR", bytes(13)) + chunk(b"IDAT", b"picture")
IEND = chunk(b"IEND", b"")


def test_a_png_loses_its_text_time_and_exif():
    said = b"".join(chunk(name, CANARY) for name in (b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME", b"caNv"))

    assert without_place(PNG + PICTURE + said + IEND + CANARY, Media.PNG) == PNG + PICTURE + IEND


@pytest.mark.parametrize("cut", [8, 20, 40, len(PNG + PICTURE), len(PNG + PICTURE) + 5])
def test_a_png_cut_off_anywhere_is_no_picture(cut):
    with pytest.raises(NotAPicture):
        without_place((PNG + PICTURE + IEND)[:cut], Media.PNG)


def test_a_pdf_stays_as_it_is():
    assert without_place(b"%PDF-1.7 ...", Media.PDF) == b"%PDF-1.7 ..."


KINDS = {
    "a photo": (jpeg(), Media.JPEG),
    "a png": (PNG + PICTURE + IEND, Media.PNG),
    "a pdf": (b"%PDF-1.7", Media.PDF),
    "a word file": (b"PK\x03\x04", None),
    "a program": (b"MZ", None),
    "a page of the web": (b"<html>", None),
    "nothing": (b"", None),
}


@pytest.mark.parametrize("data, media", KINDS.values(), ids=KINDS.keys())
def test_a_file_is_what_its_first_bytes_say(data, media):
    assert media_of(data) is media
