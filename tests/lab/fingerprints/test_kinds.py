from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from luwte.lab.fingerprints.kinds import HEAD_BYTES, KINDS, kind_of

WRITTEN = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "PPM", "JPEG2000", "AVIF", "ICO", "QOI")


@pytest.mark.parametrize("form", WRITTEN)
def test_what_pillow_writes_is_a_picture(form: str) -> None:
    target = BytesIO()
    Image.new("RGB", (32, 32), "teal").save(target, form)
    assert kind_of(target.getvalue()[:HEAD_BYTES]) == "picture"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "picture"),
        (b"\0\0\0\x18ftypavif", "picture"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "picture"),
        (b"II*\0\x08\0\0\0", "picture"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "video"),
        (b"\0\0\0\x14ftypqt  ", "video"),
        (b"\0\0\0\x18ftyp3gp4", "video"),
        (b"\0\0\0\x08wide\0\0\x10\0mdat", "video"),
        (b"\x1aE\xdf\xa3\x01\0\0\0", "video"),
        (b"RIFF\0\0\0\0AVI LIST", "video"),
        (b"\0\0\x01\xba\x44", "video"),
        (b"OggS\0\x02" + bytes(20) + b"\x80theora", "video"),
        ((b"G" + bytes(187)) * 2 + b"G", "video"),
        (b"\0\0\0\x18ftypM4A ", "other"),
        (b"RIFF\0\0\0\0WAVEfmt ", "other"),
        (b"OggS\0\x02" + bytes(20) + b"\x01vorbis", "other"),
        (b"%PDF-1.7", "other"),
        (b"PK\x03\x04", "other"),
        (b"BM is how this letter begins, not a bitmap", "other"),
        (b"P1", "other"),
        (b"", "other"),
    ],
)
def test_the_first_bytes_tell_the_kind(head: bytes, kind: str) -> None:
    assert kind_of(head) == kind


@given(st.binary(max_size=HEAD_BYTES))
def test_any_bytes_have_a_kind(head: bytes) -> None:
    assert kind_of(head) in KINDS
