"""Local codes: what is rounded, what travels, and that only the seed says what the bits are."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from luwte.lab.fingerprints.keypoints import Keypoints, find_keypoints
from luwte.lab.fingerprints.local_codes import CODE_BYTES, MOST_CODES, PLACES, LocalCodes, Rotation, root
from tests.support.drawn import drawn

SEED = bytes(range(32))
ROTATION = Rotation(SEED)
CODE = bytes(range(CODE_BYTES))
KNOWN = "d94523646d211a1b41fca572bb5d172cb9c4b0a36fe39ad057431c5f5b3d3c04e19e3c49acefa7d98c7a98eac9277f31"


def found_in(seed: int) -> Keypoints:
    return find_keypoints(np.asarray(drawn(seed).convert("L")))


def at(places: list[tuple[float, float, float, float]], width: int = 256, height: int = 192) -> Keypoints:
    descriptors = np.random.default_rng(1).integers(0, 256, (len(places), 128), np.uint8)
    return Keypoints(width, height, descriptors, np.array(places, np.float32).reshape(-1, 4))


def apart(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Bits in which each row differs."""
    return np.asarray(np.bitwise_count(first ^ second).sum(axis=1), np.int64)


def test_a_code_is_twenty_bytes_of_the_best_keypoints() -> None:
    made = ROTATION.encode(found_in(2))
    assert made.codes.shape == (MOST_CODES, CODE_BYTES)
    assert made.codes.dtype == np.uint8
    assert (made.width, made.height) == (128, 96)
    assert made.bits.shape == (MOST_CODES, 16)
    assert len(made.to_bytes()) == 2 + MOST_CODES * CODE_BYTES


@given(
    st.lists(
        st.tuples(st.floats(0, 255.9), st.floats(0, 191.9), st.floats(2, 200), st.floats(0, 360)), max_size=40
    )
)
def test_what_is_rounded_is_near_what_was_found(places: list[tuple[float, float, float, float]]) -> None:
    """Within a step of place, a sixteenth of an octave of scale, and half of a 64th of a turn."""
    keypoints = at(places)
    found = ROTATION.encode(keypoints).places
    steps = keypoints.places[:, :3] / 2  # 128 steps to 256 pixels
    assert (np.abs(found[:, :2] - steps[:, :2]) <= 0.501).all()
    assert (np.abs(np.log2(found[:, 2] / steps[:, 2])) <= 1 / 16 + 1e-4).all()
    turned = (found[:, 3] - keypoints.places[:, 3] + 180) % 360 - 180
    assert (np.abs(turned) <= 360 / 64 / 2 + 1e-3).all()


@pytest.mark.parametrize(
    ("width", "height", "steps"),
    [
        (256, 192, (128, 96)),
        (40, 200, (26, 128)),
        (256, 256, (128, 128)),
        (256, 32, (128, 16)),
        (32, 32, (128, 128)),
    ],
)
def test_the_longer_side_is_128_steps(width: int, height: int, steps: tuple[int, int]) -> None:
    made = ROTATION.encode(at([(width - 0.01, height - 0.01, 9, 5)], width, height))
    assert (made.width, made.height) == steps
    assert (made.codes[0, 16:18] < PLACES).all()
    assert (np.abs(made.places[0, :2] - steps) <= 1).all()


def test_what_stands_out_of_the_picture_or_is_vast_keeps_its_byte() -> None:
    made = ROTATION.encode(at([(-3, -9, 0.1, -20), (900, 900, 1e30, 359.9), (0, 0, 0, 720)]))
    assert made.codes[:, 16:].tolist() == [[0, 0, 0, 60], [255, 255, 255, 0], [0, 0, 0, 0]]


def test_no_keypoints_are_no_codes() -> None:
    made = ROTATION.encode(at([]))
    assert len(made) == 0
    assert made.places.shape == (0, 4)
    assert LocalCodes.from_bytes(made.to_bytes()).codes.shape == (0, CODE_BYTES)


def test_codes_travel_as_bytes_and_back() -> None:
    made = ROTATION.encode(found_in(3))
    again = LocalCodes.from_bytes(made.to_bytes())
    assert (again.width, again.height) == (made.width, made.height)
    np.testing.assert_array_equal(again.codes, made.codes)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x80",
        b"\x80\x60" + CODE[:-1],
        b"\x80\x60" + CODE + b"x",
        b"\x00\x80" + CODE,
        b"\x80\x00" + CODE,
        b"\x81\x60" + CODE,
        b"\x60\xff" + CODE,
        b"\x80\x60" + CODE * (MOST_CODES + 1),
        b"\x80\x60" + CODE * 1_000_000,
    ],
)
def test_bytes_that_are_no_codes_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"^not local codes$"):
        LocalCodes.from_bytes(content)


@given(st.binary(max_size=90))
def test_any_bytes_are_codes_or_refused(content: bytes) -> None:
    with suppress(ValueError):
        assert LocalCodes.from_bytes(content).to_bytes() == content


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_seed_has_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Rotation(bytes(length))


def test_the_same_seed_gives_the_same_bits_in_another_process() -> None:
    """Else what one machine enrolled would be lost to the next. The bits stand here, for good."""
    program = f"""
import numpy
from luwte.lab.fingerprints.local_codes import Rotation
descriptors = (numpy.arange(384).reshape(3, 128) * 37 % 251).astype(numpy.uint8)
print(Rotation({SEED!r}).bits(descriptors).tobytes().hex())
"""
    command = [sys.executable, "-c", program]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    assert printed == KNOWN


def test_another_seed_gives_unrelated_bits_that_are_as_far_apart() -> None:
    descriptors = found_in(2).descriptors
    first, second = (Rotation(seed).bits(descriptors) for seed in (SEED, SEED[::-1]))
    assert 50 < apart(first, second).mean() < 78
    gaps = [apart(bits[:-1], bits[1:]) for bits in (first, second)]
    assert abs(gaps[0].mean() - gaps[1].mean()) < 4
    assert np.asarray(np.corrcoef(gaps)).min() > 0.5


def test_a_code_survives_noise_and_another_patch_is_far() -> None:
    keypoints, rotation = found_in(2), ROTATION
    noise = np.random.default_rng(1).normal(0, 2, keypoints.descriptors.shape)
    noisy = np.clip(keypoints.descriptors + noise, 0, 255).astype(np.uint8)
    bits = rotation.bits(keypoints.descriptors)
    assert np.median(apart(bits, rotation.bits(noisy))) <= 14
    assert np.median(apart(bits, np.roll(bits, 1, axis=0))) >= 45


def test_bits_are_even_for_a_picture_as_for_its_mirror_image() -> None:
    """The mean that is taken off is that of both."""
    for seed in range(4):
        keypoints = found_in(seed)
        for each in (keypoints, keypoints.mirrored()):
            share = np.unpackbits(ROTATION.bits(each.descriptors)).mean()
            assert 0.42 < share < 0.58


def test_an_empty_descriptor_is_no_error() -> None:
    nothing = np.zeros((2, 128), np.uint8)
    assert (root(nothing) == 0).all()
    assert ROTATION.bits(nothing).shape == (2, 16)
