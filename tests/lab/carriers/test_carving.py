"""Pictures found by their own bytes: whole ones to the byte, broken ones as far as they go."""

from __future__ import annotations

from random import Random

import pytest

from luwte.lab.carriers import Unreadable
from luwte.lab.carriers.carrier import ProblemList
from luwte.lab.carriers.carving import CROWDED, TOO_MANY, UNREADABLE, Limits, Picture, pictures
from luwte.lab.carriers.picture_ends import LARGEST, WINDOW, Source, jpeg_end
from tests.support.drawn import drawn, encoded, jpeg

RANDOM = Random(41)
THUMBNAIL = encoded(drawn(6, 160, 120))
EXIF = b"Exif\0\0" + THUMBNAIL
NESTED = jpeg(1)[:2] + b"\xff\xe1" + (2 + len(EXIF)).to_bytes(2) + EXIF + jpeg(1)[2:]
WHOLE = {
    "jpg": jpeg(1),
    "progressive": encoded(drawn(2), progressive=True),
    "nested": NESTED,
    "restarts": encoded(drawn(2), restart_marker_blocks=7),
    "grey": encoded(drawn(3).convert("L")),
    "cmyk": encoded(drawn(3).convert("CMYK")),
    "png": encoded(drawn(2), "PNG"),
    "gif": encoded(drawn(3), "GIF"),
    "frames": encoded(drawn(3), "GIF", save_all=True, append_images=[drawn(4), drawn(5)], loop=0),
    "webp": encoded(drawn(4), "WEBP"),
    "lossless": encoded(drawn(4, 64, 64), "WEBP", lossless=True),
    "bmp": encoded(drawn(4, 64, 64), "BMP"),
    "transparent": encoded(drawn(4, 64, 64).convert("RGBA"), "WEBP", exact=True),
}
HEADER = b"\xff\xd8\xff\xc0\0\x11\x08\x40\0\x40\0\x03" + bytes(9) + b"\xff\xda\0\x08" + bytes(6)


def search(content: bytes, most: int | None = None) -> tuple[list[Picture], list[str], int]:
    """Return the pictures in `content`, the problems met, and how many bytes were said to be searched."""
    passed: list[int] = []
    limits = Limits(ProblemList(), most, passed.append)
    read = lambda offset, size: content[offset : offset + size]  # noqa: E731
    found = list(pictures(read, 0, len(content), limits))
    return found, [problem.reason for problem in limits.problems.as_list()], sum(passed)


def noise(size: int) -> bytes:
    """Return random bytes in which no picture seems to start."""
    return RANDOM.randbytes(size).replace(b"\xff\xd8", b"\xff\xd7")


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("before", [0, 1, 513, WINDOW - 5, WINDOW - 17])
def test_a_whole_picture_is_found_to_the_byte(name: str, before: int) -> None:
    picture = WHOLE[name]
    found, problems, passed = search(noise(before) + picture + noise(70_001))
    assert [(one.start, one.size, one.whole) for one in found] == [(before, len(picture), True)]
    assert (problems, passed) == ([], before + len(picture) + 70_001)


def test_pictures_that_stand_one_after_the_other_are_told_apart() -> None:
    content = b"".join(WHOLE.values())
    found, _, _ = search(content)
    assert [content[one.start : one.start + one.size] for one in found] == list(WHOLE.values())


def test_a_thumbnail_in_a_header_is_not_given_again_unless_its_picture_breaks_off() -> None:
    assert len(search(NESTED)[0]) == 1
    cut = NESTED[: len(NESTED) // 2]
    broken, thumbnail = search(cut)[0]
    assert (broken.start, broken.size, broken.whole) == (0, len(cut), False)
    assert cut[thumbnail.start : thumbnail.start + thumbnail.size] == THUMBNAIL


@pytest.mark.parametrize("name", ["jpg", "progressive", "png", "gif"])
def test_a_picture_that_breaks_off_is_given_as_far_as_it_goes(name: str) -> None:
    cut = WHOLE[name][: len(WHOLE[name]) // 2]
    (found,) = search(cut + bytes(3 << 20))[0]
    assert (found.start, found.whole) == (0, False)
    assert len(cut) - 16 <= found.size <= len(cut) + 1


def test_a_picture_written_over_by_another_gives_both() -> None:
    content = jpeg(1)[:30_000] + jpeg(2)
    found, _, _ = search(content)
    assert [(one.start, one.whole) for one in found] == [(0, False), (30_000, True)]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF"])
def test_icons_are_left_out(form: str) -> None:
    assert search(encoded(drawn(1).resize((31, 200)), form))[0] == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xe0\0\0" * 9,
        b"\xff\xd8\xff\xe0\xff\xff",
        HEADER,
        HEADER[: HEADER.index(b"\xff\xc0")] + b"\xff\xda\0\x08" + bytes(999) + b"\xff\xd9",
        b"\x89PNG\r\n\x1a\n",
        WHOLE["png"][:40] + b"\xff\xff\xff\xffIDAT",
        WHOLE["png"][:8] + b"\0\0\0\rIHDR" + b"\xff" * 17,
        b"GIF89a",
        b"GIF89a" + b"\xff" * 7,
        b"RIFF\xff\xff\xff\xffWEBPVP8 " + bytes(99),
        b"RIFF\0\0\0\0WEBPVP8 \xff\xff\xff\xff" + bytes(99),
        b"WEBPVP8 ",
    ],
)
def test_what_only_looks_like_a_beginning_is_none(content: bytes) -> None:
    assert search(content) == ([], [], len(content))
    assert search(noise(100) + content + bytes(100))[0] == []


def test_lengths_that_point_beyond_do_not_lead_there() -> None:
    png = bytearray(WHOLE["png"])
    place = png.index(b"IDAT")
    png[place - 4 : place] = (0x7FFFFFFF).to_bytes(4)
    found, _, _ = search(bytes(png))
    assert [(one.size, one.whole) for one in found] == [(len(png), False)]


def test_endless_pixels_are_bounded_by_what_the_frame_can_hold() -> None:
    small = HEADER.replace(b"\x40\0\x40\0", b"\0\x40\0\x40")
    (found,) = search(small + b"a" * (4 << 20))[0]
    assert not found.whole
    assert found.size <= 64 * 64 * 3 * 2 + (65 << 10)
    assert (jpeg_end(Source(lambda _, size: b"a" * size), 0, 1 << 40)) is None


def test_no_picture_is_larger_than_the_limit() -> None:
    content = HEADER + b"a" * (1 << 20)

    def endless(offset: int, size: int) -> bytes:
        return content[offset : offset + size] if offset < len(content) else b"a" * size

    found = jpeg_end(Source(endless), 0, 1 << 44)
    assert found is not None
    assert found.end <= LARGEST


@pytest.mark.parametrize(
    "flood",
    [
        b"\xff\xd8\xff\xe0" * (1 << 19),
        HEADER * 60_000,
        HEADER[:2] + b"\xff\xe1\xff\xff" * (1 << 19),
        (b"GIF89a\x40\0\x40\0\0\0\0," + bytes(9) + b"\1" * 1000) * 2000,
        (WHOLE["png"][:33] + b"\0\0\0\0tEXt\0\0\0\0" * 200) * 800,
    ],
    ids=["beginnings", "headers", "segments", "parts", "chunks"],
)
def test_a_flood_of_beginnings_costs_itself_alone(flood: bytes) -> None:
    worked = Work(flood + bytes(5 << 20) + jpeg(1))
    limits = Limits(ProblemList(), None)
    found = list(pictures(worked.read, 0, len(worked.content), limits))
    assert found[-1].whole
    assert worked.content[found[-1].start :] == jpeg(1)
    assert worked.bytes < 200 * len(worked.content)
    assert {problem.reason for problem in limits.problems.as_list()} <= {CROWDED}


class Work:
    """Counts the bytes that are asked for."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.bytes = 0

    def read(self, offset: int, size: int) -> bytes:
        piece = self.content[offset : offset + size]
        self.bytes += len(piece)
        return piece


def test_a_crowded_stretch_is_told() -> None:
    assert search(b"\xff\xd8\xff\xe0" * (4 << 20))[1] == [CROWDED]


def test_more_than_may_be_given_is_told_and_ends_the_search() -> None:
    limits = Limits(ProblemList(), None)
    assert limits.take(16 << 30)
    assert not limits.take(1 << 20)
    assert not limits.take(1)
    assert limits.reached
    assert [(one.reason, one.count) for one in limits.problems.as_list()] == [(TOO_MANY, 1)]
    assert list(pictures(Work(jpeg(1)).read, 0, len(jpeg(1)), limits)) == []


def test_what_cannot_be_read_costs_its_own_pictures_alone() -> None:
    content = jpeg(1) + bytes(200_000) + jpeg(2) + bytes(3 << 20) + jpeg(3)
    bad = range(len(jpeg(1)) + 100_000, len(jpeg(1)) + 100_001)

    def read(offset: int, size: int) -> bytes:
        if offset <= bad.start < offset + size:
            raise Unreadable("it cannot")
        return content[offset : offset + size]

    limits = Limits(ProblemList(), None)
    found = list(pictures(read, 0, len(content), limits))
    assert [content[one.start : one.start + one.size] for one in found] == [jpeg(1), jpeg(2), jpeg(3)]
    assert {problem.reason for problem in limits.problems.as_list()} == {UNREADABLE}


@pytest.mark.parametrize("seed", range(40))
def test_changed_pictures_raise_nothing_and_stay_inside(seed: int) -> None:
    random = Random(seed)
    content = bytearray(b"".join(random.sample(list(WHOLE.values()), 4)))
    for _ in range(random.randint(1, 60)):
        content[random.randrange(len(content))] = random.choice((0, 0xFF, 0xD8, 0xD9, random.randrange(256)))
    found, _, passed = search(bytes(content))
    assert passed == len(content)
    assert all(one.start >= 0 and 0 < one.size <= len(content) - one.start for one in found)
    assert [one.start for one in found] == sorted({one.start for one in found})
