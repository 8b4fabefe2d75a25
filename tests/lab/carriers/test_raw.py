"""Raw images in one file or in segments, and files that are no carrier or of a kind that is not read."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from luwte.base.errors import BadInput
from luwte.lab.carriers import open_carrier
from luwte.lab.carriers.segments import KEPT_OPEN, Segments
from tests.support import images

TREE = {"a.jpg": Random(3).randbytes(6_000_000), "b/c.jpg": b"c"}


def split(path: Path, first: int, size: int) -> list[Path]:
    """Cut the image at `path` into segments numbered from `first`, remove it, and return their paths."""
    content = path.read_bytes()
    path.unlink()
    segments = []
    for number, start in enumerate(range(0, len(content), size), first):
        segments.append(path.with_suffix(f".{number:03d}"))
        segments[-1].write_bytes(content[start : start + size])
    return segments


@pytest.mark.parametrize("first", [0, 1])
def test_segments_are_read_as_one(tmp_path: Path, first: int) -> None:
    segments = split(images.ext(tmp_path / "disk.raw", TREE), first, 3_000_001)
    assert images.read_all(segments[0]) == images.expected(TREE)
    with open_carrier(segments[0]) as carrier:
        assert carrier.size == 16 * images.MIB


def test_a_missing_segment_is_named(tmp_path: Path) -> None:
    segments = split(images.ext(tmp_path / "disk.raw", TREE), 1, 3_000_000)
    segments[2].unlink()
    with pytest.raises(BadInput, match=r"segment .*disk\.003 is missing\. Put all segments"):
        open_carrier(segments[0])


def test_the_first_segment_is_asked_for(tmp_path: Path) -> None:
    segments = split(images.ext(tmp_path / "disk.raw", TREE), 0, 3_000_000)
    with pytest.raises(BadInput, match=r"later segment of a split image\. Give the first one, .*disk\.000"):
        open_carrier(segments[1])
    segments[0].unlink()
    with pytest.raises(BadInput, match=r"disk\.001"):
        open_carrier(segments[2])


def test_more_segments_than_may_be_open(tmp_path: Path) -> None:
    count = KEPT_OPEN + 3
    paths = [tmp_path / f"{number}" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(bytes([number % 256, 1]))
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    file = Segments(paths)
    assert file.read(2 * KEPT_OPEN, 99) == b"\x00\x01\x01\x01\x02\x01"
    assert file.read(0, 2 * count) == b"".join(path.read_bytes() for path in paths)
    assert file.read(2 * count, 1) == b""
    file.close()
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


@pytest.mark.parametrize("name", ["photo.jpg", "disk.dd", "disk.e01", "x.zip"])
def test_an_empty_file_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(BadInput, match=rf"{name} is empty\. Copy the carrier again"):
        open_carrier(tmp_path / name)


def test_a_file_that_is_no_carrier_is_told_what_is_read(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(9000))
    with pytest.raises(
        BadInput, match=r"Nothing in .*photo.jpg can be read .*Give a folder, an archive, a raw image"
    ):
        open_carrier(tmp_path / "photo.jpg")


KINDS = [
    (b"EVF2\r\n\x81\0", "Ex01"),
    (b"LVF\t\r\n\xff\0", "L01"),
    (b"ADCRYPT\0", "encrypted by AccessData"),
]


@pytest.mark.parametrize(("head", "name"), KINDS)
def test_other_kinds_are_named(tmp_path: Path, head: bytes, name: str) -> None:
    (tmp_path / "carrier").write_bytes(head.ljust(4096, b"\0"))
    with pytest.raises(BadInput, match=f"{name}.*is not supported. Give a folder"):
        open_carrier(tmp_path / "carrier")


def test_a_mark_at_the_end_is_seen(tmp_path: Path) -> None:
    (tmp_path / "disk.dmg").write_bytes(bytes(8192) + b"koly".ljust(512, b"\0"))
    with pytest.raises(BadInput, match=r"Apple disk image .*, which is not supported"):
        open_carrier(tmp_path / "disk.dmg")


def test_a_pipe_is_refused_and_not_waited_on(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadInput, match="is a pipe, a socket or a device"):
        open_carrier(tmp_path / "pipe")


def test_an_unprintable_path_is_printable_in_the_message(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"new\\x0aline cannot be opened"):
        open_carrier(tmp_path / "new\nline")
    with pytest.raises(BadInput, match=r"cannot be opened"):
        open_carrier(Path("nul\0byte"))
