"""E01 images: the same bytes as the medium, whoever wrote them; damage and gaps are told in one sentence."""

from __future__ import annotations

import os
import threading
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pyewf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luwte.base.errors import BadInput
from luwte.demo.ewf_writer import CHUNK_SIZE, write_e01
from luwte.lab.carriers import Problem, Unreadable, ewf_chunks, open_carrier
from luwte.lab.carriers.ewf import open_ewf, segment_path
from tests.support import images
from tests.support.tools import run

RANDOM = Random(23)
TREE = {"a.jpg": RANDOM.randbytes(3_000_000), "b/c.txt": b"lee " * 500_000, "d.jpg": RANDOM.randbytes(700)}
SHAPES = [
    pytest.param({}, id="packed"),
    pytest.param({"compress": False}, id="stored"),
    pytest.param({"segment_size": 1 << 20}, id="segments"),
]


def silent(_: int) -> None:
    """Take no notice of progress."""


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A raw ext4 image with `TREE`."""
    return images.ext(tmp_path / "disk.raw", TREE)


def packed(raw: Path, **shape: Any) -> list[Path]:
    """Return the segments of the image `raw` as an E01 image."""
    return write_e01(raw, raw.with_suffix(".E01"), **shape)


def change(path: Path, place: int, *, by: int = 1) -> None:
    """Change the byte at `place` of the file at `path`."""
    content = bytearray(path.read_bytes())
    content[place] ^= by
    path.write_bytes(content)


def place_of(path: Path, kind: bytes, number: int = 0) -> int:
    """Return where the section of that kind and number starts in the segment at `path`."""
    content, place = path.read_bytes(), -1
    for _ in range(number + 1):
        place = content.index(kind.ljust(16, b"\0"), place + 1)
    return place


@pytest.mark.parametrize("shape", SHAPES)
def test_every_file_is_read_and_the_whole_verified(raw: Path, shape: dict[str, Any]) -> None:
    first = packed(raw, **shape)[0]
    assert images.read_all(first) == images.expected(TREE)
    with open_carrier(first) as carrier:
        done: list[int] = []
        assert carrier.verify(done.append) is True
        assert (carrier.kind, carrier.size, sum(done)) == ("ewf", raw.stat().st_size, raw.stat().st_size)
        assert (carrier.file_systems, carrier.problems) == (["ext4"], [])


ACQUIRED = ["encase2", "encase3", "encase4", "encase5", "encase6", "encase7", "ewf", "ftk", "linen6", "smart"]


@pytest.mark.parametrize("tool", ACQUIRED)
def test_images_of_other_tools_are_read(raw: Path, tmp_path: Path, tool: str) -> None:
    arguments = ["-u", "-q", "-c", "deflate:fast", "-S", "1MiB", "-d", "sha1", "-f", tool]
    run("ewfacquire", *arguments, "-t", tmp_path / "other", raw)
    (first,) = tmp_path.glob("other.?01")
    image, contents = open_ewf(first)
    assert image.read(0, image.size + 1) == raw.read_bytes()
    assert contents.md5 is not None
    image.close()
    with open_carrier(first) as carrier:
        assert carrier.verify(silent) is True


@pytest.mark.parametrize("sectors", [16, 128, 32768])
def test_other_chunk_sizes(raw: Path, tmp_path: Path, sectors: int) -> None:
    run("ewfacquire", "-u", "-q", "-c", "deflate:fast", "-b", str(sectors), "-t", tmp_path / "o", raw)
    assert images.read_all(tmp_path / "o.E01") == images.expected(TREE)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(reads=st.lists(st.tuples(st.integers(0, 16 << 20), st.integers(0, 3 << 20)), max_size=12))
def test_any_order_of_reading_gives_what_pyewf_gives(raw: Path, reads: list[tuple[int, int]]) -> None:
    segments = [raw.with_suffix(".E01")]
    if not segments[0].exists():
        packed(raw)
    other = pyewf.handle()
    other.open([str(path) for path in segments])
    image, _ = open_ewf(segments[0])
    for offset, size in reads:
        assert image.read(offset, size) == (other.read_buffer_at_offset(size, offset) if size else b"")
    image.close()
    other.close()


def test_closing_leaves_nothing_open(raw: Path) -> None:
    segments = packed(raw, segment_size=1 << 20)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    threads = threading.active_count()
    with open_carrier(segments[0]) as carrier:
        assert carrier.verify(silent)
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
    assert threading.active_count() == threads


def test_names_of_segments() -> None:
    names = [segment_path(Path("x.E01"), number).name for number in (1, 99, 100, 101, 125, 126, 775, 776)]
    assert names == ["x.E01", "x.E99", "x.EAA", "x.EAB", "x.EAZ", "x.EBA", "x.EZZ", "x.FAA"]
    assert segment_path(Path("x.e01"), 100).name == "x.eaa"
    assert segment_path(Path("renamed.bin"), 2).name == "renamed.E02"


def test_more_than_ninety_nine_segments(tmp_path: Path) -> None:
    content = RANDOM.randbytes(110 * CHUNK_SIZE)
    (tmp_path / "long.raw").write_bytes(content)
    segments = packed(tmp_path / "long.raw", segment_size=CHUNK_SIZE)
    assert segments[-1].suffix > ".EAA"
    image, _ = open_ewf(segments[0])
    assert image.read(0, len(content)) == content
    image.close()


def test_a_missing_segment_is_named(raw: Path) -> None:
    segments = packed(raw, segment_size=1 << 20)
    segments[1].unlink()
    with pytest.raises(BadInput, match=r"segment .*disk\.E02 is missing\. Put all segments"):
        open_carrier(segments[0])


def test_a_later_segment_is_not_the_carrier(raw: Path) -> None:
    segments = packed(raw, segment_size=1 << 20)
    with pytest.raises(BadInput, match=r"disk\.E02 is a later segment .* Give the first one, .*disk\.E01"):
        open_carrier(segments[1])


def test_segments_of_another_image_are_refused(raw: Path) -> None:
    segments = packed(raw, segment_size=1 << 20)
    segments[1].write_bytes(segments[2].read_bytes())
    with pytest.raises(BadInput, match=r"disk\.E02 is damaged: it says that it is segment 3, not 2"):
        open_carrier(segments[0])


def test_a_first_segment_with_another_number_is_damaged(raw: Path) -> None:
    (first,) = packed(raw)
    change(first, 9, by=0xFF)
    with pytest.raises(BadInput, match=r"disk\.E01 is damaged: it says that it is segment 254, not 1"):
        open_carrier(first)


def test_a_damaged_chunk_where_the_file_system_starts_is_told(raw: Path) -> None:
    (first,) = packed(raw)
    change(first, place_of(first, b"sectors") + 76 + 20)
    with pytest.raises(BadInput, match="a chunk of the E01 image is damaged or has a wrong checksum"):
        open_carrier(first)


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.999])
def test_a_cut_off_segment_is_told(raw: Path, keep: float) -> None:
    segments = packed(raw, segment_size=1 << 21)
    with segments[-1].open("r+b") as file:
        file.truncate(int(segments[-1].stat().st_size * keep))
    with pytest.raises(BadInput, match=rf"{segments[-1].name} is damaged: it is cut off\. Copy it again"):
        open_carrier(segments[0])


def test_a_changed_section_is_told(raw: Path) -> None:
    (first,) = packed(raw)
    change(first, place_of(first, b"sectors") + 20)
    with pytest.raises(BadInput, match="is damaged: the description of a section has a wrong checksum"):
        open_carrier(first)


def test_a_changed_table_is_taken_from_its_copy(raw: Path) -> None:
    (first,) = packed(raw)
    change(first, place_of(first, b"table") + 76 + 24 + 40)
    assert images.read_all(first) == images.expected(TREE)
    with open_carrier(first) as carrier:
        assert carrier.problems == [Problem("a damaged table of the E01 image was replaced by its copy")]


def test_two_changed_tables_are_told(raw: Path) -> None:
    (first,) = packed(raw)
    for kind in (b"table", b"table2"):
        change(first, place_of(first, kind) + 76 + 24 + 40)
    with pytest.raises(BadInput, match="a table of its chunks has a wrong checksum"):
        open_carrier(first)


@pytest.mark.parametrize("compress", [True, False])
def test_a_changed_chunk_costs_only_the_files_in_it(raw: Path, compress: bool) -> None:
    (first,) = packed(raw, compress=compress)
    change(first, first.read_bytes().index(TREE["a.jpg"][1_500_000:1_500_200]))
    found = images.read_all(first)
    reason = "unreadable: a chunk of the E01 image is damaged or has a wrong checksum"
    assert found.pop(("live", "a.jpg")) == reason
    assert found == {key: value for key, value in images.expected(TREE).items() if key[1] != "a.jpg"}
    with open_carrier(first) as carrier:
        assert carrier.verify(silent) is False


def test_a_packed_chunk_with_a_wrong_checksum_is_damaged(raw: Path) -> None:
    (first,) = packed(raw)
    content = first.read_bytes()
    chunk = zlib.compress(raw.read_bytes()[-CHUNK_SIZE:], 1)
    change(first, content.rindex(chunk) + len(chunk) - 1)
    image, _ = open_ewf(first)
    with pytest.raises(Unreadable, match="wrong checksum"):
        image.read(image.size - 10, 10)
    image.close()


def test_another_stored_hash_differs(raw: Path) -> None:
    (first,) = packed(raw)
    content = bytearray(first.read_bytes())
    start = place_of(first, b"digest") + 76
    content[start] ^= 1
    content[start + 76 : start + 80] = zlib.adler32(content[start : start + 76]).to_bytes(4, "little")
    first.write_bytes(content)
    with open_carrier(first) as carrier:
        assert carrier.verify(silent) is False


def test_without_a_stored_hash_nothing_is_verified(raw: Path, tmp_path: Path) -> None:
    (first,) = packed(raw)
    content = first.read_bytes()
    digest, done = place_of(first, b"digest"), place_of(first, b"done")
    shift = done - digest
    head = content[done : done + 16] + (done - shift).to_bytes(8, "little") + content[done + 24 : done + 72]
    bare = content[:digest] + head + zlib.adler32(head).to_bytes(4, "little")
    (tmp_path / "bare.E01").write_bytes(bare)
    with open_carrier(tmp_path / "bare.E01") as carrier:
        assert carrier.verify(silent) is None


def test_sectors_that_were_not_imaged_are_counted(raw: Path, tmp_path: Path) -> None:
    (first,) = packed(raw)
    content = first.read_bytes()
    place = place_of(first, b"digest")
    head = (2).to_bytes(4, "little") + bytes(512)
    ranges = b"".join(value.to_bytes(4, "little") for value in (100, 8, 300, 3))
    body = b"".join(part + zlib.adler32(part).to_bytes(4, "little") for part in (head, ranges))
    size = 76 + len(body)
    start = b"error2".ljust(16, b"\0") + (place + size).to_bytes(8, "little") + size.to_bytes(8, "little")
    start += bytes(40)
    section = start + zlib.adler32(start).to_bytes(4, "little") + body
    rest = moved(content[place:], size)
    (tmp_path / "errors.E01").write_bytes(content[:place] + section + rest)
    with open_carrier(tmp_path / "errors.E01") as carrier:
        assert carrier.problems == [Problem("a sector could not be read when the image was made", 11)]


def moved(sections: bytes, by: int) -> bytes:
    """Return small sections with their pointers moved by `by` bytes."""
    result, place = b"", 0
    while place < len(sections):
        following = int.from_bytes(sections[place + 16 : place + 24], "little") + by
        size = int.from_bytes(sections[place + 24 : place + 32], "little")
        head = (
            sections[place : place + 16] + following.to_bytes(8, "little") + sections[place + 24 : place + 72]
        )
        result += head + zlib.adler32(head).to_bytes(4, "little") + sections[place + 76 : place + size]
        place += size
    return result


def test_an_image_without_a_file_system_is_not_called_encrypted(tmp_path: Path) -> None:
    (tmp_path / "noise.raw").write_bytes(RANDOM.randbytes(1 << 20))
    (first,) = packed(tmp_path / "noise.raw")
    with pytest.raises(BadInput) as caught:
        open_carrier(first)
    assert "holds no known file system" in str(caught.value)
    assert "ncrypt" not in str(caught.value)


def test_many_tables(tmp_path: Path) -> None:
    size = (16_375 * 2 + 5) * CHUNK_SIZE
    images.blank(tmp_path / "long.raw", size)
    with (tmp_path / "long.raw").open("r+b") as file:
        file.seek(size - 5)
        file.write(b"hello")
    (first,) = packed(tmp_path / "long.raw")
    image, contents = open_ewf(first)
    assert len(contents.tables) == 3
    assert image.read(size - 5, 5) == b"hello"
    image.close()


MUTATIONS = st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), min_size=1, max_size=6)


def seal_sections(content: bytearray, seal: Callable[[int], bool]) -> None:
    """Set right the checksums of the descriptions of sections, so that what they say is believed."""
    for kind in (b"volume", b"sectors", b"table", b"table2", b"digest", b"hash", b"done", b"data"):
        place = content.find(kind.ljust(16, b"\0"))
        if place >= 0 and seal(place):
            checksum = zlib.adler32(content[place : place + 72])
            content[place + 72 : place + 76] = checksum.to_bytes(4, "little")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(mutations=MUTATIONS, head_only=st.booleans(), keep=st.floats(0.9, 1))
def test_changed_images_raise_nothing_else(
    tmp_path: Path, mutations: list[tuple[float, int]], head_only: bool, keep: float
) -> None:
    source = tmp_path / "small.raw"
    if not source.exists():
        source.write_bytes(RANDOM.randbytes(3 * CHUNK_SIZE) + bytes(4 * CHUNK_SIZE))
    (first,) = packed(source)
    content = bytearray(first.read_bytes())
    for where, by in mutations:
        span = 3000 if head_only else len(content) - 1
        content[int(where * span)] ^= by
    seal_sections(content, lambda _: head_only)
    first.write_bytes(content[: max(20, int(len(content) * keep)) if not head_only else None])
    try:
        image, _ = open_ewf(first)
    except BadInput:
        return
    for offset in range(0, image.size, CHUNK_SIZE):
        try:
            assert len(image.read(offset, CHUNK_SIZE)) <= CHUNK_SIZE
        except Unreadable:
            continue
    image.close()


def small_image(tmp_path: Path, **shape: Any) -> tuple[Path, bytearray]:
    """Return the path and the bytes of a small E01 image."""
    (tmp_path / "small.raw").write_bytes(RANDOM.randbytes(512) + bytes(511 * 512))
    (path,) = write_e01(tmp_path / "small.raw", tmp_path / "small.E01", **shape)
    return path, bytearray(path.read_bytes())


@pytest.mark.parametrize("base", [1 << 63, 1 << 40])
def test_a_table_whose_base_lies_outside_is_refused(tmp_path: Path, base: int) -> None:
    path, content = small_image(tmp_path)
    for kind in (b"table", b"table2"):
        head = content.index(kind.ljust(16, b"\0")) + 76
        content[head + 8 : head + 16] = base.to_bytes(8, "little")
        content[head + 20 : head + 24] = zlib.adler32(content[head : head + 20]).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(BadInput, match="points outside it"):
        open_ewf(path)


def test_a_chunk_that_inflates_without_end_costs_no_memory() -> None:
    bomb = zlib.compress(bytes(64 << 20), 9)
    tracemalloc.start()
    assert ewf_chunks._opened(memoryview(bomb), True, CHUNK_SIZE, CHUNK_SIZE) is None
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


def test_only_what_inflates_to_one_whole_chunk_is_a_chunk() -> None:
    whole, longer = zlib.compress(bytes(CHUNK_SIZE)), zlib.compress(bytes(CHUNK_SIZE + 1))
    assert ewf_chunks._opened(memoryview(whole), True, 700, CHUNK_SIZE) == bytes(700)
    assert ewf_chunks._opened(memoryview(longer), True, 700, CHUNK_SIZE) is None
    assert ewf_chunks._opened(memoryview(whole[:-2]), True, CHUNK_SIZE, CHUNK_SIZE) is None


def test_chunks_that_are_kept_are_bounded_in_bytes(tmp_path: Path) -> None:
    raw, step = images.blank(tmp_path / "large.raw", 96 << 20), 1 << 20
    run("ewfacquire", "-u", "-q", "-c", "deflate:fast", "-b", "1024", "-t", tmp_path / "large", raw)
    image, _ = open_ewf(tmp_path / "large.E01")
    for place in range(0, image.size, step):
        assert image.read(place, 1) == b"\0"
    kept = [chunk for chunk in image._singles.values() if chunk]
    assert 24 << 20 < sum(map(len, kept)) <= ewf_chunks.KEPT_SINGLES
    image.close()
