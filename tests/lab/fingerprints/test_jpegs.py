from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.lab.fingerprints.jpegs import FrameHeader, frame_header
from tests.support.drawn import drawn, encoded, jpeg


def test_the_header_says_how_a_jpeg_is_coded() -> None:
    assert frame_header(jpeg(1)) == FrameHeader(0xC0, 8)
    assert frame_header(encoded(drawn(1), progressive=True)) == FrameHeader(0xC2, 8)
    assert frame_header(encoded(drawn(1), exif=b"Exif\0\0" + bytes(60_000))) == FrameHeader(0xC0, 8)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xd8\xff",
        b"\xff\xd8" + b"\xff" * 100_000,
        b"\xff\xd8\xff\xda\0\x08",
        b"\xff\xd8\xff\xe0\0\0" * 9,
    ],
)
def test_no_header_is_none_at_once(content: bytes) -> None:
    assert frame_header(content) is None


def test_fill_bytes_and_lone_markers_are_passed() -> None:
    content = b"\xff\xd8\xff\xff\xff\x01\xff\xd0\xff\xe1\0\x04ab\xff\xc1\0\x11\x0c"
    assert frame_header(content) == FrameHeader(0xC1, 12)


@given(st.binary(max_size=300))
def test_any_bytes_have_a_header_or_none(content: bytes) -> None:
    found = frame_header(b"\xff\xd8\xff" + content)
    assert found is None or 0 <= found.bits <= 255
