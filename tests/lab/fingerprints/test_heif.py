from __future__ import annotations

import sys
from contextlib import suppress
from functools import cache
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import features

from luwte.lab.fingerprints import pictures
from luwte.lab.fingerprints.fingerprint import fingerprint_bytes
from luwte.lab.fingerprints.heif import is_heif
from luwte.lab.fingerprints.pdq import pdq_hash
from luwte.lab.fingerprints.pictures import Reason, Undecodable, decode_frames, decode_grey
from tests.support.drawn import drawn, encoded

HEAD = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


@cache
def heic(*seeds: int, width: int = 640, height: int = 480) -> bytes:
    library = pytest.importorskip("pillow_heif")
    file = library.from_pillow(drawn(seeds[0], width, height))
    for seed in seeds[1:]:
        file.add_from_pillow(drawn(seed, width, height))
    target = BytesIO()
    try:
        file.save(target, quality=90, primary_index=0)
    except RuntimeError:
        pytest.skip("this pillow-heif cannot write HEIC")
    return target.getvalue()


def distance(one: bytes, seed: int) -> int:
    other = pdq_hash(np.asarray(drawn(seed).convert("L")))[0]
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def test_a_heic_is_the_picture() -> None:
    found = fingerprint_bytes(heic(1))
    assert found.pdq is not None
    assert (found.kind, found.width, found.height, found.error) == ("picture", 640, 480, None)
    assert distance(found.pdq, 1) <= 10


def test_each_picture_in_a_heic_counts() -> None:
    found = fingerprint_bytes(heic(1, 2))
    assert [distance(frame.variants[:32], 2) <= 10 for frame in found.frames] == [True]


def test_without_the_library_a_heic_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(Undecodable) as caught:
        decode_grey(HEAD + bytes(40))
    assert caught.value.reason == Reason.FORMAT


def test_a_damaged_heic_is_named() -> None:
    pytest.importorskip("pillow_heif")
    with pytest.raises(Undecodable) as caught:
        decode_grey(HEAD + bytes(40))
    assert caught.value.reason == Reason.DAMAGED


def test_a_heic_beyond_the_bounds_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    content = heic(1)
    monkeypatch.setattr(pictures, "MAX_PIXELS_UNSCALED", 640 * 480 - 1)
    with pytest.raises(Undecodable) as caught:
        decode_grey(content)
    assert caught.value.reason == Reason.PIXELS


def test_the_pictures_of_a_heic_have_a_bound_together(monkeypatch: pytest.MonkeyPatch) -> None:
    content = heic(1, 2)
    monkeypatch.setattr(pictures, "MAX_PIXELS_UNSCALED", 640 * 480)
    assert len(list(decode_frames(content))) == 1


@pytest.mark.skipif(not features.check("avif"), reason="Pillow without AVIF")
def test_avif_is_told_from_heic_by_all_its_brands() -> None:
    content = encoded(drawn(1), "AVIF", quality=90)
    assert not is_heif(content)
    assert not is_heif(content.replace(b"ftypavif", b"ftypmif1", 1))
    assert is_heif(HEAD)
    assert distance(fingerprint_bytes(content).pdq or b"", 1) <= 10


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_anywhere_gives_a_picture_or_a_reason(data: st.DataObject) -> None:
    content = bytearray(heic(3, width=96, height=80))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(1, len(content))) :]
    with suppress(Undecodable):
        assert decode_grey(bytes(content)).grey.ndim == 2
