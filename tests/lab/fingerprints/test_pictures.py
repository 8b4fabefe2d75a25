from __future__ import annotations

import struct
import zlib
from contextlib import suppress
from io import BytesIO

import numpy as np
import pdqhash
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from luwte.lab.fingerprints import pictures
from luwte.lab.fingerprints.fingerprint import fingerprint_bytes
from luwte.lab.fingerprints.keypoints import find_keypoints
from luwte.lab.fingerprints.pdq import pdq_hash
from luwte.lab.fingerprints.pictures import Reason, Undecodable, decode_grey
from tests.support.drawn import drawn, encoded, jpeg


def distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def field_pdq(content: bytes) -> bytes:
    """The field's own way: Pillow decodes the whole picture, pdqhash hashes it."""
    with Image.open(BytesIO(content)) as picture:
        bits, _ = pdqhash.compute(np.asarray(picture.convert("RGB")))
    return np.packbits(bits).tobytes()


def our_pdq(content: bytes) -> bytes:
    return pdq_hash(decode_grey(content).grey)[0]


def flat_png(width: int, height: int) -> bytes:
    """A grey PNG of one shade, written row by row without ever holding the picture."""
    packer = zlib.compressobj(9)
    row = bytes(1 + width)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


def test_scaled_decoding_agrees_with_pdqhash_on_the_full_size() -> None:
    sizes = ((2048, 1536), (1536, 2048), (1600, 1200), (2400, 1000))
    found = [
        distance(our_pdq(content), field_pdq(content))
        for seed in range(24)
        for content in [encoded(drawn(seed, *sizes[seed % 4]), quality=85)]
    ]
    assert np.mean(found) <= 5
    assert np.percentile(found, 99) <= 12


@pytest.mark.parametrize("form", ["PNG", "BMP", "TIFF", "WEBP", "GIF"])
def test_other_formats_agree_with_pdqhash(form: str) -> None:
    found = [
        distance(our_pdq(content), field_pdq(content))
        for seed in range(6)
        for content in [encoded(drawn(seed, 1280, 960), form)]
    ]
    assert max(found) <= 16


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "CMYK", "I;16", "I", "F", "1"])
def test_every_mode_becomes_the_same_picture(mode: str) -> None:
    source = drawn(3)
    grey = np.asarray(source.convert("L"))
    made = {
        "I;16": lambda: Image.fromarray(grey.astype(np.uint16) * 257),
        "I": lambda: Image.fromarray(grey.astype(np.int32) * 1000),
        "F": lambda: Image.fromarray(grey.astype(np.float32) / 255),
    }
    picture = made[mode]() if mode in made else source.convert(mode)
    found = our_pdq(encoded(picture, "TIFF"))
    assert distance(found, pdq_hash(grey)[0]) <= (31 if mode == "1" else 10)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF"])
def test_what_shows_through_its_transparency_alone_is_a_picture_of_one_colour(form: str) -> None:
    """Black drawn on nothing: the field's tools drop transparency too, and nothing of it is then left."""
    seen = Image.new("RGBA", drawn(3).size)
    seen.putalpha(drawn(3).convert("L"))
    content = encoded(seen, form, **({"lossless": True, "exact": True} if form == "WEBP" else {}))
    grey = decode_grey(content).grey
    assert (int(np.ptp(grey)), pdq_hash(grey)[1], len(find_keypoints(grey))) == (0, 0, 0)
    assert fingerprint_bytes(content).error is None


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_over_a_picture_changes_nothing_of_what_is_compared(mode: str) -> None:
    picture = drawn(3).convert(mode)
    picture.putalpha(drawn(4).convert("L"))
    assert our_pdq(encoded(picture, "PNG")) == our_pdq(encoded(drawn(3).convert(mode[:-1]), "PNG"))


def test_a_cmyk_jpeg_is_the_picture_and_not_its_negative() -> None:
    found = our_pdq(encoded(drawn(4).convert("CMYK"), "JPEG"))
    assert distance(found, our_pdq(jpeg(4))) <= 16


def test_width_and_height_are_those_of_the_whole_picture() -> None:
    found = decode_grey(encoded(drawn(1, 2000, 1100)))
    assert (found.width, found.height) == (2000, 1100)
    assert 512 <= min(found.grey.shape) < 1024
    assert found.grey.dtype == np.uint8


def test_a_small_picture_keeps_its_size() -> None:
    assert decode_grey(encoded(drawn(1, 200, 120))).grey.shape == (120, 200)


def test_the_orientation_that_exif_asks_for_is_not_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = encoded(drawn(5), exif=exif.tobytes())
    assert our_pdq(turned) == our_pdq(encoded(drawn(5)))


def test_the_first_frame_stands_for_a_picture_that_moves() -> None:
    frames = [drawn(seed, 320, 240).convert("P") for seed in (1, 2)]
    animated = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert our_pdq(animated) == our_pdq(encoded(frames[0], "GIF"))


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_that_breaks_off_late_is_still_itself(form: str) -> None:
    whole = encoded(drawn(6), form)
    assert distance(our_pdq(whole[: len(whole) * 97 // 100]), our_pdq(whole)) <= 31


def test_a_picture_of_which_little_is_left_has_no_quality() -> None:
    found = decode_grey(jpeg(6)[:1200])
    assert pdq_hash(found.grey)[1] < 50


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xd8\xff\xe0 and then nothing that a decoder knows", Reason.DAMAGED),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), Reason.DAMAGED),
        (b"\0\0\0\x18ftypcrx " + bytes(40), Reason.FORMAT),
        (b"\xff\x0a" + bytes(40), Reason.FORMAT),
    ],
)
def test_what_cannot_be_decoded_says_why(content: bytes, reason: Reason) -> None:
    with pytest.raises(Undecodable) as caught:
        decode_grey(content)
    assert caught.value.reason == reason


@pytest.mark.parametrize("size", [(12_000, 12_000), (70_000, 4)])
def test_a_picture_beyond_the_bounds_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(Undecodable) as caught:
        decode_grey(flat_png(*size))
    assert caught.value.reason == Reason.PIXELS


def test_a_jpeg_beyond_the_bounds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_PIXELS", 640 * 480 - 1)
    with pytest.raises(Undecodable) as caught:
        decode_grey(jpeg(1))
    assert caught.value.reason == Reason.PIXELS


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_anywhere_gives_a_picture_or_a_reason(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(["JPEG", "PNG", "GIF", "BMP", "WEBP"]))
    content = bytearray(encoded(drawn(7, 96, 80), form))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(1, len(content))) :]
    with suppress(Undecodable):
        assert decode_grey(bytes(content)).grey.ndim == 2
