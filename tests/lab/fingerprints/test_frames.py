"""Pictures that move or have pages, and pictures that are turned when they are shown."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageOps, features

from luwte.lab.fingerprints import pictures
from luwte.lab.fingerprints.fingerprint import MOST_STILLS, Fingerprint, fingerprint_bytes
from luwte.lab.fingerprints.pdq import pdq_hash
from luwte.lab.fingerprints.pictures import Reason, Undecodable, decode_frames, decode_grey
from tests.support.drawn import drawn, encoded, jpeg

FORMS = ["GIF", "PNG", "WEBP", "TIFF", *(["AVIF"] if features.check("avif") else [])]
HIGHEST = {"WEBP": {"quality": 90}, "AVIF": {"quality": 90}}


def moving(form: str, *seeds: int) -> bytes:
    frames = [drawn(seed, 320, 240) for seed in seeds]
    return encoded(frames[0], form, save_all=True, append_images=frames[1:], **HIGHEST.get(form, {}))


def distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def pdq_of(picture: Image.Image) -> bytes:
    return pdq_hash(np.asarray(picture.convert("L")))[0]


def pdqs(found: Fingerprint) -> list[bytes]:
    assert found.pdq is not None
    return [found.pdq, *(frame.variants[:32] for frame in found.frames)]


@pytest.mark.parametrize("form", FORMS)
def test_each_frame_or_page_counts(form: str) -> None:
    found = fingerprint_bytes(moving(form, 1, 2, 3))
    expected = [pdq_of(drawn(seed, 320, 240)) for seed in (1, 2, 3)]
    assert [distance(*pair) <= 16 for pair in zip(pdqs(found), expected, strict=True)] == [True] * 3
    assert (found.width, found.height, found.error) == (320, 240, None)


def test_of_many_frames_some_are_kept_and_the_last_among_them() -> None:
    found = fingerprint_bytes(moving("GIF", *range(40)))
    assert MOST_STILLS // 2 <= 1 + len(found.frames) <= MOST_STILLS
    assert distance(pdqs(found)[-1], pdq_of(drawn(39, 320, 240))) <= 16


def test_frames_that_are_alike_are_kept_once() -> None:
    pages = [drawn(1, 320, 240)] * 5
    assert fingerprint_bytes(encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])).frames == ()


def test_pages_may_differ_in_size() -> None:
    content = encoded(drawn(1, 160, 120), "TIFF", save_all=True, append_images=[drawn(2, 1280, 1100)])
    sizes = [(page.width, page.height) for page in decode_frames(content)]
    assert sizes == [(160, 120), (1280, 1100)]


def test_a_later_frame_that_breaks_off_takes_nothing_from_the_first() -> None:
    whole = moving("WEBP", 1, 2, 3)
    broken = bytearray(whole)
    place = whole.rindex(b"ANMF") + 60
    broken[place : place + 400] = bytes(400)
    found = fingerprint_bytes(bytes(broken))
    assert found.error is None
    assert found.pdq == fingerprint_bytes(whole).pdq


def test_an_endless_picture_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    content = moving("GIF", *range(9))
    monkeypatch.setattr(pictures, "MAX_FRAMES", 5)
    assert len(list(decode_frames(content))) == 5


def test_frames_have_a_bound_of_pixels_together(monkeypatch: pytest.MonkeyPatch) -> None:
    content = moving("GIF", *range(9))
    monkeypatch.setattr(pictures, "MAX_PIXELS_IN_FRAMES", 4 * 320 * 240)
    assert len(list(decode_frames(content))) == 1 + 4


@pytest.mark.parametrize("marker", [b"\xff\xc0", b"\xff\xc1"])
def test_a_jpeg_of_12_bits_is_refused_with_its_reason(marker: bytes) -> None:
    content = jpeg(1).replace(b"\xff\xc0\0\x11\x08", marker + b"\0\x11\x0c")
    assert content != jpeg(1)
    with pytest.raises(Undecodable) as caught:
        decode_grey(content)
    assert caught.value.reason == Reason.DEPTH


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_is_near_as_stored_and_as_shown(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = encoded(drawn(5), exif=exif.tobytes())
    with Image.open(BytesIO(content)) as picture:
        stored, shown = pdq_of(picture), pdq_of(ImageOps.exif_transpose(picture))
    variants = fingerprint_bytes(content).variants
    assert variants is not None
    forms = [variants[start : start + 32] for start in range(0, 256, 32)]
    assert distance(forms[0], stored) <= 8
    assert min(distance(form, shown) for form in forms) <= 8
    assert orientation == 1 or distance(stored, shown) > 31
